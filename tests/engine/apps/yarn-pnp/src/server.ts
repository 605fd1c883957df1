import { createServer } from "node:http";
import { nanoid } from "nanoid";

createServer((_, response) => response.end(`Hello from yarn-pnp ${nanoid()}`)).listen(8000);
