"""Drop from requirement files what is a folder of the repository; wheels and sdists stay."""

import pathlib
import re
import sys

ARCHIVE = re.compile(r"\.(?:whl|zip|tgz|tar\.(?:gz|bz2|xz))(?:[#?].*)?", re.IGNORECASE)
LOCAL = re.compile(r"(?:-e|--editable)[\s=]+(?P<editable>\S+)|(?:\S+\s*@\s*)?(?P<path>(?:file:|\.{0,2}/)[^\s;]*)")


def is_folder(requirement: str) -> bool:
    """Tell whether a line names a folder; what is editable may also come from a repository elsewhere."""
    found = LOCAL.match(requirement)
    path = found and (found["editable"] or found["path"])
    return bool(path) and not re.match(r"\w+\+", path) and not ARCHIVE.search(path.partition("[")[0])


for name in sys.argv[1:]:
    file = pathlib.Path(name)
    lines = file.read_text("utf-8").splitlines(keepends=True)
    file.write_text("".join(line for line in lines if not is_folder(line)), "utf-8")
