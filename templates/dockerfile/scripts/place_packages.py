"""Drop from requirement files what is a folder of the repository, and give the full path of a wheel or an sdist."""

import os
import pathlib
import re
import sys

ARCHIVE = re.compile(r"\.(?:whl|zip|tgz|tar\.(?:gz|bz2|xz))$", re.IGNORECASE)
LOCAL = re.compile(r"(?:-e|--editable)[\s=]+(?P<editable>[^\s;]+)|(?:\S+\s*@\s*)?(?P<path>(?:file:|\.{0,2}/)[^\s;]*)")


def placed(requirement: str) -> str:
    """Give a line as it is to stand; what is editable may also come from a repository elsewhere."""
    found = LOCAL.match(requirement)
    if not found or re.match(r"\w+\+", path := found["editable"] or found["path"]):
        return requirement
    if not ARCHIVE.search(re.split(r"[\[#?]", path)[0]):
        return ""
    return requirement.replace(path, os.path.abspath(path), 1) if path.startswith(".") else requirement


for name in sys.argv[1:]:
    file = pathlib.Path(name)
    lines = file.read_text("utf-8").splitlines(keepends=True)
    file.write_text("".join(map(placed, lines)), "utf-8")
