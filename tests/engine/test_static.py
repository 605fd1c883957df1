"""A site of files: what nginx says to a browser, and how its container lives."""

import gzip
import re
import shutil
import urllib.request
from collections.abc import Iterator

import pytest

from .conftest import HERE
from .harness import Compose, Engine, http_get
from .harness.index import package_index
from .harness.locks import write_lock
from .harness.repository import generate

pytestmark = pytest.mark.xdist_group("static")

YEAR = "public, max-age=31536000, immutable"


@pytest.fixture(scope="module")
def site(engine: Engine, run_id: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Compose]:
    """The site as Compose runs it, with a few files of its own that no build tool named."""
    root = tmp_path_factory.mktemp("static") / "site"
    shutil.copytree(HERE / "apps/vite", root)
    for name in ("my-component.js", "main.0a1b2c3d.js", "report-20240101.txt", "assets/Inter-SemiBold.woff2"):
        (root / "public" / name).parent.mkdir(exist_ok=True)
        (root / "public" / name).write_text("plain", "utf-8")
    with package_index(engine) as index:
        write_lock(engine, index, root, "npm")
        generate(root)
        [base] = re.findall(r"^FROM (node:\S+) AS base$", (root / "Dockerfile").read_text("utf-8"), re.M)
        image = f"gen-dockerfiles-test/static:{run_id}"
        engine.build(root, root / "Dockerfile", tag=image, build_contexts=index.bases(base))
    built = root / "built.yaml"
    built.write_text(f"services:\n  app:\n    image: {image}\n    build: !reset null\n", "utf-8")
    project = Compose(
        engine, root, f"static-{run_id}", files=[root / "compose.yaml", built], ephemeral_ports={"app": 8080}
    )
    try:
        project.up()
        yield project
    finally:
        project.close()


def _kept(site: Compose, path: str, status: int = 200) -> str:
    return http_get(site.url("app", 8080, path), status=status).headers["cache-control"]


def _asset(site: Compose) -> str:
    [path] = re.findall(r'src="(/assets/[^"]+)"', http_get(site.url("app", 8080)).text)
    return str(path)


@pytest.mark.parametrize("path", ["/", "/some/page", "/some/page.v2", "/index.html"])
def test_every_page_is_the_application(site: Compose, path: str) -> None:
    """A path without a file gives index.html, which a browser asks for each time."""
    answer = http_get(site.url("app", 8080, path))
    assert "Hello from Vite" in answer.text
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_name_with_a_hash_is_kept(site: Compose) -> None:
    """Those of build tools, and no plain one; nor what is not there."""
    assert _kept(site, "/main.0a1b2c3d.js") == YEAR
    plain = ("/my-component.js", "/report-20240101.txt", "/assets/Inter-SemiBold.woff2", "/robots.txt")
    assert {_kept(site, path) for path in plain} == {"no-cache"}
    assert _kept(site, "/main.0a1b2c3e.js", status=404) == "no-cache"
    assert _kept(site, "/assets/gone-B2k9xQz1.js", status=404) == "no-cache"


def test_an_asset_of_vite(site: Compose) -> None:
    """It is kept for a year, and compressed for those who can read that."""
    path = _asset(site)
    assert _kept(site, path) == YEAR, path
    plain = http_get(site.url("app", 8080, path)).body
    assert len(plain) > 1024
    request = urllib.request.Request(site.url("app", 8080, path), headers={"Accept-Encoding": "gzip"})
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=5) as answer:
        assert answer.headers["Content-Encoding"] == "gzip"
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert gzip.decompress(answer.read()) == plain


def test_its_container_is_healthy_and_stops(site: Compose) -> None:
    """On a read-only root, as an unprivileged user; last of this module, since it ends."""
    assert http_get(site.url("app", 8080, "/healthz")).text == "ok\n"
    container = site.inspect("app")
    assert container["State"]["Health"]["Status"] == "healthy"
    assert container["HostConfig"]["ReadonlyRootfs"] is True
    assert container["Config"]["User"] == "101:101"
    stopped = site.stop("app")
    assert stopped.exit_code == 0
    assert stopped.seconds < 5
