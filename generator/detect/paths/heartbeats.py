"""Heartbeats that nothing gives: a worker whose code never touches the file turns unhealthy, and no log says why."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from typing import Any

from generator.detect.paths.development import is_development
from generator.detect.paths.imports import read_code
from generator.detect.service_folder import Values
from generator.model.names import HEARTBEAT_VARIABLE, is_folder
from generator.text.errors import Finding, Location
from generator.text.files import Repository, dig, join, texts
from generator.text.quote import quoted
from generator.text.tracked import files_below

_ENDS = (".py", ".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx", ".sh")
_MOST = 3_000
"""Files that are looked at. In a folder with more, one that was not may touch the file."""
_WORDS = ("command", "entrypoint", "environment", "env", "steps")
_APP = re.compile(r"^(?:-A\n?|--app[=\n])(\S+)$", re.MULTILINE)
_PAGE = "docs/workers.md"
_TITLES = {
    "celery": "Celery",
    "rq": "RQ",
    "dramatiq": "Dramatiq",
    "taskiq": "taskiq",
    "huey": "Huey",
    "bullmq": "BullMQ",
}


def untouched_heartbeats(
    repository: Repository, name: str, values: Values, image: Values, locate: Callable[[tuple[str, ...]], Location]
) -> Iterator[Finding]:
    """Find a heartbeat that neither the sources nor the command of a service name.

    Args:
        repository: The files.
        name: The name of the service.
        values: Its values, which need not be valid.
        image: Those of the service whose image it runs: its own, or another one.
        locate: Gives the place in the spec that chose a value.
    """
    file, folder = dig(values, "healthcheck", "heartbeat", "file"), image.get("path")
    if not isinstance(file, str) or not is_folder(folder) or image.get("runtime") is None:
        return
    names = (HEARTBEAT_VARIABLE, file)
    said = str([one.get(key) for one in (values, image) for key in _WORDS])
    if _mentions(said, names) or not _is_untouched(repository, image, names):
        return
    title, check = _instead(values)
    yield Finding(
        location=locate(("healthcheck", "heartbeat", "file")),
        message=f"nothing in {folder} names {HEARTBEAT_VARIABLE} or {file}, so that {name} turns unhealthy",
        fix=(
            f"touch the file as {_PAGE} shows for {title}, or add healthcheck: {quoted(check)}; nothing, if an "
            "installed package touches it"
        ),
        code="heartbeat-untouched",
        level="warn",
    )


def celery_ping(app: str) -> dict[str, Any]:
    """Give the health check of a worker of Celery that needs no code: it asks the worker of this very container.

    It starts a second Celery, which takes seconds. Without `--destination` any worker may answer, and an image need not
    have a shell that puts the name in.
    """
    destination = "'--destination=celery@' + socket.gethostname()"
    run = f"import os, socket, sys; os.execvp('celery', ['celery', *sys.argv[1:], {destination}])"
    return {"command": ["python", "-c", run, f"--app={app}", "inspect", "ping", "--timeout=5"], "timeout": "20s"}


def _instead(values: Values) -> tuple[str, dict[str, Any] | None]:
    """Give the section of the page that has a heartbeat for the service, and a health check that needs none."""
    framework = values.get("framework")
    if values.get("kind") == "scheduler":
        return "schedulers", None
    app = _celery_app(values) if framework == "celery" else None
    return _TITLES.get(str(framework), "workers"), celery_ping(app) if app else None


def _celery_app(values: Values) -> str | None:
    """Give what Celery loads, as the service or its own command says it."""
    if isinstance(app := values.get("app"), str):
        return app
    found = _APP.search("\n".join(texts(values, "command")))
    return found[1] if found else None


def _is_untouched(repository: Repository, values: Values, names: tuple[str, ...]) -> bool:
    """Say whether there is code, all of it was read, and none of it has one of the names."""
    left, seen = _MOST, False
    for folder in _folders(values):
        for file in files_below(repository, folder, left):
            left -= 1
            if _is_code(file, folder, str(values["runtime"])):
                seen = True
                if _mentions(read_code(repository, file), names):
                    return False
    return seen and left > 0


def _folders(values: Values) -> Iterator[str]:
    """Yield the folder of the service, and those of packages of its workspace and dependencies by path."""
    yield str(values["path"])
    root = dig(values, "workspace", "root")
    for key in ("packages", "local"):
        for one in dig(values, "workspace", key) or []:
            if isinstance(root, str) and isinstance(path := dig(one, "path"), str):
                yield join(root, path)


def _is_code(file: str, folder: str, runtime: str) -> bool:
    inside = file if folder == "." else file[len(folder) + 1 :]
    parents, name = posixpath.split(inside)
    hidden = any(is_development(f"{part}/", runtime) for part in parents.split("/") if part)
    return name.endswith(_ENDS) and not hidden and not is_development(name, runtime)


def _mentions(text: str, names: tuple[str, ...]) -> bool:
    return any(one in text for one in names)
