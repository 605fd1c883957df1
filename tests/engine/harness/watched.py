"""Wait for `docker compose watch`, which builds and starts all services before it watches them."""

import time
from collections.abc import Callable

BUILD_SECONDS = 600.0


def wait_until_watched(printed: Callable[[], str]) -> None:
    """Wait until everything is built, started and watched.

    Args:
        printed: Returns what the command has printed, and raises if it has ended.

    Raises:
        TimeoutError: It takes longer than a build may take.
    """
    end = time.monotonic() + BUILD_SECONDS
    while "Watch enabled" not in printed():
        if time.monotonic() > end:
            raise TimeoutError(printed())
        time.sleep(0.5)
