import { createServer } from "node:http";
import { crc32 } from "@node-rs/crc32";
import { nanoid } from "nanoid";

createServer((_, response) => response.end(`Hello from yarn-pnp ${nanoid()} crc32 ${crc32("binary")}`)).listen(8000);
