"""Cases for workspaces: changes of packages that the service does not depend on must not run its steps again."""

from .cases import Case, Edit
from .node_cases import BINARY

_UNRELATED_CHANGES = (
    Edit("packages/unrelated/index.js", "<old>", "<new>"),
    Edit("packages/unrelated/package.json", '"version": "0.1.0"', '"version": "0.2.0"'),
    Edit("packages/unrelated/package.json", '"dependencies": {', '"dependencies": {"left-pad": "1.3.0",'),
)
# Sources, packages of the workspace that the service does not need, their dependencies, and build dependencies.
_ABSENT_PATHS = (
    "packages/shared/src",
    "packages/unrelated",
    "apps/other",
    "apps/web/src",
    "node_modules/escape-html",
    "node_modules/left-pad",
    "node_modules/typescript",
    "node_modules/turbo",
)


def _node(name: str, manager: str, note: str = "", *, patch_file: str = "") -> Case:
    return Case(
        name=name,
        app="workspace",
        overlay=name,
        manager=manager,
        path="apps/web",
        source_change=Edit("packages/shared/src/index.ts", "Hello", "Hullo"),
        version_bump=Edit("apps/web/package.json", '"version": "0.1.0"', '"version": "0.2.0"'),
        new_dependency=Edit("apps/web/package.json", '"dependencies": {', '"dependencies": {"is-number": "7.0.0",'),
        new_file_prefix="is-number-",
        response=f"Hello from a workspace, up for {'patched ' if patch_file else ''}",
        binary=BINARY,
        patch_change=Edit(patch_file, "patched ", "patched again ") if patch_file else None,
        unrelated_changes=_UNRELATED_CHANGES,
        absent_paths=_ABSENT_PATHS,
        note=note,
    )


WORKSPACES: tuple[Case, ...] = (
    _node("npm-workspace", "npm"),
    _node("pnpm-workspace", "pnpm", patch_file="patches/ms@2.1.3.patch"),
    _node("yarn-workspace", "yarn", "nodeLinker: node-modules", patch_file=".yarn/patches/ms-npm-2.1.3.patch"),
    _node("yarn-classic-workspace", "yarn-classic"),
    _node("bun-workspace", "bun", "runs on Node", patch_file="patches/ms@2.1.3.patch"),
    _node("turborepo", "npm", "npm"),
    Case(
        name="uv-workspace",
        app="uv-workspace",
        manager="uv",
        path="services/api",
        source_change=Edit("packages/shared/src/shared/__init__.py", "Hello", "Hullo"),
        version_bump=Edit("services/api/pyproject.toml", '"0.1.0"', '"0.2.0"'),
        new_dependency=Edit(
            "services/api/pyproject.toml", "dependencies = [", 'dependencies = ["sortedcontainers==2.4.0", '
        ),
        new_file_prefix="sortedcontainers-",
        response="Hello from uv-workspace",
        unrelated_changes=(
            Edit("packages/unrelated/src/unrelated/__init__.py", '"unrelated"', '"not related"'),
            Edit("packages/unrelated/pyproject.toml", "dependencies = [", 'dependencies = ["attrs==25.4.0", '),
        ),
        absent_paths=(
            "/unrelated",
            "/opt/app/other",
            *(f"site-packages/{name}" for name in ("idna", "wcwidth", "iniconfig")),
        ),
    ),
)
