"""What generated Dockerfiles have to cope with in official images. The stand-ins have it too, or hide a defect.

Each fact holds for the official image as well, so that an engine with access to a registry can tell when one changes.
"""

from __future__ import annotations

import pytest

from .harness import Engine

NO_AUTHORITIES = "! test -e /etc/ssl/certs/ca-certificates.crt"
YARN_1 = "test -L /usr/local/bin/yarn && test -L /usr/local/bin/yarnpkg && ! npm ls --global yarn"
LIBATOMIC = "test -e /usr/lib/*-linux-gnu*/libatomic.so.1"
OWN_HEADERS = """python -B -c '
import pathlib, sysconfig
include = pathlib.Path(sysconfig.get_path("include"))
assert include.parent == pathlib.Path("/usr/local/include") and (include / "pyconfig.h").exists(), include
assert sysconfig.get_config_var("CC").split()[0] == "gcc", sysconfig.get_config_var("CC")
assert sysconfig.get_path("stdlib").startswith("/usr/local/lib/"), sysconfig.get_path("stdlib")
assert not [*pathlib.Path(sysconfig.get_path("stdlib")).glob("__pycache__/*")]
'"""
PIP_LINK = 'test "$(readlink /usr/local/bin/pip)" = pip3 && ! pip show --files pip | grep -qE "bin/pip$"'
FACTS = [
    ("debian:trixie-slim", NO_AUTHORITIES),
    ("debian:trixie-slim", f"! {LIBATOMIC}"),
    ("node:22-trixie-slim", YARN_1),
    ("node:24-trixie-slim", YARN_1),
    ("node:24-trixie-slim", f"! {LIBATOMIC}"),
    ("node:24-trixie-slim", NO_AUTHORITIES),
    ("node:26-trixie-slim", "! command -v yarn && ! command -v corepack"),
    ("node:26-trixie-slim", f"{LIBATOMIC} && ldd /usr/local/bin/node | grep -q libatomic"),
    ("oven/bun:1.4.5-slim", NO_AUTHORITIES),
    *((f"python:{tag}", OWN_HEADERS) for tag in ("3.14-slim-trixie", "3.13-slim-trixie", "3.11-slim-bookworm")),
    ("python:3.13-slim-trixie", PIP_LINK),
    ("python:3.13-slim-trixie", "! test -e /usr/bin/python3 && test -e /etc/ssl/certs/ca-certificates.crt"),
    ("python:3.13-slim-trixie", "! python -c 'import setuptools'"),
    ("python:3.11-slim-bookworm", "python -c 'import setuptools, wheel'"),
    ("redis:8.6-trixie", 'test "$(id -u redis):$(id -g redis)" = 999:999'),
    ("postgres:18-trixie", 'test "$(id -u postgres):$(id -g postgres)" = 999:999'),
    ("valkey/valkey:8.1", 'test "$(id -u valkey):$(id -g valkey)" = 999:999'),
    ("mariadb:11.8", 'test "$(id -u mysql):$(id -g mysql)" = 999:999'),
    ("rabbitmq:4.3", 'test "$(id -u rabbitmq):$(id -g rabbitmq):$HOME" = 999:999:/var/lib/rabbitmq'),
    ("postgres:17-trixie", 'test "$PGDATA" = /var/lib/postgresql/data'),
    ("postgres:18-trixie", 'test "$PGDATA" = /var/lib/postgresql/18/docker'),
    (
        "caddy:2.11",
        "curl --version && test \"$(stat -c %a /data /data/caddy /config/caddy | xargs)\" = '755 1777 1777'",
    ),
    ("nginxinc/nginx-unprivileged:stable-trixie", "curl --version && ! test -w /usr/share/nginx"),
    ("nginxinc/nginx-unprivileged:stable-trixie", "! grep -E 'mjs|webmanifest' /etc/nginx/mime.types"),
]


@pytest.mark.parametrize(("image", "fact"), FACTS)
def test_a_fact_of_an_image(engine: Engine, image: str, fact: str) -> None:
    done = engine.run("run", "--rm", f"--label={engine.label}", "--entrypoint=sh", image, "-c", fact, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("image", "volumes", "signal"),
    [
        ("valkey/valkey:8.1", ["/data"], None),
        ("redis:8.6-trixie", ["/data"], None),
        ("postgres:17-trixie", ["/var/lib/postgresql/data"], "SIGINT"),
        ("postgres:18-trixie", ["/var/lib/postgresql"], "SIGINT"),
        ("mariadb:11.8", ["/var/lib/mysql"], None),
        ("rabbitmq:4.3", ["/var/lib/rabbitmq"], None),
        ("nginxinc/nginx-unprivileged:stable-trixie", [], "SIGQUIT"),
        ("caddy:2.11", [], None),
    ],
)
def test_what_an_image_declares(engine: Engine, image: str, volumes: list[str], signal: str | None) -> None:
    declared = engine.inspect(image, "image")["Config"]
    assert [*(declared.get("Volumes") or {})] == volumes
    assert declared.get("StopSignal") == signal


def test_no_image_has_the_authorities_of_the_host(engine: Engine) -> None:
    """They are there while a step of a build runs, and in no variable of an image."""
    for image in sorted({image for image, _ in FACTS}):
        variables = engine.inspect(image, "image")["Config"]["Env"]
        assert [one for one in variables if "CERT" in one or "CA_BUNDLE" in one] == []


def test_distroless_images_have_no_libatomic(engine: Engine) -> None:
    files = engine.files_of_image("gcr.io/distroless/cc-debian13:nonroot")
    assert [path for path in files if "libstdc++.so.6" in path]
    assert [path for path in files if "libatomic" in path or path.endswith("bin/sh")] == []
