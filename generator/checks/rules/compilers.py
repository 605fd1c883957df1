"""What is compiled at install time needs a compiler in the build stages; slim images have none."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.project import Project
from generator.model.runtimes import JavaScript
from generator.text.errors import Finding

# What node-gyp runs: https://github.com/nodejs/node-gyp#installation
_NEEDED = ("g++", "make", "python3")


def missing_compilers(project: Project) -> Iterator[Finding]:
    """Find `rebuild` without the packages that node-gyp needs."""
    for service in project.built():
        if not isinstance(service, JavaScript) or not service.rebuild:
            continue
        have = {package.split("=")[0] for package in service.packages.build}
        if "build-essential" in have:
            have |= {"g++", "make"}
        missing = [name for name in _NEEDED if name not in have]
        if missing:
            yield project.finding(
                ("services", service.name, "rebuild"),
                f"{service.name} compiles {', '.join(service.rebuild)} without {' and '.join(missing)}",
                f"add to packages.build: {', '.join(missing)}",
                "compiler-missing",
            )
