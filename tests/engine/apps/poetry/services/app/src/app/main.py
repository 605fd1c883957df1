"""Answers every request, with what a dependency, an extra and a group made."""

from http.server import BaseHTTPRequestHandler, HTTPServer

import wcwidth
from packaging.version import Version
from pydantic import TypeAdapter
from shared import greet


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = TypeAdapter(str).validate_python(f"{greet('poetry')} {wcwidth.wcswidth('one')} {Version('1')}").encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


HTTPServer(("0.0.0.0", 8000), Handler).serve_forever()
