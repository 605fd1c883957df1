"""Healthy if the path is answered with status 200. 127.0.0.1, since localhost may be ::1."""

import http.client
import sys

port, path = sys.argv[1:]
connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=2)
connection.request("GET", path)
sys.exit(connection.getresponse().status != 200)
