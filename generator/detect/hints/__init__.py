"""What a build or an image will lack, told before it does. All of it is a warning, by what was detected before."""

from __future__ import annotations

from collections.abc import Iterator

from generator.detect.detected import Piece
from generator.detect.hints.build_fetches import detect_build_fetches
from generator.detect.hints.build_tools import detect_build_tools
from generator.detect.hints.certificates import detect_certificates
from generator.detect.hints.foreign_manifests import detect_foreign_manifests
from generator.detect.hints.git_sources import detect_git_sources
from generator.detect.hints.install_scripts import detect_install_scripts
from generator.detect.hints.native_packages import detect_native_packages
from generator.detect.hints.package_data import detect_package_data
from generator.detect.hints.scm_versions import detect_scm_versions
from generator.detect.hints.undeclared import detect_undeclared
from generator.detect.hints.unset_variables import detect_unset_variables
from generator.detect.hints.working_files import detect_working_files
from generator.detect.managers import record_of
from generator.detect.service_folder import Installation, Values


def detect_hints(installation: Installation, found: Values) -> Iterator[Piece]:
    """Warn of tools, libraries and scripts that the service does not name.

    Args:
        installation: The service.
        found: What was detected of it.
    """
    merged = {**installation.service.merged, **found}
    runtime, lock = installation.service.runtime, installation.fact("lock")
    locked = record_of(installation.manager).locked
    version = str(merged.get(runtime))
    packages = [*locked(installation, installation.beside_lock(lock), version)] if isinstance(lock, str) else []
    of_git = list(detect_git_sources(installation, packages))
    yield from of_git
    yield from detect_build_tools(installation)
    yield from detect_unset_variables(installation, found)
    yield from detect_foreign_manifests(installation)
    if not of_git:
        yield from detect_certificates(installation)
    if runtime == "python":
        yield from detect_scm_versions(installation, bool(merged.get("package")))
        yield from detect_package_data(installation, bool(merged.get("package")))
        yield from detect_working_files(installation, merged)
        yield from detect_native_packages(installation, packages, version)
    else:
        yield from detect_install_scripts(installation)
        yield from detect_build_fetches(installation)
        yield from detect_undeclared(installation)
