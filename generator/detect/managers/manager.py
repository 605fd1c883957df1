"""What a package manager is to this program: one record. A field that says nothing of a manager keeps its default."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from generator.detect.detected import Piece
from generator.detect.service_folder import Installation
from generator.detect.workspace import WorkspaceKind
from generator.text.errors import Finding, KeyPath, Location
from generator.text.files import led_to

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
    """A folder, an archive or a file of the repository that something depends on by its path.

    Attributes:
        place: Where a file names it.
        folder: The folder that a relative path starts from, in the repository.
        said: Its path as it is written there.
        name: The name of what it brings, where that is known.
        ships: Whether the image has the folder itself, and not only what is copied or unpacked out of it.
        has_manifest: Whether the build reads from its own manifest what is installed with it; it has a name then.
        is_read: Whether it is no dependency, but a file that names some.
        is_itself: Whether it is the service's own project.
        notes: What follows from it where it can be sent: values, and what is wrong with what it holds.
    """

    place: Location
    folder: str
    said: str
    name: str = ""
    ships: bool = False
    has_manifest: bool = False
    is_read: bool = False
    is_itself: bool = False
    notes: tuple[Piece, ...] = ()

    @property
    def path(self) -> str:
        """Where it is in the repository, or outside of it."""
        return self.said if self.said.startswith("~") else led_to(self.folder, self.said)


class LockedPackage(NamedTuple):
    """A package of a lock file.

    Attributes:
        name: Its normalised name, or where it comes from, where a lock file has no more than that.
        place: Where the lock file has it.
        from_git: Whether git fetches it.
        over_ssh: Whether git uses SSH for it.
        ships: Whether the service may run with it: what is certainly for development alone does not ship.
        compiled: Whether it has no wheel for Linux and this version of Python; None where the file does not say.
        pythons: Of one that is compiled, the versions of Python that it has a wheel for.
        extras: Those of its extras that are asked for, in a file that does not list what they bring.
    """

    name: str
    place: Location
    from_git: bool = False
    over_ssh: bool = False
    ships: bool = True
    compiled: bool | None = None
    pythons: frozenset[str] = frozenset()
    extras: tuple[str, ...] = ()


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


def nothing(*_: object) -> Iterator[Any]:
    """Yield nothing: the default for what most managers do not have, or what is not read of them."""
    return iter(())


def no_options(_: Installation) -> Mapping[str, Iterable[str]]:
    """Give no options: whether there are any is not known."""
    return {}


def refresh_command(installation: Installation) -> str:
    """Give the command of the presets or of the service, which knows the names of its files."""
    return str(installation.fact("refresh"))


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

    The functions get the service and its folder as an `Installation`, and those of a lock file its path.

    Attributes:
        runtimes: The runtimes that it installs for.
        required_facts: Facts under `install` that its template reads: a preset can change and not remove them.
        more_required_facts: Takes the typed service; yields facts that only some services need.
        refuse: Takes the typed service; yields the values that it does not support.

    Its lock file:
        lock_is_weak: It also accompanies those of other managers, and counts only where it is alone.
        lock_marker: A text in it, where another manager has one of the same name.
        lock_names: The pattern of other names that it is given, which the service has to say.
        other_locks: Lock files of its own in a form that is not supported, each with the command that converts it.
        prefers_other_lock: Where one of these is beside the lock file, it reads that one.
        without_lock: Yields what follows from its absence.
        check_lock: Takes the manager's version, too; yields what it would not read of it.
        find_unlocked: Yields dependencies that are certainly not in it.
        refresh: Gives the command that writes it anew, with the names that the service has for its files.
        locked: Takes the version of the runtime, too; yields its packages, those that git fetches at least.

    Other files of the repository:
        workspace: How it declares a workspace, where it has a file or a table of its own for that.
        find_local: Yields what it installs from the repository by path, but for members of a workspace.
        find_patches: Yields the patches that it applies to what it installs.
        read_files: Yields what else its files say, or what is wrong with them.
        package_json_name: What `packageManager` and `engines` of package.json call it.
        runs_programs: The words of a step that run a program of a package.
        member_range: The range with which a manifest asks for a member of its own workspace.
        packages_elsewhere: node_modules of the service has links, or there is none: nothing that is made in it ships.
        package_manifest: The manifest of a project that is installed as a package, where `manifest` is no fact of it.
        version_key: Where pyproject.toml asks for a version of it.
        python_keys: Where its manifest asks for versions of Python, besides `project.requires-python`.
        package_switch: Where pyproject.toml says whether the project is installed as a package.
        readme_key: Where pyproject.toml names the readme of a package, besides `project.readme`.

    What a service of it may choose:
        options: Gives the names that it can take, by the key `extras` or `groups`; a key is left out where the files
            do not say.
        check_options: Yields what is wrong with those that it takes together.
        index_key: Where the manifest lists package indexes by name and address, where uv installs.
        variable: Takes the variable of a secret; gives the name that is read by what installs.
    """

    runtimes: tuple[str, ...]
    required_facts: tuple[str, ...]
    # The typed service is Any here: a manager for one runtime only ever gets the services of that runtime.
    more_required_facts: Callable[[Any], Iterable[str]] = nothing
    refuse: Callable[[Any], Iterable[Refusal]] = nothing

    lock_is_weak: bool = False
    lock_marker: str = ""
    lock_names: str = ""
    other_locks: Mapping[str, str] = {}
    prefers_other_lock: bool = False
    without_lock: Callable[[Installation, str], Iterable[Piece]] = refuse_missing_lock
    check_lock: Callable[[Installation, str, str], Iterable[Finding]] = nothing
    find_unlocked: Callable[[Installation, str], Iterable[Dependency]] = nothing
    refresh: Callable[[Installation], str] = refresh_command
    locked: Callable[[Installation, str, str], Iterable[LockedPackage]] = nothing

    workspace: WorkspaceKind | None = None
    find_local: Callable[[Installation], Iterable[Local | Finding]] = nothing
    find_patches: Callable[[Installation], Iterable[Patch]] = nothing
    read_files: Callable[[Installation], Iterable[Piece]] = nothing
    package_json_name: str = ""
    runs_programs: str = "npx"
    member_range: str = "workspace:*"
    packages_elsewhere: bool = False
    package_manifest: str = ""
    version_key: tuple[str, ...] = ()
    python_keys: tuple[tuple[str, ...], ...] = ()
    package_switch: tuple[str, ...] = ()
    readme_key: tuple[str, ...] = ()

    options: Callable[[Installation], Mapping[str, Iterable[str]]] = no_options
    check_options: Callable[[Installation], Iterable[Piece]] = nothing
    index_key: tuple[str, ...] = ()
    variable: Callable[[str], str] = str

    def missing_facts(self, service: Any) -> list[str]:
        """List the facts that `service` needs and that a preset or the spec has removed."""
        install: Install = service.install
        needed = (*self.required_facts, *self.more_required_facts(service))
        return [fact for fact in needed if getattr(install, fact) is None]


# For an unknown manager: the models refuse it, and the rest of the service's folder is read all the same.
UNKNOWN = Manager(runtimes=(), required_facts=())
