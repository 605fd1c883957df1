"""Fetching over HTTPS and SSH, with git as it is: what it trusts, whom it asks, and what it is refused."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.cli.app import main
from generator.lockfile.pin import LOCK
from generator.lockfile.pins import Pins
from generator.sources import fetch as transfer
from generator.sources import git
from generator.sources.fetch import Fetched, fetch, snapshot
from generator.sources.source import GitSource, HttpsSource, parse_source
from generator.text.digest import digest
from generator.text.errors import Location, SpecError
from generator.usecases.reachable import fetch_with_references
from tests.presets.repositories import PATH, V1, V2, Platform
from tests.presets.repositories import git as git_
from tests.presets.servers import HANGS, PASSWORD, USER, Ssh, Web, certify, serve
from tests.support import ends_soon

_OF_THE_USER = (
    *("GIT_SSH", "GIT_SSH_COMMAND", "GIT_ASKPASS", "SSH_ASKPASS"),
    *("GIT_SSL_CAINFO", "GIT_SSL_CAPATH", "GIT_SSL_NO_VERIFY", "GIT_CONFIG_GLOBAL", "XDG_CONFIG_HOME"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR"),
)


@pytest.fixture(scope="session")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return the certificate of an authority, and what it has issued."""
    return certify(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make the home folder of a user that has no settings of git yet."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("NO_PROXY", "localhost,127.0.0.1")
    monkeypatch.setenv("no_proxy", "localhost,127.0.0.1")
    for name in _OF_THE_USER:
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
def web(tmp_path: Path, pair: tuple[Path, Path], platform: Platform, home: Path) -> Iterator[Web]:
    """Serve the repository `platform` over HTTPS with a certificate that git trusts."""
    assert platform.folder == tmp_path / "platform"
    with serve(tmp_path, *pair) as web:
        (home / ".gitconfig").write_text(
            f'[http "https://localhost:{web.port}/"]\n\tsslCAInfo = {pair[0]}\n', encoding="utf-8"
        )
        yield web


@pytest.fixture
def ssh(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Ssh:
    assert home.is_dir()
    program = Ssh(tmp_path / "bin")
    monkeypatch.setenv("PATH", f"{program.folder}{os.pathsep}{os.environ['PATH']}")
    return program


def _add(root: Path, source: str) -> int:
    return main(["-C", str(root), "presets", "add", "--yes", source])


def _fetch(source: str) -> Fetched:
    parsed = parse_source(source)
    assert parsed is not None
    return fetch_with_references(parsed)[parsed]


def test_https(root: Path, web: Web, platform: Platform) -> None:
    platform.commit(V1 + "defaults: {}\n", tag="v1", files={"presets/common.yaml": "built: {}\n"})
    platform.commit(V1.replace("[hardened]", "[./common.yaml]"), tag="v1.1")
    assert _add(root, web.source("platform", ref="v1.1")) == 0
    assert main(["-C", str(root), "--check"]) == 0
    assert sorted(Pins.load(root).pins) == [
        web.source("platform", path, "v1.1") for path in ("presets/common.yaml", PATH)
    ]
    fetches = [path for _, path in web.asked if path.endswith("/git-upload-pack")]
    assert len(fetches) <= 3, "one fetch, of two or three requests, for both files"
    platform.commit(V2, tag="v2")
    assert main(["-C", str(root), "presets", "update", "--yes"]) == 0
    assert web.source("platform", ref="v2") in (root / LOCK).read_text(encoding="utf-8")


def test_a_certificate_that_git_does_not_trust(
    root: Path, web: Web, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / ".gitconfig").unlink()
    assert _add(root, web.source("platform")) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"{web.source('platform')}: cannot be fetched: ")
    assert "certificate" in said.splitlines()[0]
    assert said.splitlines()[1:] == [f"  fix: {git.FIXES['certificate']}"]
    assert web.asked == []


def test_a_host_that_wants_a_password(
    root: Path, web: Web, home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = home / "asked"
    (home / "askpass").write_text(f"#!/bin/sh\ntouch {asked}\necho x\n", encoding="utf-8")
    (home / "askpass").chmod(0o755)
    monkeypatch.setenv("SSH_ASKPASS", str(home / "askpass"))
    source = web.source("private/platform")
    assert _add(root, source) == 2
    said = capsys.readouterr().err
    assert "could not read Username for" in said
    assert "terminal prompts disabled" in said
    assert said.endswith(f"  fix: {git.FIXES['could not read Username']}\n")
    assert not asked.exists(), "nobody may sit there to type into a window"

    config = home / ".gitconfig"
    trusted = config.read_text(encoding="utf-8")
    for password, code in (("wrong", 2), (PASSWORD, 0)):
        helper = f"!f() {{ echo username={USER}; echo password={password}; }}; f"
        config.write_text(f'{trusted}[credential]\n\thelper = "{helper}"\n', encoding="utf-8")
        assert _add(root, source) == code
    said = capsys.readouterr().err
    assert "Authentication failed for" in said
    assert PASSWORD not in (root / LOCK).read_text(encoding="utf-8")


def test_a_redirect_to_another_host(root: Path, web: Web, capsys: pytest.CaptureFixture[str]) -> None:
    assert _add(root, web.source("moved/platform")) == 2
    said = capsys.readouterr().err
    assert "The requested URL returned error: 302" in said
    assert f"fix: {git.FIXES['returned error: 30']}" in said
    assert {host for host, _ in web.asked} == {f"localhost:{web.port}"}


def test_a_repository_that_is_not_there(web: Web) -> None:
    with pytest.raises(SpecError, match=r"cannot be fetched: repository .* not found"):
        _fetch(web.source("nowhere"))


def test_a_file_behind_an_address(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "defaults: {stop_grace_period: 9s}\n"
    source = HttpsSource(url=f"https://localhost:{web.port}/file", sha256=digest(text))
    with pytest.raises(SpecError, match="CERTIFICATE_VERIFY_FAILED"):
        fetch(source)
    monkeypatch.setenv("SSL_CERT_FILE", str(web.trusted))
    assert fetch(source).text == text
    moved = HttpsSource(url=f"https://localhost:{web.port}/moved/file", sha256=digest(text))
    with pytest.raises(SpecError, match=r"redirects to https://127\.0\.0\.1"):
        fetch(moved)


@pytest.mark.parametrize(
    ("host", "arguments"),
    [
        ("git@git.example.com:2222", ["-p", "2222", "git@git.example.com"]),
        ("git.example.com", ["git.example.com"]),
        ("[::1]:2222", ["-p", "2222", "::1"]),
    ],
)
def test_ssh(root: Path, platform: Platform, ssh: Ssh, host: str, arguments: list[str]) -> None:
    source = f"git+ssh://{host}{platform.folder}//{PATH}@v1"
    assert _add(root, source) == 0
    assert main(["-C", str(root), "--check"]) == 0
    batch, protocol = ["-o", "BatchMode=yes"], ["-o", "SendEnv=GIT_PROTOCOL"]
    assert ssh.called()["arguments"] == [*batch, *protocol, *arguments, f"git-upload-pack '{platform.folder}'"]
    assert ssh.called()["session"] != os.getsid(0), "there is no terminal to ask at"
    platform.commit(V2, tag="v2")
    assert main(["-C", str(root), "presets", "update", "--yes"]) == 0


@pytest.mark.parametrize("place", ["GIT_SSH_COMMAND", "core.sshCommand", "GIT_SSH"])
def test_a_users_own_command_for_ssh_is_kept(
    platform: Platform, ssh: Ssh, home: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    program = str(ssh.folder / "ssh")
    if place == "core.sshCommand":
        (home / ".gitconfig").write_text(f"[core]\n\tsshCommand = {program} -i key\n", encoding="utf-8")
    else:
        monkeypatch.setenv(place, program if place == "GIT_SSH" else f"{program} -i key")
    assert _fetch(f"git+ssh://git@git.example.com{platform.folder}//{PATH}@v1").text == V1
    assert "BatchMode=yes" not in ssh.called()["arguments"]
    assert ("-i" in ssh.called()["arguments"]) == (place != "GIT_SSH")
    assert ssh.called()["session"] != os.getsid(0)


@pytest.mark.parametrize(
    ("words", "fix"),
    [
        ("git@git.example.com: Permission denied (publickey).", "Permission denied"),
        ("Host key verification failed.", "Host key verification failed"),
    ],
)
def test_what_ssh_says_is_told(platform: Platform, ssh: Ssh, words: str, fix: str) -> None:
    ssh.does(f"sys.exit(print({words!r}, file=sys.stderr) or 255)")
    with pytest.raises(SpecError) as caught:
        _fetch(f"git+ssh://git@git.example.com{platform.folder}//{PATH}@v1")
    assert f"cannot be fetched: {words}  [fetch-failed]\n  fix: {git.FIXES[fix]}" in str(caught.value)


def test_a_host_that_does_not_answer(platform: Platform, ssh: Ssh, monkeypatch: pytest.MonkeyPatch) -> None:
    ssh.does(HANGS)
    monkeypatch.setattr(git, "SECONDS", 2.0)
    started = time.monotonic()
    with pytest.raises(SpecError, match="did not answer within 2 s"):
        _fetch(f"git+ssh://git@git.example.com{platform.folder}//{PATH}@v1")
    assert time.monotonic() - started < 30
    assert ends_soon(lambda: _runs(ssh.called()["process"])), "ssh still runs"


def _runs(process: int) -> bool:
    """Tell whether a process exists and is not a zombie that waits for its parent."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{process}/stat")
    return not stat.exists() or stat.read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"


@pytest.mark.parametrize(
    "name",
    [
        "git+ssh://-oProxyCommand=id/x//a.yaml@v1",
        "git+ssh://-oProxyCommand=id@example.com/x//a.yaml@v1",
        "git+https://-x.example.com/x//a.yaml@v1",
        "git+https://example.com/x\0y//a.yaml@v1",
        "https://example.com/\x1b.yaml#sha256=" + "a" * 64,
        "https://user:password@example.com/a.yaml#sha256=" + "a" * 64,
    ],
)
def test_addresses_that_are_none(name: str) -> None:
    assert parse_source(name) is None


@pytest.mark.parametrize("filters", ["true", "false"])
@pytest.mark.parametrize("over", ["https", "ssh"])
def test_pins_are_verified_at_their_source(
    request: pytest.FixtureRequest,
    root: Path,
    platform: Platform,
    capsys: pytest.CaptureFixture[str],
    over: str,
    filters: str,
) -> None:
    """Of a tag and of a branch that is commits ahead, from servers that can leave out files, and others."""
    git_(platform.folder, "config", "uploadpack.allowFilter", filters)
    platform.commit(V1, files={"presets/branch.yaml": "defaults: {}\n"})
    if over == "https":
        web = request.getfixturevalue("web")
        sources = [web.source("platform"), web.source("platform", "presets/branch.yaml", "main")]
    else:
        request.getfixturevalue("ssh")
        address = f"git+ssh://git@git.example.com{platform.folder}"
        sources = [f"{address}//{PATH}@v1", f"{address}//presets/branch.yaml@main"]
    for source in sources:
        assert _add(root, source) == 0
    for number in range(3):
        platform.commit(V2, files={"presets/branch.yaml": f"defaults: {{stop_grace_period: {number}s}}\n"})
    capsys.readouterr()
    assert main(["-C", str(root), "presets", "verify"]) == 0
    assert {*capsys.readouterr().out.splitlines()} == {f"as pinned: {source}" for source in sources}
    git_(platform.folder, "checkout", "--quiet", "--orphan", "rewritten")
    platform.commit(V1)
    git_(platform.folder, "branch", "--force", "main", "rewritten")
    assert main(["-C", str(root), "presets", "verify"]) == 1
    said = capsys.readouterr().err
    assert said.count("[pin-differs]") == 1
    assert said.startswith(f"{sources[1]}: main of its repository does not have the commit")


def test_an_address_is_verified(
    root: Path, web: Web, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "defaults: {stop_grace_period: 9s}\n"
    monkeypatch.setenv("SSL_CERT_FILE", str(web.trusted))
    source = f"https://localhost:{web.port}/file#sha256={digest(text)}"
    assert _add(root, source) == 0
    assert main(["-C", str(root), "presets", "verify"]) == 0
    assert capsys.readouterr().out.endswith(f"as pinned: {source}\n")
    other = f"https://localhost:{web.port}/file#sha256={digest('{}')}"
    lock, (file,) = root / LOCK, (root / ".gen-dockerfiles/presets").iterdir()
    lock.write_text(lock.read_text(encoding="utf-8").replace(digest(text), digest("{}")), encoding="utf-8")
    file.write_text("{}", encoding="utf-8")
    assert main(["-C", str(root), "presets", "verify"]) == 1
    assert f"{other}: has the digest {digest(text)}, not the one in its name" in capsys.readouterr().err
    monkeypatch.delenv("SSL_CERT_FILE")
    assert main(["-C", str(root), "presets", "verify"]) == 2
    assert "[fetch-failed]" in capsys.readouterr().err


def test_what_no_preset_can_be_is_not_fetched(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transfer, "MAX_BYTES", 1000)
    git_(platform.folder, "config", "uploadpack.allowFilter", "true")
    platform.commit(V1, tag="v1", files={"presets/large.yaml": "#" * 1001})
    source = parse_source(platform.source())
    assert isinstance(source, GitSource)
    with snapshot(source) as files:
        assert files.read(PATH, Location(file="x")).text == V1
        objects = git.git(
            source, f"--git-dir={files.folder}", "cat-file", "--batch-all-objects", "--batch-check"
        ).decode()
        assert " blob " in objects
        assert " blob 1001\n" not in objects
    with pytest.raises(SpecError, match=r"presets/large\.yaml is larger than"):
        _fetch(platform.source(path="presets/large.yaml"))


def test_a_protocol_that_the_user_allows_is_still_refused(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    """An address that git's configuration rewrites is held to the same protocols, whatever the environment allows."""
    monkeypatch.setenv("GIT_ALLOW_PROTOCOL", "ext:file:https")
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "url.ext::sh -c id%S .insteadOf")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "https://rewritten.example.com/")
    with pytest.raises(SpecError, match="transport 'ext' not allowed"):
        _fetch(f"git+https://rewritten.example.com/x//{PATH}@v1")
    assert _fetch(platform.source()).text == V1


def test_a_git_that_finds_no_bare_repository_by_itself(platform: Platform, home: Path) -> None:
    (home / ".gitconfig").write_text("[safe]\n\tbareRepository = explicit\n", encoding="utf-8")
    assert _fetch(platform.source()).text == V1


def test_words_that_would_steer_a_terminal(platform: Platform, ssh: Ssh) -> None:
    ssh.does("sys.exit(print('\\x1b]0;owned\\x07\\x9b1m', file=sys.stderr) or 255)")
    with pytest.raises(SpecError) as caught:
        _fetch(f"git+ssh://git@git.example.com{platform.folder}//{PATH}@v1")
    assert "\\x1b]0;owned\\x07" in str(caught.value)
    assert str(caught.value).replace("\n", "").isprintable()
