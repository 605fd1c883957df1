"""Create lock files with their package managers in a container.

Many lock files contain the address of a package index, so none is committed.
"""

import json
import tempfile
from pathlib import Path
from typing import Any

import yaml

from generator.text import assets

from .engine import Engine
from .index import Index

PYTHON, NODE = "python:3.13-slim-trixie", "node:24-trixie-slim"

# The image and the command with which each package manager writes its lock file.
_LOCK_COMMANDS = {
    "uv": (PYTHON, "uv lock"),
    "pip": (PYTHON, "uv pip compile --quiet --generate-hashes requirements.in --output-file requirements.txt"),
    "poetry": (PYTHON, 'POETRY_PYPI_MIRROR_URL="$PIP_INDEX_URL" poetry lock'),
    "pdm": (PYTHON, 'PDM_PYPI_URL="$PIP_INDEX_URL" PDM_PYPI_VERIFY_SSL=0 pdm lock --group :all'),
    "pipenv": (PYTHON, "pipenv lock"),
    "npm": (NODE, "npm install --package-lock-only --ignore-scripts --no-audit --no-fund"),
    # Ignore the version in packageManager: the installed version has to run.
    "pnpm": (NODE, "pnpm_config_pm_on_fail=ignore pnpm install --lockfile-only --ignore-scripts"),
    "yarn": (NODE, "YARN_IGNORE_PATH=1 yarn install --mode=update-lockfile"),
    "yarn-classic": (
        NODE,
        "yarn install --ignore-scripts --non-interactive && find . -name node_modules -prune -exec rm -rf {} +",
    ),
    "bun": (NODE, "bun install --lockfile-only"),
}
_WITHOUT_YARN = "rm -f /usr/local/bin/yarn /usr/local/bin/yarnpkg"  # up to Node 24, which npm would not replace
_INSTALL_COMMANDS = {
    "uv": "pip install uv=={version}",
    "pip": "pip install uv==0.13.9",
    "poetry": "pip install poetry=={version} poetry-plugin-pypi-mirror",
    "pdm": "pip install pdm=={version} 'hishel<2'",
    "pipenv": "pip install pipenv=={version}",
    "npm": "true",
    "pnpm": "npm install --global pnpm@{version}",
    "yarn": f"{_WITHOUT_YARN} && npm install --global @yarnpkg/cli-dist@{{version}}",
    "yarn-classic": f"{_WITHOUT_YARN} && npm install --global yarn@{{version}}",
    "bun": "npm install --global bun@{version}",
}
# The package manager comes from the default index, so tests share its stage. The lock file is from the test's index.
_DOCKERFILE = """\
FROM {image} AS manager
RUN {install}
FROM manager AS lock
{environment}
WORKDIR /repository
COPY . .
WORKDIR /repository/{folder}
RUN --mount=type=cache,id=gen-dockerfiles-test-locks,target=/root/.cache {command}
FROM scratch
COPY --from=lock /repository /
"""


def write_lock(engine: Engine, index: Index, root: Path, manager: str, version: str = "", *, folder: str = ".") -> None:
    """Create or update the lock file in ``folder`` of the repository ``root``.

    ``version`` is that of the package manager; without it, that of the presets.
    """
    image, command = _LOCK_COMMANDS[manager]
    environment = "\n".join(f"ENV {name}={json.dumps(value)}" for name, value in index.environment.items())
    lock = _preset_values(manager)["lock"]
    with tempfile.TemporaryDirectory() as scratch:
        dockerfile = Path(scratch) / "Dockerfile"
        install = install_command(manager, version)
        text = _DOCKERFILE.format(image=image, install=install, environment=environment, folder=folder, command=command)
        dockerfile.write_text(text, "utf-8")
        (Path(scratch) / "Dockerfile.dockerignore").write_text("**/node_modules\n", "utf-8")
        engine.build(root, dockerfile, output=f"type=local,dest={scratch}/out")
        (root / folder / lock).write_bytes((Path(scratch) / "out" / folder / lock).read_bytes())


def install_command(manager: str, version: str = "") -> str:
    """Return the shell command that installs ``version`` of a package manager, or the version of the presets."""
    return _INSTALL_COMMANDS[manager].format(version=version or _version(manager))


def _preset_values(manager: str) -> dict[str, Any]:
    """Return the values of ``managers.<manager>.install`` in the base preset."""
    base = yaml.safe_load((assets.PRESETS / "base.yaml").read_text("utf-8"))
    values: dict[str, Any] = base["managers"][manager]["install"]
    return values


def _version(manager: str) -> str:
    return str(_preset_values(manager).get("version", ""))
