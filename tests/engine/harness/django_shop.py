"""A shop in Django, with the services of docs/running.md, "One image, several processes", a database and a queue."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from generator.detect.paths.heartbeats import celery_ping

from .engine import Engine
from .index import package_index
from .locks import write_lock
from .repository import write_files
from .running_services import documented

SECONDS = 4
"""How long the slow task takes: long enough to be stopped in it."""

_SETTINGS = """\
import os

SECRET_KEY = "none"
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "shop.urls"
INSTALLED_APPS = ["orders"]
MEDIA_ROOT = "/app/media"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": "db",
        "NAME": "app",
        "USER": "app",
        "PASSWORD": os.environ["POSTGRES_PASSWORD"],
    }
}
"""
_CELERY = """\
import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
app = Celery("shop", broker="redis://queue:6379/0", include=["shop.heartbeat"])
app.conf.beat_schedule = {"each": {"task": "tick", "schedule": 2.0}}
app.autodiscover_tasks(["orders"])
"""
_TASKS = f"""\
import time
from pathlib import Path

from orders.models import Order
from shop.celery import app


@app.task(name="mail")
def mail(order):
    Path(f"/app/media/started-{{order}}").touch()
    time.sleep({SECONDS})
    Order.objects.filter(pk=order).update(mailed=True)


@app.task(name="tick")
def tick():
    Path("/app/media/ticked").touch()
"""
_URLS = """\
from pathlib import Path

from django.http import HttpResponse
from django.urls import path

from orders.models import Order
from orders.tasks import mail


def order(request):
    made = Order.objects.create()
    Path(f"/app/media/order-{made.pk}").touch()
    mail.apply_async([made.pk], queue="mails")
    return HttpResponse(str(made.pk))


def mailed(request, pk):
    return HttpResponse(str(Order.objects.get(pk=pk).mailed))


urlpatterns = [
    path("healthz", lambda request: HttpResponse(str(Order.objects.count()))),
    path("order", order),
    path("mailed/<int:pk>", mailed),
]
"""
_MODELS = """\
from django.db import models


class Order(models.Model):
    id = models.AutoField(primary_key=True)
    mailed = models.BooleanField(default=False)
"""
_MIGRATION = """\
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("mailed", models.BooleanField(default=False)),
            ],
        )
    ]
"""
_START = """\
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
"""


_PACKAGE = """\
{
  "name": "ui",
  "version": "0.1.0",
  "private": true,
  "scripts": {"build": "esbuild src/shop.js --bundle --outfile=dist/shop.js"},
  "devDependencies": {"esbuild": "0.25.10"}
}
"""


def write_code(engine: Engine, root: Path) -> None:
    """Write the files of the code base below `root`, with a lock file of npm that names no registry."""
    write_files(root, _files())
    with package_index(engine) as index:
        write_lock(engine, index, root, "npm", folder="frontend")
    locked = root / "frontend/package-lock.json"
    locked.write_text(re.sub(r'"resolved": "[^"]*",?\s*', "", locked.read_text("utf-8")), "utf-8")


def _files() -> dict[str, str]:
    return {
        "backend/requirements.txt": "django==5.2.8\ngunicorn==23.0.0\ncelery[redis]\npsycopg[binary]\n",
        "backend/manage.py": f"{_START}\nfrom django.core.management import execute_from_command_line\n"
        "import sys\n\nexecute_from_command_line(sys.argv)\n",
        "backend/shop/__init__.py": "from shop.celery import app as celery\n",
        "backend/shop/settings.py": _SETTINGS,
        "backend/shop/celery.py": _CELERY,
        "backend/shop/heartbeat.py": documented("Celery", "python", "workers.md"),
        "backend/shop/urls.py": _URLS,
        "backend/shop/wsgi.py": f"{_START}\nfrom django.core.wsgi import get_wsgi_application\n\n"
        "application = get_wsgi_application()\n",
        "backend/orders/__init__.py": "",
        "backend/orders/models.py": _MODELS,
        "backend/orders/tasks.py": _TASKS,
        "backend/orders/migrations/__init__.py": "",
        "backend/orders/migrations/0001_initial.py": _MIGRATION,
        "frontend/package.json": _PACKAGE,
        "frontend/src/shop.js": 'document.title = "The shop";\n',
    }


def services() -> dict[str, Any]:
    """Return the services as documented, with what they connect to, and with a probe that is quick to tell."""
    found: dict[str, Any] = yaml.safe_load(documented("One image, several processes", "yaml"))["services"]
    environment = {"POSTGRES_PASSWORD": {"variable": "POSTGRES_PASSWORD"}}
    for name, service in found.items():
        service["environment"] = environment
        service["depends_on"] = {"db": "healthy", "queue": "healthy", **service.get("depends_on", {})}
        if name == "beat":
            service["volumes"] = {"media": "/app/media"}
    quick = {"interval": "2s", "retries": 2, "heartbeat": {"file": "/tmp/worker-heartbeat", "max_age": 8}}
    found["worker"] |= {"healthcheck": quick, "stop_grace_period": "1m", "concurrency": 2}
    # Its code has the heartbeat, and its health check is the one for code without.
    asked = {**found["worker"], "queues": ["none"], "concurrency": 1}
    found["asked"] = {**asked, "healthcheck": {**celery_ping("shop"), "interval": "2s", "retries": 2}}
    found["web"]["assets"] = {"ui": {"dist": "shop/static/ui"}}
    found["ui"] = {"kind": "assets", "path": "frontend", "artifacts": ["dist"]}
    kinds = {"db": {"kind": "image", "presets": ["postgres"]}, "queue": {"kind": "image", "presets": ["redis"]}}
    return {**found, **kinds}
