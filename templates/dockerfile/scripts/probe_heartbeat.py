"""Healthy while the file that the worker touches, or the newest in a folder, is not older than the given seconds."""

import pathlib
import sys
import time

path, max_age = pathlib.Path(sys.argv[1]), int(sys.argv[2])
newest = max(file.stat().st_mtime for file in (path.iterdir() if path.is_dir() else [path]))
sys.exit(time.time() - newest > max_age)
