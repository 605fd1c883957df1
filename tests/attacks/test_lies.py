"""What the tool is made to believe, or says itself, and is not true: each of these is refused, or told as it is."""

from __future__ import annotations

import errno
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.cli.app import main
from generator.lockfile.pin import LOCK
from generator.lockfile.pins import Pins
from generator.model.artefacts import JOURNAL
from generator.render import cache
from generator.render.entries import Kept, store
from generator.text.digest import digest
from tests.presets.repositories import PATH, SPEC, V1, V2, Platform, git
from tests.support import HERE, snapshot

DOCKERFILE = "services/api/Dockerfile"
IMAGE = "python:3.13-slim-trixie"
EVIL = V1.replace('"3.12"', '"3.12", env: {PIP_INDEX_URL: "https://evil.example.com"}')

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="owners, modes and links of POSIX")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "services.yaml").write_text(SPEC, encoding="utf-8")
    return folder


@pytest.fixture
def platform(tmp_path: Path) -> Platform:
    return Platform(tmp_path / "platform")


def _run(root: Path, *arguments: str) -> int:
    return main(["-C", str(root), *arguments])


# The cache of rendered files.


@pytest.fixture
def forged(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a cache whose entry runs the service as root, as the Dockerfile on disk does, and leave no other."""
    kept = tmp_path / "kept"
    monkeypatch.setenv(cache.FOLDER, str(kept))
    assert _run(root) == 0
    (entry,) = kept.iterdir()
    files = {**Kept(entry, dict)}
    files[DOCKERFILE] = re.sub(r"USER \S+", "USER 0:0", files[DOCKERFILE])
    store(entry, files)
    (root / DOCKERFILE).write_text(files[DOCKERFILE], encoding="utf-8")
    monkeypatch.delenv(cache.FOLDER)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.chdir(root)
    return kept


def _commit(forged: Path, folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(forged, folder)
    folder.chmod(0o700)


def test_a_private_cache_outside_of_the_repository_is_trusted(
    root: Path, forged: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What docs/security.md says is trusted; and that the other tests have an entry that would be taken."""
    monkeypatch.setenv(cache.FOLDER, str(forged))
    assert _run(root, "--check") == 0


@pytest.mark.parametrize(
    ("variable", "value", "folder"),
    [
        ("XDG_CACHE_HOME", ".cache", ".cache/gen-dockerfiles/rendered"),
        ("XDG_CACHE_HOME", "{root}/.cache", ".cache/gen-dockerfiles/rendered"),
        ("HOME", "{root}", ".cache/gen-dockerfiles/rendered"),
        ("HOME", ".", ".cache/gen-dockerfiles/rendered"),
        (cache.FOLDER, "kept", "kept"),
        (cache.FOLDER, "{root}/kept", "kept"),
        (cache.FOLDER, "{root}/services/../kept", "kept"),
        (cache.FOLDER, "{outside}/link", "kept"),
    ],
)
def test_a_committed_entry_is_not_taken(
    root: Path, forged: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, folder: str
) -> None:
    _commit(forged, root / folder)
    (tmp_path / "link").symlink_to(root / folder)
    monkeypatch.setenv(variable, value.format(root=root, outside=tmp_path))
    before = snapshot(root)
    assert _run(root, "--check") == 1
    assert snapshot(root) == before, "and nothing is stored there"


def test_a_user_without_a_home_has_no_cache(root: Path, forged: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _commit(forged, root / "~/.cache/gen-dockerfiles/rendered")
    monkeypatch.delenv("HOME")
    monkeypatch.setattr("os.path.expanduser", lambda path: path)
    assert _run(root, "--check") == 1


def test_the_repository_is_the_whole_checkout(root: Path, forged: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """-C names a folder of it, and the entry is committed beside that folder."""
    git(root.parent, "init", "--quiet")
    _commit(forged, root.parent / "beside")
    monkeypatch.setenv(cache.FOLDER, str(root.parent / "beside"))
    assert _run(root, "--check") == 1


@pytest.mark.parametrize("mode", [0o750, 0o701, 0o777])
def test_a_cache_that_others_can_enter_is_not_taken(
    root: Path, forged: Path, monkeypatch: pytest.MonkeyPatch, mode: int
) -> None:
    forged.chmod(mode)
    monkeypatch.setenv(cache.FOLDER, str(forged))
    before = snapshot(forged)
    assert _run(root, "--check") == 1
    assert snapshot(forged) == before


def test_a_cache_of_another_user_is_not_taken(root: Path, forged: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(cache.FOLDER, str(forged))
    mine = os.geteuid()
    monkeypatch.setattr("os.geteuid", lambda: mine + 1)
    assert _run(root, "--check") == 1


# Digests of images.

_DOCKER = """\
#!{python}
import json, sys
with open({log!r}, "a") as log:
    print(sys.argv[-1], file=log)
{does}
"""
SERVES = """\
reference, _, asked = sys.argv[-1].partition("@")
served = "sha256:" + "{number:064x}"
known = served, "sha256:" + "{known:064x}"
if asked and asked not in known:
    sys.exit("ERROR: " + sys.argv[-1] + ": not found")
print(json.dumps({{"digest": asked or served}}))
"""
FAILS = 'sys.exit("ERROR: failed to connect")'


class Docker:
    """A program called docker, and what it was asked for."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        self._log = folder / "log"
        self.serves(1)

    def serves(self, number: int, *, known: int = 0) -> None:
        self.does(SERVES.format(number=number, known=known))

    def does(self, what: str) -> None:
        program = self.folder / "docker"
        program.write_text(_DOCKER.format(python=sys.executable, log=str(self._log), does=what), encoding="utf-8")
        program.chmod(0o755)
        self._log.write_text("", encoding="utf-8")

    @property
    def asked(self) -> list[str]:
        return self._log.read_text(encoding="utf-8").splitlines()


@pytest.fixture
def docker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Docker:
    docker = Docker(tmp_path / "bin")
    monkeypatch.setenv("PATH", f"{docker.folder}{os.pathsep}{os.environ['PATH']}")
    return docker


@pytest.fixture
def pinned(root: Path, docker: Docker) -> Path:
    """Pin the images of the repository, and let a bot put another digest into the Dockerfile."""
    assert _run(root, "lock") == 0
    file = root / DOCKERFILE
    text = file.read_text(encoding="utf-8")
    bumped = text.replace(f"FROM {IMAGE}@{_digest(1)}", f"FROM {IMAGE}@{_digest(7)}")
    assert bumped != text
    file.write_text(bumped, encoding="utf-8")
    docker.serves(1)  # and forget what was asked
    return root


def _digest(number: int) -> str:
    return f"sha256:{number:064x}"


@pytest.mark.parametrize(
    ("does", "message", "code"),
    [
        (FAILS, f"{IMAGE}@{_digest(7)}: cannot be looked up: failed to connect", "image-lookup-failed"),
        (SERVES.format(number=1, known=0), f"{IMAGE}@{_digest(7)}: is not there", "digest-unknown"),
        (f'print(\'{{"digest": "{_digest(1)}"}}\')', f"it names {_digest(1)}", "digest-unknown"),
        ("print('{}')", "has not printed a digest", "image-lookup-failed"),
        ("print('hello')", "has not printed a digest", "image-lookup-failed"),
    ],
    ids=["unreachable", "unknown", "another", "nothing", "no JSON"],
)
def test_a_digest_that_no_registry_confirms_is_not_taken(
    pinned: Path, docker: Docker, capsys: pytest.CaptureFixture[str], does: str, message: str, code: str
) -> None:
    docker.does(does)
    before = snapshot(pinned)
    capsys.readouterr()
    assert _run(pinned, "lock") == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err
    assert f"[{code}]" in err
    assert snapshot(pinned) == before


def test_without_docker_no_digest_is_taken(
    pinned: Path, docker: Docker, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (docker.folder / "docker").unlink()
    monkeypatch.setenv("PATH", str(docker.folder))
    before = snapshot(pinned)
    assert _run(pinned, "lock") == 2
    assert "[docker-missing]" in capsys.readouterr().err
    assert snapshot(pinned) == before


def test_a_confirmed_digest_is_taken(pinned: Path, docker: Docker, capsys: pytest.CaptureFixture[str]) -> None:
    docker.serves(1, known=7)
    capsys.readouterr()
    assert _run(pinned, "lock") == 0
    assert capsys.readouterr().out.startswith(f"take over: {IMAGE}@{_digest(7)}\n")
    assert docker.asked == [f"{IMAGE}@{_digest(7)}"]
    assert Pins.load(pinned).images[IMAGE].digest == _digest(7)
    assert _run(pinned, "--check") == 0


@pytest.mark.parametrize(
    ("does", "code", "message"),
    [
        (SERVES.format(number=2, known=1), 0, ""),
        (SERVES.format(number=1, known=0), 1, "[digest-unknown]"),
        (FAILS, 2, "[image-lookup-failed]"),
    ],
    ids=["known", "unknown", "unreachable"],
)
def test_a_digest_edited_in_the_lock_file_and_in_generated_files_is_looked_up(
    root: Path, docker: Docker, capsys: pytest.CaptureFixture[str], does: str, code: int, message: str
) -> None:
    """No run without a network can notice it."""
    assert _run(root, "lock") == 0
    edited = 1 if code == 0 else 9
    for file in (root / LOCK, root / DOCKERFILE):
        file.write_text(file.read_text(encoding="utf-8").replace(_digest(1), _digest(edited)), encoding="utf-8")
    assert _run(root, "--check") == 0
    before = snapshot(root)
    docker.does(does)
    capsys.readouterr()
    assert _run(root, "lock", "--verify") == code
    out, err = capsys.readouterr()
    assert message in err
    assert (f"confirmed: {IMAGE}@{_digest(1)}\n" in out) == (code == 0)
    if code:
        assert re.search(rf"^{LOCK}:\d+:\d+: {re.escape(IMAGE)}@{_digest(9)} ", err, re.MULTILINE)
    assert set(docker.asked) == {f"{name}@{pin.digest}" for name, pin in Pins.load(root).images.items()}
    assert snapshot(root) == before


def test_two_files_with_different_new_digests_of_one_image(
    pinned: Path, docker: Docker, capsys: pytest.CaptureFixture[str]
) -> None:
    """The lock file keeps one, and the other would be written over."""
    spec = pinned / "services.yaml"
    other = "\n  zoo: {kind: python, path: zoo, command: [serve], ports: [9999]}\n"
    spec.write_text(spec.read_text(encoding="utf-8").rstrip() + other, encoding="utf-8")
    text = (pinned / DOCKERFILE).read_text(encoding="utf-8")
    (pinned / "zoo").mkdir()
    (pinned / "zoo/Dockerfile").write_text(text.replace(_digest(7), _digest(8)), encoding="utf-8")
    docker.serves(1, known=8)
    before = snapshot(pinned)
    for arguments in ([], ["--check"], ["lock"], ["lock", "--upgrade"]):
        capsys.readouterr()
        assert _run(pinned, *arguments) == 2
        err = capsys.readouterr().err
        assert re.search(rf"^zoo/Dockerfile:\d+:\d+: .* than {DOCKERFILE}:\d+:\d+", err, re.MULTILINE)
        assert f"{_digest(7)} or {_digest(8)}" in err
        assert "[digest-bumped]" not in err
    assert docker.asked == []
    assert snapshot(pinned) == before


# The lock file.


@pytest.fixture
def taken(root: Path, platform: Platform) -> Path:
    """Take a preset in, at a tag."""
    assert _run(root, "presets", "add", "--yes", platform.source()) == 0
    return root


def _edit(root: Path, change: Callable[[dict[str, Any]], object]) -> None:
    data = yaml.safe_load((root / LOCK).read_text(encoding="utf-8"))
    change(data)
    (root / LOCK).write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")


def _entry(data: dict[str, Any]) -> dict[str, Any]:
    (entry,) = data["presets"].values()
    return dict(entry) if not isinstance(entry, dict) else entry


def _rename(data: dict[str, Any], old: str, new: str) -> None:
    (name,) = data["presets"]
    data["presets"] = {name.replace(old, new): data["presets"][name]}


HTTPS = "https://presets.example.com/python.yaml#sha256=" + "a" * 64
HTTPS_FILE = ".gen-dockerfiles/presets/presets-example-com-python.yaml"


@pytest.mark.parametrize(
    ("change", "message", "code"),
    [
        (lambda data: data.update(version=2), "has the version 2, and this gen-dockerfiles reads 1", "version"),
        (lambda data: data.update(version="1"), "has the version '1', and", "version"),
        (lambda data: data.update(version=True), "has the version True, and", "version"),
        (lambda data: data.pop("version"), "has no version", "version"),
        (lambda data: data.update(presets=[]), "presets is not a mapping", "malformed"),
        (lambda data: data.update(presets=None), "presets is not a mapping", "malformed"),
        (lambda data: data.update(images=[]), "images is not a mapping", "malformed"),
        (lambda data: data.update(imags={}), "'imags' is not a section of it", "malformed"),
        (lambda data: _entry(data).update(commit="main"), "has a commit that is none: main", "malformed"),
        (lambda data: _entry(data).pop("commit"), "has no commit, and is from git", "malformed"),
        (lambda data: _entry(data).update(sha256="abc"), "is not a pin of a preset", "malformed"),
        (lambda data: _entry(data).update(note="x"), "is not a pin of a preset", "malformed"),
        (lambda data: _rename(data, "python", "node"), "-python.yaml, and its file is .gen-docker", "malformed"),
        (lambda data: _rename(data, "git+file", "ftp"), "is not the source of a preset", "malformed"),
        (lambda data: _rename(data, "@v1", "@" + "0" * 40), "not the one in its name", "malformed"),
        (
            lambda data: data.update(presets={HTTPS: {"file": HTTPS_FILE, "sha256": "b" * 64}}),
            f"is pinned with the digest {'b' * 64}, not the one in its name",
            "malformed",
        ),
        (
            lambda data: data.update(
                presets={HTTPS: {"file": HTTPS_FILE, "sha256": "a" * 64, "commit": "c" * 40}},
            ),
            "has a commit, and is not from git",
            "malformed",
        ),
    ],
)
def test_a_lock_file_that_cannot_be_true(
    taken: Path, capsys: pytest.CaptureFixture[str], change: Callable[[dict[str, Any]], object], message: str, code: str
) -> None:
    _edit(taken, change)
    before = snapshot(taken)
    for arguments in (["--check"], [], ["presets", "verify"]):
        capsys.readouterr()
        assert _run(taken, *arguments) == 2
        err = capsys.readouterr().err
        assert message in err
        assert f"[lockfile-{code}]" in err
    assert snapshot(taken) == before


@pytest.mark.parametrize("inside", [True, False])
def test_a_lock_file_that_is_a_link(
    taken: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], inside: bool
) -> None:
    target = (taken if inside else tmp_path) / "other.lock"
    (taken / LOCK).rename(target)
    for exists in (True, False):
        (taken / LOCK).unlink(missing_ok=True)
        (taken / LOCK).symlink_to(target)
        if not exists:
            target.unlink()
        assert _run(taken, "--check") == 2
        assert f"{LOCK}: is a link, not the lock file  [file-is-link]" in capsys.readouterr().err


def test_a_vendored_file_behind_a_link(taken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (taken / ".gen-dockerfiles").rename(taken / "other")
    (taken / ".gen-dockerfiles").symlink_to("other")
    assert _run(taken, "--check") == 2
    assert "[file-is-link]" in capsys.readouterr().err


def _vendor(root: Path, text: str, **pin: str) -> None:
    """Change the vendored text, its digest and more of its entry together, and generate the files from it."""
    (file,) = (root / ".gen-dockerfiles/presets").iterdir()
    file.write_text(text, encoding="utf-8")
    _edit(root, lambda data: _entry(data).update(sha256=digest(text), **pin))
    assert _run(root) == 0


def _verify(root: Path, code: int, capsys: pytest.CaptureFixture[str]) -> str:
    before = snapshot(root)
    capsys.readouterr()
    assert _run(root, "presets", "verify") == code
    out, err = capsys.readouterr()
    assert snapshot(root) == before
    return str(err if code else out)


def _head(platform: Platform) -> str:
    return (platform.folder / ".git/refs/heads/main").read_text(encoding="utf-8").strip()


def test_what_is_as_pinned(taken: Path, platform: Platform, capsys: pytest.CaptureFixture[str]) -> None:
    assert _verify(taken, 0, capsys) == f"as pinned: {platform.source()}\n"
    platform.commit(V2, tag="v2")
    assert _verify(taken, 0, capsys) == f"as pinned: {platform.source()}\n", "a newer version changes nothing"


def test_a_repository_without_presets(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _verify(root, 0, capsys) == ""


def test_text_and_digest_changed_together(taken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _vendor(taken, EVIL)
    assert _run(taken, "--check") == 0, "no run without a network can know"
    err = _verify(taken, 1, capsys)
    assert f"has the digest {digest(V1)} at its source, and is pinned with {digest(EVIL)}  [pin-differs]" in err


@pytest.mark.parametrize("commit", ["another", "unknown"])
def test_a_changed_commit(taken: Path, platform: Platform, capsys: pytest.CaptureFixture[str], commit: str) -> None:
    """Another commit of the repository, with the text that it has there; and one that is nowhere."""
    platform.commit(EVIL)
    pin = _head(platform) if commit == "another" else "0" * 40
    _vendor(taken, EVIL, commit=pin)
    assert _run(taken, "--check") == 0, "no run without a network can know"
    assert f"v1 of its repository does not have the commit {pin}  [pin-differs]" in _verify(taken, 1, capsys)


def test_a_moved_tag(taken: Path, platform: Platform, capsys: pytest.CaptureFixture[str]) -> None:
    platform.commit(V2, tag="v1")
    assert "v1 of its repository does not have the commit" in _verify(taken, 1, capsys)


def test_an_annotated_tag(root: Path, platform: Platform, capsys: pytest.CaptureFixture[str]) -> None:
    git(platform.folder, "tag", "--annotate", "--message=release", "v3")
    assert _run(root, "presets", "add", "--yes", platform.source("v3")) == 0
    _verify(root, 0, capsys)


def test_a_branch(root: Path, platform: Platform, capsys: pytest.CaptureFixture[str]) -> None:
    """A commit of its history is right. One beside it is not, although the server has it, as it has those of forks."""
    assert _run(root, "presets", "add", "--yes", platform.source("main")) == 0
    platform.commit(V2)
    _verify(root, 0, capsys)
    git(platform.folder, "checkout", "--quiet", "-b", "fork")
    platform.commit(EVIL)
    fork = (platform.folder / ".git/refs/heads/fork").read_text(encoding="utf-8").strip()
    _vendor(root, EVIL, commit=fork)
    assert f"main of its repository does not have the commit {fork}" in _verify(root, 1, capsys)
    git(platform.folder, "checkout", "--quiet", "main")
    git(platform.folder, "branch", "--quiet", "-D", "fork")
    assert f"main of its repository does not have the commit {fork}" in _verify(root, 1, capsys)


def test_a_commit_as_ref(root: Path, platform: Platform, capsys: pytest.CaptureFixture[str]) -> None:
    commit = _head(platform)
    platform.commit(V2)
    assert _run(root, "presets", "add", "--yes", platform.source(commit)) == 0
    _verify(root, 0, capsys)
    _vendor(root, EVIL)
    assert "[pin-differs]" in _verify(root, 1, capsys)


def test_a_template_is_verified_with_its_preset(
    root: Path, platform: Platform, capsys: pytest.CaptureFixture[str]
) -> None:
    template = "{% extends 'templates/dockerfile/python.jinja' %}\n"
    platform.commit(f"{V1}templates: {{python: ./python.jinja}}\n", tag="v2", files={"presets/python.jinja": template})
    assert _run(root, "presets", "add", "--yes", platform.source("v2")) == 0
    path = platform.source("v2", path="presets/python.jinja")
    assert f"as pinned: {path}\n" in _verify(root, 0, capsys)
    evil = template + "{% block runtime %}{{ super() }}USER 0:0\n{% endblock %}\n"
    (file,) = (root / ".gen-dockerfiles/presets").glob("*.jinja")
    file.write_text(evil, encoding="utf-8")
    _edit(root, lambda data: data["presets"][path].update(sha256=digest(evil)))
    assert _run(root) == 0
    assert f"{path}: has the digest {digest(template)} at its source" in _verify(root, 1, capsys)


def test_a_changed_file_alone(taken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (file,) = (taken / ".gen-dockerfiles/presets").iterdir()
    file.write_text(EVIL, encoding="utf-8")
    assert "[vendored-changed]" in _verify(taken, 1, capsys)


def test_a_repository_that_does_not_answer_verifies_nothing(
    taken: Path, platform: Platform, capsys: pytest.CaptureFixture[str]
) -> None:
    platform.folder.rename(platform.folder.with_name("gone"))
    assert "[fetch-failed]" in _verify(taken, 2, capsys)


# Exit code 2 says that nothing was written.


@pytest.mark.parametrize("arguments", [["lock"], ["lock", "--upgrade"]])
def test_lock_of_a_wrong_project_writes_nothing(
    root: Path, docker: Docker, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    spec = root / "services.yaml"
    spec.write_text(spec.read_text(encoding="utf-8").replace("ports: [80]", "ports: [0]"), encoding="utf-8")
    before = snapshot(root)
    assert _run(root, *arguments) == 2
    assert capsys.readouterr().out == ""
    assert docker.asked, "the registry has answered"
    assert snapshot(root) == before


def test_lock_does_not_replace_what_was_written_by_hand(root: Path, docker: Docker) -> None:
    (root / "compose.yaml").write_text("services: {}\n", encoding="utf-8")
    before = snapshot(root)
    assert _run(root, "lock") == 2
    assert docker.asked
    assert snapshot(root) == before


def test_an_update_of_several_presets_is_all_or_nothing(root: Path, platform: Platform, tmp_path: Path) -> None:
    other = Platform(tmp_path / "other")
    for one in (platform, other):
        assert _run(root, "presets", "add", "--yes", one.source()) == 0
    platform.commit(V2, tag="v2")
    other.commit("defaults: {nonsense: true}\n", tag="v2")
    before = snapshot(root)
    assert _run(root, "presets", "update", "--yes") == 2
    assert snapshot(root) == before
    other.commit(V2, tag="v3")
    assert _run(root, "presets", "update", "--yes") == 0
    assert {*Pins.load(root).pins} == {platform.source("v2"), other.source("v3")}
    assert _run(root, "--check") == 0


def test_cases_of_a_preset_are_written_all_or_none(root: Path) -> None:
    (root / "presets").mkdir()
    (root / "presets/team.yaml").write_text(V1, encoding="utf-8")
    for name, text in (("a", SPEC), ("b", SPEC.replace("[80]", "[0]"))):
        (root / "cases" / name).mkdir(parents=True)
        (root / "cases" / name / "services.yaml").write_text(text + "presets: [./team.yaml]\n", encoding="utf-8")
    before = snapshot(root)
    assert _run(root, "presets", "validate", "--write", "presets/team.yaml") == 2
    assert snapshot(root) == before
    (root / "cases/b/services.yaml").write_text(SPEC + "presets: [./team.yaml]\n", encoding="utf-8")
    assert _run(root, "presets", "validate", "--write", "presets/team.yaml") == 0
    assert _run(root, "presets", "validate", "presets/team.yaml") == 0
    assert (root / "cases/a" / DOCKERFILE).is_file()


@pytest.fixture
def stale(root: Path) -> Iterator[Path]:
    """Generate the files, then change the spec so that some change and some are new."""
    assert _run(root) == 0
    spec = (root / "services.yaml").read_text(encoding="utf-8")
    more = "  more: {kind: python, command: [serve], ports: [81]}\n"
    (root / "services.yaml").write_text(spec.replace("[serve]", "[other]") + more, encoding="utf-8")
    yield root
    assert not [file.name for file in root.rglob(".*")], "nothing is left beside the files"


def _fails(root: Path, capsys: pytest.CaptureFixture[str]) -> str:
    before, folders = snapshot(root), sorted(root.rglob("*"))
    capsys.readouterr()
    assert _run(root) == 2
    assert snapshot(root) == before
    assert sorted(root.rglob("*")) == folders
    out, err = capsys.readouterr()
    assert out == ""
    assert "; nothing has been changed  [file-unwritable]\n" in err
    return str(err)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
@pytest.mark.parametrize("after", [0, 1, 3])
def test_a_full_disk(
    stale: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], after: int
) -> None:
    real, count = os.open, iter(range(100))

    def open_(file: Any, *arguments: Any, **options: Any) -> int:
        full = str(file).endswith(".new") and next(count) == after
        return real("/dev/full", os.O_WRONLY) if full else real(file, *arguments, **options)

    monkeypatch.setattr(os, "open", open_)
    err = _fails(stale, capsys)
    assert "cannot be written: No space left on device" in err
    assert "fix: free space on the disk" in err
    assert "permissions" not in err


@pytest.mark.parametrize("code", [errno.EACCES, errno.EROFS, errno.EDQUOT])
@pytest.mark.parametrize("after", [0, 1, 3])
def test_a_file_that_cannot_be_replaced(
    stale: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], code: int, after: int
) -> None:
    real, count = Path.replace, iter(range(100))

    def replace(self: Path, target: Path) -> Path:
        if next(count) == after:
            raise OSError(code, os.strerror(code))
        return real(self, target)

    monkeypatch.setenv(cache.DISABLE, "1")
    monkeypatch.setattr(Path, "replace", replace)
    err = _fails(stale, capsys)
    words = {errno.EACCES: "permissions", errno.EROFS: "writable", errno.EDQUOT: "quota"}
    assert [word for word in words.values() if word in err.partition("fix: ")[2]] == [words[code]]


def test_a_folder_without_permission(
    stale: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Refused as by the system: root, who runs some of the tests, may write everywhere."""
    real = os.open

    def open_(file: Any, *arguments: Any, **options: Any) -> int:
        if str(file).endswith(".new") and Path(file).parent == stale / "services/api":
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(file, *arguments, **options)

    monkeypatch.setenv(cache.DISABLE, "1")
    monkeypatch.setattr(os, "open", open_)
    assert "fix: correct the permissions" in _fails(stale, capsys)


def test_what_cannot_be_put_back_is_told(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """From the third file on, nothing can be replaced any more: neither by the new text nor by the old one."""
    assert _run(root) == 0
    spec = root / "services.yaml"
    spec.write_text(spec.read_text(encoding="utf-8").replace("[80]", "[81]"), encoding="utf-8")
    before = snapshot(root)
    real, count = Path.replace, iter(range(100))

    def replace(self: Path, target: Path) -> Path:
        if next(count) >= 1:
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(self, target)

    monkeypatch.setenv(cache.DISABLE, "1")
    monkeypatch.setattr(Path, "replace", replace)
    capsys.readouterr()
    assert _run(root) == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(
        f"{DOCKERFILE}: cannot be written: Permission denied; not put back as they were: compose.yaml"
    )
    assert "[partly-written]" in err
    after = snapshot(root)
    assert {path for path in before if after[path] != before[path]} == {"compose.yaml"}
    (kept,) = {*after} - {*before, JOURNAL}
    assert f"(it was as {kept}, beside it)" in err
    assert after[kept] == before["compose.yaml"]

    monkeypatch.setattr(Path, "replace", real)
    assert _run(root) == 0
    err = capsys.readouterr().err
    assert err == "an earlier run did not finish: put back compose.yaml, and removed one temporary file\n"
    assert not [file.name for file in root.rglob(".*")]
    assert _run(root, "--check") == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
def test_output_that_is_lost_after_writing_is_no_error(root: Path) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        command = [sys.executable, "-m", "generator", "-C", str(root)]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False, cwd=HERE.parent)
    assert (done.returncode, done.stderr) == (0, "")
    assert _run(root, "--check") == 0


# Templates of presets.


@pytest.mark.parametrize(
    "name", [".git/config", "./.git/config", "templates/../.git/config", "presets/base.yaml", "pyproject.toml"]
)
@pytest.mark.parametrize("how", ["include '{}'", "from '{}' import x", "include ['{}', 'nothing'] ignore missing"])
def test_a_template_reads_no_other_file(root: Path, capsys: pytest.CaptureFixture[str], name: str, how: str) -> None:
    spec = root / "services.yaml"
    spec.write_text(SPEC + "presets: [./team.yaml]\n", encoding="utf-8")
    (root / "team.yaml").write_text("templates: {python: ./python.jinja}\n", encoding="utf-8")
    block = f"{{% block base %}}{{{{ super() }}}}{{% {how.format(name)} %}}{{% endblock %}}\n"
    template = "{% extends 'templates/dockerfile/python.jinja' %}\n" + block
    (root / "python.jinja").write_text(template, encoding="utf-8")
    if "ignore missing" in how:
        assert _run(root) == 0, "as if it were not there"
        text = (root / DOCKERFILE).read_text(encoding="utf-8")
        (root / "python.jinja").write_text(template.replace(how.format(name), "set x = 1"), encoding="utf-8")
        assert _run(root) == 0
        assert (root / DOCKERFILE).read_text(encoding="utf-8") == text
    else:
        assert _run(root) == 2
        assert "[template-failed]" in capsys.readouterr().err
        assert not (root / DOCKERFILE).exists()


# Links in the place of generated files.


@pytest.mark.parametrize("force", [[], ["--force"]])
@pytest.mark.parametrize("path", ["compose.yaml", DOCKERFILE])
@pytest.mark.parametrize("content", ["same", "other", "none"])
def test_a_link_inside_the_repository_is_not_replaced(
    root: Path, capsys: pytest.CaptureFixture[str], force: list[str], path: str, content: str
) -> None:
    assert _run(root) == 0
    (root / path).rename(root / "target")
    if content == "other":
        (root / "target").write_text("# Written by gen-dockerfiles\n", encoding="utf-8")
    elif content == "none":
        (root / "target").unlink()
    target = os.path.relpath(root / "target", (root / path).parent)
    (root / path).symlink_to(target)
    before = snapshot(root)
    for arguments in ([*force], ["--check", *force]):
        capsys.readouterr()
        assert _run(root, *arguments) == 2
        assert f"{path}: is a link to {target}, and would be replaced by a file  [file-is-link]" in (
            capsys.readouterr().err
        )
    assert (root / path).is_symlink()
    assert snapshot(root) == before


def test_a_spec_that_is_a_link_is_not_replaced(
    root: Path, platform: Platform, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "services.yaml").rename(root / "real.yaml")
    (root / "services.yaml").symlink_to("real.yaml")
    assert _run(root, "presets", "add", "--yes", platform.source()) == 2
    assert "services.yaml: is a link to real.yaml" in capsys.readouterr().err
    (root / "real.yaml").write_text(SPEC + f'presets: ["{platform.source()}"]\n', encoding="utf-8")
    assert _run(root, "presets", "add", "--yes", platform.source()) == 0, "the spec itself does not change"
    assert (root / "services.yaml").is_symlink()
    assert PATH.replace("/", "-") in (root / LOCK).read_text(encoding="utf-8")
