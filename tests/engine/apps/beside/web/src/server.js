const { createServer } = require("node:http");
const { greeting } = require("lib");
const inner = require("inner");

createServer((_, response) => response.end(`Hello ${greeting()} ${inner}`)).listen(8000);
