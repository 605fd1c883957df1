"""The shop in development: every service reloads in its way, and two more are watched, on Bun and on a shared image."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from .engine import Engine
from .repository import copy_shop, generate, write_files

_CLOCK = """\
Bun.serve({ port: 3000, fetch: () => Response.json({ status: "ok" }) });
process.on("SIGTERM", () => process.exit(0));
"""
# Bun writes no lock file for a project without packages, and refuses one in a build.
_CLOCK_MANIFEST = {"name": "clock", "private": True, "type": "module", "dependencies": {"ms": "2.1.3"}}
_MS = "sha512-6FlzubTLZG3J2a/NVCAleEhjzq5oxgHyaCU9yYXvcLsvoVaHJq/s5xXI6/XXP6tz7R9xAOtHnSO/tXtF3WRTlA=="
_CLOCK_LOCK = {
    "lockfileVersion": 1,
    "configVersion": 1,
    "workspaces": {"": {"name": "clock", "dependencies": {"ms": "2.1.3"}}},
    "packages": {"ms": ["ms@2.1.3", "", {}, _MS]},
}
_AUDIT = """\
import signal
import sys
import threading

signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
print("audit is ok", flush=True)
threading.Event().wait()
"""
_SERVICES: dict[str, Any] = {
    "web": {"dev_command": ["node", "--watch", "src/server.ts"]},
    "api": {"dev_command": ["uvicorn", "shop_api.main:app", "--reload", "--host", "0.0.0.0", "--port", "8000"]},
    "clock": {
        "kind": "node",
        "runtime": "bun",
        "manager": "bun",
        "command": ["bun", "src/server.ts"],
        "dev_command": ["bun", "--watch", "src/server.ts"],
        "ports": [{"target": 3000, "published": 3002}],
        "healthcheck": {"http": "/"},
        "volumes": {"data": "/app/data"},
    },
    "audit": {
        "kind": "worker",
        "image_of": "api",
        "command": ["python", "-m", "shop_api.audit"],
        "volumes": {"media": "/app/media"},
        "healthcheck": None,
    },
}


def copy_developed_shop(engine: Engine, destination: Path) -> Path:
    """Copy the case ``shop`` with its lock files, add the services, and have a file for development generated."""
    root = copy_shop(engine, destination)
    write_files(
        root,
        {
            "services/clock/package.json": json.dumps(_CLOCK_MANIFEST),
            "services/clock/bun.lock": json.dumps(_CLOCK_LOCK, indent=2),
            "services/clock/src/server.ts": _CLOCK,
            "services/api/src/shop_api/audit.py": _AUDIT,
        },
    )
    spec = yaml.safe_load((root / "services.yaml").read_text(encoding="utf-8"))
    for name, more in _SERVICES.items():
        spec["services"][name] = {**spec["services"].get(name, {}), **more}
    (root / "services.yaml").write_text(yaml.safe_dump({**spec, "dev": True}, sort_keys=False), encoding="utf-8")
    generate(root)
    return root
