"""Lock files, made by their own managers in a container: many name a package index, so none is committed."""

import json
import tempfile
from pathlib import Path
from typing import Any

import yaml

from generator.text import assets

from .docker import Engine
from .index import Index

PYTHON, NODE = "python:3.13-slim-trixie", "node:24-trixie-slim"

# How each manager writes its lock file, and which image it runs in.
_COMMANDS = {
    "uv": (PYTHON, "uv lock"),
    "pip": (PYTHON, "uv pip compile --quiet --generate-hashes requirements.in --output-file requirements.txt"),
    "poetry": (PYTHON, 'POETRY_PYPI_MIRROR_URL="$PIP_INDEX_URL" poetry lock'),
    "pdm": (PYTHON, 'PDM_PYPI_URL="$PIP_INDEX_URL" PDM_PYPI_VERIFY_SSL=0 pdm lock --group :all'),
    "pipenv": (PYTHON, "pipenv lock"),
    "npm": (NODE, "npm install --package-lock-only --ignore-scripts --no-audit --no-fund"),
    # Without a look for the version in packageManager: it is the one that runs.
    "pnpm": (NODE, "pnpm_config_pm_on_fail=ignore pnpm install --lockfile-only --ignore-scripts"),
    "yarn": (NODE, "yarn install --mode=update-lockfile"),
    "yarn-classic": (
        NODE,
        "yarn install --ignore-scripts --non-interactive && find . -name node_modules -prune -exec rm -rf {} +",
    ),
    "bun": (NODE, "bun install --lockfile-only"),
}
_TOOLS = {
    "uv": "pip install uv=={version}",
    "pip": "pip install uv==0.13.9",
    "poetry": "pip install poetry=={version} poetry-plugin-pypi-mirror",
    "pdm": "pip install pdm=={version} 'hishel<2'",
    "pipenv": "pip install pipenv=={version}",
    "npm": "true",
    "pnpm": "npm install --global pnpm@{version}",
    "yarn": "npm install --global @yarnpkg/cli-dist@{version}",
    "yarn-classic": "npm install --global yarn@{version}",
    "bun": "npm install --global bun@{version}",
}
# The tool is installed from the ordinary index and shared; the lock file is made from the test's.
_RECIPE = """\
FROM {image} AS tool
RUN {tool}
FROM tool AS lock
{environment}
WORKDIR /repository
COPY . .
RUN --mount=type=cache,id=gen-dockerfiles-test-locks,target=/root/.cache {command}
FROM scratch
COPY --from=lock /repository /
"""


def write_lock(engine: Engine, index: Index, root: Path, manager: str, version: str = "") -> None:
    """Makes or updates the lock file below ``root`` with a manager of the presets' version, or of another one."""
    image, command = _COMMANDS[manager]
    environment = "\n".join(f"ENV {name}={json.dumps(value)}" for name, value in index.environment.items())
    lock = _facts(manager)["lock"]
    with tempfile.TemporaryDirectory() as scratch:
        recipe = Path(scratch) / "Dockerfile"
        recipe.write_text(
            _RECIPE.format(image=image, tool=tool(manager, version), environment=environment, command=command), "utf-8"
        )
        (Path(scratch) / "Dockerfile.dockerignore").write_text("**/node_modules\n", "utf-8")
        engine.build(root, recipe, output=f"type=local,dest={scratch}/out")
        (root / lock).write_bytes((Path(scratch) / "out" / lock).read_bytes())


def tool(manager: str, version: str = "") -> str:
    """The shell command that installs a manager, of the presets' version or of another one."""
    return _TOOLS[manager].format(version=version or _version(manager))


def _facts(manager: str) -> dict[str, Any]:
    base = yaml.safe_load((assets.PRESETS / "base.yaml").read_text("utf-8"))
    facts: dict[str, Any] = base["managers"][manager]["install"]
    return facts


def _version(manager: str) -> str:
    return str(_facts(manager).get("version", ""))
