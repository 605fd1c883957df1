"""As test_fuzz.py, for the commands that take presets from a repository or a server.

git and TLS are the real ones. Where a command refuses something, no file has changed; what it has accepted, `--check`
finds up to date.
"""

from __future__ import annotations

import contextlib
import socketserver
import ssl
from collections.abc import Iterator, Mapping
from pathlib import Path
from threading import Thread

import pytest
import yaml
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from tests.attacks.fuzz.commands import (
    ARGUMENTS,
    DEFAULT,
    LAYOUTS,
    PRESET,
    SHARED,
    TEMPLATE,
    presets,
    responses,
    sources,
)
from tests.attacks.fuzz.forms import yaml_text
from tests.attacks.fuzz.nodes import mutated
from tests.attacks.fuzz.running import SECONDS, Tally, restore, run_for
from tests.presets.repositories import Platform, git
from tests.presets.servers import certify
from tests.support import snapshot

Files = Mapping[str, bytes]
_SHARE = 0.04 * SECONDS


pytestmark = pytest.mark.usefixtures("isolated")


@pytest.fixture
def platform(tmp_path: Path) -> Platform:
    """Make a repository with a preset that names another one and a template, and a link beside it."""
    platform = Platform(tmp_path / "platform")
    (platform.folder / "presets").mkdir(exist_ok=True)
    (platform.folder / "presets/link.yaml").symlink_to("team.yaml")
    files = {PRESET: yaml.safe_dump(SHARED), "presets/base.yaml": DEFAULT, TEMPLATE: "RUN true\n"}
    platform.commit("description: first\n", tag="v1", files=files)
    return platform


def _publish(platform: Platform, content: bytes) -> None:
    """Put the preset at the tag v2 in the place of what was there."""
    (platform.folder / PRESET).write_bytes(content)
    git(platform.folder, "add", "--all")
    git(platform.folder, "commit", "--quiet", "--allow-empty", "--message=change")
    git(platform.folder, "tag", "--force", "v2")


def test_presets_add(root: Path, platform: Platform) -> None:
    tally = Tally("presets add")

    def check(drawn: tuple[str, str, bytes]) -> None:
        layout, source, preset = drawn
        restore(root, {"services.yaml": layout.encode()})
        _publish(platform, preset)
        tally.refuses_or_writes_all(root, "presets", "add", "--yes", source)

    good = f"git+file://{platform.folder}//{PRESET}@v1"
    named = st.just(good) | st.just(good.replace("@v1", "@v2")) | sources(str(platform.folder))
    run_for(_SHARE, st.tuples(st.sampled_from(LAYOUTS), named, presets()), check)
    print(tally)


@pytest.fixture
def vendored(root: Path, platform: Platform) -> Files:
    """Take the preset in; return the files of the repository."""
    restore(root, {"services.yaml": LAYOUTS[0].encode()})
    tally = Tally("before")
    source = platform.source(path=PRESET)
    assert tally.refuses_or_works(root, "presets", "add", "--yes", source) == 0, tally.told
    return snapshot(root)


@st.composite
def _damaged(draw: DrawFn, files: Files) -> Files:
    """Draw the files of a repository, of which one may be damaged: the lock file, the spec or a vendored preset."""
    path = draw(st.sampled_from(["", *(path for path in files if path.endswith((".yaml", ".lock")))]))
    return (
        {**files, path: yaml_text(draw(mutated(yaml.safe_load(files[path])))).encode("utf-8", "surrogatepass")}
        if path
        else files
    )


def test_presets_update(root: Path, platform: Platform, vendored: Files) -> None:
    tally = Tally("presets update")
    source = platform.source(path=PRESET)

    def check(drawn: tuple[Files, list[str], bytes]) -> None:
        files, arguments, preset = drawn
        restore(root, files)
        _publish(platform, preset)
        tally.refuses_or_writes_all(root, "presets", "update", "--yes", *arguments)

    refs = st.sampled_from(["v1", "v2", "main", "HEAD", "v9"]) | ARGUMENTS.filter(lambda text: text[:1] != "-")
    arguments: st.SearchStrategy[list[str]] = (
        st.just([]) | st.just([source]) | refs.map(lambda ref: [source, "--to", ref]) | st.lists(ARGUMENTS, max_size=2)
    )
    run_for(_SHARE, st.tuples(_damaged(vendored), arguments, presets()), check)
    print(tally)


def test_presets_verify(root: Path, vendored: Files) -> None:
    tally = Tally("presets verify")

    def check(files: Files) -> None:
        restore(root, files)
        before = snapshot(root)
        tally.refuses_or_works(root, "presets", "verify")
        assert snapshot(root) == before

    run_for(_SHARE, _damaged(vendored), check)
    print(tally)


class _Server(socketserver.ThreadingTCPServer):
    """A server that answers whatever the test says, over TLS."""

    daemon_threads = True
    allow_reuse_address = True
    answer = b""

    def handle_error(self, request: object, client_address: object) -> None:
        """Stay quiet: a client that has read enough hangs up."""


class _Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        while self.rfile.readline(70_000).strip():
            pass
        assert isinstance(self.server, _Server)
        with contextlib.suppress(OSError):
            self.wfile.write(self.server.answer)


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[_Server]:
    """Serve at a port of the loopback interface, with a certificate that is trusted."""
    (tmp_path / "certificate").mkdir()
    trusted, issued = certify(tmp_path / "certificate")
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    with _Server(("127.0.0.1", 0), _Handler) as server:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(issued)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield server
        server.shutdown()


def test_presets_add_over_https(root: Path, server: _Server) -> None:
    tally = Tally("presets add over HTTPS")
    port = server.server_address[1]

    def check(drawn: tuple[bytes, str]) -> None:
        server.answer, digest = drawn
        restore(root, {"services.yaml": LAYOUTS[0].encode()})
        source = f"https://127.0.0.1:{port}/team.yaml#sha256={digest}"
        tally.refuses_or_writes_all(root, "presets", "add", "--yes", source)

    run_for(_SHARE / 2, responses(), check)
    print(tally)
