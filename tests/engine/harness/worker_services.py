"""One image with every framework that workers and schedulers can be built on, each with the code of docs/workers.md."""

from __future__ import annotations

from typing import Any

from .running_services import documented

PAGE = "workers.md"
QUEUE = "redis://queue:6379/0"
SECONDS = 4
"""How long a task takes: long enough to be stopped in it."""

_OFTEN = {"healthcheck": {"interval": "10s", "timeout": "8s"}}
WORKERS: dict[str, dict[str, Any]] = {
    "celery": {"app": "shop.celery_app", "queues": ["celery", "mails"]},
    "rq": {"queues": ["high", "default"]},
    "dramatiq": {"app": "shop.dramatiq_app"},
    "arq": {"app": "shop.arq_app.WorkerSettings"},
    "taskiq": {"app": "shop.taskiq_app:broker"},
    "huey": {"app": "shop.huey_app.huey"},
}
BLOCKED = ("arq", "taskiq", "huey")
"""Those whose tasks run in the loop or in the one thread that tells that the worker lives."""

SCHEDULERS: dict[str, dict[str, Any]] = {
    "celery": {"app": "shop.celery_app"},
    "rq": {"app": "shop.rq_cron"},
    "arq": {"app": "shop.arq_app.SchedulerSettings"},
    "taskiq": {"app": "shop.taskiq_app:scheduler"},
}

_WORK = f"""\
import os
import time

import redis

URL = os.environ["REDIS_URL"]
STORE = redis.Redis.from_url(URL, decode_responses=True)


def work(name):
    STORE.set(f"started:{{name}}", "1")
    time.sleep({SECONDS})
    STORE.set(f"done:{{name}}", "1")


def hang(name):
    STORE.set(f"hung:{{name}}", "1")
    time.sleep(3600)


def tick(name):
    STORE.incr(f"ticks:{{name}}")
"""
_CELERY = """\
from celery import Celery

from shop.work import URL, hang, tick, work

app = Celery("shop", broker=URL, include=["shop.heartbeat"])
app.conf.beat_schedule = {"each": {"task": "tick", "schedule": 2.0}}


@app.task(name="slow")
def slow():
    work("celery")


@app.task(name="hang")
def hung():
    hang("celery")


@app.task(name="tick")
def each():
    tick("celery")
"""
_RQ_CRON = """\
from rq import cron

from shop.work import tick

cron.register(tick, queue_name="default", args=("rq",), interval=2)
"""
_DRAMATIQ = """\
import dramatiq

from shop.broker import HeartbeatBroker
from shop.work import URL, hang, work

dramatiq.set_broker(HeartbeatBroker(url=URL))


@dramatiq.actor
def slow():
    work("dramatiq")


@dramatiq.actor
def hung():
    hang("dramatiq")
"""
_ARQ = """\
import asyncio
import os

from arq import cron
from arq.connections import RedisSettings

from shop.work import hang, tick, work


async def slow(context):
    await asyncio.to_thread(work, "arq")


async def hung(context):
    hang("arq")


async def each(context):
    await asyncio.to_thread(tick, "arq")


{settings}

class SchedulerSettings:
    redis_settings = WorkerSettings.redis_settings
    health_check_interval = 20
    queue_name = "cron"
    cron_jobs = [cron(each, second=set(range(0, 60, 2)))]
"""
_TASKIQ = """\
import asyncio
import os
from pathlib import Path

from taskiq import ScheduledTask, TaskiqEvents, TaskiqScheduler, TaskiqState
from taskiq.schedule_sources import LabelScheduleSource
from taskiq_redis import ListQueueBroker

from shop.work import URL, hang, tick, work

broker = ListQueueBroker(URL)


{heartbeat}

@broker.task
async def slow():
    await asyncio.to_thread(work, "taskiq")


@broker.task
async def hung():
    hang("taskiq")


@broker.task(schedule=[{{"interval": 2}}])
async def each():
    await asyncio.to_thread(tick, "taskiq")


{source}

scheduler = TaskiqScheduler(broker, [HeartbeatSource(broker)])
"""
_HUEY = """\
import os
from pathlib import Path

from huey import RedisHuey, crontab

from shop.work import URL, hang, work

huey = RedisHuey("shop", url=URL)


{heartbeat}

@huey.task()
def slow():
    work("huey")


@huey.task()
def hung():
    hang("huey")
"""
_SEND = """\
import asyncio
import sys

import redis
from arq import create_pool
from rq import Queue

from shop import arq_app, celery_app, dramatiq_app, huey_app, taskiq_app
from shop.work import URL

TASK, WORK = ("hung", "hang") if "hang" in sys.argv else ("slow", "work")


async def send():
    await taskiq_app.broker.startup()
    await getattr(taskiq_app, TASK).kiq()
    await taskiq_app.broker.shutdown()
    pool = await create_pool(arq_app.WorkerSettings.redis_settings)
    await pool.enqueue_job(TASK)


getattr(celery_app, TASK).apply_async(queue="mails")
getattr(dramatiq_app, TASK).send()
getattr(huey_app, TASK)()
Queue("high", connection=redis.Redis.from_url(URL)).enqueue(f"shop.work.{WORK}", "rq", job_timeout=3600)
asyncio.run(send())
"""


def files() -> dict[str, str]:
    """Return the files of the one code base."""
    return {
        "requirements.txt": "celery[redis]\nrq\ndramatiq[redis]\narq\ntaskiq\ntaskiq-redis\nhuey\nredis\n",
        "shop/__init__.py": "",
        "shop/work.py": _WORK,
        "shop/celery_app.py": _CELERY,
        "shop/heartbeat.py": documented("Celery", "python", PAGE),
        "shop/rq_worker.py": documented("RQ", "python", PAGE),
        "shop/rq_cron.py": _RQ_CRON,
        "shop/broker.py": documented("Dramatiq", "python", PAGE),
        "shop/dramatiq_app.py": _DRAMATIQ,
        "shop/arq_app.py": _ARQ.format(settings=documented("arq", "python", PAGE).replace("[slow]", "[slow, hung]")),
        "shop/taskiq_app.py": _TASKIQ.format(
            heartbeat=documented("taskiq", "python", PAGE),
            source=documented("The scheduler of taskiq", "python", PAGE),
        ),
        "shop/huey_app.py": _HUEY.format(heartbeat=documented("Huey", "python", PAGE)),
        "shop/send.py": _SEND,
    }


def services() -> dict[str, Any]:
    """Return the services: one builds, and all others run its image."""
    environment = {"REDIS_URL": QUEUE, "RQ_REDIS_URL": QUEUE, "RQ_WORKER_CLASS": "shop.rq_worker.HeartbeatWorker"}
    shared = {"image_of": "send", "environment": environment, "depends_on": {"queue": "healthy"}}
    sender = {
        "kind": "job",
        "runtime": "python",
        "path": ".",
        "manager": "pip",
        "command": ["python", "-m", "shop.send"],
        "environment": {**environment, "WORKER_HEARTBEAT_FILE": "/tmp/none"},
        "depends_on": dict.fromkeys(WORKERS, "healthy"),
    }
    workers = {
        name: {"kind": "worker", "framework": name, **shared, **own, **_OFTEN, "stop_grace_period": "1m"}
        for name, own in WORKERS.items()
    }
    schedulers = {
        f"{name}-cron": {"kind": "scheduler", "framework": name, **shared, **own} for name, own in SCHEDULERS.items()
    }
    return {"send": sender, "queue": {"kind": "image", "presets": ["redis"]}, **workers, **schedulers}
