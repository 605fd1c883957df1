"""Repositories that the command has accepted, and the files that it has written there."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import yaml
from hypothesis.strategies import SearchStrategy

from tests.attacks.fuzz.packages import SEEDS, Changes, package_changes
from tests.attacks.fuzz.running import Tally
from tests.attacks.fuzz.specs import Drawn, repositories
from tests.strategies import Values, specs

EXAMPLES: SearchStrategy[Values | Drawn | Changes] = specs(max_services=2) | repositories() | package_changes()
"""Valid specs, specs and presets with mutations, and repositories of package managers with mutations."""


class Outputs:
    """Files that were written and that no call of `take` has given yet; equal texts are kept once."""

    def __init__(self, root: Path, tally: Tally) -> None:
        self.written = 0
        self._root = root
        self._tally = tally
        self._number = 0
        self._seen: set[bytes] = set()
        self._waiting: dict[str, list[Path]] = {"Dockerfile": [], "compose.yaml": []}

    def add(self, example: Values | Drawn | Changes) -> None:
        """Write the files of a repository in a folder of its own; keep the folder if something is new in it."""
        self._number += 1
        root = self._root / str(self._number)
        root.mkdir()
        _write(root, example)
        new = [*self._new(root)] if self._tally.refuses_or_works(root) == 0 else []
        if not new:
            shutil.rmtree(root)
            return
        self._tally.is_up_to_date(root)
        self.written += len(new)
        for file in new:
            self._waiting[file.name].append(file)

    def take(self, name: str) -> list[Path]:
        """Give the new files of the name `Dockerfile` or `compose.yaml`."""
        taken, self._waiting[name] = self._waiting[name], []
        return taken

    def _new(self, root: Path) -> Iterator[Path]:
        for file in sorted(root.rglob("*")):
            if file.name in self._waiting and file.is_file():
                key = hashlib.sha256(file.read_bytes()).digest()
                if key not in self._seen:
                    self._seen.add(key)
                    yield file


def story(file: Path, root: Path) -> str:
    """Tell all that has led to a file which was refused: the text itself, and the spec."""
    top = root / file.relative_to(root).parts[0]
    return f"{file}\n{file.read_text(encoding='utf-8')}\n{(top / 'services.yaml').read_text(encoding='utf-8')}"


def _write(root: Path, example: Values | Drawn | Changes) -> None:
    if isinstance(example, Drawn):
        example.write(root)
    elif isinstance(example, Changes):
        SEEDS[example.seed].write(root)
        for path, content in example.files.items():
            (root / path).write_bytes(content)
    else:
        text = yaml.safe_dump(example, sort_keys=False, allow_unicode=True)
        (root / "services.yaml").write_text(text, encoding="utf-8")
