"""What docs/security.md says of instructions with secrets, in the Dockerfiles of all golden cases."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from generator.text.secret_names import sounds_secret
from tests.support import CASES

DOCKERFILES = sorted(CASES.rglob("*Dockerfile"))
# What fetches packages: dependencies, or the build backend of a project, or the package manager.
INSTALLS_NODE = re.compile(r"\b(npm (ci|install)|(pnpm|yarn|bun) install|pnpm fetch|yarn workspaces focus)\b")
INSTALLS_PYTHON = re.compile(r"\b(uv sync|uv pip (install|sync)|pip( --python \S+)? install)\b")
# Services that say `build_network: default`.
WITH_NETWORK = ("running/services/web",)
BUILDS = re.compile(r"\b(npm|pnpm|yarn|bun|turbo)\b[^\n]* run\b[^\n]*'build'")


def _instructions(file: Path) -> list[str]:
    """List the instructions, continued lines and here-documents with them, without comments."""
    text = re.sub(r"^\s*#.*\n", "", file.read_text(encoding="utf-8"), flags=re.M)
    return re.split(
        r"\n(?=(?:FROM|RUN|COPY|ENV|ARG|WORKDIR|USER|CMD|ENTRYPOINT|EXPOSE|LABEL|HEALTHCHECK|SHELL)\b)", text
    )


def _name(file: Path) -> str:
    return file.parent.relative_to(CASES).as_posix()


def _with(word: str) -> list[tuple[Path, str]]:
    return [(file, one) for file in DOCKERFILES for one in _instructions(file) if word in one]


def test_there_are_such_instructions() -> None:
    assert len(_with("--mount=type=secret")) > 20
    assert len(_with("--mount=type=ssh")) > 1
    assert len([one for _, one in _with("RUN") if BUILDS.search(one)]) > 15


@pytest.mark.parametrize("file", DOCKERFILES, ids=_name)
def test_no_value_of_a_secret_is_an_argument_or_a_variable_or_copied(file: Path) -> None:
    instructions = _instructions(file)
    mounts = {path for one in instructions for path in re.findall(r"type=secret,\S*?(?:target|env)=([^,\s]+)", one)}
    assert not [
        one for one in instructions if one.startswith("ARG") and sounds_secret(one.split()[1].partition("=")[0])
    ]
    for one in instructions:
        if one.startswith(("ARG", "ENV", "COPY", "LABEL")):
            assert not any(mount in one for mount in mounts), one


@pytest.mark.parametrize("file", DOCKERFILES, ids=_name)
def test_a_secret_is_mounted_only_where_packages_are_fetched(file: Path) -> None:
    """Steps of a service's own name their secrets, so the cases with steps are left out."""
    for one in _instructions(file):
        if "--mount=type=secret" in one and "/fragments/" not in str(file) and "/steps/" not in str(file):
            assert INSTALLS_NODE.search(one) or INSTALLS_PYTHON.search(one), one


@pytest.mark.parametrize("file", DOCKERFILES, ids=_name)
def test_no_script_of_a_node_package_runs_beside_a_secret(file: Path) -> None:
    by_variable = "YARN_ENABLE_SCRIPTS=0" in file.read_text(encoding="utf-8")
    for one in _instructions(file):
        if INSTALLS_NODE.search(one) and ("type=secret" in one or "type=ssh" in one):
            assert "--ignore-scripts" in one or (by_variable and "yarn " in one), one


@pytest.mark.parametrize("file", DOCKERFILES, ids=_name)
def test_a_build_script_has_no_secrets_and_a_network_only_where_the_spec_says_so(file: Path) -> None:
    allowed = _name(file) in WITH_NETWORK
    for one in _instructions(file):
        if BUILDS.search(one):
            assert ("--network=default" if allowed else "--network=none") in one, one
            assert "type=secret" not in one
            assert "type=ssh" not in one


@pytest.mark.parametrize("file", DOCKERFILES, ids=_name)
def test_hosts_are_checked_against_the_known_hosts_of_the_repository(file: Path) -> None:
    for one in _instructions(file):
        assert "ssh-keyscan" not in one
        if "type=ssh" in one:
            # Without a terminal, ssh refuses hosts that are not in the file.
            assert re.search(r"type=bind,source=\S+,target=/etc/ssh/ssh_known_hosts", one), one
            assert "StrictHostKeyChecking" not in one
