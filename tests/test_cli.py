"""The command: what it prints, what it gives back, what it loads."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from generator import __version__
from generator.cli.app import main
from tests.support import CASES, HERE, snapshot

FILES = ["compose.yaml", "services/hello/Dockerfile", "services/hello/Dockerfile.dockerignore"]
DOCKERFILE = FILES[1]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Make a repository with a spec, and nothing generated yet."""
    shutil.copy(CASES / "npm-plain" / "services.yaml", tmp_path)
    return tmp_path


def _run(*arguments: str, cwd: Path = HERE.parent, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "generator", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="surrogateescape",
        check=False,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(HERE.parent), **environment},
    )


def test_writes_then_says_nothing(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["-C", str(root)]) == 0
    assert capsys.readouterr() == ("".join(f"write: {path}\n" for path in FILES), "")
    before = {path: (root / path).stat().st_mtime_ns for path in FILES}
    assert main(["-C", str(root)]) == 0
    assert capsys.readouterr() == ("", "")
    assert {path: (root / path).stat().st_mtime_ns for path in FILES} == before


def test_updates_what_is_stale_alone(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["-C", str(root)])
    fresh = (root / DOCKERFILE).read_bytes()
    (root / DOCKERFILE).write_bytes(fresh + b"RUN curl evil\n")
    capsys.readouterr()
    assert main(["-C", str(root)]) == 0
    assert capsys.readouterr() == (f"update: {DOCKERFILE}\n", "")
    assert (root / DOCKERFILE).read_bytes() == fresh


def test_check(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = snapshot(root)
    assert main(["-C", str(root), "--check"]) == 1
    out, err = capsys.readouterr()
    assert out == "".join(f"stale: {path}\n" for path in FILES)
    assert err == "3 of the generated files are stale; run gen-dockerfiles\n"
    assert snapshot(root) == before
    main(["-C", str(root)])
    capsys.readouterr()
    assert main(["-C", str(root), "--check"]) == 0
    assert capsys.readouterr() == ("", "")
    compose = root / "compose.yaml"
    compose.write_bytes(compose.read_bytes().replace(b"\n", b"\r\n"))
    assert main(["-C", str(root), "--check"]) == 1
    assert capsys.readouterr().out == "stale: compose.yaml\n"


def test_check_with_diff_is_a_patch_that_ends_the_drift(root: Path) -> None:
    main(["-C", str(root)])
    fresh = snapshot(root)
    (root / DOCKERFILE).write_bytes(fresh[DOCKERFILE].replace(b"USER", b"# caf\xe9 \xe6\x97\xa5\nUSER"))
    (root / "compose.yaml").unlink()
    # The patch has to survive a terminal that knows ASCII alone.
    done = _run("-C", str(root), "--check", "--diff", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert (done.returncode, done.stderr) == (1, "2 of the generated files are stale; run gen-dockerfiles\n")
    patch = done.stdout[: done.stdout.index("stale: ")]
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    subprocess.run(["git", "apply", "-"], input=patch.encode(errors="surrogateescape"), cwd=root, check=True)
    shutil.rmtree(root / ".git")
    assert snapshot(root) == fresh


def test_diff_without_check_writes(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["-C", str(root), "--diff"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("--- /dev/null\n+++ b/compose.yaml\n")
    assert (root / "compose.yaml").exists()


def test_another_spec(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "services.yaml").rename(root / "other.yaml")
    assert main(["-C", str(root)]) == 2
    message = "services.yaml: cannot be read: No such file or directory  [file-missing]\n  fix: "
    assert capsys.readouterr().err.startswith(message)
    assert main(["-C", str(root), "-f", "other.yaml"]) == 0
    assert capsys.readouterr().out.count("write: ") == 3


def test_the_working_directory_is_the_repository(root: Path) -> None:
    done = _run(cwd=root)
    assert (done.returncode, done.stderr, done.stdout.count("write: ")) == (0, "", 3)


def test_hand_written_files_need_force(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "compose.yaml").write_text("services: {}\n", encoding="utf-8")
    before = snapshot(root)
    for arguments in ([], ["--check"], ["--diff"]):
        assert main(["-C", str(root), *arguments]) == 2
        assert "compose.yaml: was not written by gen-dockerfiles" in capsys.readouterr().err
        assert snapshot(root) == before
    assert main(["-C", str(root), "--force"]) == 0
    assert (root / "compose.yaml").read_bytes() == (CASES / "npm-plain" / "compose.yaml").read_bytes()


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--version"])
    assert caught.value.code == 0
    assert capsys.readouterr().out == f"gen-dockerfiles {__version__}\n"


def test_an_unknown_option_is_a_wrong_call(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--chekc"])
    assert caught.value.code == 2
    assert "--chekc" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_loads_nothing_heavy(option: str) -> None:
    code = (
        "import sys\nfrom generator.cli.app import main\n"
        f"try:\n    main([{option!r}])\nexcept SystemExit:\n"
        "    print([name for name in ('pydantic', 'jinja2', 'yaml') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=HERE.parent)
    assert done.stdout.endswith("\n[]\n")


@pytest.mark.skipif(sys.platform == "win32", reason="pipes of POSIX")
@pytest.mark.parametrize("option", ["--diff", "--check"], ids=["while it prints", "at the end"])
def test_a_reader_that_has_gone_is_no_traceback(root: Path, option: str) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "generator", "-C", str(root), "--check", option]
    try:
        done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, text=True, check=False, cwd=HERE.parent)
    finally:
        os.close(writer)
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    assert done.returncode != 0


def test_the_result_does_not_depend_on_the_hash_seed_or_the_cache(tmp_path: Path) -> None:
    trees = []
    for seed in ("0", "1", "4711"):
        root = tmp_path / seed
        shutil.copytree(CASES / "team-preset", root, ignore=shutil.ignore_patterns("services", "compose.yaml"))
        done = _run("-C", str(root), PYTHONHASHSEED=seed, GEN_DOCKERFILES_NO_CACHE="1")
        assert done.returncode == 0, done.stderr
        trees.append(snapshot(root))
    assert trees[0] == trees[1] == trees[2] == snapshot(CASES / "team-preset")
