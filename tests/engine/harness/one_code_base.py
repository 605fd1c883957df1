"""One code base of Django and Celery, as `image_of` and roles describe it: a server, two workers, beat and a migration.

The server counts its orders when it starts, and fails where the migration has not ended.
"""

from __future__ import annotations

from typing import Any

from generator.detect.paths.heartbeats import celery_ping

from .running_services import documented

SECONDS = 4
"""How long a task takes: long enough to be stopped in it."""

_MANAGE = """\
import os

from django.core.management import execute_from_command_line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
if __name__ == "__main__":
    import sys

    execute_from_command_line(sys.argv)
"""
_SETTINGS = """\
import os

SECRET_KEY = os.environ.get("DJANGO_SECRET_KEY", "only the build")
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "shop.urls"
INSTALLED_APPS = ["orders"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": "db",
        "NAME": "app",
        "USER": "app",
        "PASSWORD": os.environ.get("DB_PASSWORD", ""),
    }
}
CELERY_BROKER_URL = "redis://queue:6379/0"
CELERY_BEAT_SCHEDULE = {"tick": {"task": "orders.tasks.note", "schedule": 2.0, "args": ["tick"]}}
"""
_CELERY = """\
import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
app = Celery("shop", include=["shop.heartbeat"])
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["orders"])
"""
_URLS = """\
from django.http import HttpResponse
from django.urls import path

from orders.models import Order
from orders.tasks import slow


def send(request, name):
    slow.delay(name)
    return HttpResponse("sent")


def seen(request, name):
    return HttpResponse(str(Order.objects.filter(name=name).count()))


urlpatterns = [
    path("healthz", lambda request: HttpResponse("ok")),
    path("send/<name>", send),
    path("seen/<name>", seen),
]
"""
_WSGI = """\
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
application = get_wsgi_application()

from orders.models import Order

Order.objects.count()
"""
_MODELS = """\
from django.db import models


class Order(models.Model):
    name = models.CharField(max_length=50)
"""
_MIGRATION = """\
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            "Order",
            [("id", models.BigAutoField(primary_key=True)), ("name", models.CharField(max_length=50))],
        )
    ]
"""
_TASKS = f"""\
import time

from celery import shared_task

from orders.models import Order


@shared_task
def slow(name):
    Order.objects.create(name=f"{{name}}-started")
    time.sleep({SECONDS})
    Order.objects.create(name=f"{{name}}-done")


@shared_task
def note(name):
    Order.objects.create(name=name)
"""


def files() -> dict[str, str]:
    """Return the files of the code base, with the heartbeat of docs/workers.md."""
    return {
        "backend/requirements.txt": "django\ngunicorn\ncelery[redis]\npsycopg[binary]\n",
        "backend/manage.py": _MANAGE,
        "backend/shop/__init__.py": "from shop.celery import app\n",
        "backend/shop/settings.py": _SETTINGS,
        "backend/shop/celery.py": _CELERY,
        "backend/shop/heartbeat.py": documented("Celery", "python", "workers.md"),
        "backend/shop/urls.py": _URLS,
        "backend/shop/wsgi.py": _WSGI,
        "backend/orders/__init__.py": "",
        "backend/orders/models.py": _MODELS,
        "backend/orders/tasks.py": _TASKS,
        "backend/orders/migrations/__init__.py": "",
        "backend/orders/migrations/0001_initial.py": _MIGRATION,
    }


def services() -> dict[str, Any]:
    """Return the services: `web` builds, and four others run its image."""
    environment = {"DB_PASSWORD": {"variable": "POSTGRES_PASSWORD"}, "DJANGO_SECRET_KEY": "0123456789"}
    celery = {"image_of": "web", "framework": "celery", "app": "shop", "environment": environment}
    often = {"interval": "5s"}
    after = {"migrate": "completed", "db": "healthy", "queue": "healthy"}
    return {
        "web": {
            "kind": "python",
            "path": "backend",
            "command": ["gunicorn", "shop.wsgi:application", "--bind=0.0.0.0:8000"],
            "ports": [8000],
            "environment": environment,
            "depends_on": after,
        },
        "migrate": {
            "kind": "job",
            "image_of": "web",
            "command": ["python", "manage.py", "migrate"],
            "environment": environment,
            "depends_on": {"db": "healthy"},
        },
        "worker": {"kind": "worker", **celery, "healthcheck": often, "depends_on": after},
        # As the fix of heartbeat-untouched has it, for a worker whose code has no heartbeat.
        "mails": {
            "kind": "worker",
            **celery,
            "queues": ["mails"],
            "concurrency": 1,
            "healthcheck": {**celery_ping("shop"), **often},
            "depends_on": after,
        },
        "beat": {"kind": "scheduler", **celery, "depends_on": after},
        "db": {"kind": "image", "presets": ["postgres"]},
        "queue": {"kind": "image", "presets": ["redis"]},
    }
