"""Fail if uv.lock lacks a requirement of the given members; uv itself can only check all members at once."""

import collections.abc
import pathlib
import sys
import tomllib
import typing

import pip._vendor.packaging.requirements as requirements
import pip._vendor.packaging.specifiers as specifiers
import pip._vendor.packaging.utils as utils

Table = dict[str, typing.Any]


def read(*path: str) -> Table:
    """Give what a TOML file says."""
    return tomllib.loads(pathlib.Path(*path).read_text("utf-8"))


def missing(entries: list[typing.Any], locked: list[Table]) -> collections.abc.Iterator[str]:
    """Give what is not locked as it is asked for; another member of the workspace has no versions there."""
    for wanted in (requirements.Requirement(entry) for entry in entries if isinstance(entry, str)):
        name = utils.canonicalize_name(wanted.name)
        found = [entry.get("specifier") for entry in locked if entry["name"] == name]
        if not any(text is None or specifiers.SpecifierSet(text) == wanted.specifier for text in found):
            yield str(wanted)


lock, refresh, *members = sys.argv[1:]
packages = {package["name"]: package.get("metadata", {}) for package in read(lock)["package"]}
for member in members:
    manifest = read(member, "pyproject.toml")
    project = manifest["project"]
    name = utils.canonicalize_name(project["name"])
    locked = packages.get(name, {})
    # An extra may ask for another extra of its own project.
    known = [{"name": name}, *locked.get("requires-dist", [])]
    lists = [project.get("dependencies", []), *project.get("optional-dependencies", {}).values()]
    stale = [text for entries in lists for text in missing(entries, known)]
    for group, entries in manifest.get("dependency-groups", {}).items():
        stale += missing(entries, locked.get("requires-dev", {}).get(utils.canonicalize_name(group), []))
    if stale:
        sys.exit(f"{lock} is stale, it has no {', '.join(stale)} of {member}; refresh it with: {refresh}")
