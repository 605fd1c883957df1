import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import bcrypt from "bcrypt";

const page = readFileSync("views/page.txt", "utf8").trim();

createServer((_, response) => response.end(`${page} ${bcrypt.hashSync("secret", 4)}`)).listen(8000);
