"""Contract: `copier update` brings the scaffold along and leaves the spec and the generated files to their owners."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from generator.cli import app as cli

IDENTITY = ("-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false")


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), *IDENTITY, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def copier(*arguments: str) -> None:
    result = subprocess.run([sys.executable, "-m", "copier", *arguments], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr


def commit(folder: Path, message: str) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", message)


@pytest.fixture
def two_versions(template: Path, tmp_path: Path) -> Path:
    """Make a template repository with tags v0.1.0 and v0.2.0, which differ in a scaffold file and a template."""
    source = tmp_path / "template"
    subprocess.run(["cp", "-r", str(template), str(source)], check=True)
    git(source, "init", "--quiet")
    commit(source, "one")
    git(source, "tag", "v0.1.0")
    readme = source / "templates/project/README.md.jinja"
    readme.write_text(readme.read_text() + "\n## News\n")
    dockerfile = source / "templates/dockerfile/python.jinja"
    dockerfile.write_text(dockerfile.read_text().replace("# base is the one", "# base is the only"))
    commit(source, "two")
    git(source, "tag", "v0.2.0")
    return source


def test_update_across_two_tags(two_versions: Path, tmp_path: Path) -> None:
    project = tmp_path / "project"
    copier("copy", "--defaults", "--quiet", "--vcs-ref=v0.1.0", str(two_versions), str(project))
    git(project, "init", "--quiet")
    commit(project, "scaffold")
    spec, readme, main = project / "services.yaml", project / "README.md", project / "services/api/app/main.py"
    spec.write_text(spec.read_text().replace("8000", "8080"))
    assert cli.main(["-C", str(project)]) == 0
    readme.write_text(readme.read_text().replace("Run everything", "Run it all"))
    main.unlink()
    commit(project, "our own edits")
    ours = {file: file.read_bytes() for file in project.rglob("*ockerfile*")} | {spec: spec.read_bytes()}

    copier("update", "--defaults", "--quiet", str(project))

    assert {file: file.read_bytes() for file in ours} == ours, "generated files and the spec have other writers"
    assert not main.exists(), "the starter application is the team's"
    assert "Run it all" in readme.read_text()
    assert "## News" in readme.read_text()
    assert "rev: v0.2.0" in (project / ".pre-commit-config.yaml").read_text()
    assert "_commit: v0.2.0" in (project / ".copier-answers.yml").read_text()
    assert not list(project.rglob("*.rej"))
    assert "<<<<<<<" not in readme.read_text()
