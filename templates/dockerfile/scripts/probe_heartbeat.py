"""Healthy while the file that the worker touches is not older than the given seconds."""

import pathlib
import sys
import time

file, max_age = sys.argv[1:]
sys.exit(time.time() - pathlib.Path(file).stat().st_mtime > int(max_age))
