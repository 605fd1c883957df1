"""A repository of presets, as a platform team has one."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

V1 = 'description: What acme has agreed on\nextends: [hardened]\nruntimes:\n  python: {python: "3.12"}\n'
V2 = V1.replace('"3.12"', '"3.13", env: {TZ: UTC}')


def git(folder: Path, *arguments: str) -> None:
    """Run git there, as somebody."""
    identity = ["-c", "user.name=Ann", "-c", "user.email=ann@example.com"]
    subprocess.run(["git", *identity, "-C", str(folder), *arguments], check=True, capture_output=True)


class Platform:
    """A git repository of presets, with the tag v1."""

    def __init__(self, folder: Path) -> None:
        """Make it in a folder that is not there yet."""
        self.folder = folder
        folder.mkdir()
        git(folder, "init", "--quiet", "--initial-branch=main")
        self.commit(V1, tag="v1")

    def commit(self, text: str, tag: str = "") -> None:
        """Commit another text of its preset."""
        self.release({"presets/python.yaml": text}, tag)

    def release(self, files: Mapping[str, str | None], tag: str = "") -> None:
        """Commit files, or that they are gone, and tag the commit."""
        for path, text in files.items():
            file = self.folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            if text is None:
                file.unlink()
            else:
                file.write_text(text, encoding="utf-8")
        git(self.folder, "add", "--all")
        git(self.folder, "commit", "--quiet", "--allow-empty", "--message=change")
        if tag:
            git(self.folder, "tag", "--force", tag)

    def source(self, ref: str = "v1", path: str = "presets/python.yaml") -> str:
        """The name of a file of it."""
        return f"git+file://{self.folder}//{path}@{ref}"
