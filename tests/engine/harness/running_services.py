"""Services that run as real ones do: Django with workers, a server without a shell, an RQ worker, their volumes."""

import json
import re
from pathlib import Path
from typing import Any

import yaml

DOCS = Path(__file__).parents[3] / "docs"

_DJANGO = """\
import os, pathlib

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path

settings.configure(
    SECRET_KEY=os.environ["DJANGO_SECRET_KEY"],
    INSTALLED_APPS=["django.contrib.staticfiles"],
    STATIC_URL="static/",
    STATIC_ROOT="/app/collected",
    STATICFILES_DIRS=["/app/books/assets"],
    ROOT_URLCONF=__name__,
    ALLOWED_HOSTS=["books.example.com"],
    MIDDLEWARE=["django.middleware.security.SecurityMiddleware", "django.middleware.common.CommonMiddleware"],
    SECURE_SSL_REDIRECT=True,
    SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https"),
)
urlpatterns = [path("healthz", lambda request: HttpResponse("ok"))]
application = get_wsgi_application()
"""
_MANAGE = """\
import sys

sys.path.insert(0, "/app/books")
import wsgi
from django.core.management import execute_from_command_line

execute_from_command_line(sys.argv)
"""
_START = """\
#!/bin/sh
pwd >/var/lib/books/data/started
exec "$@"
"""
_BUILD = """\
const fs = require("node:fs");
const networks = fs.readdirSync("/sys/class/net");
if (!networks.includes("eth0")) throw new Error("getaddrinfo EAI_AGAIN fonts.example.com");
fs.mkdirSync("dist/uploads", { recursive: true });
fs.writeFileSync("dist/uploads/first", "shipped");
fs.writeFileSync("dist/greeting", process.env.GREETING);
fs.copyFileSync("src/server.js", "dist/server.js");
"""
_SERVER = """\
const fs = require("node:fs");
require("node:http").createServer((request, response) => {
  for (const folder of ["/data/deep", "/app/dist/uploads", "/etc/ssl"]) fs.writeFileSync(`${folder}/last`, request.url);
  response.writeHead(request.headers.host === "web.example.com" || request.url === "/" ? 204 : 400).end();
}).listen(3000);
"""
_MANIFEST = {"name": "web", "version": "0.1.0", "scripts": {"build": "node src/build.js"}}
_LOCK = {"name": "web", "version": "0.1.0", "lockfileVersion": 3, "packages": {"": _MANIFEST}}


def documented(title: str, language: str, page: str = "running.md") -> str:
    """Return the code block of a section of a page of docs/."""
    section = (DOCS / page).read_text("utf-8").split(f"\n### {title}\n")[1].split("\n#")[0]
    [block] = re.findall(rf"```{language}\n(.*?)```", section, re.DOTALL)
    return str(block)


def files() -> dict[str, str]:
    """Return the files of all services."""
    return {
        "services/site/requirements.txt": "django==5.2.8\ngunicorn==23.0.0\n",
        "services/site/books/wsgi.py": _DJANGO,
        "services/site/manage.py": _MANAGE,
        "services/site/books/media/first": "shipped",
        "services/site/books/assets/site.css": "h1 {}",
        "services/site/start.sh": _START,
        "services/web/package.json": json.dumps(_MANIFEST),
        "services/web/package-lock.json": json.dumps(_LOCK),
        "services/web/src/build.js": _BUILD,
        "services/web/src/server.js": _SERVER,
        "services/mailer/requirements.txt": "rq==2.6.0\n",
        "services/mailer/heartbeat.py": documented("RQ", "python", "workers.md"),
    }


def services(image: str) -> dict[str, dict[str, Any]]:
    """Return the services; `image` is one that exists and has a health check of its own."""
    name, _, tag = image.rpartition(":")
    return {
        "site": {
            "kind": "python",
            "sources": ["books", "manage.py", "start.sh"],
            **yaml.safe_load(documented("Static files of Django", "yaml")),
            "environment": {"DJANGO_SECRET_KEY": {"variable": "DJANGO_SECRET_KEY"}},
            "entrypoint": ["sh", "/app/start.sh"],
            "command": ["gunicorn", "wsgi:application", "--bind=0.0.0.0:8000", "--workers=4"],
            "working_dir": "/app/books",
            "ports": [8000],
            "volumes": {"data": "/var/lib/books/data", "media": "/app/books/media", "mail": "/var/spool/mail"},
            "container": {"tmpfs": ["/tmp:mode=1777", "/var/cache", "/var/tmp:size=1m"]},
            "healthcheck": {"headers": {"Host": "books.example.com", "X-Forwarded-Proto": "https"}},
            "depends_on": {"prepare": "completed"},
        },
        "prepare": {
            "kind": "image",
            "image_of": "site",
            "command": ["sh", "-c", "id -u >/var/lib/books/data/prepared"],
            "volumes": {"data": "/var/lib/books/data"},
            "container": {"restart": "no"},
        },
        "tasks": {
            "kind": "image",
            "image_of": "site",
            "entrypoint": ["python", "-c"],
            "command": ["import pathlib, time; pathlib.Path('/var/cache/at-work').touch(); time.sleep(1000)"],
            "working_dir": "/var",
            "volumes": {"data": "/var/lib/books/data"},
            "container": {"tmpfs": ["/tmp:mode=1777", "/var/cache", "/var/tmp:size=1m"]},
            "depends_on": {"prepare": "completed"},
            "healthcheck": {
                "command": ["test", "-e", "cache/at-work"],
                "interval": "10s",
                "timeout": "3s",
                "start_period": "30s",
                "start_interval": "1s",
                "retries": 3,
            },
        },
        "web": {
            "kind": "node",
            "presets": ["hardened"],
            "build_network": "default",
            "variables": {"GREETING": {"variable": "WEB_GREETING", "default": 'a "$default"'}},
            "command": ["node", "dist/server.js"],
            "ports": [3000],
            "volumes": {"data": "/data/deep", "uploads": "/app/dist/uploads"},
            "container": {"tmpfs": ["/tmp", "/etc/ssl"]},
            "healthcheck": {"headers": {"Host": "web.example.com"}},
        },
        "quiet": {
            "kind": "image",
            "image": {"name": name, "tag": tag},
            "entrypoint": ["node", "-e"],
            "command": ["console.log(process.cwd()); setInterval(() => {}, 1000)"],
            "working_dir": "/etc",
            "healthcheck": None,
        },
        "mailer": yaml.safe_load(documented("RQ", "yaml", "workers.md"))["services"]["mailer"],
        "queue": {"kind": "image", "presets": ["redis"]},
        "db": {
            "kind": "image",
            "presets": ["postgres"],
            "environment": {"POSTGRES_USER": "librarian", "POSTGRES_DB": "books"},
        },
    }
