"""A case of the matrix: a small application, and the changes that a test makes to it."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Edit:
    """Replace a text that occurs exactly once in a file."""

    file: str
    old: str
    new: str


@dataclass(frozen=True)
class Case:
    """An application in ``tests/engine/apps``.

    Attributes:
        name: The name in the table.
        app: The folder of the application.
        manager: The package manager.
        source_change: Changes the response of the program.
        version_bump: Changes the version of the project; None if its files have no version.
        new_dependency: Adds a dependency.
        new_file_prefix: How the name of the file begins that the new dependency fetches.
        response: A part of the response to ``GET /``, or of the output of a program without a port.
        binary: A part of the response that a dependency with a binary for each platform computes.
        path: The folder of the service.
        lock_folder: The folder of the lock file.
        port: The port of the service; None for a program that prints and ends.
        overlay: A folder whose files are copied over those of the application.
        unrelated_changes: Changes of files that the service does not depend on.
        archive: A package of npm to write as an archive, at this path.
        has_lock: Whether the package manager creates a lock file.
        build_checks_lock: Whether the build fails on a stale lock file.
        lock_version: Version of the package manager that creates the lock file; empty for the version of the presets.
        absent_paths: Parts of paths that must not be in the shipped image.
        random_files: Shipped files with keys that each build creates anew.
        patch_change: Changes the patch of a dependency, so that the response has the new text.
        native_file: A part of the path of a shared object that is compiled from source and has to be shipped.
        windows: Whether the files of the application have the line ends of Windows, as some checkouts have.
        note: A remark in the table.
    """

    name: str
    app: str
    manager: str
    source_change: Edit
    version_bump: Edit | None
    new_dependency: Edit
    new_file_prefix: str
    response: str
    binary: str = ""
    path: str = "."
    lock_folder: str = "."
    port: int | None = 8000
    overlay: str = ""
    unrelated_changes: tuple[Edit, ...] = field(default=())
    archive: str = ""
    has_lock: bool = True
    build_checks_lock: bool = True
    lock_version: str = ""
    absent_paths: tuple[str, ...] = field(default=())
    random_files: frozenset[str] = field(default=frozenset())
    patch_change: Edit | None = None
    native_file: str = ""
    windows: bool = False
    note: str = ""
