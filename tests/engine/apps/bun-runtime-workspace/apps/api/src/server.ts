// Found by the paths of a tsconfig.json beside the lock file, which Bun reads at run time.
import { greeting } from "@lib/greeting";
import ms from "ms";

if (!("preloaded" in globalThis)) throw new Error("bunfig.toml was not read");
Bun.serve({ port: 8000, fetch: () => new Response(`${greeting}, every ${ms(1000)}`) });
