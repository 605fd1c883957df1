"""Answers every request, with what a native dependency made."""

from http.server import BaseHTTPRequestHandler, HTTPServer

from pydantic import TypeAdapter


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = TypeAdapter(str).validate_python("Hello from poetry-legacy").encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


HTTPServer(("0.0.0.0", 8000), Handler).serve_forever()
