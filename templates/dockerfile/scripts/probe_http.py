"""Healthy if GET returns any 2xx status; a redirect is none. 127.0.0.1, since localhost may resolve to ::1."""

import http.client
import sys

port, path, *headers = sys.argv[1:]
connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=2)
connection.request("GET", path, headers=dict(header.split(": ", 1) for header in headers))
sys.exit(connection.getresponse().status // 100 != 2)
