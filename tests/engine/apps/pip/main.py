"""Answers every request, with what a dependency that is compiled here made."""

from http.server import BaseHTTPRequestHandler, HTTPServer

import netifaces


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = f"Hello from pip {'lo' in netifaces.interfaces()}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


HTTPServer(("0.0.0.0", 8000), Handler).serve_forever()
