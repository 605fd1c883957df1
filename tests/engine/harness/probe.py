"""Wait for a condition, and send HTTP requests to a service."""

import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message
from typing import TypeVar

T = TypeVar("T")

# Requests go to the loopback interface, so a proxy from the environment must not be used.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class Response:
    """An HTTP response: its status, its body and its headers (names in lower case)."""

    status: int
    body: bytes
    headers: dict[str, str]

    @property
    def text(self) -> str:
        """The body as UTF-8."""
        return self.body.decode()


def eventually(attempt: Callable[[], T], *, timeout: float = 30.0, interval: float = 0.1) -> T:
    """Repeat a call until it raises no exception.

    Args:
        attempt: The function to call.
        timeout: How long to try, in seconds.
        interval: The pause between two calls, in seconds.

    Raises:
        TimeoutError: The last call before the deadline raised an exception, which is the cause.
    """
    deadline = time.monotonic() + timeout
    while True:
        try:
            return attempt()
        except Exception as error:
            if time.monotonic() >= deadline:
                raise TimeoutError(f"not within {timeout:g} s: {error}") from error
        time.sleep(interval)


def http_get(url: str, timeout: float = 30.0, *, status: int | None = 200) -> Response:
    """Request a URL until the response has a status.

    Args:
        url: The URL.
        timeout: How long to try, in seconds; a single request may take 5 s.
        status: The status to wait for; None accepts the first response.

    Raises:
        TimeoutError: There was no such response before the deadline.
    """

    def attempt() -> Response:
        response = _request(url, min(timeout, 5.0))
        if status is not None and response.status != status:
            raise http.client.HTTPException(f"{url} answers {response.status}: {response.body[:200]!r}")
        return response

    return eventually(attempt, timeout=timeout)


def _request(url: str, timeout: float) -> Response:
    try:
        with _OPENER.open(url, timeout=timeout) as response:
            return Response(response.status, response.read(), _headers(response.headers))
    except urllib.error.HTTPError as error:
        with error:
            return Response(error.code, error.read(), _headers(error.headers))


def _headers(message: Message) -> dict[str, str]:
    return {name.lower(): value for name, value in message.items()}
