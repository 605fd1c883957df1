"""A repository that the ``init`` command of a package manager has created, with a spec of five lines."""

import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from ..harness import Engine
from ..harness.index import package_index
from ..harness.locks import NODE, PYTHON, install_command
from ..harness.repository import generate


@dataclass(frozen=True)
class Init:
    """How a repository is created.

    Attributes:
        manager: The package manager.
        commands: The commands that create a project with a lock file, in an empty folder named ``demo``.
        command: CMD of the service.
        kind: The kind of the service, and keys that its spec needs besides.
        program: Name and text of a program, if the commands create none.
        output: What the container prints.
    """

    manager: str
    commands: str
    command: list[str]
    kind: str = "kind: python"
    program: tuple[str, str] = ("", "")
    output: str = "Hello from demo"


_INDEX_JS = ("index.js", 'console.log("Hello from demo");\n')
_MAIN_PY = ("main.py", 'print("Hello from demo")\n')


def _node(manager: str, commands: str) -> Init:
    return Init(manager, commands, ["node", "index.js"], "kind: node", _INDEX_JS)


INITS = {
    "uv": Init("uv", "uv init --no-package && uv lock", ["python", "main.py"]),
    "uv-package": Init("uv", "uv init && uv lock", ["demo"]),
    "pip": Init("pip", "touch requirements.txt", ["python", "main.py"], program=_MAIN_PY),
    "poetry": Init(
        "poetry",
        "poetry init --no-interaction && poetry lock",
        ["python", "main.py"],
        "kind: python, package: false",  # it declares a package and creates none
        _MAIN_PY,
    ),
    "pdm": Init("pdm", "pdm init --non-interactive && pdm lock", ["python", "main.py"], program=_MAIN_PY),
    "pipenv": Init("pipenv", "pipenv lock", ["python", "main.py"], program=_MAIN_PY),
    "npm": _node("npm", "npm init --yes && npm install --package-lock-only"),
    "pnpm": _node("pnpm", "pnpm init && pnpm install --lockfile-only"),
    "yarn": _node("yarn", "ln -s /bin/true /usr/local/bin/git && yarn init"),  # yarn init also runs git init
    "yarn-classic": _node("yarn-classic", "yarn init --yes && yarn install"),
    "bun": Init("bun", "bun init --yes", ["bun", "index.ts"], "kind: node, runtime: bun", output="Hello via Bun!"),
}

_DOCKERFILE = """\
FROM {image} AS manager
RUN {install}
FROM manager AS init
{environment}
WORKDIR /demo
RUN {commands}
FROM scratch
COPY --from=init /demo /
"""


@pytest.mark.parametrize("name", INITS)
def test_a_fresh_project_runs(engine: Engine, tmp_path: Path, tag: Callable[[str], str], name: str) -> None:
    """From ``init`` to a running container it takes a spec of five lines and one command."""
    init = INITS[name]
    with package_index(engine) as index:
        _create(engine, index.environment, init, tmp_path)
        program, text = init.program
        if program:
            (tmp_path / program).write_text(text, "utf-8")
        service = f"{{{init.kind}, path: ., command: {json.dumps(init.command)}, healthcheck: null}}"
        spec = f"version: 1\nproject: demo\nservices:\n  app:\n    {service}\n"
        assert len(spec.splitlines()) == 5
        (tmp_path / "services.yaml").write_text(spec, "utf-8")
        generate(tmp_path)
        base_images = index.base_images("python:3.13-slim-trixie", "node:24-trixie-slim")
        build = engine.build(tmp_path, tag=tag("demo"), build_contexts=base_images)
        hardened = ["--read-only", "--cap-drop=ALL", "--tmpfs=/tmp", "--init"]
        assert init.output in engine.run("run", "--rm", *hardened, build.tag).stdout


def _create(engine: Engine, variables: dict[str, str], init: Init, root: Path) -> None:
    """Run the commands in a container, and copy the project to ``root``."""
    image = NODE if init.kind.startswith("kind: node") else PYTHON
    environment = "\n".join(f"ENV {key}={json.dumps(value)}" for key, value in variables.items())
    with tempfile.TemporaryDirectory() as scratch:
        dockerfile = Path(scratch) / "Dockerfile"
        install = install_command(init.manager)
        text = _DOCKERFILE.format(image=image, install=install, environment=environment, commands=init.commands)
        dockerfile.write_text(text, "utf-8")
        engine.build(Path(scratch), dockerfile, output=f"type=local,dest={root}")
