const { createServer } = require("node:http");
const { greeting } = require("@acme/clock");
const packed = require("packed");
const generated = require("../node_modules/.generated");

createServer((_, response) => response.end(`${greeting()} ${packed} ${generated}`)).listen(8000);
