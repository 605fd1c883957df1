"""Whether what is installed is for Linux: binaries that npm has not locked, and settings that choose platforms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from generator.detect.service_folder import Installation
from generator.text.errors import Finding
from generator.text.files import dig, mapping

# What images are: Debian, on one of these processors, with glibc.
_BUILT_ON = {"os": ("current", "linux"), "cpu": ("current", "x64", "arm64"), "libc": ("current", "glibc")}
_PROCESSORS = {"x64": "arm64", "arm64": "x64"}
_ANEW = "write it anew, from nothing: rm -rf node_modules package-lock.json && npm install"


def check_binaries(installation: Installation, lock: str, packages: dict[str, Any]) -> Iterator[Finding]:
    """Report each package whose binaries are locked for other platforms only; warn where one processor is left out.

    npm locks the binaries of all platforms, unless it starts from a node_modules that has those of one
    (https://github.com/npm/cli/issues/4828).
    """
    locked = {path.rpartition("node_modules/")[2] for path in packages}
    for path, package in packages.items():
        optional = mapping(package, "optionalDependencies")
        # Images have glibc.
        binaries = [name for name in optional if "linux" in name and "musl" not in name]
        if not path or not binaries:
            continue
        name, place = path.rpartition("node_modules/")[2], installation.repository.locate(lock, f'"{path}"')
        if locked.isdisjoint(binaries):
            has = next((f"has {other} for {name}" for other in optional if other in locked), f"has {name}")
            message = f"{lock} {has}, and nothing for Linux, as {_common(binaries)}"
            yield Finding(location=place, message=message, fix=_ANEW, code="lock-platform")
        elif (pair := _one_of_two(binaries, locked)) is not None:
            yield Finding(
                location=place,
                message=f"{lock} has {pair[0]} for {name}, and not {pair[1]}, so that other processors cannot use it",
                fix=f"{_ANEW}; nothing is wrong if no other processor builds or runs {installation.service.name}",
                code="lock-processor",
                level="warn",
            )


def _common(binaries: list[str]) -> str:
    return next((name for name in binaries if re.search(r"linux-x64(?:-gnu)?$", name)), binaries[0])


def _one_of_two(binaries: list[str], locked: set[str]) -> tuple[str, str] | None:
    """Give a binary that is locked, and the one for the other common processor, which is not."""
    for name in binaries:
        for processor, other in _PROCESSORS.items():
            counterpart = name.replace(processor, other)
            if name in locked and counterpart in binaries and counterpart not in locked:
                return name, counterpart
    return None


def check_architectures(installation: Installation, file: str, said: Any, *heading: str) -> Iterator[Finding]:
    """Report `supportedArchitectures` of a settings file where nothing in it is what images run on.

    Args:
        installation: The service.
        file: The settings file.
        said: The mapping that it has.
        heading: The words in the file that lead to the mapping.
    """
    for key, fitting in _BUILT_ON.items():
        value = dig(said, key)
        names = [str(name) for name in (value if isinstance(value, list) else [value] if value else [])]
        if names and not set(names) & set(fitting):
            yield Finding(
                location=installation.repository.locate(file, *heading, key),
                message=f"{installation.service.name} is installed for {key} {', '.join(names)}, and its image is "
                "Debian Linux",
                fix=f"add what each machine is: {key}: [current, {', '.join(names)}]",
                code="setting-unsupported",
            )
