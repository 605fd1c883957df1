"""Cases for Node and Bun: one application per package manager."""

from dataclasses import replace

from .cases import Case, Edit

# What @node-rs/crc32 computes, a package with a binary for each platform.
BINARY = "crc32 3336628485"


def _case(
    name: str,
    manager: str,
    source: str = "src/server.ts",
    *,
    patch_file: str = "",
    native_file: str = "",
    note: str = "",
) -> Case:
    return Case(
        name=name,
        app=name,
        manager=manager,
        source_change=Edit(source, "Hello", "Hullo"),
        version_bump=Edit("package.json", '"version": "0.1.0"', '"version": "0.2.0"'),
        new_dependency=Edit("package.json", '"dependencies": {', '"dependencies": {"is-number": "7.0.0",'),
        new_file_prefix="is-number-",
        response=f"Hello from {name}{' patched-' if patch_file else ''}",
        binary="" if native_file else BINARY,
        patch_change=Edit(patch_file, "patched-", "patched-again-") if patch_file else None,
        native_file=native_file,
        note=note,
    )


_BCRYPT = "bcrypt/build/Release/bcrypt_lib.node"

NODE: tuple[Case, ...] = (
    _case("npm", "npm"),
    replace(
        _case(
            "npm-native",
            "npm",
            "views/page.txt",
            native_file=_BCRYPT,
            note="no build script; bcrypt is compiled from source; `sources: [.]`",
        ),
        absent_paths=("app/notes/", "app/Dockerfile", "app/compose.yaml"),
    ),
    replace(
        _case("pnpm", "pnpm", patch_file="patches/nanoid@5.1.5.patch", note="bcrypt is compiled from source, once"),
        native_file=_BCRYPT,
    ),
    replace(
        _case(
            "pnpm-12",
            "pnpm",
            patch_file="patches/nanoid@5.1.5.patch",
            note="the version that `packageManager` asks for",
        ),
        app="pnpm",
        overlay="pnpm-12",
        response="Hello from pnpm patched-",
        lock_version="12.21.0",
    ),
    _case("yarn", "yarn", patch_file="patches/nanoid.patch", note="nodeLinker: node-modules"),
    replace(
        _case("yarn-pnp", "yarn", patch_file=".yarn/patches/nanoid-npm-5.1.5.patch", note="Plug'n'Play"),
        absent_paths=("/.yarn/patches",),
    ),
    _case("yarn-classic", "yarn-classic", note="Node 26"),
    _case("bun", "bun", patch_file="patches/nanoid@5.1.5.patch", note="runs on Node"),
    _case("bun-runtime", "bun", note="runs on Bun, without a build"),
)
