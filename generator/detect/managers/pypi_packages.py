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

COMPILED = {
    "cffi": Needs((*_C, "libffi-dev")),
    "dlib": Needs(("cmake", "g++", "make")),
    "mysqlclient": Needs((*_C, "default-libmysqlclient-dev", "pkg-config"), ("libmariadb3",)),
    "netifaces": Needs(_C),
    "psycopg2": Needs((*_C, "libpq-dev"), ("libpq5",)),
    "pycairo": Needs((*_C, "libcairo2-dev", "pkg-config"), ("libcairo2",)),
    "pygraphviz": Needs((*_C, "libgraphviz-dev"), ("graphviz",)),
    "python-ldap": Needs((*_C, "libldap-dev", "libsasl2-dev"), ("ldap-utils",)),
    "uwsgi": Needs(_C),
}
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
