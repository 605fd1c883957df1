"""What the values of a service name in the repository, as paths and in commands, compared with what is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from generator.detect.paths.absent_programs import absent_programs
from generator.detect.paths.heartbeats import untouched_heartbeats
from generator.detect.paths.imported_words import unimportable_modules
from generator.detect.paths.missing_paths import missing_paths
from generator.detect.paths.named_paths import misspelled_paths
from generator.detect.paths.scripts import windows_scripts
from generator.detect.paths.shipped_words import unshipped_files, with_the_image
from generator.layers.fold import Folded
from generator.layers.mounts import missing_mounts
from generator.text.errors import Finding
from generator.text.files import Repository


def wrong_words(
    repository: Repository, name: str, service: Folded, services: Mapping[str, Folded]
) -> Iterator[Finding]:
    """Find paths, modules and heartbeats that nothing has, files that are not shipped, and scripts of Windows.

    Args:
        repository: The files.
        name: The name of the service.
        service: The service; its values need not be valid.
        services: All services, by name: one may run the image of another.
    """
    values = service.values
    yield from misspelled_paths(repository, name, values, service.own.values, service.locate)
    yield from missing_paths(repository, name, values, service.own.values, service.locate)
    yield from missing_mounts(repository, name, service)
    runs = with_the_image(values, services)
    yield from unshipped_files(repository, name, runs, service.locate)
    yield from unimportable_modules(repository, name, runs, service.locate)
    yield from untouched_heartbeats(repository, name, values, runs, service.chosen)
    yield from absent_programs(repository, name, runs, service.locate)
    yield from windows_scripts(repository, name, values)
