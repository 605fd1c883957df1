import { crc32 } from "@node-rs/crc32";
import { nanoid } from "nanoid";

Bun.serve({ port: 8000, fetch: () => new Response(`Hello from bun-runtime ${nanoid()} crc32 ${crc32("binary")}`) });
