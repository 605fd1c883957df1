import { createServer } from "node:http";
import bcrypt from "bcrypt";

createServer((_, response) => response.end(`Hello from npm-native ${bcrypt.hashSync("secret", 4)}`)).listen(8000);
