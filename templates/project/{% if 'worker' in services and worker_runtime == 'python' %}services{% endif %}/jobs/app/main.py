"""A background worker. Run with `python -m app.main`."""

import os
import signal
from pathlib import Path
from threading import Event, Thread

# The health check looks at the age of this file: a worker that hangs stops touching it.
HEARTBEAT = Path(os.environ.get("WORKER_HEARTBEAT_FILE", "/tmp/worker-heartbeat"))
PAUSE_SECONDS = 1.0


def work(turn: int) -> None:
    """One unit of work: replace it with yours, for example the next message of a queue."""
    print("turn", turn, "done", flush=True)


def main() -> None:
    stop = Event()
    # wait() may hold the event's lock when a signal handler interrupts it, so set() needs a thread of its own.
    for signum in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signum, lambda *_: Thread(target=stop.set).start())
    turn = 0
    try:
        while not stop.is_set():  # only here: a unit that has begun is finished
            turn += 1
            work(turn)
            HEARTBEAT.touch()
            stop.wait(PAUSE_SECONDS)
    finally:
        HEARTBEAT.unlink(missing_ok=True)  # a stopped worker must not look alive
    print("stopped", flush=True)


if __name__ == "__main__":
    main()
