"""A run that is killed, at any of its calls of the file system: the next one leaves no trace of it."""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from generator.cli.app import main
from generator.model.artefacts import JOURNAL, PREFIX
from generator.output import journal
from generator.output.compare import Change
from generator.output.recover import recover
from generator.output.staged import Staged
from generator.output.write import write
from generator.render import cache
from generator.sources import scratch
from generator.text.errors import SpecError
from tests.presets.repositories import SPEC, V2, Platform
from tests.support import snapshot

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and processes of POSIX")

MORE = "  more: {kind: python, path: new/more, command: [serve], ports: [82]}\n"
EVENTS = {"open", "os.rename", "os.remove", "os.link", "os.chmod", "os.mkdir", "os.rmdir", "fcntl.flock"}
CALLS = ("write", "fsync")  # which Python does not audit


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(cache.DISABLE, "1")
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "services.yaml").write_text(SPEC, encoding="utf-8")
    assert main(["-C", str(folder)]) == 0
    return folder


def _in_child(work: Callable[[], object]) -> int:
    """Do `work` in a process of its own, and return how that has ended: 0, or the signal as a negative number."""
    child = os.fork()
    if not child:
        code = 70
        try:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            code = int(bool(work()))
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _killed_at(call: int, root: Path, work: Callable[[], object]) -> bool:
    """Do `work`, and kill it before its call number `call` that changes `root`; tell whether it came to that."""

    def guarded() -> object:
        left = iter(range(call))

        def tick() -> None:
            if next(left, None) is None:
                os.kill(os.getpid(), signal.SIGKILL)

        def hook(event: str, arguments: tuple[Any, ...]) -> None:
            reads = event == "open" and not arguments[2] & (os.O_WRONLY | os.O_RDWR)
            elsewhere = event != "fcntl.flock" and not str(arguments[0]).startswith(f"{root}{os.sep}")
            if event in EVENTS and not reads and not elsewhere:
                tick()

        for name in CALLS:
            setattr(os, name, _before(tick, getattr(os, name)))
        sys.addaudithook(hook)
        return work()

    code = _in_child(guarded)
    assert code in (0, -signal.SIGKILL)
    return code != 0


def _before(tick: Callable[[], None], call: Callable[..., Any]) -> Callable[..., Any]:
    def ticking(*arguments: Any) -> Any:
        tick()
        return call(*arguments)

    return ticking


def _put(root: Path, files: dict[str, bytes]) -> None:
    for file in snapshot(root):
        (root / file).unlink()
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
    for folder in sorted((one for one in root.rglob("*") if one.is_dir()), reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()


def _every_kill(root: Path, before: dict[str, bytes], *arguments: str) -> Iterator[bool]:
    """Kill the command at each of its calls, from the first to the last; yield whether it had begun to write."""
    for call in range(1000):
        _put(root, before)
        if not _killed_at(call, root, lambda: main(["-C", str(root), *arguments])):
            return
        yield any(file.name == JOURNAL for file in root.iterdir())
    raise AssertionError("the command does not end")


def _clean(root: Path) -> None:
    assert [file for file in snapshot(root) if PREFIX in file] == []
    assert [folder for folder in root.rglob("*") if folder.is_dir() and not any(folder.iterdir())] == []


def test_generating_is_completed_by_the_next_run(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = root / "services.yaml"
    spec.write_text(SPEC.replace("[80]", "[81]") + MORE, encoding="utf-8")
    before = snapshot(root)
    assert main(["-C", str(root)]) == 0
    after, wrote = snapshot(root), 0
    for began in _every_kill(root, before):
        wrote += began
        half = snapshot(root)
        capsys.readouterr()
        main(["-C", str(root), "--check"])
        assert ("[run-killed]" in capsys.readouterr().err) == began
        assert snapshot(root) == half, "a check writes nothing"
        assert main(["-C", str(root)]) == 0
        assert snapshot(root) == after
        _clean(root)
    assert wrote > 20, "the kills hit where it counts"


def test_an_update_of_presets_is_made_or_not(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A vendored file without its digest would stop every later run."""
    platform = Platform(tmp_path / "platform")
    assert main(["-C", str(root), "presets", "add", "--yes", platform.source()]) == 0
    platform.commit(V2, tag="v2")
    before, update = snapshot(root), ("presets", "update", "--yes")
    assert main(["-C", str(root), *update]) == 0
    after, seen, told = snapshot(root), set(), 0
    for began in _every_kill(root, before, *update):
        capsys.readouterr()
        assert main(["-C", str(root)]) == 0
        told += "an earlier run did not finish: " in capsys.readouterr().err
        assert snapshot(root) in (before, after)
        seen.add((began, snapshot(root) == after))
        _clean(root)
    assert seen == {(False, False), (True, False), (True, True)}
    assert told > 10


def test_the_recovery_can_be_killed_too(root: Path) -> None:
    before = snapshot(root)
    changes = [
        Change(path="compose.yaml", old=before["compose.yaml"].decode(), new="new\n"),
        Change(path="gone/a/b", old=None, new="new\n"),
        Change(path="services/api/Dockerfile", old=before["services/api/Dockerfile"].decode(), new=None),
    ]
    assert _killed_in_the_end(root, changes)
    half, call = snapshot(root), 0
    assert half["compose.yaml"] == b"new\n"
    while _killed_at(call, root, lambda: recover(root) and None):
        assert recover(root) is not None or not (root / JOURNAL).exists()
        assert snapshot(root) == before
        _clean(root)
        assert _killed_in_the_end(root, changes)
        call += 1
    assert call > 5


def _killed_in_the_end(root: Path, changes: list[Change]) -> bool:
    """Kill a run that writes `changes` after the last one, and before it says that it is done."""

    def work() -> None:
        journal.Claim.done = lambda _: os.kill(os.getpid(), signal.SIGKILL)  # type: ignore[assignment,method-assign]
        write(root, changes)

    return _in_child(work) == -signal.SIGKILL


@pytest.fixture
def half(root: Path) -> Path:
    """Kill a run after it has replaced compose.yaml and made a file in a new folder."""
    old = (root / "compose.yaml").read_text(encoding="utf-8")
    assert _killed_in_the_end(
        root, [Change(path="compose.yaml", old=old, new="new\n"), Change(path="a/b", old=None, new="new\n")]
    )
    return root


def test_what_somebody_has_changed_since_stays(half: Path) -> None:
    (half / "compose.yaml").write_text("mine\n", encoding="utf-8")
    (half / "a/b").write_text("mine\n", encoding="utf-8")
    (half / "a/own").write_text("mine\n", encoding="utf-8")
    assert str(recover(half)) == "an earlier run did not finish: removed 2 temporary files"
    assert {(half / path).read_text(encoding="utf-8") for path in ("compose.yaml", "a/b", "a/own")} == {"mine\n"}
    _clean(half)


def test_links_are_not_followed_and_not_removed(half: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_text("new\n", encoding="utf-8")
    (old,) = half.glob(f"{PREFIX}*.old")
    for file in (half / "a/b", old):
        file.unlink()
        file.symlink_to(outside)
    assert recover(half) is not None
    assert outside.read_text(encoding="utf-8") == "new\n"
    assert (half / "a/b").is_symlink()
    assert old.is_symlink()
    assert (half / "compose.yaml").read_text(encoding="utf-8") == "new\n", "its old text is gone"


def test_a_folder_that_has_become_a_link_is_not_followed(half: Path, tmp_path: Path) -> None:
    (half / "a").rename(tmp_path / "elsewhere")
    (half / "a").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(SpecError, match="journal-foreign"):
        recover(half)
    assert (tmp_path / "elsewhere/b").exists()


@pytest.mark.parametrize("path", [".git/config", "../outside", "a/.GIT/b", "/etc/hostname"])
def test_a_journal_leads_nowhere_else(half: Path, path: str) -> None:
    text = (half / JOURNAL).read_text(encoding="utf-8")
    (half / JOURNAL).write_text(text.replace('"a/b"', json.dumps(path)), encoding="utf-8")
    before = snapshot(half)
    with pytest.raises(SpecError, match="journal-foreign"):
        recover(half)
    assert snapshot(half) == before


@pytest.mark.parametrize("made", ["copy", "text", "link", "pipe", "folder"])
def test_a_journal_that_no_run_has_written_here(half: Path, tmp_path: Path, made: str) -> None:
    """As one that was committed, whose author would choose what is removed."""
    file = half / JOURNAL
    content = file.read_bytes()
    file.rename(tmp_path / "kept")
    match made:
        case "copy":
            file.write_bytes(content)
        case "text":
            file.write_text("mine\n", encoding="utf-8")
        case "link":
            file.symlink_to(tmp_path / "kept")
        case "pipe":
            os.mkfifo(file)
        case _:
            file.mkdir()
    before = snapshot(half)
    for arguments in ([], ["lock"]):
        assert main(["-C", str(half), *arguments]) == 2
    with pytest.raises(SpecError, match="journal-foreign"):
        write(half, [Change(path="x", old=None, new="x")])
    assert snapshot(half) == before
    assert (tmp_path / "kept").read_bytes() == content


def test_a_run_at_work_is_left_alone(
    half: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(journal, "WAIT", 0.1)
    capsys.readouterr()
    with journal.claim(half) as claimed:
        claimed.keep = True
        before = snapshot(half)
        assert main(["-C", str(half)]) == 2
        assert "[run-concurrent]" in capsys.readouterr().err
        main(["-C", str(half), "--check"])
        assert "[run-killed]" not in capsys.readouterr().err
        with pytest.raises(SpecError, match="run-concurrent"):
            write(half, [Change(path="x", old=None, new="x")])
        assert snapshot(half) == before
    assert main(["-C", str(half)]) == 0
    _clean(half)


def test_without_locks_nobody_can_tell(half: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: int) -> bool:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(journal, "try_lock", refuse)
    before = snapshot(half)
    with pytest.raises(SpecError, match="this file system has no locks"):
        recover(half)
    assert snapshot(half) == before
    (half / JOURNAL).unlink()
    write(half, [Change(path="x", old=None, new="x")])
    assert (half / "x").read_text(encoding="utf-8") == "x"
    assert not (half / JOURNAL).exists()


def test_a_run_that_was_killed_while_another_one_worked_stops_that_one(half: Path) -> None:
    with pytest.raises(SpecError, match=r"put back a/b, compose\.yaml, .*changed-meanwhile"):
        write(half, [Change(path="x", old=None, new="x")])
    assert not (half / "x").exists()
    _clean(half)


def test_runs_at_once_write_one_after_the_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "WAIT", 300.0)  # a busy disk takes its time
    names = [f"{index}/f" for index in range(8)]

    def work(text: str) -> None:
        for _ in range(10):
            write(tmp_path, [Change(path=name, old=None, new=text) for name in names])

    children = []
    for text in "abc":
        child = os.fork()
        if not child:
            code = 1
            try:
                work(text)
                code = 0
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(code)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0, 0, 0]
    assert len({(tmp_path / name).read_text(encoding="utf-8") for name in names}) == 1, "all of one run"
    _clean(tmp_path)


@pytest.mark.parametrize("looks", [1, 2, 3])
def test_a_journal_that_another_run_removes_is_no_mistake(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, looks: int
) -> None:
    """It goes after any of our looks at it."""
    (tmp_path / JOURNAL).touch()
    left = iter(range(looks - 1))

    def looking(look: Callable[..., Any]) -> Callable[..., Any]:
        def looked(path: Path, *arguments: Any, **named: Any) -> Any:
            result = look(path, *arguments, **named)
            if path.name == JOURNAL and next(left, None) is None:
                path.unlink(missing_ok=True)
            return result

        return looked

    with monkeypatch.context() as patched:
        for name in ("exists", "is_file", "is_symlink", "lstat"):
            patched.setattr(Path, name, looking(getattr(Path, name)))
        write(tmp_path, [Change(path="f", old=None, new="text")])
    assert (tmp_path / "f").read_text(encoding="utf-8") == "text"
    _clean(tmp_path)


def test_a_file_in_another_file_system_is_staged_in_it(tmp_path: Path) -> None:
    """Where a folder is a mount, only a rename inside of it is one step."""
    one = Staged.of(tmp_path, "mount/f", token="0" * 16, index=0, removes=False)
    assert one.new.parent == one.old.parent == one.path.parent


def test_folders_of_fetches_that_were_killed_are_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def work() -> None:
        with scratch.scratch() as folder:
            (Path(folder) / "objects").mkdir()
            os.kill(os.getpid(), signal.SIGKILL)

    assert _in_child(work) == -signal.SIGKILL
    (left,) = tmp_path.iterdir()
    others = [tmp_path / name for name in (f"{scratch.PREFIX}mine", f"{scratch.PREFIX}open1234", "link")]
    for other in others:
        other.mkdir(mode=0o755)
    (tmp_path / f"{scratch.PREFIX}link1234").symlink_to(others[-1])
    with scratch.scratch() as folder, scratch.scratch() as second:
        assert not left.exists()
        assert Path(folder).is_dir(), "a run that is at work keeps its own"
        assert Path(second).is_dir()
    assert {*tmp_path.iterdir()} == {*others, tmp_path / f"{scratch.PREFIX}link1234"}


def test_parts_of_entries_of_the_cache_are_removed(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = tmp_path / "kept"
    kept.mkdir(mode=0o700)
    monkeypatch.delenv(cache.DISABLE)
    monkeypatch.setenv(cache.FOLDER, str(kept))
    for name, age in (("old.part", 3600), ("fresh.part", 0)):
        (kept / name).write_text("{", encoding="utf-8")
        modified = (kept / name).stat().st_mtime - age
        os.utime(kept / name, (modified, modified))
    assert main(["-C", str(root)]) == 0
    assert {file.name for file in kept.iterdir() if file.suffix == ".part"} == {"fresh.part"}
