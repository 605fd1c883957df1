"""The health probes: what is healthy, what is not, and that a silent service does not hold them up."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.scripts.run import run

SUFFIXES = ["py", "cjs"]


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/headers":
            wanted = {"host": "shop.example.com", "x-trace": "a: b"}
            fitting = all(self.headers.get_all(name) == [value] for name, value in wanted.items())
            self.path = "/200" if fitting else "/400"
        if self.path == "/slow":
            time.sleep(4)
        self.send_response(int(self.path[1:]) if self.path[1:].isdigit() else 200)
        self.send_header("Content-Length", "0")
        self.send_header("Location", "/200")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name is the standard library's
        pass


@pytest.fixture(scope="module")
def port() -> Iterator[str]:
    """Serve the status that the path names; yield the port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield str(server.server_port)
    server.shutdown()


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize(
    ("path", "healthy"),
    [
        ("/200", True),
        ("/204", True),
        ("/299", True),
        ("/302", False),
        ("/404", False),
        ("/503", False),
    ],
)
def test_an_answer(tmp_path: Path, port: str, suffix: str, path: str, healthy: bool) -> None:
    """The same statuses are healthy in every runtime; the redirect leads to a healthy page."""
    assert (run(f"probe_http.{suffix}", tmp_path, port, path).code == 0) == healthy


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_headers(tmp_path: Path, port: str, suffix: str) -> None:
    """A header that is given is sent once, also where the client would send one of its own."""
    script, headers = f"probe_http.{suffix}", ["Host: shop.example.com", "X-Trace: a: b"]
    assert run(script, tmp_path, port, "/headers", *headers).code == 0
    assert run(script, tmp_path, port, "/headers").code != 0


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_no_answer(tmp_path: Path, port: str, suffix: str) -> None:
    before = time.monotonic()
    assert run(f"probe_http.{suffix}", tmp_path, port, "/slow").code != 0
    assert time.monotonic() - before < 3.5


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_nobody_listens(tmp_path: Path, suffix: str) -> None:
    assert run(f"probe_http.{suffix}", tmp_path, "1", "/").code != 0


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_heartbeat(tmp_path: Path, suffix: str) -> None:
    file = tmp_path / "alive"
    script = f"probe_heartbeat.{suffix}"
    assert run(script, tmp_path, str(file), "30").code != 0, "there is no file yet"
    file.touch()
    assert run(script, tmp_path, str(file), "30").code == 0
    os.utime(file, (time.time() - 31,) * 2)
    assert run(script, tmp_path, str(file), "30").code != 0
