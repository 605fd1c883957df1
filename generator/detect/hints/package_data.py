"""Files beside the code of a package that setuptools leaves out of its wheel, as templates, and so of the image.

https://setuptools.pypa.io/en/latest/userguide/datafiles.html: it takes what MANIFEST.in or `package-data` names, and
what plugins find in git, which the builder is not sent. Other backends take all that lies in a package.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from itertools import chain

from generator.detect.build_inputs import SETUPTOOLS_FILES
from generator.detect.detected import Piece
from generator.detect.managers.pyproject import requirement_name
from generator.detect.service_folder import Installation
from generator.text.errors import Finding, Location
from generator.text.files import dig, join, relative_to, texts
from generator.text.quote import quoted
from generator.text.tracked import files_below

_MANIFEST = "pyproject.toml"
_CODE = (".py", ".pyi", ".pyc", ".pyx", ".pxd", ".so", ".pyd", ".c", ".h", ".cc", ".cpp", ".md", ".rst", "py.typed")
_MOST = 2_000
"""Files that are looked at: every run does."""


def detect_package_data(installation: Installation, package: bool) -> Iterator[Piece]:
    """Warn of each package that the build installs without its data.

    Args:
        installation: The service.
        package: Whether the service itself is installed as a package.
    """
    own, *others = [folder for folder, _ in installation.package_folders()]
    for folder in dict.fromkeys([*([own] if package else []), *others, *installation.local_folders()]):
        data = installation.repository.toml(join(folder, _MANIFEST)) or {}
        names = {requirement_name(one) for one in texts(data, "build-system", "requires")}
        said = dig(data, "tool", "setuptools", "package-data") is not None
        # These say more than is read here, or name the data.
        if "setuptools" in names and not said and installation.repository.names(folder).isdisjoint(SETUPTOOLS_FILES):
            yield from _left_out(installation, folder)


def _left_out(installation: Installation, folder: str) -> Iterator[Finding]:
    """Warn of the first file of a project that is no code."""
    for root, package in packages_of(installation, folder):
        files = files_below(installation.repository, join(root, package), _MOST)
        if (first := next((file for file in files if not file.endswith(_CODE)), None)) is None:
            continue
        inside = relative_to(join(root, package), first)
        parent, name = posixpath.split(inside)
        pattern = f"{parent}/**/*" if parent else f"*{posixpath.splitext(name)[1] or name}"
        line = f"[tool.setuptools.package-data] {package} = {quoted([pattern])}"
        yield Finding(
            location=Location(file=first),
            message=f"setuptools leaves {inside} out of {package}: {installation.service.name} ships without it",
            fix=f"write into {join(folder, _MANIFEST)}: {line}",
            code="package-data-left-out",
            level="warn",
        )
        return


def packages_of(installation: Installation, folder: str) -> Iterator[tuple[str, str]]:
    """Yield the packages of a project, each as the folder that it is in and its name."""
    names, source = installation.repository.names, join(folder, "src")
    inside = [(source, name) for name in sorted(names(source))]
    flat = [(folder, name) for name in sorted(names(folder))] if not inside else []
    for root, name in chain(inside, flat):
        plain = name.removesuffix("/")
        if name.endswith("/") and "__init__.py" in names(join(root, plain)):
            yield root, plain
