"""What a package manager is to this program: one record. A field that says nothing of a manager keeps its default."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from generator.detect.detected import Piece
from generator.detect.service_folder import Installation
from generator.detect.workspace import WorkspaceKind
from generator.text.errors import Finding, KeyPath

if TYPE_CHECKING:
    from generator.model.install import Install


class Dependency(NamedTuple):
    """A direct dependency: `manifest` asks for the package `name` in a version of the range `wanted`."""

    manifest: str
    name: str
    wanted: str


class Patch(NamedTuple):
    """A patch of a package: `manifest` names it with the text `said`; both paths start from the lock file's folder."""

    manifest: str
    said: str
    path: str


class Refusal(NamedTuple):
    """A value of a service that its manager does not support.

    Attributes:
        path: The value that has to change, inside the service.
        message: What is wrong.
        fix: What to do about it.
        code: The kind of the finding.
    """

    path: KeyPath
    message: str
    fix: str
    code: str


def nothing(_: object) -> Iterator[Any]:
    """Yield nothing: the default for what most managers do not have."""
    return iter(())


def never_wrong(*_: object) -> Iterator[Finding]:
    """Yield nothing: the default for a lock file that has had one form only."""
    return iter(())


def never(*_: object) -> bool:
    """Say no: the default for what most managers never do."""
    return False


def nothing_unlocked(_: Installation, __: str) -> Iterator[Dependency]:
    """Yield nothing: only the build will tell whether the lock file is fresh."""
    return iter(())


def refuse_missing_lock(installation: Installation, lock: str) -> Iterator[Piece]:
    """Report that the lock file is missing although its manifest is there: a build would fail without it."""
    manifest = installation.fact("manifest")
    if isinstance(manifest, str) and installation.has_beside_lock(manifest):
        yield Finding(
            location=installation.repository.locate(installation.beside_lock(manifest)),
            message=f"{installation.service.name} has no lock file: {installation.beside_lock(lock)} is missing",
            fix=f"make it with: {installation.fact('refresh')}",
            code="lock-missing",
        )


class Manager(NamedTuple):
    """A package manager. The names of its files are facts, in presets/base.yaml: a team's preset can change them.

    Attributes:
        runtimes: The runtimes that it installs for.
        required_facts: Facts under `install` that its template reads: a preset can change and not remove them.
        more_required_facts: Takes the typed service; yields facts that only some services need.
        lock_is_weak: Its lock file also accompanies those of other managers, and counts only where it is alone.
        lock_marker: A text in its lock file, where another manager has one of the same name.
        without_lock: Takes the path of the lock file; yields what follows from its absence.
        find_unlocked: Takes the path of the lock file; yields dependencies that are certainly not in it.
        other_locks: Lock files of its own in a form that is not supported, each with the command that converts it.
        prefers_other_lock: Where one of these is beside the lock file, it reads that one.
        check_lock: Takes the path of the lock file and the manager's version; yields what it would not read of it.
        workspace: How it declares a workspace, where it has a file or a table of its own for that.
        find_patches: Yields the patches that it applies to what it installs.
        more_ranges: Yields what it installs by files other than manifests, as overrides.
        links: Takes a protocol, empty for a plain path, and a folder; says whether it links to it, or copies it.
        links_with_packages: Those of them whose packages it installs where the link finds them, below the lock file.
        links_anywhere: Says whether it installs them wherever the folder is.
        copies_instead: What to do where a linked folder needs packages.
        read_files: Yields what else its files say, or what is wrong with them.
        package_json_name: What `packageManager` and `engines` of package.json call it.
        version_key: Where pyproject.toml asks for a version of it.
        package_switch: Where pyproject.toml says whether the project is installed as a package.
        readme_key: Where pyproject.toml names the readme of a package, besides `project.readme`.
        package_manifest: The manifest of a project that is installed as a package, where `manifest` is no fact of it.
        refuse: Takes the typed service; yields the values that it does not support.
    """

    runtimes: tuple[str, ...]
    required_facts: tuple[str, ...]
    # The typed service is Any here: a manager for one runtime only ever gets the services of that runtime.
    more_required_facts: Callable[[Any], Iterable[str]] = nothing
    lock_is_weak: bool = False
    lock_marker: str = ""
    without_lock: Callable[[Installation, str], Iterable[Piece]] = refuse_missing_lock
    find_unlocked: Callable[[Installation, str], Iterable[Dependency]] = nothing_unlocked
    other_locks: Mapping[str, str] = {}
    prefers_other_lock: bool = False
    check_lock: Callable[[Installation, str, str], Iterable[Finding]] = never_wrong
    workspace: WorkspaceKind | None = None
    find_patches: Callable[[Installation], Iterable[Patch]] = nothing
    more_ranges: Callable[[Installation], Iterable[Dependency]] = nothing
    links: Callable[[Installation, str, str], bool] = never
    links_with_packages: tuple[str, ...] = ()
    links_anywhere: Callable[[Installation], bool] = never
    copies_instead: str = ""
    read_files: Callable[[Installation], Iterable[Piece]] = nothing
    package_json_name: str = ""
    version_key: tuple[str, ...] = ()
    package_switch: tuple[str, ...] = ()
    readme_key: tuple[str, ...] = ()
    package_manifest: str = ""
    refuse: Callable[[Any], Iterable[Refusal]] = nothing

    def missing_facts(self, service: Any) -> list[str]:
        """List the facts that `service` needs and that a preset or the spec has removed."""
        install: Install = service.install
        needed = (*self.required_facts, *self.more_required_facts(service))
        return [fact for fact in needed if getattr(install, fact) is None]


# For an unknown manager: the models refuse it, and the rest of the service's folder is read all the same.
UNKNOWN = Manager(runtimes=(), required_facts=())
