"""Cases for Python: one application per package manager and way to use it."""

from dataclasses import replace

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


def _beside(case: Case, project: str = "services/app") -> Case:
    """Return the case of a service below its repository, with packages of it that it needs by path."""

    def moved(edit: Edit) -> Edit:
        return replace(edit, file=f"{project}/{edit.file}")

    return replace(
        case,
        path=project,
        lock_folder=project,
        overlay="local",
        source_change=Edit("libs/shared/src/shared/__init__.py", "Hello", "Hullo"),
        version_bump=moved(case.version_bump) if case.version_bump else None,
        new_dependency=moved(case.new_dependency),
        absent_paths=("/opt/app/tools", "/opt/venv/lib/python3.13/site-packages/tools"),
    )


PYTHON: tuple[Case, ...] = (
    _case("uv", "uv", "src/app/main.py", note="Python 3.14"),
    replace(
        _case(
            "uv-script",
            "uv",
            "libs/rules/src/rules/__init__.py",
            note="the root of a workspace, and no package; an extra and a group",
        ),
        absent_paths=("/opt/app/checks", "site-packages/pathspec", "site-packages/iniconfig"),
    ),
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
    replace(
        _beside(
            _case(
                "pip-files",
                "pip",
                "main.py",
                version_bump=None,
                new_dependency=_insert_before("requirements/base.txt", "pydantic", "sortedcontainers==2.4.0"),
                has_lock=False,
                note="requirement files without hashes, some above the service; a link to a folder above it",
            )
        ),
        windows=True,
    ),
    _case("pip-pyproject", "pip", "src/app/main.py", has_lock=False, note="no lock file: builds may differ"),
    _beside(_case("poetry", "poetry", "", note="an extra, a group, and packages by path")),
    _case(
        "poetry-legacy",
        "poetry",
        "app/main.py",
        new_dependency=_insert_before("pyproject.toml", "pydantic =", 'sortedcontainers = "2.4.0"'),
        lock_version="1.8.5",
        note="manifest and lock file of Poetry 1.8; a [build-system] and no package",
    ),
    _beside(_case("pdm", "pdm", "", note="an extra, a group, and packages by path")),
    _beside(
        _case(
            "pipenv",
            "pipenv",
            "main.py",
            version_bump=None,
            new_dependency=_insert_before("Pipfile", "pydantic =", 'sortedcontainers = "==2.4.0"'),
            note="a category of its own, and packages by path",
        )
    ),
)
