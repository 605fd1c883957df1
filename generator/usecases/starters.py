"""Writes templates/starters/: what `copier copy` renders a new project from, resolved by the one merge that there is.

Copier runs no Python of ours, since it would need `--trust` for that. So each service that a new project can start with
is resolved here for every combination of answers, and shipped as data: its values and its view. `copier.yml` puts the
services of a project together by their names.

python -m generator.usecases.starters            write them
python -m generator.usecases.starters --check    exit code 1 when one is stale
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from itertools import chain, combinations, product
from pathlib import Path
from typing import Any

import yaml

from generator.layers.library import Library
from generator.layers.resolve import resolve
from generator.pipeline import Checked
from generator.render.environment import make_environment
from generator.render.view import as_data
from generator.render.view_builder import project_view
from generator.text import assets
from generator.text.documents import parse

FOLDER = assets.ROOT / "templates" / "starters"

Answers = Mapping[str, Any]


def every_answer() -> list[Answers]:
    """List each combination of answers to the questions of copier.yml that decide what is generated.

    A question that is not asked, since others have decided it, has its default.
    """
    questions = yaml.safe_load((assets.ROOT / "copier.yml").read_text(encoding="utf-8"))
    names = ("preset", "worker_runtime", "python_manager")
    kinds = _choices(questions["services"])
    started = chain.from_iterable(combinations(kinds, size) for size in range(1, len(kinds) + 1))
    found: list[Answers] = []
    for services, *values in product(started, *(_choices(questions[name]) for name in names)):
        answers: dict[str, Any] = {"services": list(services)}
        for name, value in zip(names, values, strict=True):
            question = questions[name]
            asked = make_environment().from_string(question["when"]).render(has_spec=False, **answers)
            answers[name] = value if asked == "True" else question["default"]
        if answers not in found:
            found.append(answers)
    return found


def data_files() -> dict[str, str]:
    """Give the text of every data file by its name.

    Raises:
        ValueError: a service depends on an answer that its name does not have.
    """
    found: dict[str, str] = {}
    for answers in every_answer():
        for name, data in _starters(answers).items():
            text = json.dumps(data, indent=1, ensure_ascii=False) + "\n"
            if found.setdefault(name, text) != text:
                raise ValueError(f"{name} is not the same for {answers} as for the answers before")
    return found


def _choices(question: Mapping[str, Any]) -> list[str]:
    choices = question["choices"]
    return [*(choices.values() if isinstance(choices, dict) else choices)]


def _starters(answers: Answers) -> dict[str, Any]:
    """Return the services and the rest of a project with these answers, with the names that copier.yml makes."""
    data = as_data(project_view(_project(answers)))
    names = _names(answers)
    # The name of the project is an answer; services and what they share follow from those that were chosen.
    project = {
        key: data[key] for key in ("networks", "volumes", "secrets", "runtime_secrets", "passed", "bake", "develop")
    }
    services = {f"{names[item['name']]}-{answers['preset']}.json": item for item in data["services"]}
    return {f"project-{answers['preset']}.json": project, **services}


def _names(answers: Answers) -> dict[str, str]:
    manager = answers["python_manager"]
    runtime = answers["worker_runtime"]
    return {
        "api": f"api-{manager}",
        "web": "web-after-api" if "python" in answers["services"] else "web",
        "jobs": f"jobs-{manager if runtime == 'python' else runtime}",
    }


def _project(answers: Answers) -> Any:
    """Resolve the project of the starter's spec. Nothing is detected: there is no repository yet."""
    names = {"project_name": "my-project", "hook_repo": "https://github.com/x/y", "release": "v0"}
    text = make_environment().get_template("templates/starter.yaml.jinja").render(**names, **answers)
    checked = Checked(resolve(parse(text, "services.yaml"), Library(Path())))
    checked.refuse()
    return checked.project


def main(arguments: Sequence[str]) -> int:
    """Write the files, or compare them with those on disk; return the exit code."""
    wanted = data_files()
    known = {file.name: file.read_text(encoding="utf-8") for file in FOLDER.glob("*")}
    if "--check" in arguments:
        state = "up to date" if known == wanted else "stale; run make starters"
        print(f"templates/starters is {state}")
        return int(known != wanted)
    FOLDER.mkdir(exist_ok=True)
    for name in known.keys() - wanted.keys():
        (FOLDER / name).unlink()
    for name, text in wanted.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
