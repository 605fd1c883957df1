"""Write the requirements of a pyproject.toml: those that ship, and those of all extras and groups for development."""

import argparse
import collections.abc
import pathlib
import tomllib

parser = argparse.ArgumentParser()
parser.add_argument("manifest", type=pathlib.Path)
parser.add_argument("folder", type=pathlib.Path)
parser.add_argument("--extra", action="append", default=[])
parser.add_argument("--group", action="append", default=[])
options = parser.parse_args()

manifest = tomllib.loads(options.manifest.read_text("utf-8"))
project, groups = manifest["project"], manifest.get("dependency-groups", {})
extras = project.get("optional-dependencies", {})


def members(group: str) -> collections.abc.Iterator[str]:
    """Give the requirements of a group, and of the groups that it includes."""
    for entry in groups[group]:
        yield from [entry] if isinstance(entry, str) else members(entry["include-group"])


def write(name: str, chosen_extras: list[str], chosen_groups: list[str]) -> None:
    """Write the project's requirements, with those of the extras and groups, to a file."""
    wanted = list(project.get("dependencies", []))
    for extra in chosen_extras:
        wanted += extras[extra]
    for group in chosen_groups:
        wanted += members(group)
    (options.folder / name).write_text("".join(f"{requirement}\n" for requirement in wanted), "utf-8")


write("requirements.txt", options.extra, options.group)
write("requirements-dev.txt", list(extras), list(groups))
