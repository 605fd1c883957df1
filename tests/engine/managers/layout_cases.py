"""Layouts that managers of Node have in common: a service at the root of its workspace, dependencies by path."""

from .cases import Case, Edit
from .node_cases import BINARY


def _root(manager: str, overlay: str = "", lock_version: str = "") -> Case:
    """Give an application that is the root of a workspace, with an archive, and a build that writes into node_modules.

    Yarn 1 installs what only development needs, too: it knows no production of one member.
    """
    tools = () if manager == "yarn-classic" else ("packages/tools", "node_modules/left-pad", "node_modules/@acme/tools")
    return Case(
        name=f"{manager}-root",
        app="root",
        overlay=overlay,
        manager=manager,
        archive="vendor/packed.tgz",
        source_change=Edit("packages/clock/index.js", "Hello", "Hullo"),
        version_bump=None,
        new_dependency=Edit("package.json", '"dependencies": {', '"dependencies": {"is-number": "7.0.0",'),
        new_file_prefix="is-number-",
        response="Hello from the root, every 1s, packed generated",
        lock_version=lock_version,
        absent_paths=("/docs", "escape-html", "packages/tools/index.js", *tools),
    )


def _beside(manager: str, overlay: str = "") -> Case:
    """Give a service that depends on a folder beside its own and on one below."""
    return Case(
        name=f"{manager}-beside",
        app="beside",
        overlay=overlay,
        manager=manager,
        path="web",
        lock_folder="web",
        source_change=Edit("web/src/server.js", "Hello", "Hullo"),
        version_bump=None,
        new_dependency=Edit("web/package.json", '"dependencies": {', '"dependencies": {"nanoid": "5.1.5",'),
        new_file_prefix="nanoid-",
        response="Hello from beside, every 1s, inner true linked",
    )


# A member of a workspace with Plug'n'Play, where a package of the workspace has a binary for each platform.
_PLUG_N_PLAY = Case(
    name="yarn-pnp-workspace",
    app="workspace",
    overlay="yarn-pnp-workspace",
    manager="yarn",
    path="apps/web",
    source_change=Edit("packages/shared/src/index.ts", "Hello", "Hullo"),
    version_bump=None,
    new_dependency=Edit("apps/web/package.json", '"dependencies": {', '"dependencies": {"is-number": "7.0.0",'),
    new_file_prefix="is-number-",
    response="Hello from a workspace, up for ",
    binary=BINARY,
    absent_paths=("packages/unrelated", "apps/other", "escape-html", "left-pad"),
)
# A member whose modules are found by settings beside the lock file.
_BUN_IN_A_WORKSPACE = Case(
    name="bun-runtime-workspace",
    app="bun-runtime-workspace",
    manager="bun",
    path="apps/api",
    source_change=Edit("packages/lib/src/greeting.ts", "Hello", "Hullo"),
    version_bump=None,
    new_dependency=Edit("apps/api/package.json", '"dependencies": {', '"dependencies": {"is-number": "7.0.0",'),
    new_file_prefix="is-number-",
    response="Hello from a workspace of Bun, every 1s",
)
# An older Yarn, with a package that has a binary for each platform; it installs nothing that ships.
_YARN_3 = Case(
    name="yarn-3-bundle",
    app="bundle",
    overlay="bundle-yarn-3",
    manager="yarn",
    source_change=Edit("src/server.ts", "Hello", "Hullo"),
    version_bump=None,
    new_dependency=Edit("package.json", '"dependencies": {', '"dependencies": {"is-number": "7.0.0",'),
    new_file_prefix="is-number-",
    response="Hello from a bundle",
    lock_version="3.8.7",
)
LAYOUTS: tuple[Case, ...] = (
    _root("npm"),
    _root("pnpm", "root-pnpm", "11.6.0"),
    _root("yarn", "root-yarn"),
    _root("yarn-classic"),
    _root("bun"),
    _beside("npm", "beside-npm"),
    _beside("pnpm"),
    _beside("yarn"),
    _beside("yarn-classic"),
    _beside("bun"),
    _PLUG_N_PLAY,
    _BUN_IN_A_WORKSPACE,
    _YARN_3,
)
