"""Repositories of the tests: one that shares presets, and what one that takes them says."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

SPEC = """\
version: 1
project: shop            # ours
services:
  api: {kind: python, command: [serve], ports: [80]}
"""
V1 = 'description: What acme has agreed on\nextends: [hardened]\nruntimes:\n  python: {python: "3.12"}\n'
V2 = V1.replace('"3.12"', '"3.13", env: {TZ: UTC}')
PATH = "presets/python.yaml"


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=Ann", "-c", "user.email=ann@example.com"]
    subprocess.run(["git", *identity, "-C", str(folder), *arguments], check=True, capture_output=True)


class Platform:
    """A git repository of presets."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        git(folder, "init", "--quiet", "--initial-branch=main")
        self.commit(V1, tag="v1")

    def commit(self, text: str, tag: str = "", files: Mapping[str, str] | None = None) -> None:
        """Commit the preset, and files by their path; the files of earlier commits stay."""
        for path, content in {PATH: text, **(files or {})}.items():
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / path).write_text(content, encoding="utf-8")
        git(self.folder, "add", "--all")
        git(self.folder, "commit", "--quiet", "--allow-empty", "--message=change")
        if tag:
            git(self.folder, "tag", "--force", tag)

    def source(self, ref: str = "v1", path: str = PATH) -> str:
        return f"git+file://{self.folder}//{path}@{ref}"
