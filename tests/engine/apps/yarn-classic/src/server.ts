import { createServer } from "node:http";
import { nanoid } from "nanoid";

createServer((_, response) => response.end(`Hello from yarn-classic ${nanoid()}`)).listen(8000);
