"""Answers every request, with what a dependency of each requirement file made."""

from http.server import BaseHTTPRequestHandler, HTTPServer

import wcwidth
from packaging.version import Version
from pydantic import TypeAdapter
from shared import greet
from words import EXTRA


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        text = f"{greet('pip-files')} {wcwidth.wcswidth('one')} {Version('1')} {EXTRA}"
        body = TypeAdapter(str).validate_python(text).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


HTTPServer(("0.0.0.0", 8000), Handler).serve_forever()
