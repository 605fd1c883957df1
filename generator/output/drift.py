"""Say in a few words why a Dockerfile is stale: a file that has come or gone is nothing that its author has edited."""

from __future__ import annotations

from generator.output.compare import Change

_COPY = "COPY "


def reason(change: Change) -> str:
    """Return what a Dockerfile begins or ceases to copy of the service's folder; empty for another change."""
    if change.old is None or change.new is None or not _is_dockerfile(change.path):
        return ""
    old, new = _copied(change.old), _copied(change.new)
    come, gone = [path for path in new if path not in old], [path for path in old if path not in new]
    parts = [f"copies {', '.join(come)}" if come else "", f"no longer copies {', '.join(gone)}" if gone else ""]
    return "; ".join(filter(None, parts))


def _is_dockerfile(path: str) -> bool:
    name = path.rpartition("/")[2]
    return "Dockerfile" in name and not name.endswith(".dockerignore")


def _copied(text: str) -> dict[str, None]:
    """Return the sources of the instructions that copy from the build context, in their order."""
    lines = [line.split() for line in text.splitlines() if line.startswith(_COPY) and "--from=" not in line]
    return dict.fromkeys(words[-2] for words in lines if len(words) > 2 and not words[-2].startswith("<<"))
