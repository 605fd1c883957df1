"""Python: one application per package manager and way to use it."""

from .cases import Case, Edit

_PYPROJECT = Edit("pyproject.toml", "\ndependencies = [", '\ndependencies = ["sortedcontainers==2.4.0", ')
_BUMP = Edit("pyproject.toml", '\nversion = "0.1.0"', '\nversion = "0.2.0"')


def _case(
    name: str,
    manager: str,
    source: str,
    *,
    bump: Edit | None = _BUMP,
    added: Edit = _PYPROJECT,
    locked: bool = True,
    checked: bool = True,
    lock_version: str = "",
    native: str = "",
    note: str = "",
) -> Case:
    return Case(
        name=name,
        app=name,
        manager=manager,
        source=Edit(source, "Hello", "Hullo"),
        bump=bump,
        added=added,
        addition="sortedcontainers-",
        answer=f"Hello from {name}",
        locked=locked,
        checked=checked,
        lock_version=lock_version,
        native=native,
        note=note,
    )


def _added(file: str, beside: str, text: str) -> Edit:
    return Edit(file, beside, f"{text}\n{beside}")


PYTHON: tuple[Case, ...] = (
    _case("uv", "uv", "src/app/main.py"),
    _case("uv-script", "uv", "greeting/__init__.py", note="no package; an extra and a group"),
    _case(
        "pip",
        "pip",
        "main.py",
        bump=None,
        added=_added("requirements.in", "netifaces", "sortedcontainers==2.4.0"),
        checked=False,
        native="netifaces.cpython-",
        note="with hashes; netifaces is compiled from source",
    ),
    _case(
        "pip-files",
        "pip",
        "main.py",
        bump=None,
        added=_added("requirements/base.txt", "pydantic", "sortedcontainers==2.4.0"),
        locked=False,
        note="requirement files without hashes",
    ),
    _case("pip-pyproject", "pip", "src/app/main.py", locked=False, note="no lock file: builds may differ"),
    _case("poetry", "poetry", "src/app/main.py", note="an extra and a group"),
    _case(
        "poetry-legacy",
        "poetry",
        "app/main.py",
        added=_added("pyproject.toml", "pydantic =", 'sortedcontainers = "2.4.0"'),
        lock_version="1.8.5",
        note="manifest and lock file of Poetry 1.8",
    ),
    _case("pdm", "pdm", "src/app/main.py", note="an extra and a group"),
    _case(
        "pipenv",
        "pipenv",
        "main.py",
        bump=None,
        added=_added("Pipfile", "pydantic =", 'sortedcontainers = "==2.4.0"'),
        note="a category of its own",
    ),
)
