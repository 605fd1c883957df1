"""Drop from requirement files what is a folder of the repository, and give the full path of a wheel or an sdist."""

import pathlib
import re
import sys

ARCHIVE = re.compile(r"\.(?:whl|zip|tgz|tar\.(?:gz|bz2|xz))$", re.IGNORECASE)
LOCAL = re.compile(
    r"\s*(?:(?:-e|--editable)[\s=]+(?P<editable>[^\s;]+)|(?:[\w.-]+\s*(?:\[[^\]]*\]\s*)?@\s*)?(?P<path>"
    r"(?:file:|\.{0,2}/)[^\s;]*|\.{1,2}(?:\[\S*)?(?=[\s;]|$)|[^\s;@:]+\.(?:whl|zip|tar\.gz)))"
)


def placed(requirement: str) -> str:
    """Give a line as it is to stand; what is editable may also come from a repository elsewhere."""
    found = LOCAL.match(requirement)
    if not found or re.match(r"\w+\+", path := found["editable"] or found["path"]):
        return requirement
    if not ARCHIVE.search(re.split(r"[\[#?]", path)[0]):
        return ""
    if path.startswith(("/", "file:")):
        return requirement
    return requirement.replace(path, str(pathlib.Path(path).resolve()), 1)


for name in sys.argv[1:]:
    file = pathlib.Path(name)
    lines = file.read_text("utf-8").splitlines(keepends=True)
    file.write_text("".join(map(placed, lines)), "utf-8")
