"""A server and a worker of BullMQ in one package, with the code of docs/workers.md."""

from __future__ import annotations

import json
from typing import Any

import yaml

from .running_services import documented

SECONDS = 4
"""How long a task takes: long enough to be stopped in it."""

_MANIFEST = {
    "name": "shop",
    "version": "0.1.0",
    "private": True,
    "type": "module",
    "dependencies": {"bullmq": "^6.7.0", "ioredis": "^5.0.0"},
}
_TASKS = f"""\
import {{ Redis }} from "ioredis";

export const connection = {{ host: process.env.REDIS_HOST, port: 6379, maxRetriesPerRequest: null }};
const store = new Redis({{ ...connection, lazyConnect: true }});

export async function handle(job) {{
  await store.set(`started:${{job.name}}`, "1");
  while (job.name === "hang");
  await new Promise((resolve) => setTimeout(resolve, {SECONDS * 1000}));
  await store.set(`done:${{job.name}}`, "1");
}}
"""
_WEB = """\
import { createServer } from "node:http";
import { Queue } from "bullmq";

const queue = new Queue("mails", { connection: { host: process.env.REDIS_HOST, port: 6379 } });
createServer(async (request, response) => {
  if (request.url.startsWith("/send/")) await queue.add(request.url.slice(6), {});
  response.end("ok");
}).listen(3000);
process.once("SIGTERM", () => process.exit(0));
"""


def files() -> dict[str, str]:
    """Return the files of the package; its lock file is made by its package manager."""
    return {
        "package.json": json.dumps(_MANIFEST, indent=2),
        "src/tasks.js": _TASKS,
        "src/web.js": _WEB,
        "src/worker.js": documented("BullMQ", "js", "workers.md"),
    }


def services(runtime: str) -> dict[str, Any]:
    """Return the services for Node or Bun."""
    [worker] = yaml.safe_load(documented("BullMQ", "yaml", "workers.md"))["services"].values()
    queue = {key: worker[key] for key in ("environment", "depends_on")}
    return {
        "web": {
            "kind": "node",
            "runtime": runtime,
            "path": ".",
            "command": [runtime, "src/web.js"],
            "ports": [3000],
            "healthcheck": {"http": "/"},
            **queue,
        },
        "mails": {**worker, "command": [runtime, "src/worker.js"], "healthcheck": {"interval": "10s"}},
        "queue": {"kind": "image", "presets": ["redis"]},
    }
