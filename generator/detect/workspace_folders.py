"""Which folders a workspace has, by the patterns that declare its members."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from generator.text.files import Repository, join

SKIPPED = frozenset({"node_modules", ".git", ".venv"})


def parents(path: str) -> Iterator[str]:
    """Yield the folders above `path`, the nearest first, up to the repository itself."""
    while path != ".":
        path = path.rpartition("/")[0] or "."
        yield path


def folders(repository: Repository, root: str, patterns: Iterable[str], manifest: str) -> list[str]:
    """List the folders below `root` that match the workspace's patterns and hold a manifest, sorted.

    A pattern may have `*` and `**`, and one with an exclamation mark takes its matches out again.
    """
    found: set[str] = set()
    for pattern in patterns:
        expression = _expression(pattern.removeprefix("!"))
        matches = {path for path in _manifests(repository, root, manifest) if expression.fullmatch(path)}
        found = found - matches if pattern.startswith("!") else found | matches
    return sorted(found)


def _expression(pattern: str) -> re.Pattern[str]:
    parts = [part for part in pattern.split("/") if part not in ("", ".")]
    words = [re.escape(part).replace(r"\*", "[^/]*") if part != "**" else "" for part in parts]
    text = "/".join(word or "(?:[^/]+/)*[^/]+" for word in words)
    # `packages/**` covers packages/a and packages/a/b; `**/x` covers x as well.
    return re.compile(text.replace("(?:[^/]+/)*[^/]+/", "(?:[^/]+/)*"))


def _manifests(repository: Repository, root: str, manifest: str) -> list[str]:
    """List every folder below `root` with such a manifest, relative to it."""
    key = ("manifests", f"{root}:{manifest}")
    if key not in repository.remembered:
        repository.remembered[key] = [*_walk(repository, root, "", manifest)]
    found: list[str] = repository.remembered[key]
    return found


def _walk(repository: Repository, root: str, below: str, manifest: str) -> Iterator[str]:
    for name in sorted(repository.names(join(root, below) if below else root)):
        folder = name.removesuffix("/")
        if not name.endswith("/") or folder in SKIPPED or repository.is_link(join(root, f"{below}{folder}")):
            continue
        path = f"{below}{folder}"
        if manifest in repository.names(join(root, path)):
            yield path
        yield from _walk(repository, root, f"{path}/", manifest)
