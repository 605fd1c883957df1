import { createServer } from "node:http";
import { nanoid } from "nanoid";

createServer((_, response) => response.end(`Hello from pnpm ${nanoid()}`)).listen(8000);
