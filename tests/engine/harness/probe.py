"""Waiting for something to become true, and asking a service over HTTP."""

import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message
from typing import TypeVar

T = TypeVar("T")

# A test's requests go to the loopback interface: no proxy of the environment may answer them.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class Response:
    """An HTTP answer: its status, its body and its headers (names in lower case)."""

    status: int
    body: bytes
    headers: dict[str, str]

    @property
    def text(self) -> str:
        """The body as UTF-8."""
        return self.body.decode()


def eventually(attempt: Callable[[], T], *, timeout: float = 30.0, interval: float = 0.1) -> T:
    """Repeats a call until it stops raising.

    Args:
        attempt: What to call.
        timeout: How long to keep trying, in seconds.
        interval: The pause between two tries, in seconds.

    Raises:
        TimeoutError: It still raised at the deadline; the last error is the cause.
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
    """Requests a URL until it answers with a status.

    Args:
        url: Where to ask.
        timeout: How long to keep trying, in seconds; one request may take 5 s of it.
        status: The status to wait for; None takes the first answer of any kind.

    Raises:
        TimeoutError: Nothing answered so before the deadline.
    """

    def attempt() -> Response:
        answer = _request(url, min(timeout, 5.0))
        if status is not None and answer.status != status:
            raise http.client.HTTPException(f"{url} answers {answer.status}: {answer.body[:200]!r}")
        return answer

    return eventually(attempt, timeout=timeout)


def _request(url: str, timeout: float) -> Response:
    try:
        with _OPENER.open(url, timeout=timeout) as answer:
            return Response(answer.status, answer.read(), _headers(answer.headers))
    except urllib.error.HTTPError as error:
        with error:
            return Response(error.code, error.read(), _headers(error.headers))


def _headers(message: Message) -> dict[str, str]:
    return {name.lower(): value for name, value in message.items()}
