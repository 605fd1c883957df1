"""A heartbeat that nobody sends: no code of the image names the file that the health check looks at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generator.detect.paths.imports import code_below, read_code
from generator.detect.paths.named_paths import Locate, build_folders
from generator.model.names import is_folder
from generator.text.errors import Finding
from generator.text.files import Repository, dig
from generator.text.quote import fits, quoted

_VARIABLE = "WORKER_HEARTBEAT_FILE"
_PAGE = "docs/workers.md"


def untouched_heartbeats(
    repository: Repository, name: str, values: Mapping[str, Any], image: Mapping[str, Any], locate: Locate
) -> Iterator[Finding]:
    """Warn of a heartbeat whose file no code of the image names: the container turns unhealthy without a word.

    Args:
        repository: The files.
        name: The name of the service.
        values: Its values.
        image: Those of the service whose image it runs, mostly the same.
        locate: Returns the place of one of its values.
    """
    file, path = dig(values, "healthcheck", "heartbeat", "file"), image.get("path")
    if not isinstance(file, str) or not is_folder(path) or _is_of_framework(values):
        return
    folder = build_folders(image, path)[0] if image.get("workspace") else path
    code = [*code_below(repository, folder, str(image.get("runtime")))]
    if not code or any(_VARIABLE in text or file in text for text in (read_code(repository, one) for one in code)):
        return
    yield Finding(
        location=locate(("healthcheck", "heartbeat")),
        message=f"{name} is healthy while its code touches {file}, and no code in {folder} names {_VARIABLE}",
        fix=_fix(values),
        code="heartbeat-untouched",
        level="warn",
    )


def _is_of_framework(values: Mapping[str, Any]) -> bool:
    """Tell whether the framework itself writes what is looked at, as Celery's scheduler does."""
    return values.get("kind") == "scheduler" and values.get("framework") == "celery"


def _fix(values: Mapping[str, Any]) -> str:
    touch = f"touch it as {_PAGE} shows, or give healthcheck another command"
    if values.get("framework") == "celery" and isinstance(app := values.get("app"), str):
        ping = f"celery --app {app} inspect ping --destination celery@$HOSTNAME"
        line = quoted({"healthcheck": {"command": ["sh", "-c", ping], "timeout": "10s"}})[1:-1]
        touch = f"touch it as {_PAGE} shows, or ask Celery itself, which starts it a second time: {line}"
    return touch if fits(touch) else f"touch it as {_PAGE} shows"
