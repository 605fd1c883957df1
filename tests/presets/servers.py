"""What git talks to over a network, on the loopback device: an HTTPS server with git's own backend, and a stand-in ssh.

git itself, its TLS, its protocol and its checks are the real ones.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import trustme

USER, PASSWORD = "reader", "for-tests-only"


def backend() -> str:
    """Return the path of git-http-backend, which is part of git's package."""
    done = subprocess.run(["git", "--exec-path"], check=True, capture_output=True, text=True)
    program = shutil.which("git-http-backend", path=done.stdout.strip())
    assert program is not None, "install git with git-http-backend"
    return program


def certify(folder: Path) -> tuple[Path, Path]:
    """Issue a certificate and key for localhost and 127.0.0.1; return the authority's certificate and theirs."""
    authority = trustme.CA()
    trusted, issued = folder / "authority.pem", folder / "issued.pem"
    authority.cert_pem.write_to_path(str(trusted))
    authority.issue_cert("localhost", "127.0.0.1").private_key_and_cert_chain_pem.write_to_path(str(issued))
    return trusted, issued


@dataclass(kw_only=True)
class Web:
    """A server, and what it was asked: the Host and the path of each request."""

    root: Path
    trusted: Path
    port: int = 0
    asked: list[tuple[str, str]] = field(default_factory=list)

    def source(self, path: str, file: str = "presets/python.yaml", ref: str = "v1") -> str:
        return f"git+https://localhost:{self.port}/{path}//{file}@{ref}"


class _Handler(BaseHTTPRequestHandler):
    """Repositories below `root`; /private needs a password, /moved is at another host, /file is no repository."""

    protocol_version = "HTTP/1.1"
    web: Web
    program: str

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def log_message(self, *_: object) -> None:
        """Stay quiet."""

    def _answer(self) -> None:
        self.web.asked.append((self.headers["Host"], self.path))
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        first, _, rest = self.path.removeprefix("/").partition("/")
        if first == "moved":
            self._send(302, {"Location": f"https://127.0.0.1:{self.web.port}/{rest}"})
        elif first == "file":
            self._send(200, {}, b"defaults: {stop_grace_period: 9s}\n")
        elif first != "private":
            self._send(*self._backend(self.path, body))
        elif self.headers.get("Authorization") == _basic():
            self._send(*self._backend(f"/{rest}", body))
        else:
            self._send(401, {"WWW-Authenticate": 'Basic realm="presets"'})

    def _backend(self, path: str, body: bytes) -> tuple[int, dict[str, str], bytes]:
        """Answer with the output of git-http-backend, run as CGI."""
        url = urlsplit(path)
        environment = {
            **os.environ,
            "GIT_PROJECT_ROOT": str(self.web.root),
            "GIT_HTTP_EXPORT_ALL": "1",
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            "REQUEST_METHOD": self.command,
            "PATH_INFO": url.path,
            "QUERY_STRING": url.query,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
        }
        done = subprocess.run([self.program], input=body, env=environment, capture_output=True, check=True)
        head, _, content = done.stdout.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().splitlines())
        return int(headers.pop("Status", "200").split()[0]), headers, content

    def _send(self, status: int, headers: dict[str, str], content: bytes = b"") -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)


def _basic() -> str:
    return "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()


class _Server(ThreadingHTTPServer):
    """A server that is silent about clients who hang up, as one does that does not trust its certificate."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print nothing: what a test reads is printed by the client."""


@contextmanager
def serve(root: Path, trusted: Path, issued: Path) -> Iterator[Web]:
    """Serve the repositories below `root` over HTTPS, for as long as the block runs."""
    web = Web(root=root, trusted=trusted)
    handler = type("Handler", (_Handler,), {"web": web, "program": backend()})
    server = _Server(("127.0.0.1", 0), handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(issued)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    web.port = server.server_port
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield web
    finally:
        server.shutdown()
        server.server_close()


_SSH = """\
#!{python}
import json, os, subprocess, sys, time
with open({record!r}, "w") as stream:
    json.dump({{"arguments": sys.argv[1:], "session": os.getsid(0), "process": os.getpid()}}, stream)
{does}
"""
RUNS = 'sys.exit(subprocess.run(["sh", "-c", sys.argv[-1]]).returncode)'
HANGS = "time.sleep(600)"


class Ssh:
    """A program called ssh that keeps what it was called with, and runs the command on this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self._record = folder / "called.json"
        self.does(RUNS)

    def does(self, what: str) -> None:
        """Do something else: lines of Python."""
        program = self.folder / "ssh"
        program.write_text(_SSH.format(python=sys.executable, record=str(self._record), does=what), encoding="utf-8")
        program.chmod(0o755)

    def called(self) -> dict[str, Any]:
        """Return the arguments, the session and the process of the last call."""
        called: dict[str, Any] = json.loads(self._record.read_text(encoding="utf-8"))
        return called
