"""Poetry: requirements in [project], or in a table of its own."""

from __future__ import annotations

from collections.abc import Iterator

from generator.detect.managers.manager import Dependency, Manager
from generator.detect.managers.pyproject import canonical, dependencies, unlocked
from generator.detect.managers.toml_lock import locked_packages
from generator.detect.service_folder import Installation
from generator.text.files import mapping


def find_unlocked(installation: Installation, lock: str) -> Iterator[Dependency]:
    """Compare with both tables; of its own only by name, since its ranges are no specifiers of PEP 440."""
    manifest = installation.service.in_service("pyproject.toml")
    data = installation.repository.toml(manifest) or {}
    locked = locked_packages(installation.repository, lock)
    yield from unlocked(manifest, dependencies(data), locked)
    for name, wanted in mapping(data, "tool", "poetry", "dependencies").items():
        if name != "python" and isinstance(wanted, str) and canonical(name) not in locked:
            yield Dependency(manifest=manifest, name=name, wanted=wanted)


MANAGER = Manager(
    runtimes=("python",),
    required_facts=("manifest", "lock", "version", "exporter", "installer"),
    find_unlocked=find_unlocked,
    version_key=("tool", "poetry", "requires-poetry"),
    package_switch=("tool", "poetry", "package-mode"),
    readme_key=("tool", "poetry", "readme"),
)
