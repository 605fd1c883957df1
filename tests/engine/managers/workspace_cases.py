"""Workspaces: services of which only their closure may matter."""

from .cases import Case, Edit

_OTHERS = (
    Edit("packages/unrelated/index.js", "<old>", "<new>"),
    Edit("packages/unrelated/package.json", '"version": "0.1.0"', '"version": "0.2.0"'),
    Edit("packages/unrelated/package.json", '"dependencies": {', '"dependencies": {"left-pad": "1.3.0",'),
)
# Sources, other packages of the workspace with their dependencies, and what only the build needs.
_ABSENT = (
    "packages/shared/src",
    "packages/unrelated",
    "apps/other",
    "apps/web/src",
    "node_modules/escape-html",
    "node_modules/left-pad",
    "node_modules/typescript",
    "node_modules/turbo",
)


def _node(name: str, manager: str, note: str = "", *, patch: str = "") -> Case:
    return Case(
        name=name,
        app="workspace",
        overlay=name,
        manager=manager,
        path="apps/web",
        source=Edit("packages/shared/src/index.ts", "Hello", "Hullo"),
        bump=Edit("apps/web/package.json", '"version": "0.1.0"', '"version": "0.2.0"'),
        added=Edit("apps/web/package.json", '"dependencies": {', '"dependencies": {"is-number": "7.0.0",'),
        addition="is-number-",
        answer=f"Hello from a workspace, up for {'patched ' if patch else ''}",
        patch=Edit(patch, "patched ", "patched again ") if patch else None,
        unrelated=_OTHERS,
        absent=_ABSENT,
        note=note,
    )


WORKSPACES: tuple[Case, ...] = (
    _node("npm-workspace", "npm"),
    _node("pnpm-workspace", "pnpm", patch="patches/ms@2.1.3.patch"),
    _node("yarn-workspace", "yarn", "nodeLinker: node-modules", patch=".yarn/patches/ms-npm-2.1.3.patch"),
    _node("yarn-classic-workspace", "yarn-classic"),
    _node("bun-workspace", "bun", "runs on Node", patch="patches/ms@2.1.3.patch"),
    _node("turborepo", "npm", "npm"),
    Case(
        name="uv-workspace",
        app="uv-workspace",
        manager="uv",
        path="services/api",
        source=Edit("packages/shared/src/shared/__init__.py", "Hello", "Hullo"),
        bump=Edit("services/api/pyproject.toml", '"0.1.0"', '"0.2.0"'),
        added=Edit("services/api/pyproject.toml", "dependencies = [", 'dependencies = ["sortedcontainers==2.4.0", '),
        addition="sortedcontainers-",
        answer="Hello from uv-workspace",
        unrelated=(
            Edit("packages/unrelated/src/unrelated/__init__.py", '"unrelated"', '"not related"'),
            Edit("packages/unrelated/pyproject.toml", "dependencies = [", 'dependencies = ["attrs==25.4.0", '),
        ),
        absent=(
            "/unrelated",
            "/opt/app/other",
            *(f"site-packages/{name}" for name in ("idna", "wcwidth", "iniconfig")),
        ),
    ),
)
