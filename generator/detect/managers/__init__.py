"""Every package manager there is. A new one is a module beside this one, and a line here."""

from __future__ import annotations

from functools import cache

from generator.detect.managers import bun, npm, pdm, pip, pipenv, pnpm, poetry, uv, yarn, yarn_classic
from generator.detect.managers.manager import UNKNOWN, Manager

# In the order in which messages list them, and in which lock files are looked for.
MANAGERS: dict[str, Manager] = {
    "uv": uv.MANAGER,
    "pip": pip.MANAGER,
    "poetry": poetry.MANAGER,
    "pdm": pdm.MANAGER,
    "pipenv": pipenv.MANAGER,
    "npm": npm.MANAGER,
    "pnpm": pnpm.MANAGER,
    "yarn": yarn.MANAGER,
    "yarn-classic": yarn_classic.MANAGER,
    "bun": bun.MANAGER,
}


@cache
def managers_of(runtime: str) -> tuple[str, ...]:
    """Return the names of the managers of a runtime; empty for an unknown runtime."""
    return tuple(name for name, manager in MANAGERS.items() if runtime in manager.runtimes)


def record_of(manager: str) -> Manager:
    """Return the record of a manager; an empty record for an unknown manager."""
    return MANAGERS.get(manager, UNKNOWN)
