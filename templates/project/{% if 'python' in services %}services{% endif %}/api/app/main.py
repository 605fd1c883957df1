"""A small HTTP service. Run with `python -m app.main`."""

import json
import signal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

ADDRESS = ("0.0.0.0", 8000)  # every interface: a container's own localhost is not reachable from outside
ROUTES = {
    "/": {"message": "Hello from api"},
    "/healthz": {"status": "ok"},
}


class Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    timeout = 5  # seconds that a silent client may hold a connection, and so a shutdown

    def do_GET(self) -> None:
        answer = ROUTES.get(self.path.partition("?")[0])
        body = json.dumps(answer or {"error": "not found"}).encode()
        self.send_response(200 if answer else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        if self.path != "/healthz":  # probes would drown the log
            super().log_request(code, size)

    def log_message(self, format: str, *args: Any) -> None:
        print(self.address_string(), format % args, flush=True)


class Server(ThreadingHTTPServer):
    """Serves each request in a thread, and waits for them all when it closes."""

    daemon_threads = False


def main() -> None:
    with Server(ADDRESS, Handler) as server:
        # shutdown() waits for the loop that a signal handler interrupts, so it needs a thread of its own.
        for signum in (signal.SIGINT, signal.SIGTERM):
            signal.signal(signum, lambda *_: Thread(target=server.shutdown).start())
        print("listening on port", ADDRESS[1], flush=True)
        server.serve_forever()
    print("stopped", flush=True)


if __name__ == "__main__":
    main()
