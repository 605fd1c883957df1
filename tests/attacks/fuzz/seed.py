"""A repository of one service as values that can be mutated, and what several of them have."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from tests.attacks.fuzz.forms import written

Files = dict[str, Any]

INDEX = "https://packages.example.com"
"""No file of the tests names the host of a registry."""
SHA256 = f"sha256:{'ab' * 32}"
SHA512 = f"sha512-{'q' * 86}=="


class Seed(NamedTuple):
    """A repository: the values of its files by their paths, and the spec of its one service."""

    files: Files
    service: dict[str, Any]

    @property
    def all(self) -> Files:
        """The values of all files, the spec among them."""
        spec = {"version": 1, "project": "p", "services": {"app": self.service}}
        return {"services.yaml": spec, **self.files}

    def write(self, root: Path) -> None:
        """Write all files below `root`."""
        for path, data in self.all.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(written(path, data))
