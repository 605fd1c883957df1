r"""Nothing that came from a file, a server or another program steers a terminal, or the log of a CI."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from generator.cli import output
from generator.cli.app import main
from generator.engine import registry
from generator.output.compare import Change
from generator.text.errors import Finding, Location, SpecError
from generator.text.printing import BIDIRECTIONAL, visible

HEAD = "version: 1\nproject: p\n"
EVIL = ("\x1b[31m", "\x07", "\x9b1m", "\r", "\b", "\u202e", "\u2066", "\u200f", "\u2028", "\ud800")


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("evil", EVIL)
def test_what_is_visible(evil: str) -> None:
    shown = visible(f"a{evil}b")
    assert shown.isprintable()
    assert shown != f"a{evil}b"
    assert visible(shown) == shown


@pytest.mark.parametrize(
    "line", ["plain", "jalapeño 日本語 🦊", "a\tb", "a::b", "C:\\path", "# comment", "## heading [x]"]
)
def test_what_stays(line: str) -> None:
    assert visible(line) == line


@pytest.mark.parametrize(
    "line", ["::error::x", "  ::set-output name=a::b", "\t::stop-commands::x", "##[error]x", "a ##vso[task.x]y"]
)
def test_commands_of_ci(line: str) -> None:
    shown = visible(line)
    assert not shown.lstrip().startswith("::")
    assert "##[" not in shown
    assert "##vso[" not in shown


def test_a_finding_has_two_lines_whatever_is_in_it() -> None:
    words = "x\n::error::y\x1b[31m\u202e"
    text = str(Finding(location=Location(file=f"::warning::{words}"), message=words, fix=words, code="file-missing"))
    assert len(text.split("\n")) == 2
    for line in text.split("\n"):
        assert line.isprintable()
        assert not line.lstrip().startswith("::")


@pytest.mark.parametrize("evil", [r'"\e[31mx"', r'"\u202ex"', r'"x\n::error::y"', r'"\r::error::y"'])
def test_values_in_findings_and_explain(tmp_path: Path, capsys: pytest.CaptureFixture[str], evil: str) -> None:
    spec = (
        f"{HEAD}services: {{db: {{kind: image, image: {{name: redis, tag: '7'}}, labels: {{a: {evil}}}, {evil}: 1}}}}\n"
    )
    (tmp_path / "services.yaml").write_text(spec, encoding="utf-8")
    for arguments in ([], ["explain", "db"], ["explain", "db", "labels"]):
        main(["-C", str(tmp_path), *arguments])
        for line in "\n".join(capsys.readouterr()).split("\n"):
            assert line.isprintable()
            assert not line.lstrip().startswith("::")


@pytest.mark.parametrize("character", sorted(BIDIRECTIONAL))
def test_no_value_has_controls_of_direction(tmp_path: Path, capsys: pytest.CaptureFixture[str], character: str) -> None:
    spec = f'{HEAD}services: {{db: {{kind: image, image: {{name: redis, tag: "7"}}, command: ["a{character}b"]}}}}\n'
    (tmp_path / "services.yaml").write_text(spec, encoding="utf-8")
    assert main(["-C", str(tmp_path)]) == 2
    assert f"the character U+{ord(character):04X} is not allowed" in capsys.readouterr().err
    assert not (tmp_path / "compose.yaml").exists()


def test_no_template_of_a_preset_writes_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    template = (
        "{% extends 'templates/dockerfile/python.jinja' %}\n{% block runtime %}{{ super() }}# \u202e\n{% endblock %}\n"
    )
    service = "{kind: python, path: api, manager: pip, command: [x], ports: [80]}"
    (tmp_path / "services.yaml").write_text(f"{HEAD}presets: [./team.yaml]\nservices: {{api: {service}}}\n", "utf-8")
    (tmp_path / "team.yaml").write_text("templates: {python: ./python.jinja}\n", encoding="utf-8")
    (tmp_path / "python.jinja").write_text(template, encoding="utf-8")
    (tmp_path / "api").mkdir()
    (tmp_path / "api/requirements.txt").write_text("", encoding="utf-8")
    assert main(["-C", str(tmp_path)]) == 2
    assert "python.jinja: gives api the character U+202E" in capsys.readouterr().err


OLD = "# Written by gen-dockerfiles\nFROM a\n::error::old\n  ::warning::stays\nRUN \x1b[31m\u202e\r\nend\n"
NEW = OLD.replace("FROM a", "FROM b")


@pytest.mark.parametrize(("old", "new"), [(OLD, NEW), (NEW, OLD), (OLD, None), (None, OLD), (OLD, NEW.rstrip("\n"))])
def test_a_diff_is_a_patch_that_applies(tmp_path: Path, old: str | None, new: str | None) -> None:
    patch = "".join(Change(path="Dockerfile", old=old, new=new).diff())
    assert not [line for line in patch.split("\n") if line.lstrip().startswith("::")]
    if shutil.which("git") is None:
        pytest.skip("needs git")
    if old is not None:
        (tmp_path / "Dockerfile").write_bytes(old.encode())
    subprocess.run(["git", "apply", "--unsafe-paths", "-"], cwd=tmp_path, input=patch.encode(), check=True)
    after = (tmp_path / "Dockerfile").read_bytes() if (tmp_path / "Dockerfile").exists() else None
    assert after == (new.encode() if new is not None else None)


def test_a_diff_on_a_terminal_is_visible(monkeypatch: pytest.MonkeyPatch) -> None:
    change = Change(path="Dockerfile", old=OLD, new=NEW)
    for stream, to_read in ((_Terminal(), False), (io.StringIO(), True)):
        monkeypatch.setattr(sys, "stdout", stream)
        output.show_diff([change], to_read=to_read)
        shown = stream.getvalue()
        assert all(line.isprintable() for line in shown.split("\n"))
        assert r"RUN \x1b[31m\u202e\r" in shown


@pytest.mark.parametrize("line", ["RUN x\r::error::y", "RUN x\r  ::error::y", "# ##[error]y", "# ##vso[task.x]y"])
def test_a_command_inside_of_a_line_of_a_diff(monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    change = Change(path="Dockerfile", old=f"{line}\nFROM a\n", new=f"{line}\nFROM b\n")
    for ci, raw in (("", True), ("true", False)):
        monkeypatch.setenv("CI", ci)
        monkeypatch.setattr(sys, "stdout", stream := io.StringIO())
        output.show_diff([change])
        assert (line in stream.getvalue()) is raw


def test_words_of_docker(monkeypatch: pytest.MonkeyPatch) -> None:
    done = subprocess.CompletedProcess([], 1, b"", b"one\nERROR: \x1b[31m::error::\xe2\x80\xae\xff\n")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: done)
    with pytest.raises(SpecError) as caught:
        registry.look_up("redis:7")
    assert str(caught.value).replace("\n", "").isprintable()


def test_a_call(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--nothing\x1b[31m"])
    assert capsys.readouterr().err.replace("\n", "").isprintable()
