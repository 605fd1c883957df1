"""Read a file over HTTPS: without redirects, and within limits of size and time."""

from __future__ import annotations

import queue
import threading
import urllib.error
import urllib.request
from http.client import HTTPException, HTTPMessage
from typing import IO

SECONDS = 60.0
"""The longest that a server may take, from the first connection to the last byte."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,  # noqa: ARG002  # the signature is urllib's
        headers: HTTPMessage,
        newurl: str,
    ) -> None:
        """Refuse the redirect: the spec names one address, and another may serve something else."""
        raise urllib.error.HTTPError(req.full_url, code, f"redirects to {newurl}", headers, fp)


def read(url: str, most: int) -> bytes:
    """Return what is at an address, but at most `most` bytes.

    Raises:
        OSError: the server cannot be reached, refuses, redirects, or takes too long.
        ValueError: the address is malformed.
        HTTPException: the answer is not HTTP.
    """
    answers: queue.SimpleQueue[bytes | OSError | ValueError | HTTPException] = queue.SimpleQueue()
    # The timeout of urllib is for each packet: a server that sends a byte a minute never reaches it.
    threading.Thread(target=_read, args=(url, most, answers), daemon=True).start()
    try:
        answer = answers.get(timeout=SECONDS)
    except queue.Empty:
        raise TimeoutError(f"the server did not answer in full within {SECONDS:.0f} s") from None
    if isinstance(answer, bytes):
        return answer
    raise answer


def _read(url: str, most: int, answers: queue.SimpleQueue[bytes | OSError | ValueError | HTTPException]) -> None:
    opener = urllib.request.build_opener(_NoRedirect)
    try:
        with opener.open(url, timeout=SECONDS) as answer:
            answers.put(answer.read(most))
    except (OSError, ValueError, HTTPException) as error:  # URLError and HTTPError are OSErrors
        answers.put(error)
