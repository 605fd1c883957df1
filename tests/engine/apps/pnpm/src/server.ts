import { createServer } from "node:http";
import { createRequire } from "node:module";
import { crc32 } from "@node-rs/crc32";
import { nanoid } from "nanoid";

// It has no types; without its compiled part, it does not load.
createRequire(import.meta.url)("bcrypt");

createServer((_, response) => response.end(`Hello from pnpm ${nanoid()} crc32 ${crc32("binary")}`)).listen(8000);
