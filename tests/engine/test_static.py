"""A static site: the responses of nginx, and the health and stop of its container."""

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
    """Yield the running site, with some files whose names are not from a build tool."""
    root = tmp_path_factory.mktemp("static") / "site"
    shutil.copytree(HERE / "apps/vite", root)
    names = ["my-component.js", "main.0a1b2c3d.js", "report-20240101.txt", "assets/Inter-SemiBold.woff2"]
    for name in (*names, "worker.mjs", "app.webmanifest"):
        (root / "public" / name).parent.mkdir(exist_ok=True)
        (root / "public" / name).write_text("plain", "utf-8")
    with package_index(engine) as index:
        write_lock(engine, index, root, "npm")
        generate(root)
        [base] = re.findall(r"^FROM (node:\S+) AS base$", (root / "Dockerfile").read_text("utf-8"), re.M)
        image = f"gen-dockerfiles-test/static:{run_id}"
        engine.build(root, root / "Dockerfile", tag=image, build_contexts=index.base_images(base))
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


def _cache_control(site: Compose, path: str, status: int = 200) -> str:
    """Return the header Cache-Control of a path."""
    return http_get(site.url("app", 8080, path), status=status).headers["cache-control"]


def _asset_path(site: Compose) -> str:
    """Return the path of the script that index.html loads."""
    [path] = re.findall(r'src="(/assets/[^"]+)"', http_get(site.url("app", 8080)).text)
    return str(path)


@pytest.mark.parametrize("path", ["/", "/some/page", "/some/page.v2", "/index.html"])
def test_unknown_paths_return_the_application(site: Compose, path: str) -> None:
    """A path without a file returns index.html, which browsers revalidate each time."""
    answer = http_get(site.url("app", 8080, path))
    assert "Hello from Vite" in answer.text
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_files_with_a_hash_in_their_name_are_cached(site: Compose) -> None:
    """Files named by build tools are cached for a year; other files and missing files are not."""
    assert _cache_control(site, "/main.0a1b2c3d.js") == YEAR
    without_hash = ("/my-component.js", "/report-20240101.txt", "/assets/Inter-SemiBold.woff2", "/robots.txt")
    assert {_cache_control(site, path) for path in without_hash} == {"no-cache"}
    assert _cache_control(site, "/main.0a1b2c3e.js", status=404) == "no-cache"
    assert _cache_control(site, "/assets/gone-B2k9xQz1.js", status=404) == "no-cache"


def test_modules_and_manifests_have_their_types(site: Compose) -> None:
    """Browsers run no module of another type, since nosniff is set."""
    for path, expected in (("/worker.mjs", "text/javascript"), ("/app.webmanifest", "application/manifest+json")):
        answer = http_get(site.url("app", 8080, path))
        assert answer.headers["content-type"].split(";")[0] == expected
    assert http_get(site.url("app", 8080, "/robots.txt")).headers["content-type"].startswith("text/plain")


def test_an_asset_of_vite(site: Compose) -> None:
    """It is cached for a year, and compressed if the client accepts that."""
    path = _asset_path(site)
    assert _cache_control(site, path) == YEAR, path
    plain = http_get(site.url("app", 8080, path)).body
    assert len(plain) > 1024
    request = urllib.request.Request(site.url("app", 8080, path), headers={"Accept-Encoding": "gzip"})
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=5) as answer:
        assert answer.headers["Content-Encoding"] == "gzip"
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert gzip.decompress(answer.read()) == plain


def test_its_container_is_healthy_and_stops(site: Compose) -> None:
    """On a read-only root, as an unprivileged user. Last test of this module, because it stops the site."""
    assert http_get(site.url("app", 8080, "/healthz")).text == "ok\n"
    container = site.inspect("app")
    assert container["State"]["Health"]["Status"] == "healthy"
    assert container["HostConfig"]["ReadonlyRootfs"] is True
    assert container["Config"]["User"] == "101:101"
    stopped = site.stop("app")
    assert stopped.exit_code == 0
    assert stopped.seconds < 5
