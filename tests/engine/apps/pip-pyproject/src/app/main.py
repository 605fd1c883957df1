"""Answers every request, with what a native dependency made of a file of the package that is no code."""

from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from pydantic import TypeAdapter

PAGE = Path(__file__).with_name("templates") / "page.txt"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = TypeAdapter(str).validate_python(f"Hello from {PAGE.read_text('utf-8')}").encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


HTTPServer(("0.0.0.0", 8000), Handler).serve_forever()
