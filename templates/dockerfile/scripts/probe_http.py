"""Healthy if GET returns status 200. 127.0.0.1, since localhost may resolve to ::1."""

import http.client
import sys

port, path = sys.argv[1:]
connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=2)
connection.request("GET", path)
sys.exit(connection.getresponse().status != 200)
