"""Write pdm.lock without what is a folder of the repository; wheels and sdists stay."""

import pathlib
import re
import sys

ARCHIVE = re.compile(r"\.(?:whl|zip|tgz|tar\.(?:gz|bz2|xz))", re.IGNORECASE)


def is_folder(package: str) -> bool:
    """Tell whether a [[package]] table has a path, which is that of no archive."""
    path = re.search(r'(?m)^path = "([^"]*)"', package)
    return path is not None and not ARCHIVE.search(path[1])


source, target = map(pathlib.Path, sys.argv[1:])
tables = re.split(r"(?m)^(?=\[\[package\]\])", source.read_text("utf-8"))
target.write_text("".join(table for table in tables if not is_folder(table)), "utf-8")
