"""What a package manager is called from a step of a service in another language: data, by the names of its files.

Debian packages npm, and none of the others, which npm fetches and runs.
"""

from __future__ import annotations

PACKAGES = ("nodejs", "npm")
"""The Debian packages that a build script of package.json needs."""

INSTALL = {
    "package-lock.json": ("npm", "ci", "--prefix"),
    "pnpm-lock.yaml": ("npx", "--yes", "pnpm", "install", "--frozen-lockfile", "--dir"),
    "yarn.lock": ("npx", "--yes", "yarn", "install", "--frozen-lockfile", "--cwd"),
    "bun.lock": ("npx", "--yes", "bun", "install", "--frozen-lockfile", "--cwd"),
}
"""By the lock file: the command that installs, up to its option for another folder."""

INSTALL_UNLOCKED = ("npm", "install", "--prefix")
BUILD = ("npm", "run", "build", "--prefix")

RUNS_JAVASCRIPT = ("npm", "npx", "node", "sh", "bash")
"""Programs of a step that does the work of a build script, as far as can be told."""

OF_PYTHON = ("requirements.txt", "pyproject.toml", "Pipfile")
DEPENDENCIES = (("project", "dependencies"), ("tool", "poetry", "dependencies"), ("packages",))
"""Where those of them that are TOML name packages."""

RUNS_PYTHON = ("pip", "pip3", "uv", "python", "python3", "sh", "bash")

PROGRAMS_OF_PYTHON = frozenset({"uv", "uvx", "poetry", "pipenv", "pdm", "hatch", "pip"})
PROGRAMS_OF_NODE = frozenset({"npm", "npx", "yarn", "pnpm", "pnpx", "corepack"})
"""What people start their programs with, and what no image has that runs without its manager."""
