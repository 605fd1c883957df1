"""A file whose age tells a health check whether the worker still consumes.

Celery sends `heartbeat_sent` every two seconds from the loop that reads the broker: the file grows old when that loop
hangs or the broker is away. Looking at it costs milliseconds; `celery inspect ping` starts a second Celery.
"""

import os
from pathlib import Path
from typing import Any

from celery.signals import heartbeat_sent, worker_ready, worker_shutdown

PATH = Path(os.environ.get("WORKER_HEARTBEAT_FILE", "/tmp/worker-heartbeat"))


@worker_ready.connect
@heartbeat_sent.connect
def beat(**_: Any) -> None:
    """Mark the worker as alive now."""
    PATH.touch()


@worker_shutdown.connect
def stop(**_: Any) -> None:
    """A stopped worker must not look alive."""
    PATH.unlink(missing_ok=True)
