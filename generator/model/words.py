"""Which package managers a runtime has. A new one is one more literal here; its facts are in presets/base.yaml.

Apart from the models, so that looking into a repository does not have to load Pydantic.
"""

from __future__ import annotations

from typing import Literal, get_args

PythonManager = Literal["uv", "pip", "poetry", "pdm", "pipenv"]
NodeManager = Literal["npm", "pnpm", "yarn", "yarn-classic", "bun"]
BunManager = Literal["bun"]
Output = Literal["server", "bundle", "standalone", "static"]

MANAGERS: dict[str, tuple[str, ...]] = {
    "python": get_args(PythonManager),
    "node": get_args(NodeManager),
    "bun": get_args(BunManager),
}

VERSION = r"[0-9]+(?:\.[0-9]+)*"

# A segment may not be . or .. and not start with a dash; no blanks and nothing that Docker, sh or an ignore file reads.
SEGMENT = r"(?:[\w@+][\w@+.%-]*|\.[\w@+-][\w@+.-]*)"
PATH = rf"{SEGMENT}(?:/{SEGMENT})*"
