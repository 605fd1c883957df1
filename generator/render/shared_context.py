"""What is not sent of folders that are copied as a whole: those of other services, and what tools have made."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from generator.model.artefacts import ARTEFACTS, in_folder
from generator.model.images import OwnImage
from generator.model.runtimes import JavaScript

WHOLE = "."
"""The source that stands for all of a service's folder."""

# Made by tools, in any folder. The rest of what a developer has there is in `ignore`.
_MADE = ("**/node_modules", "**/.venv", "**/__pycache__")


def below(home: str, path: str) -> str:
    """Give the path in the context of a source of a service whose folder is `home` there, with a slash at its end."""
    return home + path if path != WHOLE else home.removesuffix("/") or WHOLE


def allowed_lines(allowed: Sequence[str]) -> list[str]:
    """Give the paths that an ignore file allows: each, or `*` where the whole context is one of them."""
    return ["*"] if WHOLE in allowed else list(allowed)


def refused_by_others(service: OwnImage, context: str, folders: Iterable[str], others: Sequence[str]) -> Iterator[str]:
    """Yield the folders of other services that are below one of `folders`, of which none is named itself.

    Args:
        service: The service.
        context: Its build context.
        folders: The folders of the context that the builder is sent.
        others: The folders of all services in the repository, sorted.
    """
    sent = [*folders]
    for folder in sent:
        path = in_folder(context, folder) if folder != WHOLE else context
        for other in _below(others, path):
            inside = other if context == "." else other.removeprefix(f"{context}/")
            if other != service.path and not any(f"{one}/".startswith(f"{inside}/") for one in sent):
                yield inside


def refused_of_whole(
    service: OwnImage, context: str, home: str, dockerfiles: Sequence[str | None], files: Sequence[str]
) -> Iterator[str]:
    """Yield what is not sent of a service that copies all of its folder: what is generated, and what a build makes.

    Args:
        service: The service.
        context: Its build context.
        home: Its folder there, with a slash at its end.
        dockerfiles: The names of the Dockerfiles in its folder; None for the usual one.
        files: What is generated in the root of the repository.
    """
    if WHOLE not in service.sources:
        return
    yield from _MADE
    yield from files if context == "." and not home else ()
    for artefact in ARTEFACTS:
        if artefact.of_service:
            yield from (home + artefact.named(name) for name in dockerfiles)
    if isinstance(service, JavaScript) and service.build is not None:
        yield from (home + path for path in service.artifacts if path not in service.sources)


def _below(paths: Sequence[str], folder: str) -> Sequence[str]:
    if folder == ".":
        return [path for path in paths if path != "."]
    return paths[bisect_left(paths, f"{folder}/") : bisect_left(paths, f"{folder}0")]  # 0 follows the slash
