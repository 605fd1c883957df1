"""A case of the matrix: a small application, and how to change it."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Edit:
    """Replaces a text that occurs once in a file."""

    file: str
    old: str
    new: str


@dataclass(frozen=True)
class Case:
    """An application in ``tests/engine/apps``.

    Attributes:
        name: What the table calls it.
        app: Its folder.
        manager: Who installs it.
        source: Changes what the program does.
        bump: Another version of the project; None where its files have none.
        added: One more dependency.
        addition: How the name of that dependency's file begins.
        answer: What ``GET /`` says, or what the program prints.
        path: The service's folder.
        port: Where it listens; None for a program that prints and ends.
        overlay: A folder whose files are added to those of the application.
        unrelated: Changes of which the service must notice nothing.
        locked: Whether the manager makes a lock file.
        checked: Whether the build can tell that the lock file is stale.
        lock_version: Version of the manager that makes the lock file, instead of the presets'.
        absent: Parts of paths that may not be in the shipped image.
        random: Shipped files that hold keys which each build makes anew.
        patch: Changes the patch of a dependency, so that the answer has the new text.
        native: A shared object that must ship, compiled from source.
        note: A remark for the table.
    """

    name: str
    app: str
    manager: str
    source: Edit
    bump: Edit | None
    added: Edit
    addition: str
    answer: str
    path: str = "."
    port: int | None = 8000
    overlay: str = ""
    unrelated: tuple[Edit, ...] = field(default=())
    locked: bool = True
    checked: bool = True
    lock_version: str = ""
    absent: tuple[str, ...] = field(default=())
    random: frozenset[str] = field(default=frozenset())
    patch: Edit | None = None
    native: str = ""
    note: str = ""
