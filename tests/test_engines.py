"""Generated files use what docs/engines.md lists, each from the version on that it names, and nothing newer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import dockerfile
import pytest

from tests.support import CASES, case_names

DOCS = Path(__file__).parents[1] / "docs/engines.md"
# What every builder has had since there are stages.
_ALWAYS = {"COPY --from", "COPY --chown", *(f"HEALTHCHECK --{option}" for option in ["interval", "timeout", "retries"])}
_ALWAYS |= {"HEALTHCHECK --start-period"}


def _documented() -> dict[str, tuple[int, ...]]:
    """Map each use in the first table to the first frontend that has it."""
    table = DOCS.read_text("utf-8").split("\n\n")[2]
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines()[2:]]
    return {
        use: tuple(map(int, version.split(".")))
        for uses, version, _ in rows
        for use in re.sub(r"`", "", uses).split(", ")
    }


def _uses(text: str) -> Iterator[str]:
    """Yield what an instruction of a Dockerfile uses beyond the instruction itself."""
    if re.search(r"^# check=", text, re.MULTILINE):
        yield "# check=error=true"
    for command in dockerfile.parse_string(text):
        for flag in command.flags:
            yield f"{command.cmd.upper()} {flag.partition('=')[0]}"
            if flag.startswith("--mount=type=secret") and ",env=" in flag:
                yield "RUN --mount=type=secret,env="
        if "<<" in command.original.partition("\n")[0]:
            yield "heredocs"


def _used(name: str) -> dict[str, set[str]]:
    files = {file: file.read_text("utf-8") for file in (CASES / name).rglob("*Dockerfile")}
    return {str(file): set(_uses(text)) for file, text in files.items()}


@pytest.mark.parametrize("name", case_names())
def test_a_generated_file_uses_what_is_documented(name: str) -> None:
    for file, uses in _used(name).items():
        assert uses - _ALWAYS - set(_documented()) == set(), file


def test_the_documented_uses_are_those_of_generated_files() -> None:
    """A row that no case needs any more would ask for a newer engine than there has to be."""
    used = {use for name in case_names() for uses in _used(name).values() for use in uses}
    assert set(_documented()) <= used


def test_what_an_engine_of_the_table_needs_no_setting_for() -> None:
    """Engine 25 brings frontend 1.6: without `syntax`, only secrets that are variables need more."""
    newer = {use for use, version in _documented().items() if version > (1, 6)}
    assert newer == {"# check=error=true", "RUN --mount=type=secret,env="}
    example = re.search(r"syntax: docker/dockerfile:([\d.]+)", DOCS.read_text("utf-8"))
    assert example is not None
    assert tuple(map(int, example[1].split("."))) >= max(_documented().values())
