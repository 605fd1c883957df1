"""Node and Bun: one application per package manager."""

from dataclasses import replace

from .cases import Case, Edit


def _case(
    name: str, manager: str, source: str = "src/server.ts", *, patch: str = "", native: str = "", note: str = ""
) -> Case:
    return Case(
        name=name,
        app=name,
        manager=manager,
        source=Edit(source, "Hello", "Hullo"),
        bump=Edit("package.json", '"version": "0.1.0"', '"version": "0.2.0"'),
        added=Edit("package.json", '"dependencies": {', '"dependencies": {"is-number": "7.0.0",'),
        addition="is-number-",
        answer=f"Hello from {name}{' patched-' if patch else ''}",
        patch=Edit(patch, "patched-", "patched-again-") if patch else None,
        native=native,
        note=note,
    )


NODE: tuple[Case, ...] = (
    _case("npm", "npm"),
    _case(
        "npm-native",
        "npm",
        "index.js",
        native="bcrypt/build/Release/bcrypt_lib.node",
        note="no build script; bcrypt is compiled from source",
    ),
    _case("pnpm", "pnpm", patch="patches/nanoid@5.1.5.patch"),
    replace(
        _case("pnpm-12", "pnpm", patch="patches/nanoid@5.1.5.patch", note="the version that `packageManager` asks for"),
        app="pnpm",
        overlay="pnpm-12",
        answer="Hello from pnpm patched-",
        lock_version="12.21.0",
    ),
    _case("yarn", "yarn", patch="patches/nanoid.patch", note="nodeLinker: node-modules"),
    replace(
        _case("yarn-pnp", "yarn", patch=".yarn/patches/nanoid-npm-5.1.5.patch", note="Plug'n'Play"),
        absent=("/.yarn/patches",),
    ),
    _case("yarn-classic", "yarn-classic"),
    _case("bun", "bun", patch="patches/nanoid@5.1.5.patch", note="runs on Node"),
    _case("bun-runtime", "bun", note="runs on Bun, without a build"),
)
