"""Values with special characters of Docker, Compose, sh, YAML or JSON reach the container unchanged."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .conftest import ComposeFactory
from .harness import Engine
from .harness.repository import write_files, write_spec

HOSTILE = {
    "quotes": """a "double" and a 'single' and a `back` quote""",
    "dollars": "$HOME ${HOME} ${HOME:-x} $$ $(id) $",
    "backslashes": '\\ \\\\ \\n \\$HOME \\" end\\',
    "hash": "# not a comment # at all",
    "unicode": "grüße 漢字 🐳 e\u0301",
    "blanks": "  two before, two after  ",
    "empty": "",
    "braces": "{{ service }} {% raw %} {# x #} ${X:?no} }",
    "instruction": "FROM scratch AS runtime",
    "yaml": "yes: [no, ~] & *x !tag | > %",
    "json": '{"a": [1, "\\u0041"]}',
    "heredoc": "<<EOF",
    "continued": "and so on \\",
}
# A closing brace would end the default in Compose, so the spec refuses it.
DEFAULTS = {name: value.replace("}", "") for name, value in HOSTILE.items()}
PRINT_ARGUMENTS_AND_ENVIRONMENT = "import json, os, sys; print(json.dumps([sys.argv[1:], dict(os.environ)]))"


def _variables(prefix: str, values: dict[str, str] = HOSTILE) -> dict[str, str]:
    return {f"{prefix}_{name.upper()}": value for name, value in values.items()}


def _write_service(root: Path) -> dict[str, Any]:
    write_files(root, {"services/show/requirements.txt": "", "services/show/app/__init__.py": ""})
    service = {
        "kind": "worker",
        "runtime": "python",
        "manager": "pip",
        "sources": ["app"],
        "command": ["python", "-c", PRINT_ARGUMENTS_AND_ENVIRONMENT, *HOSTILE.values()],
        "env": _variables("IMAGE"),
        "labels": {f"org.example.{name}": value for name, value in HOSTILE.items()},
        "environment": {
            **{name: {"literal": value} for name, value in _variables("RUN").items()},
            **{
                f"DEFAULT_{name.upper()}": {"variable": f"UNSET_{name.upper()}", "default": value}
                for name, value in DEFAULTS.items()
            },
            **{f"HOST_{name.upper()}": {"variable": f"GIVEN_{name.upper()}"} for name in HOSTILE if name != "empty"},
        },
    }
    write_spec(root, {"show": service})
    return service


def test_an_image_has_the_values_of_the_spec(engine: Engine, tmp_path: Path, tag: Callable[[str], str]) -> None:
    """ENV, LABEL and CMD of the image, from ``docker inspect``."""
    service = _write_service(tmp_path)
    image = engine.build(tmp_path / "services/show", tag=tag("show")).tag
    config = engine.inspect(image, "image")["Config"]
    variables = dict(line.split("=", 1) for line in config["Env"])
    assert {name: variables.get(name) for name in service["env"]} == service["env"]
    assert {name: config["Labels"].get(name) for name in service["labels"]} == service["labels"]
    assert config["Cmd"] == service["command"]


def test_a_container_has_the_values_of_the_spec(compose: ComposeFactory, tmp_path: Path) -> None:
    """Arguments and variables in the container: from the image, the spec and the host."""
    service = _write_service(tmp_path)
    host_variables = {name: value for name, value in _variables("GIVEN").items() if value}
    project = compose(tmp_path, environment=host_variables)
    project.build()
    arguments, variables = json.loads(project.run("run", "--rm", "--no-TTY", "show").stdout)
    expected = {**service["env"], **_variables("RUN"), **_variables("DEFAULT", DEFAULTS)}
    expected |= {name.replace("GIVEN", "HOST"): value for name, value in host_variables.items()}
    assert arguments == list(HOSTILE.values())
    assert {name: variables.get(name) for name in expected} == expected
