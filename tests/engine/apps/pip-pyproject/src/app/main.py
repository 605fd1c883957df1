"""Answers every request, with what a native dependency made of a file that only MANIFEST.in makes part of the package."""

from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from pydantic import TypeAdapter

greeting = Path(__file__).with_name("greeting.txt").read_text(encoding="utf-8").strip()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = TypeAdapter(str).validate_python(greeting).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


HTTPServer(("0.0.0.0", 8000), Handler).serve_forever()
