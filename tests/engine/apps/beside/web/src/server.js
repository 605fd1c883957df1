const { readFileSync } = require("node:fs");
const { createServer } = require("node:http");
const { greeting } = require("lib");
const inner = require("inner");

const page = readFileSync("views/page.txt", "utf8").trim(); // behind a link
createServer((_, response) => response.end(`Hello ${greeting()} ${inner} ${page}`)).listen(8000);
