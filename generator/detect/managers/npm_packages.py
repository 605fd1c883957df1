"""What the install scripts of well-known packages of npm do, since no file of theirs says it."""

from __future__ import annotations

import re
from typing import NamedTuple


class Known(NamedTuple):
    """What the install script of a package does.

    Attributes:
        does: What the script does.
        lines: The lines of the spec that do it here, with `{exec}` for the words that run a program of a package.
        made: What the lines make in node_modules, which has to ship.
        done: Words of commands, and names of packages, one of which says that the service has seen to it.
        is_browser: Whether it fetches a browser.
        development: Whether it counts as a development dependency as well.
        until: The first major version that brings its binaries; 0 for none.
    """

    does: str
    lines: str
    done: tuple[str, ...]
    made: str = ""
    is_browser: bool = False
    development: bool = False
    until: int = 0

    def applies_to(self, wanted: object) -> bool:
        """Say whether the oldest version that a range allows has such a script; a range of another form may."""
        major = re.match(r"[\^~>=v\s]{0,9}(\d{1,9})\b", wanted) if isinstance(wanted, str) else None
        return not self.until or major is None or int(major[1]) < self.until


def _compiled(name: str, until: int = 0) -> Known:
    quoted = f'"{name}"' if name.startswith("@") else name
    lines = f"rebuild: [{quoted}], packages: {{build: [g++, make, python3]}}"
    return Known("compiles or fetches its binary", lines, (name,), until=until)


def _browser(variable: str) -> Known:
    lines = f"packages: {{runtime: [chromium]}}, env: {{{variable}: /usr/bin/chromium}}"
    return Known("fetches a browser", lines, ("chromium", "install"), is_browser=True)


# Packages whose own documentation says so; those that bring a binary for each platform need nothing.
KNOWN = {
    **{name: _compiled(name) for name in ("better-sqlite3", "sqlite3", "canvas", "re2", "isolated-vm", "node-sass")},
    **{name: _compiled(name) for name in ("@louislam/sqlite3", "@vscode/sqlite3", "@discordjs/opus", "node-pty")},
    "bcrypt": _compiled("bcrypt", until=6),
    "puppeteer": _browser("PUPPETEER_EXECUTABLE_PATH"),
    "playwright": _browser("CHROMIUM_PATH"),
    "cypress": Known(
        "fetches its program",
        "steps: {after_dependencies: {cypress: {run: [[{exec}, cypress, install]]}}}",
        ("cypress",),
    ),
    "electron": Known(
        "fetches its program",
        "steps: {after_dependencies: {electron: {run: [[node, node_modules/electron/install.js]]}}}",
        ("electron",),
    ),
    "prisma": Known(
        "fetches its engines, and its client is generated",
        "steps: {before_build: {prisma: {run: [[{exec}, prisma, generate]]}}}",
        ("prisma",),
        made="node_modules/.prisma",
        development=True,
    ),
}
