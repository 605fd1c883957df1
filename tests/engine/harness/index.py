"""A package index for one test: it forwards requests to PyPI and npm, and logs the files that are fetched.

Below `_archive/` it has the oldest file of each package of PyPI, as an index of wheels for one kind of machine may.
"""

import json
import re
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from .authorities import trusting
from .container import Container
from .engine import Engine
from .probe import http_get

PORT = 8080
IMAGE = "python:3.13-slim-trixie"
NODE_IMAGE = "node:24-trixie-slim"
NONCE_FILE = "/etc/gen-dockerfiles-test"

# Responses may be cached for as long as those of PyPI and npm; mirrors often leave out that header.
_SERVER = """\
import base64, functools, http.server, os, re, socket, threading, urllib.error, urllib.request
from pip._internal.models.index import PyPI
UPSTREAM = {"_pypi": PyPI.url, "_files": f"https://{PyPI.file_storage_domain}/"}
NPM = os.environ["NPM"].rstrip("/")
# npm sends all requests at once, which is too much for a small resolver behind NAT.
socket.getaddrinfo = functools.cache(socket.getaddrinfo)
UPSTREAM_CALLS = threading.Semaphore(8)
PASSWORD = os.environ["PASSWORD"]
LOGIN = "Basic " + base64.b64encode(f"user:{PASSWORD}".encode()).decode()

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/healthz":
            return self.answer(200, b"", "text/plain")
        if PASSWORD and self.headers.get("Authorization") not in (LOGIN, f"Bearer {PASSWORD}"):
            return self.answer(401, b"", "text/plain")
        name, _, rest = self.path[1:].partition("/")
        if name == "_archive":
            return self.oldest(rest)
        url = UPSTREAM[name] + rest if name in UPSTREAM else NPM + self.path
        try:
            request = urllib.request.Request(url, headers={"Accept": self.headers.get("Accept", "*/*")})
            with UPSTREAM_CALLS, urllib.request.urlopen(request, timeout=60) as found:
                body, kind = found.read(), found.headers["Content-Type"]
        except urllib.error.HTTPError as error:
            return self.answer(error.code, b"", "text/plain")
        if self.command == "GET" and rest.endswith((".whl", ".tgz", ".gz")):
            print("FILE", rest.rpartition("/")[2], len(body), flush=True)
        if "/packages/" not in self.path:
            body = body.replace(UPSTREAM["_files"].encode(), f"http://{self.headers['Host']}/_files/".encode())
            body = body.replace(f'"{NPM}/'.encode(), f'"http://{self.headers["Host"]}/'.encode())
        self.answer(200, body, kind)

    def oldest(self, path):
        request = urllib.request.Request(UPSTREAM["_pypi"] + path, headers={"Accept": "text/html"})
        with UPSTREAM_CALLS, urllib.request.urlopen(request, timeout=60) as found:
            first = re.search(r"<a [^>]*>[^<]*</a>", found.read().decode())
        link = first[0].replace(UPSTREAM["_files"], f"http://{self.headers['Host']}/_files/") if first else ""
        self.answer(200, f"<!DOCTYPE html><html><body>{link}</body></html>".encode(), "text/html")

    do_HEAD = do_GET

    def answer(self, status, body, kind):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if status == 200:
            self.send_header("Cache-Control", "max-age=" + ("600" if "/simple/" in self.path else "31536000"))
        if status == 401:
            self.send_header("WWW-Authenticate", "Basic")
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def log_message(self, *args):
        pass

http.server.ThreadingHTTPServer.request_queue_size = 256
http.server.ThreadingHTTPServer(("0.0.0.0", 8080), Handler).serve_forever()
"""


@dataclass(frozen=True)
class Index:
    """A running index, and its address for builds on the same engine."""

    container: Container = field(repr=False)

    @property
    def address(self) -> str:
        """The host and port of the index in the default network of the engine."""
        network = self.container.inspect()["NetworkSettings"]["Networks"]["bridge"]
        return f"{network['IPAddress']}:{PORT}"

    @property
    def simple(self) -> str:
        """The URL of the index for Python packages."""
        return f"http://{self.address}/_pypi/simple/"

    def fetched(self) -> list[str]:
        """List the names of the files that were fetched so far, once per fetch."""
        return [name for name, _ in self.fetched_files()]

    def fetched_files(self) -> list[tuple[str, int]]:
        """List the names and sizes (in bytes) of the files that were fetched so far, once per fetch."""
        entries = re.findall(r"^FILE (\S+) (\d+)$", self.container.logs(), re.MULTILINE)
        return [(name, int(size)) for name, size in entries]

    @property
    def environment(self) -> dict[str, str]:
        """The variables that make every package manager use this index."""
        return _environment(f"http://{self.address}/")

    def base_images(self, *images: str) -> dict[str, str]:
        """Return build contexts that replace base images by images that use this index and share no build cache."""
        return isolated_images(self.container.engine, *images, variables=self.environment)

    def rewrite_lock(self, lock: str) -> str:
        """Replace the addresses in a lock file of uv by those of this index."""
        lock, count = re.subn(r'registry = "[^"]+"', f'registry = "{self.simple}"', lock)
        assert count, "the lock file names no index"
        return re.sub(r'url = "https://[^/"]+/', f'url = "http://{self.address}/_files/', lock)


@contextmanager
def package_index(engine: Engine, password: str = "") -> Iterator[Index]:
    """Run an index. A password is required as that of ``user`` or as a bearer token."""
    npm = engine.run("run", "--rm", NODE_IMAGE, "npm", "config", "get", "registry").stdout.strip()
    options = ["--init", f"--env=PASSWORD={password}", f"--env=NPM={npm}", *trusting(engine)]
    with engine.container(IMAGE, "python", "-c", _SERVER, options=options, ports=[PORT]) as container:
        http_get(f"http://127.0.0.1:{container.port(PORT)}/healthz")
        yield Index(container)


def _environment(url: str) -> dict[str, str]:
    return {
        "PIP_INDEX_URL": f"{url}_pypi/simple/",
        "PIP_TRUSTED_HOST": url.split("/")[2].split(":")[0],
        "ARCHIVE_INDEX_URL": f"{url}_archive/simple/",
        "UV_DEFAULT_INDEX": f"{url}_pypi/simple/",
        "NPM_CONFIG_REGISTRY": url,
        "npm_config_registry": url,
        "pnpm_config_registry": url,
        "YARN_NPM_REGISTRY_SERVER": url.rstrip("/"),
        "YARN_UNSAFE_HTTP_WHITELIST": url.split("/")[2].split(":")[0],
        "BUN_CONFIG_REGISTRY": url,
    }


def isolated_images(engine: Engine, *images: str, variables: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return build contexts that replace images by copies whose builds share no build cache with any other build.

    A step that two builds share can run again in one of them although it is cached, if the other build runs at the
    same time (https://github.com/moby/buildkit/pull/6954). BuildKit compares the layers of images, not their
    variables, so each copy has a layer of its own.

    Args:
        engine: The engine that has the images.
        images: The references of the images, as the Dockerfile names them.
        variables: Variables that the copies set.

    Raises:
        CommandFailed: An image is missing.
    """
    return {image: _isolated_image(engine, image, variables or {}) for image in images}


def _isolated_image(engine: Engine, image: str, variables: Mapping[str, str]) -> str:
    nonce = uuid.uuid4().hex
    tag = f"gen-dockerfiles-test/base:{nonce}"
    lines = [f"FROM {image}", *(f"ENV {name}={json.dumps(value)}" for name, value in variables.items())]
    with tempfile.TemporaryDirectory() as scratch:
        (Path(scratch) / "nonce").write_text(nonce, encoding="utf-8")
        (Path(scratch) / "Dockerfile").write_text("\n".join([*lines, f"COPY nonce {NONCE_FILE}", ""]), encoding="utf-8")
        engine.build(Path(scratch), tag=tag)
    return f"docker-image://{tag}"
