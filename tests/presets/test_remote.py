"""Presets of other repositories: taken in, pinned, updated, and refused where something is not as it was."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from generator.cli.app import main
from generator.layers.library import built_in
from generator.lockfile.pin import LOCK
from generator.sources.fetch import fetch
from generator.sources.source import GitSource, HttpsSource, parse_source
from generator.text import assets
from generator.text.documents import parse
from generator.text.errors import SpecError
from generator.usecases.reachable import fetch_with_references
from generator.usecases.validate_preset import sample_services
from tests.presets.repositories import SPEC, V1, V2, Platform
from tests.support import snapshot


def _presets(root: Path, *arguments: str) -> int:
    return main(["-C", str(root), "presets", *arguments])


def _vendored(root: Path) -> Path:
    (file,) = (root / ".gen-dockerfiles/presets").iterdir()
    return file


def test_a_preset_is_added(root: Path, platform: Platform, capsys: pytest.CaptureFixture[str]) -> None:
    before = snapshot(root)
    assert _presets(root, "add", platform.source()) == 2, "nobody has agreed"
    assert snapshot(root) == before
    shown = capsys.readouterr().out
    assert '+  python: {python: "3.12"}' in shown
    assert "+FROM python:3.12-slim-trixie AS base" in shown, "and what it would change"

    assert _presets(root, "add", "--yes", platform.source()) == 0
    assert (root / "services.yaml").read_text(encoding="utf-8") == SPEC.replace(
        "services:", f'presets: ["{platform.source()}"]\n\nservices:'
    )
    assert main(["-C", str(root), "--check"]) == 0
    assert "FROM python:3.12" in (root / "services/api/Dockerfile").read_text(encoding="utf-8")
    assert "pids_limit: 128" in (root / "compose.yaml").read_text(encoding="utf-8"), "it extends hardened"


def test_a_rendered_repository_needs_no_network(root: Path, platform: Platform) -> None:
    _presets(root, "add", "--yes", platform.source())
    platform.folder.rename(platform.folder.with_name("gone"))
    (root / "compose.yaml").unlink()
    assert main(["-C", str(root)]) == 0
    assert main(["-C", str(root), "--check"]) == 0


def test_a_newer_version_is_taken_in(root: Path, platform: Platform, capsys: pytest.CaptureFixture[str]) -> None:
    _presets(root, "add", "--yes", platform.source())
    platform.commit("defaults: {nonsense: true}\n", tag="nightly")
    platform.commit(V2, tag="v2.0")
    platform.commit("defaults: {nonsense: true}\n", tag="v3rc1")
    capsys.readouterr()
    assert _presets(root, "update", "--yes") == 0
    shown = capsys.readouterr().out
    assert '-  python: {python: "3.12"}' in shown
    assert "+FROM python:3.13-slim-trixie AS base" in shown
    spec = (root / "services.yaml").read_text(encoding="utf-8")
    assert platform.source("v2.0") in spec
    assert "# ours" in spec
    assert platform.source("v1") not in (root / LOCK).read_text(encoding="utf-8")
    assert main(["-C", str(root), "--check"]) == 0
    assert _presets(root, "update", platform.source("v2.0")) == 0
    assert capsys.readouterr().out.endswith("up to date\n")


def test_a_branch_may_move(root: Path, platform: Platform) -> None:
    _presets(root, "add", "--yes", platform.source("main"))
    platform.commit(V2)
    assert _presets(root, "update", "--yes") == 0
    assert "TZ" in _vendored(root).read_text(encoding="utf-8")


def test_a_tag_may_not(root: Path, platform: Platform, capsys: pytest.CaptureFixture[str]) -> None:
    _presets(root, "add", "--yes", platform.source())
    before = snapshot(root)
    platform.commit(V2, tag="v1")
    for call in (["add", "--yes", platform.source()], ["update", "--yes", platform.source(), "--to", "v1"]):
        assert _presets(root, *call) == 2
        assert "the tag v1 has moved" in capsys.readouterr().err
    assert snapshot(root) == before


def test_a_changed_file_is_caught(root: Path, platform: Platform, capsys: pytest.CaptureFixture[str]) -> None:
    _presets(root, "add", "--yes", platform.source())
    file = _vendored(root)
    text = file.read_text(encoding="utf-8")
    file.write_text(text + "# harmless\n", encoding="utf-8")
    assert main(["-C", str(root), "--check"]) == 2
    assert "was changed after it was vendored" in capsys.readouterr().err
    file.unlink()
    file.symlink_to(root / "copy.yaml")
    (root / "copy.yaml").write_text(text, encoding="utf-8")
    assert main(["-C", str(root), "--check"]) == 2
    assert "is a link" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("{file: ../../etc/passwd, sha256: x}", "is not a pin of a preset"),
        ("{file: .gen-dockerfiles/presets/../x.yaml, sha256: x}", "is not a pin of a preset"),
        ("nothing", "is not a pin of a preset"),
    ],
)
def test_a_lock_file_that_points_elsewhere(
    root: Path, platform: Platform, capsys: pytest.CaptureFixture[str], entry: str, message: str
) -> None:
    _presets(root, "add", "--yes", platform.source())
    (root / LOCK).write_text(f'version: 1\npresets:\n  "{platform.source()}": {entry}\n', encoding="utf-8")
    assert main(["-C", str(root), "--check"]) == 2
    assert message in capsys.readouterr().err


def test_a_source_that_is_not_vendored(root: Path, platform: Platform, capsys: pytest.CaptureFixture[str]) -> None:
    spec = root / "services.yaml"
    spec.write_text(SPEC + f'presets: ["{platform.source()}"]\n', encoding="utf-8")
    assert main(["-C", str(root), "--check"]) == 2
    assert (
        "is not vendored  [preset-not-vendored]\n  fix: fetch it again with: gen-dockerfiles presets add"
        in capsys.readouterr().err
    )


def test_a_broken_preset_is_not_added(root: Path, platform: Platform, capsys: pytest.CaptureFixture[str]) -> None:
    before = snapshot(root)
    for text in ("- a list\n", "defaults: {nonsense: true}\n", "x: &a [*a]\n", "extends: [nobody]\n"):
        platform.commit(text, tag="bad")
        assert _presets(root, "add", "--yes", platform.source("bad")) == 2
        assert "fix:" in capsys.readouterr().err
    assert snapshot(root) == before


def test_what_git_has_and_is_no_file(root: Path, platform: Platform, capsys: pytest.CaptureFixture[str]) -> None:
    (platform.folder / "link.yaml").symlink_to("/etc/passwd")
    (platform.folder / "folder.yaml").mkdir()
    (platform.folder / "folder.yaml/x").touch()
    platform.commit(V1, tag="v1")
    for path, message in (
        ("link.yaml", "is a link or a folder"),
        ("folder.yaml", "is a link or a folder"),
        ("nowhere.yaml", "does not exist"),
    ):
        assert _presets(root, "add", "--yes", platform.source(path=path)) == 2
        assert message in capsys.readouterr().err


def test_a_repository_or_ref_that_is_not_there(platform: Platform) -> None:
    for source in (platform.source("v9"), platform.source().replace("platform", "nowhere")):
        parsed = parse_source(source)
        assert parsed is not None
        with pytest.raises(SpecError, match="cannot be fetched"):
            fetch_with_references(parsed)


@pytest.mark.parametrize(
    "name",
    [
        "git+ext::sh -c id//a.yaml@v1",
        "git+http://example.com/x//a.yaml@v1",
        "git+https://user:password@example.com/x//a.yaml@v1",
        "git+https://example.com/x//../a.yaml@v1",
        "git+https://example.com/x//a.yaml@../v1",
        "git+https://example.com/x//a.yaml@--upload-pack=id",
        "git+https://example.com/x//a.py@v1",
        "git+https://example.com/x//a.yaml",
        "https://example.com/a.yaml",
        "https://example.com/a.yaml#sha256=abc",
        "http://example.com/a.yaml#sha256=" + "a" * 64,
    ],
)
def test_a_malformed_source(root: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert parse_source(name) is None
    (root / "services.yaml").write_text(SPEC + f'presets: ["{name}"]\n', encoding="utf-8")
    assert main(["-C", str(root), "--check"]) == 2
    assert "is not a source of a preset" in capsys.readouterr().err
    assert _presets(root, "add", name) == 2


def test_sources_say_what_they_are() -> None:
    ssh = "git+ssh://git@example.com/acme/platform.git//presets/python.yaml@main"
    assert parse_source(ssh) == GitSource(
        url="ssh://git@example.com/acme/platform.git", path="presets/python.yaml", ref="main"
    )
    https = "https://example.com/a.yaml#sha256=" + "a" * 64
    assert parse_source(https) == HttpsSource(url="https://example.com/a.yaml", sha256="a" * 64)
    assert [str(parse_source(name)) for name in (ssh, https)] == [ssh, https]


class _Web(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/preset")
            self.end_headers()
            return
        if self.path == "/no-http":
            self.wfile.write(b"\x1b[2Jgarbage\r\n\r\n")
            return
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"defaults: {}\n" if self.path == "/preset" else b"\xff")

    def log_message(self, *_: object) -> None:
        """Stay quiet."""


@pytest.fixture
def web() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _Web)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("path", "sha256", "message"),
    [
        ("/preset", "a" * 64, "has the digest"),
        ("/moved", "a" * 64, "redirects to"),
        ("/no-http", "a" * 64, r"cannot be fetched: \\x1b\[2Jgarbage"),
        ("/binary", "a8100ae6aa1940d0b663bb31cd466142ebbdbd5187131b92d93818987832eb89", "is not UTF-8"),
    ],
)
def test_what_an_address_may_not_answer(web: str, path: str, sha256: str, message: str) -> None:
    with pytest.raises(SpecError, match=message):
        fetch(HttpsSource(url=web + path, sha256=sha256))


def test_an_address_with_the_right_digest(web: str) -> None:
    sha256 = "87f2fc2e8bcd0ca3ddcd1b94ca4c2cd5f2b1ea33ac0a9cfe6af3a28d2fb97ad5"
    with pytest.raises(SpecError) as caught:
        fetch(HttpsSource(url=web + "/preset", sha256=sha256))
    found = str(caught.value).partition("has the digest ")[2][:64]
    assert fetch(HttpsSource(url=web + "/preset", sha256=found)).text == "defaults: {}\n"


def test_list_and_show(root: Path, platform: Platform, capsys: pytest.CaptureFixture[str]) -> None:
    _presets(root, "add", "--yes", platform.source())
    capsys.readouterr()
    assert _presets(root, "list") == 0
    others = [one for one in built_in() if one != "base"]
    listed = capsys.readouterr().out.splitlines()
    assert listed == ["base: always", *others, f"{platform.source()}: the project"]
    assert _presets(root, "show", platform.source()) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("# What acme has agreed on\ndefaults:\n")
    assert "    pids_limit: 128  # presets/hardened.yaml:" in shown
    assert f"python: '3.12'  # {_vendored(root).relative_to(root)}:4:20\n" in shown


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("defaults: {nonsense: 1}\n", "team.yaml:1:22: nonsense is not a known key here"),
        ("managers: {poetry: {install: {lock: null}}}\n", "needs install.lock"),
        ("default: {}\n", "'default' is not a section of a preset"),
        ("kinds: {node: {stop_grace_period: soon}}\n", "team.yaml:1:35: stop_grace_period: 'soon' does not fit"),
    ],
)
def test_authors_see_what_is_wrong(root: Path, capsys: pytest.CaptureFixture[str], text: str, message: str) -> None:
    (root / "team.yaml").write_text(text, encoding="utf-8")
    assert _presets(root, "validate", "team.yaml") == 2
    assert message in capsys.readouterr().err


def test_a_sound_preset_is_valid(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "team.yaml").write_text(V1, encoding="utf-8")
    assert _presets(root, "validate", "./team.yaml") == 0
    assert capsys.readouterr().out == f"./team.yaml: {len(sample_services())} kinds of services render with it\n"


def test_presets_that_extend_each_other(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, other in (("a", "b"), ("b", "a")):
        (root / f"{name}.yaml").write_text(f"extends: [./{other}.yaml]\n", encoding="utf-8")
    (root / "services.yaml").write_text(SPEC + "presets: [./a.yaml]\n", encoding="utf-8")
    assert main(["-C", str(root), "--check"]) == 2
    assert "presets extend each other: ./a.yaml -> ./b.yaml -> ./a.yaml" in capsys.readouterr().err


def test_a_repository_of_presets(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "presets-of-acme"
    assert main(["presets", "init", "--defaults", str(folder)]) == 0
    arguments = ["-C", str(folder), "presets", "validate", "presets/platform.yaml"]
    assert main(arguments) == 1, "the files of its case are not written yet"
    assert main([*arguments, "--write"]) == 0
    assert main(arguments) == 0
    assert (folder / "cases/minimal/services/api/Dockerfile").is_file()
    preset = folder / "presets/platform.yaml"
    preset.write_text(preset.read_text(encoding="utf-8").replace("1m", "2m"), encoding="utf-8")
    capsys.readouterr()
    assert main(arguments) == 1
    assert "+    stop_grace_period: 2m" in capsys.readouterr().out


def test_the_template_of_a_repository_of_presets_runs_no_code() -> None:
    text = (assets.ROOT / "templates/preset-repository/copier.yml").read_text(encoding="utf-8")
    assert not {"_tasks", "_migrations", "_jinja_extensions", "_external_data"} & set(parse(text, "copier.yml").data)


def test_three_repositories_follow_one_preset(
    tmp_path: Path, platform: Platform, capsys: pytest.CaptureFixture[str]
) -> None:
    """Add, override, be stopped by a policy, waive, and update, in repositories that share nothing but the preset."""
    rules = "policy: {locked: [user.uid], rules: {healthcheck_required: error}}\n"
    platform.commit(V1 + rules, tag="v1.1")
    services = {
        "follows": "{kind: python, command: [serve], ports: [80]}",
        "overrides": '{kind: python, python: "3.11", command: [serve], ports: [80]}',
        "breaks": "{kind: python, command: [serve], ports: [80], healthcheck: null}",
    }
    roots = {name: tmp_path / name for name in services}
    for name, service in services.items():
        roots[name].mkdir()
        text = f"version: 1\nproject: {name}\nservices:\n  api: {service}\n"
        (roots[name] / "services.yaml").write_text(text, encoding="utf-8")
        code = _presets(roots[name], "add", "--yes", platform.source("v1.1"))
        assert code == (2 if name == "breaks" else 0)
    assert "api: there is no health check" in capsys.readouterr().err
    assert not (roots["breaks"] / LOCK).exists(), "what a policy stops is not half vendored"

    spec = roots["breaks"] / "services.yaml"
    waiver = "waivers:\n  - {rule: healthcheck-required, service: api, reason: legacy, until: 2999-12-31}\n"
    spec.write_text(spec.read_text(encoding="utf-8") + waiver, encoding="utf-8")
    assert _presets(roots["breaks"], "add", "--yes", platform.source("v1.1")) == 0

    platform.commit(V2 + rules, tag="v2.0")
    for root in roots.values():
        assert _presets(root, "update", "--yes") == 0
        assert main(["-C", str(root), "--check"]) == 0
        assert 'TZ="UTC"' in (root / "services/api/Dockerfile").read_text(encoding="utf-8")
    dockerfile = (roots["overrides"] / "services/api/Dockerfile").read_text(encoding="utf-8")
    assert "FROM python:3.11-slim-trixie" in dockerfile, "an update takes no word away from a service"
    assert waiver in spec.read_text(encoding="utf-8")


@pytest.mark.parametrize("arguments", [["taken", "--defaults"], ["new"]])
def test_a_repository_of_presets_that_cannot_be_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    """A file is in the way; nobody is there to answer."""
    (tmp_path / "taken").write_text("mine\n", encoding="utf-8")
    assert main(["presets", "init", str(tmp_path / arguments[0]), *arguments[1:]]) == 2
    told = capsys.readouterr().err.splitlines()
    assert told[-2].startswith(f"{tmp_path / arguments[0]}: was not made: ")
    assert told[-1] == "  fix: name a folder that is not there yet; --defaults asks nothing"
    assert (tmp_path / "taken").read_text(encoding="utf-8") == "mine\n"
