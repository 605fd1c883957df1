"""Write the requirements of packages of the repository to files, but for those on each other."""

import pathlib
import re
import sys
import tomllib
import typing


def name_of(requirement: str) -> str:
    """Give the normalised name at the beginning of a requirement."""
    return re.sub(r"[-_.]+", "-", re.split(r"[^\w.-]", requirement.strip())[0]).lower()


root, *words = sys.argv[1:]
projects: dict[str, list[dict[str, typing.Any]]] = {}
for word in words:
    if word.startswith("/"):
        projects[word] = written = []
    else:
        written.append(tomllib.loads(pathlib.Path(root, word, "pyproject.toml").read_text("utf-8"))["project"])
own = {name_of(project["name"]) for found in projects.values() for project in found}
for file, found in projects.items():
    lines = [line for project in found for line in project.get("dependencies", []) if name_of(line) not in own]
    pathlib.Path(file).write_text("".join(f"{line}\n" for line in lines), "utf-8")
