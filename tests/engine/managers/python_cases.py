"""Cases for Python: one application per package manager and way to use it."""

from .cases import Case, Edit

_PYPROJECT = Edit("pyproject.toml", "\ndependencies = [", '\ndependencies = ["sortedcontainers==2.4.0", ')
_BUMP = Edit("pyproject.toml", '\nversion = "0.1.0"', '\nversion = "0.2.0"')


def _case(
    name: str,
    manager: str,
    source: str,
    *,
    version_bump: Edit | None = _BUMP,
    new_dependency: Edit = _PYPROJECT,
    has_lock: bool = True,
    build_checks_lock: bool = True,
    lock_version: str = "",
    native_file: str = "",
    note: str = "",
) -> Case:
    return Case(
        name=name,
        app=name,
        manager=manager,
        source_change=Edit(source, "Hello", "Hullo"),
        version_bump=version_bump,
        new_dependency=new_dependency,
        new_file_prefix="sortedcontainers-",
        response=f"Hello from {name}",
        has_lock=has_lock,
        build_checks_lock=build_checks_lock,
        lock_version=lock_version,
        native_file=native_file,
        note=note,
    )


def _insert_before(file: str, line: str, text: str) -> Edit:
    return Edit(file, line, f"{text}\n{line}")


PYTHON: tuple[Case, ...] = (
    _case("uv", "uv", "src/app/main.py"),
    _case("uv-script", "uv", "greeting/__init__.py", note="no package; an extra and a group"),
    _case(
        "pip",
        "pip",
        "templates/page.txt",
        version_bump=None,
        new_dependency=_insert_before("requirements.in", "netifaces", "sortedcontainers==2.4.0"),
        build_checks_lock=False,
        native_file="netifaces.cpython-",
        note="with hashes; netifaces is compiled from source",
    ),
    _case(
        "pip-files",
        "pip",
        "main.py",
        version_bump=None,
        new_dependency=_insert_before("requirements/base.txt", "pydantic", "sortedcontainers==2.4.0"),
        has_lock=False,
        note="requirement files without hashes",
    ),
    _case("pip-pyproject", "pip", "src/app/main.py", has_lock=False, note="no lock file: builds may differ"),
    _case("poetry", "poetry", "src/app/main.py", note="an extra and a group"),
    _case(
        "poetry-legacy",
        "poetry",
        "app/main.py",
        new_dependency=_insert_before("pyproject.toml", "pydantic =", 'sortedcontainers = "2.4.0"'),
        lock_version="1.8.5",
        note="manifest and lock file of Poetry 1.8",
    ),
    _case("pdm", "pdm", "src/app/main.py", note="an extra and a group"),
    _case(
        "pipenv",
        "pipenv",
        "main.py",
        version_bump=None,
        new_dependency=_insert_before("Pipfile", "pydantic =", 'sortedcontainers = "==2.4.0"'),
        note="a category of its own",
    ),
)
