import { nanoid } from "nanoid";

Bun.serve({ port: 8000, fetch: () => new Response(`Hello from bun-runtime ${nanoid()}`) });
