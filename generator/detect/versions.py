"""Versions that the repository names: of the language, and of the package manager."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from generator.detect.subject import Subject
from generator.model.names import VERSION
from generator.text.errors import Location
from generator.text.files import dig

Fits = Callable[[str, str], bool]

# What to choose from when a repository only gives a range, newest first. Of Node, the lines with long support.
_PYTHONS = tuple(f"3.{minor}" for minor in range(14, 8, -1))
_NODES = ("24", "22", "20", "18")


def find_python(subject: Subject) -> None:
    """`.python-version` and `requires-python`."""
    pins = [*_pins(subject, (".python-version",))]
    wanted = dig(subject.repository.toml(subject.here("pyproject.toml")), "project", "requires-python")
    location = subject.repository.locate(subject.here("pyproject.toml"), "requires-python")
    _language(subject, "python", pins, (wanted, location), fits_python, _PYTHONS)


def find_node(subject: Subject) -> None:
    """`.nvmrc`, `.node-version` and `engines.node`; then `packageManager` and `engines` for the manager."""
    manifest = subject.here("package.json")
    pins = [*_pins(subject, (".nvmrc", ".node-version"))]
    wanted = dig(subject.repository.json(manifest), "engines", "node")
    _language(
        subject, "node", pins, (wanted, subject.repository.locate(manifest, '"engines"', '"node"')), fits_node, _NODES
    )


def find_package_manager(subject: Subject) -> None:
    """`packageManager` of package.json: the manager's name and its exact version."""
    for manifest in dict.fromkeys((subject.here("package.json"), subject.above("package.json"))):
        said = dig(subject.repository.json(manifest), "packageManager")
        match = re.match(r"^(npm|pnpm|yarn|bun)@(\d+\.\d+\.\d+[\w.-]*)", said) if isinstance(said, str) else None
        if not match:
            continue
        name, version = match.groups()
        location = subject.repository.locate(manifest, '"packageManager"')
        if name != subject.manager.removesuffix("-classic"):
            message = f"packageManager is {name}, but {subject.name} is installed by {subject.manager}"
            fix = f"correct packageManager, or set manager: {name} and make its lock file"
            subject.found.problem(location, message, fix)
        else:
            _tool(subject, version, location)
        return
    _engines(subject)


def _engines(subject: Subject) -> None:
    manifest = subject.above("package.json")
    name = subject.manager.removesuffix("-classic")
    wanted, version = dig(subject.repository.json(manifest), "engines", name), subject.fact("version")
    if isinstance(wanted, str) and isinstance(version, str) and not fits_node(version, wanted):
        location = subject.repository.locate(manifest, '"engines"', f'"{name}"')
        message = f"{subject.name} asks for {name} {wanted}, and the presets have {version}"
        subject.found.problem(location, message, f'name the version, as "packageManager": "{name}@…" in package.json')


def find_required_version(subject: Subject) -> None:
    """`required-version` of uv, `requires-poetry` of Poetry."""
    manifest = subject.above("pyproject.toml")
    keys = {"uv": ("tool", "uv", "required-version"), "poetry": ("tool", "poetry", "requires-poetry")}
    wanted = dig(subject.repository.toml(manifest), *keys.get(subject.manager, ("",)))
    version = subject.fact("version")
    if not isinstance(wanted, str) or not isinstance(version, str):
        return
    location = subject.repository.locate(manifest, keys[subject.manager][-1])
    exact = re.fullmatch(r"(?:==\s*)?(\d+\.\d+\.\d+)", wanted.strip())
    if exact:
        _tool(subject, exact[1], location)
    elif not fits_python(version, wanted):
        message = f"{subject.name} asks for {subject.manager} {wanted}, and the presets have {version}"
        subject.found.problem(location, message, 'choose one, as install: {version: "…"}')


def _tool(subject: Subject, version: str, location: Location) -> None:
    own = dig(subject.own, "install", "version")
    if isinstance(own, str) and own != version:
        message = f"{subject.name} has install.version {own}, and the repository asks for {version}"
        subject.found.warning(
            subject.locate("install", "version"), message, f"leave it out, or correct {location.file}"
        )
    if version != subject.fact("version"):
        subject.found.set(("install", "version"), version, location)


def _pins(subject: Subject, names: tuple[str, ...]) -> Iterator[tuple[str, Location]]:
    """The exact versions that files of these names give, the service's own folder before its workspace's."""
    for folder_path in dict.fromkeys((subject.here, subject.above)):
        for name in names:
            text = subject.repository.text(folder_path(name)) or ""
            said = text.strip().splitlines()[0].strip().removeprefix("v") if text.strip() else ""
            if re.fullmatch(VERSION, said):
                yield said, subject.repository.locate(folder_path(name))


def _language(
    subject: Subject,
    key: str,
    pins: list[tuple[str, Location]],
    wanted: tuple[Any, Location],
    fits: Fits,
    known: tuple[str, ...],
) -> None:
    own, preset = subject.own.get(key), subject.merged.get(key)
    version, location = pins[0] if pins else (preset, wanted[1])
    for other, place in pins[1:]:
        if not _same(other, pins[0][0]):
            message = f"{place.file} says {other}, and {pins[0][1].file} says {pins[0][0]}"
            subject.found.problem(place, message, "make them agree")
    if isinstance(own, str):
        if pins and not _same(own, pins[0][0]):
            message = f"{subject.name} has {key} {own}, and {pins[0][1].file} says {pins[0][0]}"
            subject.found.warning(subject.locate(key), message, f"leave {key} out, or correct {pins[0][1].file}")
        version = own
    if isinstance(wanted[0], str) and isinstance(version, str) and not fits(version, wanted[0]):
        better = next((candidate for candidate in known if fits(candidate, wanted[0])), None)
        if version == preset and not isinstance(own, str) and not pins and better:
            version = better
        else:
            message = f"{subject.name} is built with {key} {version}, but asks for {wanted[0]}"
            subject.found.problem(wanted[1], message, "change one of the two")
    if not isinstance(own, str) and version != preset:
        subject.found.set((key,), version, location)


def _same(one: str, other: str) -> bool:
    """Whether one version is the other, or its beginning: 3.13 and 3.13.1."""
    first, second = one.split("."), other.split(".")
    shorter = min(len(first), len(second))
    return first[:shorter] == second[:shorter]


def fits_python(version: str, wanted: str) -> bool:
    """Whether some release of `version` (3.13 has many) fits a specifier of PEP 440; True for what is none."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        specifiers = SpecifierSet(wanted)
    except InvalidSpecifier:
        return True
    return any(specifiers.contains(candidate, prereleases=True) for candidate in _releases(version))


def fits_node(version: str, wanted: str) -> bool:
    """Whether some release of `version` (24 has many) fits a range of npm; True for what is none."""
    from semantic_version import NpmSpec, Version

    try:
        wanted_range = NpmSpec(wanted)
        return any(Version(candidate) in wanted_range for candidate in _releases(version))
    except ValueError:
        return True


def _releases(version: str) -> tuple[str, str]:
    """The first and the last release that a version with two or three parts stands for."""
    parts = version.split(".")
    missing = 3 - len(parts)
    return ".".join(parts + ["0"] * missing), ".".join(parts + ["999"] * missing)
