import { crc32 } from "@node-rs/crc32";
import { nanoid } from "nanoid";

if (!("preloaded" in globalThis)) throw new Error("bunfig.toml was not read");
Bun.serve({ port: 8000, fetch: () => new Response(`Hello from bun-runtime ${nanoid()} crc32 ${crc32("binary")}`) });
