"""Answers every request, with what a package of the workspace made."""

from http.server import BaseHTTPRequestHandler, HTTPServer

from shared import greet


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = greet("uv-workspace").encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


HTTPServer(("0.0.0.0", 8000), Handler).serve_forever()
