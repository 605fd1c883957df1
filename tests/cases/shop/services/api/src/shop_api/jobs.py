"""Calls to the jobs service: tasks are sent by name, so that none of the worker's code is needed here."""

import os
from typing import TypedDict, cast

from celery import Celery
from celery.exceptions import TimeoutError as TaskTimeout
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

WAIT_SECONDS = 5.0

REDIS_URL = os.environ.get("REDIS_URL", "redis://localhost:6379/0")

# Nothing connects before the first task is sent: the API starts, and answers its probe, without a broker.
celery = Celery("shop_api", broker=REDIS_URL, backend=REDIS_URL, set_as_current=False)
# While the broker is away a request fails soon: by default Celery would try again for minutes.
celery.conf.update(
    broker_transport_options={"socket_connect_timeout": 2, "socket_timeout": 2},
    redis_socket_connect_timeout=2,
    result_backend_transport_options={"retry_policy": {"max_retries": 1}},
    task_publish_retry=False,
)


class Price(TypedDict):
    """What the task `shop_jobs.price` returns."""

    total: str
    computed_by: str


def price(quantity: int) -> Price:
    """Let a worker compute the price; `TimeoutError` without a worker, `ConnectionError` without a broker.

    Blocks, so call it in a thread. Celery keeps one result connection per thread.
    """
    try:
        # An answer that nobody waits for any more need not be computed, hence `expires`.
        result = celery.send_task("shop_jobs.price", args=[quantity], expires=WAIT_SECONDS)
        try:
            return cast(Price, result.get(timeout=WAIT_SECONDS))
        finally:
            result.forget()
    except TaskTimeout as error:
        raise TimeoutError("no worker answered in time") from error
    except (OperationalError, RedisError, RuntimeError) as error:  # RuntimeError: Celery gave the result store up
        raise ConnectionError("the job queue is not reachable") from error
