"""The Celery application. Run with `celery --app=shop_jobs.app worker`."""

import os

from celery import Celery

REDIS_URL = os.environ.get("REDIS_URL", "redis://localhost:6379/0")

app = Celery(
    "shop_jobs",
    broker=REDIS_URL,
    backend=REDIS_URL,
    include=["shop_jobs.heartbeat", "shop_jobs.tasks"],  # what the worker imports when it starts
)
app.conf.update(
    broker_connection_retry_on_startup=True,  # outwait a broker that starts later than the worker
    result_expires=60,
    # A task whose worker is killed or cut off goes to another one, so tasks must be repeatable.
    task_acks_late=True,
    worker_cancel_long_running_tasks_on_connection_loss=True,
)
