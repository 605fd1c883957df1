"""Which folders a workspace has, by the patterns that declare its members."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase

from generator.text.errors import Location, SpecError
from generator.text.files import Repository, join

SKIPPED = frozenset({"node_modules", ".git", ".venv"})
# More than a large monorepo has, and few enough to be compared in a second or two.
MAX_FOLDERS = 100_000
MAX_DEPTH = 100
MAX_PATTERNS = 1_000
MAX_LENGTH = 1_000


def parents(path: str) -> Iterator[str]:
    """Yield the folders above `path`, the nearest first, up to the repository itself."""
    while path != ".":
        path = path.rpartition("/")[0] or "."
        yield path


def folders(repository: Repository, root: str, patterns: Iterable[str], manifest: str) -> list[str]:
    """List the folders below `root` that match the workspace's patterns and hold a manifest, sorted.

    A pattern may have `*` and `**`, and one with an exclamation mark takes its matches out again.

    Raises:
        SpecError: there are too many patterns or folders, or a pattern is too long.
    """
    found: set[str] = set()
    split: list[tuple[str, list[str]]] | None = None
    for pattern in _bounded(root, patterns):
        split = [(path, path.split("/")) for path in _manifests(repository, root, manifest)] if split is None else split
        parts = _parts(pattern.removeprefix("!"))
        matches = {path for path, names in split if matches_parts(names, parts)}
        found = found - matches if pattern.startswith("!") else found | matches
    return sorted(found)


def _bounded(root: str, patterns: Iterable[str]) -> list[str]:
    bounded = [*patterns]
    if len(bounded) > MAX_PATTERNS or any(len(pattern) > MAX_LENGTH for pattern in bounded):
        message = f"the workspace has more than {MAX_PATTERNS} patterns, or one of more than {MAX_LENGTH} characters"
        raise SpecError.at(Location(file=root), message, "use fewer and shorter ones", code="workspace-too-large")
    return bounded


def _parts(pattern: str) -> list[str]:
    """Split a pattern at its slashes; one `**` after another says nothing new."""
    parts = [part for part in pattern.split("/") if part not in ("", ".")]
    single = [part for part, before in zip(parts, ["", *parts], strict=False) if not part == before == "**"]
    return [part.replace("[", "[[]").replace("?", "[?]") for part in single]  # only stars mean something


def matches_parts(names: Sequence[str], parts: Sequence[str]) -> bool:
    """Tell whether the names of a path match the parts of a pattern: one after another, without going back.

    `packages/**` covers packages/a and packages/a/b; `**/x` covers x as well.
    """
    # The numbers of parts that the names so far can have used up.
    reached = _skipping({0}, parts)
    for name in names:
        using = {at for at in reached if at < len(parts)}
        stay = {at for at in using if parts[at] == "**"}
        # The last `**` needs a name of its own; any other may have none.
        after = {at + 1 for at in stay if at + 1 == len(parts)}
        moved = {at + 1 for at in using - stay if fnmatchcase(name, parts[at])}
        reached = _skipping(stay | after | moved, parts)
        if not reached:
            return False
    return len(parts) in reached


def _skipping(reached: set[int], parts: Sequence[str]) -> set[int]:
    """Add what is reached where a `**` that is not the last part stands for no name at all."""
    return reached | {at + 1 for at in reached if at + 1 < len(parts) and parts[at] == "**"}


def _manifests(repository: Repository, root: str, manifest: str) -> list[str]:
    """List every folder below `root` with such a manifest, relative to it."""
    key = ("manifests", f"{root}:{manifest}")
    if key not in repository.remembered:
        repository.remembered[key] = [*_walk(repository, root, manifest)]
    found: list[str] = repository.remembered[key]
    return found


def _walk(repository: Repository, root: str, manifest: str) -> Iterator[str]:
    """Yield each folder with the manifest, the ones in a folder after it. Links are not followed."""
    waiting, seen = [""], 0
    while waiting:
        below = waiting.pop()
        folder = join(root, below) if below else root
        if below and manifest in repository.names(folder):
            yield below
        seen += 1
        if seen > MAX_FOLDERS or below.count("/") > MAX_DEPTH:
            message = f"the workspace has more than {MAX_FOLDERS} folders, or they nest deeper than {MAX_DEPTH} levels"
            fix = "move what is no package elsewhere"
            raise SpecError.at(Location(file=root), message, fix, code="workspace-too-large")
        inside = [name.removesuffix("/") for name in repository.names(folder) if name.endswith("/")]
        waiting += [
            f"{below}/{name}" if below else name
            for name in sorted(inside, reverse=True)
            if name not in SKIPPED and not repository.is_link(join(folder, name))
        ]
