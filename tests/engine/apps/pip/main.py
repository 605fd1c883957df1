"""Answers every request, with what a dependency that is compiled here made, and files beside the program."""

from configparser import ConfigParser
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import netifaces

settings = ConfigParser()
settings.read("settings.ini", encoding="utf-8")


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        page = Path(settings["page"]["template"]).read_text(encoding="utf-8").strip()
        body = f"{page} {'lo' in netifaces.interfaces()}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


HTTPServer(("0.0.0.0", 8000), Handler).serve_forever()
