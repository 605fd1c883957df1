"""What a package manager is for a service in another language: data, by the names of its files and programs."""

from __future__ import annotations

FILES_OF_NODE = ("package.json", "package-lock.json", "pnpm-lock.yaml", "pnpm-workspace.yaml", "yarn.lock", "bun.lock")
"""What belongs to the assets of a service in another language, where both have one folder."""

RUNS_JAVASCRIPT = ("npm", "npx", "node", "sh", "bash")
"""Programs of a step that does the work of a build script, as far as can be told."""

OF_PYTHON = ("requirements.txt", "pyproject.toml", "Pipfile")
DEPENDENCIES = (("project", "dependencies"), ("tool", "poetry", "dependencies"), ("packages",))
"""Where those of them that are TOML name packages."""

RUNS_PYTHON = ("pip", "pip3", "uv", "python", "python3", "sh", "bash")

PROGRAMS_OF_PYTHON = frozenset({"uv", "uvx", "poetry", "pipenv", "pdm", "hatch", "pip"})
PROGRAMS_OF_NODE = frozenset({"npm", "npx", "yarn", "pnpm", "pnpx", "corepack"})
"""What people start their programs with, and what no image has that runs without its manager."""
