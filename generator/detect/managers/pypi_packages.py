"""What well-known packages of PyPI need of the system, since no file of theirs says it.

The names of apt packages are those of Debian 12 and 13. Packages that have a wheel for every platform are left out.
"""

from __future__ import annotations

from typing import NamedTuple


class Needs(NamedTuple):
    """What a package needs of apt: to be compiled, and to run."""

    build: tuple[str, ...] = ()
    runtime: tuple[str, ...] = ()


_C = ("gcc", "libc6-dev")
_RUST = ("cargo", *_C)

# Without a wheel for the platform, these need more than a compiler of C++.
COMPILED = {
    "bcrypt": Needs(_RUST),
    "cffi": Needs((*_C, "libffi-dev")),
    "cryptography": Needs((*_RUST, "libssl-dev", "pkg-config")),
    "dlib": Needs(("cmake", "g++", "make")),
    "gevent": Needs((*_C, "libffi-dev", "make")),
    "jiter": Needs(_RUST),
    "lxml": Needs((*_C, "libxml2-dev", "libxslt1-dev"), ("libxml2", "libxslt1.1")),
    "mysqlclient": Needs((*_C, "default-libmysqlclient-dev", "pkg-config"), ("libmariadb3",)),
    "netifaces": Needs(_C),
    "nh3": Needs(_RUST),
    "orjson": Needs(_RUST),
    "pillow": Needs((*_C, "libjpeg-dev", "zlib1g-dev"), ("libjpeg62-turbo",)),
    "psycopg-c": Needs((*_C, "libpq-dev"), ("libpq5",)),
    "psycopg2": Needs((*_C, "libpq-dev"), ("libpq5",)),
    "psycopg2-binary": Needs((*_C, "libpq-dev"), ("libpq5",)),
    "pycairo": Needs((*_C, "libcairo2-dev", "pkg-config"), ("libcairo2",)),
    "pycurl": Needs((*_C, "libcurl4-openssl-dev", "libssl-dev"), ("curl",)),
    "pydantic-core": Needs(_RUST),
    "pygraphviz": Needs((*_C, "libgraphviz-dev"), ("graphviz",)),
    "python-ldap": Needs((*_C, "libldap-dev", "libsasl2-dev"), ("ldap-utils",)),
    "rpds-py": Needs(_RUST),
    "tiktoken": Needs(_RUST),
    "tokenizers": Needs(_RUST),
    "uvloop": Needs((*_C, "make")),
    "uwsgi": Needs(_C),
    "watchfiles": Needs(_RUST),
}
# They have no wheel for Linux in any version, which files that list no wheels do not say.
SOURCES = frozenset(
    {
        "dlib",
        "gunicorn-h1c",
        "mysqlclient",
        "netifaces",
        "psycopg-c",
        "psycopg2",
        "pycairo",
        "pygraphviz",
        "python-ldap",
        "uwsgi",
    }
)
# Their wheels load libraries that slim images do not have.
LOADED = {
    "opencv-python": Needs(runtime=("libgl1", "libglib2.0-0")),
    "psycopg": Needs(runtime=("libpq5",)),
    "pyzbar": Needs(runtime=("libzbar0",)),
    "weasyprint": Needs(runtime=("libpango-1.0-0", "libpangoft2-1.0-0")),
}
# A package that brings what another one in this table needs.
INSTEAD = {"psycopg": ("psycopg-binary", "psycopg-c")}
# What fetches a browser when it first runs, and the lines that have it in the image instead.
FETCHED = {
    "playwright": (
        "PLAYWRIGHT_BROWSERS_PATH",
        "add steps: {after_dependencies: {browser: {run: [[env, PLAYWRIGHT_BROWSERS_PATH=/opt/venv/browsers, "
        "/opt/venv/bin/playwright, install, chromium]]}}}, env: {PLAYWRIGHT_BROWSERS_PATH: /opt/venv/browsers} and its "
        "libraries to packages.runtime; or packages: {runtime: [chromium]} and executable_path=/usr/bin/chromium",
    ),
    "pyppeteer": ("PYPPETEER_EXECUTABLE_PATH", "add packages: {runtime: [chromium]}, and use /usr/bin/chromium"),
    "selenium": ("SE_CHROMEDRIVER", "add packages: {runtime: [chromium, chromium-driver]}"),
    "webdriver-manager": ("WDM_LOCAL", "add packages: {runtime: [chromium, chromium-driver]}"),
}

WELL_KNOWN = frozenset({*COMPILED, *LOADED, *FETCHED})
"""The packages that these tables know."""
