"""What a package manager is to this program: one record. A field that says nothing of a manager keeps its default."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from generator.detect.detected import KeyPath, Piece
from generator.detect.service_folder import Installation
from generator.detect.workspace import WorkspaceKind
from generator.text.errors import Finding, Location

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


class Local(NamedTuple):
    """A dependency in the repository itself: a folder with a project, or the file of a wheel or an sdist.

    Attributes:
        place: Where a file names it.
        folder: The folder that a relative path starts from, below the repository.
        path: Where it is, as that file says it.
        name: Normalised name of the project; empty where only its own files say it.
        runs: Whether the service needs it to run, and not only for development.
        installs: Whether it is installed itself, and not only its dependencies.
    """

    place: Location
    folder: str
    path: str
    name: str = ""
    runs: bool = True
    installs: bool = True


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


def no_options(_: Installation) -> Mapping[str, Iterable[str]]:
    """Give no options: whether there are any is not known."""
    return {}


def nothing_locked(_: Installation, __: str) -> Iterator[Any]:
    """Yield nothing: the lock file is not read."""
    return iter(())


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
        lock_names: The pattern of other names that its lock file is given, which the service has to say.
        lock_marker: A text in its lock file, where another manager has one of the same name.
        without_lock: Takes the path of the lock file; yields what follows from its absence.
        find_unlocked: Takes the path of the lock file; yields dependencies that are certainly not in it.
        workspace: How it declares a workspace, where it has a file or a table of its own for that.
        find_local: Yields the dependencies that are folders or files of the repository, but no members of a workspace.
        metadata: Whether the build reads the manifest of such a folder, apart from installing it: empty for no,
            `required`, or `wanted` where a folder without one builds as well.
        find_patches: Yields the patches that it applies to what it installs.
        read_files: Yields what else its files say, or what is wrong with them.
        package_json_name: What `packageManager` and `engines` of package.json call it.
        version_key: Where pyproject.toml asks for a version of it.
        package_switch: Where pyproject.toml says whether the project is installed as a package.
        readme_key: Where pyproject.toml names the readme of a package, besides `project.readme`.
        package_manifest: The manifest of a project that is installed as a package, where `manifest` is no fact of it.
        locked: Takes the version of Python; yields the packages of the lock file.
        options: Gives the names that a service can take, by the key `extras` or `groups`; a key is left out where the
            files do not say.
        check_options: Yields what is wrong with those that a service takes together.
        index_key: Where the manifest lists package indexes by name and address, where uv installs.
        variable: Takes the variable of a secret; gives the name that is read by what installs.
        refuse: Takes the typed service; yields the values that it does not support.
    """

    runtimes: tuple[str, ...]
    required_facts: tuple[str, ...]
    # The typed service is Any here: a manager for one runtime only ever gets the services of that runtime.
    more_required_facts: Callable[[Any], Iterable[str]] = nothing
    lock_is_weak: bool = False
    lock_names: str = ""
    lock_marker: str = ""
    without_lock: Callable[[Installation, str], Iterable[Piece]] = refuse_missing_lock
    find_unlocked: Callable[[Installation, str], Iterable[Dependency]] = nothing_unlocked
    workspace: WorkspaceKind | None = None
    find_local: Callable[[Installation], Iterable[Local]] = nothing
    metadata: str = ""
    find_patches: Callable[[Installation], Iterable[Patch]] = nothing
    read_files: Callable[[Installation], Iterable[Piece]] = nothing
    package_json_name: str = ""
    version_key: tuple[str, ...] = ()
    package_switch: tuple[str, ...] = ()
    readme_key: tuple[str, ...] = ()
    package_manifest: str = ""
    locked: Callable[[Installation, str], Iterable[Any]] = nothing_locked
    options: Callable[[Installation], Mapping[str, Iterable[str]]] = no_options
    check_options: Callable[[Installation], Iterable[Piece]] = nothing
    index_key: tuple[str, ...] = ()
    variable: Callable[[str], str] = str
    refuse: Callable[[Any], Iterable[Refusal]] = nothing

    def missing_facts(self, service: Any) -> list[str]:
        """List the facts that `service` needs and that a preset or the spec has removed."""
        install: Install = service.install
        needed = (*self.required_facts, *self.more_required_facts(service))
        return [fact for fact in needed if getattr(install, fact) is None]


# For an unknown manager: the models refuse it, and the rest of the service's folder is read all the same.
UNKNOWN = Manager(runtimes=(), required_facts=())
