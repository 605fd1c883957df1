"""Build scripts that fetch, as far as package.json and imports say it: such a script fails without a network."""

from __future__ import annotations

from collections.abc import Iterator

from generator.detect.detected import Piece
from generator.detect.managers.package_json import ranges
from generator.detect.managers.package_scripts import commands_of, fetched_by
from generator.detect.paths.imports import imported
from generator.detect.service_folder import Installation
from generator.text.errors import Finding, Location
from generator.text.files import join, mapping

_MANIFEST = "package.json"
# https://nextjs.org/docs/app/api-reference/components/font: the build downloads the files.
_FONTS = "next/font/google"


def detect_build_fetches(installation: Installation) -> Iterator[Piece]:
    """Warn of the first thing that the build of the service fetches, unless its build has a network."""
    service = installation.service
    if service.merged.get("build_network") == "default":
        return
    for what, place in _fetching(installation):
        yield Finding(
            location=place,
            message=f"the build of {service.name} fetches by {what}, and it runs without a network",
            fix="add build_network: default; or have the package manager install what it fetches",
            code="build-fetches",
            level="warn",
        )
        return


def _fetching(installation: Installation) -> Iterator[tuple[str, Location]]:
    repository, build = installation.repository, installation.service.merged.get("build")
    for folder, _ in installation.package_folders():
        manifest = join(folder, _MANIFEST)
        scripts = mapping(repository.json(manifest), "scripts")
        is_own = folder == installation.service.path
        if (is_own and "build" in installation.service.own and build is None) or not scripts:
            continue
        installed = {*ranges(repository.json(manifest)), *ranges(repository.json(installation.beside_lock(_MANIFEST)))}
        for script, words in commands_of(scripts, build if is_own and isinstance(build, str) else "build"):
            if what := fetched_by(words, installed):
                yield what, repository.locate(manifest, '"scripts"', f'"{script}"')
        if is_own and _FONTS in (found := imported(repository, folder)):
            yield _FONTS, found[_FONTS]
