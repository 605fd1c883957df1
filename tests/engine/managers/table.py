"""Write the measurements of the matrix as a table to docs/managers.md."""

import json
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pytest

from .matrix import CASES

DOCUMENT = Path(__file__).parents[3] / "docs" / "managers.md"
BEGIN, END = "<!-- measured by the engine tests -->", "<!-- end -->"
Fetched = list[tuple[str, int]]


@dataclass
class Row:
    """The measurements of one case: the files that each build fetched, and the number of identical files."""

    name: str
    note: str = ""
    first: Fetched = field(default_factory=list)
    source: Fetched = field(default_factory=list)
    bump: Fetched | None = None
    added: Fetched = field(default_factory=list)
    stale: bool = False
    identical: int = 0


def publish(row: Row, config: pytest.Config) -> None:
    """Write a row as JSON to the folder that ``--publish`` names, if any."""
    if folder := config.getoption("--publish"):
        (Path(folder) / f"{row.name}.json").write_text(json.dumps(asdict(row)), "utf-8")


def write(folder: Path) -> None:
    """Replace the table in the document by the rows in ``folder``."""
    rows = [json.loads((folder / f"{case.name}.json").read_text("utf-8")) for case in CASES]
    head = "| | first build | source change | version bump | new dependency | files, twice the same | |"
    lines = [head, "| --- | --- | --- | --- | --- | --- | --- |", *(_line(row) for row in rows)]
    text = DOCUMENT.read_text("utf-8")
    above, below = text.partition(BEGIN)[0], text.partition(END)[2]
    DOCUMENT.write_text("\n".join([above + BEGIN, "", *lines, "", END + below]), "utf-8")


def _line(row: dict[str, Any]) -> str:
    bump = "-" if row["bump"] is None else _sum(row["bump"])
    cells = [row["name"], _sum(row["first"]), _sum(row["source"]), bump, _sum(row["added"]), str(row["identical"])]
    return f"| {' | '.join([*cells, row['note']])} |"


def _sum(fetched: list[list[Any]]) -> str:
    size = sum(entry[1] for entry in fetched)
    text = f"{size / 1e6:.1f} MB" if size >= 100_000 else f"{size / 1e3:.1f} kB" if size else "nothing"
    return f"{len(fetched)} files, {text}" if len(fetched) > 1 else text


if __name__ == "__main__":
    write(Path(sys.argv[1]))
