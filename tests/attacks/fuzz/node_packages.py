"""One repository for each package manager of JavaScript, and each form of its files."""

from __future__ import annotations

from typing import Any

from tests.attacks.fuzz.seed import INDEX, SHA512, Files, Seed

_PACKAGE_JSON = {
    "name": "app",
    "version": "1.0.0",
    "private": True,
    "type": "module",
    "main": "dist/main.js",
    "files": ["dist", "!dist/**/*.map"],
    "engines": {"node": ">=22", "npm": ">=10"},
    "scripts": {"build": "tsc -p .", "start": "node dist/main.js"},
    "dependencies": {"ms": "^2.1.3", "@scope/util": "~1.0.0"},
    "devDependencies": {"typescript": "^5.9.0"},
    "optionalDependencies": {"fsevents": "2"},
    "peerDependencies": {"react": ">=18"},
}
_RANGES = {key: value for key, value in _PACKAGE_JSON.items() if str(key).endswith("ependencies")}
_WORKSPACE_ROOT = {"name": "acme", "version": "1.0.0", "private": True, "workspaces": ["apps/*", "packages/*"]}
_WEB = {
    "name": "web",
    "version": "1.0.0",
    "dependencies": {"shared": "workspace:*", "ms": "^2.1.3"},
    "devDependencies": {"tool": "workspace:^1.0.0"},
    "scripts": {"build": "tsc"},
}
_SHARED = {
    "name": "shared",
    "version": "1.0.0",
    "main": "dist/index.js",
    "files": ["dist"],
    "scripts": {"build": "tsc"},
}
_TOOL = {"name": "tool", "version": "1.2.0", "dependencies": {"shared": "workspace:*"}}
_MEMBERS: Files = {
    "apps/web/package.json": _WEB,
    "packages/shared/package.json": _SHARED,
    "packages/tool/package.json": _TOOL,
}
# Ranges that npm and Yarn 1 know: they have no protocol for members.
_MEMBERS_BY_RANGE: Files = {
    **_MEMBERS,
    "apps/web/package.json": {
        **_WEB, "dependencies": {"shared": "^1.0.0", "ms": "^2.1.3"}, "devDependencies": {"tool": "*"}
    },
    "packages/tool/package.json": {**_TOOL, "dependencies": {"shared": "1.0.0"}},
}  # fmt: skip


def _node(files: Files, path: str = ".", **values: Any) -> Seed:
    sources: Files = {f"{path}/src/main.ts": ["export {}"], ".nvmrc": ["v24"]}
    return Seed({**sources, **files}, {"kind": "node", "path": path, "command": ["serve"], "ports": [80], **values})


NODE: dict[str, Seed] = {
    "npm": _node({
        "package.json": {**_PACKAGE_JSON, "packageManager": f"npm@11.1.0+{'sha512.ab'}", "overrides": {}},
        "package-lock.json": {
            "name": "app", "version": "1.0.0", "lockfileVersion": 3, "requires": True,
            "packages": {
                "": {"name": "app", **_RANGES},
                "node_modules/ms": {"version": "2.1.3", "resolved": f"{INDEX}/ms.tgz", "integrity": SHA512},
                "node_modules/@scope/util": {"version": "1.0.1", "hasInstallScript": True},
            },
        },
        ".npmrc": [f"registry={INDEX}", "//packages.example.com/:_authToken=${NPM_TOKEN}", "; a comment"],
    }),
    "npm-workspace": _node({
        "package.json": _WORKSPACE_ROOT,
        **_MEMBERS_BY_RANGE,
        "turbo.json": {"tasks": {"build": {"dependsOn": ["^build"], "outputs": ["dist/**"]}}},
        "package-lock.json": {
            "name": "acme", "lockfileVersion": 3,
            "packages": {
                "": {"name": "acme", "workspaces": ["apps/*", "packages/*"]},
                **{path.rpartition("/")[0]: data for path, data in _MEMBERS_BY_RANGE.items()},
                "node_modules/shared": {"resolved": "packages/shared", "link": True},
            },
        },
    }, "apps/web"),
    "pnpm": _node({
        "package.json": {**_PACKAGE_JSON, "packageManager": "pnpm@10.1.2", "pnpm": {"onlyBuiltDependencies": ["ms"]}},
        "patches/ms.patch": ["--- a/x", "+++ b/x"],
        "pnpm-workspace.yaml": {
            "packages": ["."], "patchedDependencies": {"ms@2.1.3": "patches/ms.patch"}, "catalog": {"ms": "^2.1.3"},
        },
        "pnpm-lock.yaml": {
            "lockfileVersion": "9.0",
            "settings": {"autoInstallPeers": True, "excludeLinksFromLockfile": False},
            "importers": {".": {
                section: {name: {"specifier": wanted, "version": "1.0.0"} for name, wanted in ranges.items()}
                for section, ranges in _RANGES.items() if isinstance(ranges, dict)
            }},
            "packages": {"ms@2.1.3": {"resolution": {"integrity": SHA512}}},
            "snapshots": {"ms@2.1.3": {}},
        },
    }),
    "pnpm-workspace": _node({
        "package.json": {key: value for key, value in _WORKSPACE_ROOT.items() if key != "workspaces"},
        "pnpm-workspace.yaml": {"packages": ["apps/*", "packages/**", "!**/test/**"], "overrides": None},
        **_MEMBERS,
        "pnpm-lock.yaml": {
            "lockfileVersion": "9.0",
            "importers": {
                ".": {},
                "apps/web": {
                    "dependencies": {
                        "shared": {"specifier": "workspace:*", "version": "link:../../packages/shared"},
                        "ms": {"specifier": "^2.1.3", "version": "2.1.3"},
                    },
                    "devDependencies": {"tool": {"specifier": "workspace:^1.0.0", "version": "link:../tool"}},
                },
                "packages/shared": {},
                "packages/tool": {"dependencies": {"shared": {"specifier": "workspace:*", "version": "link:x"}}},
            },
            "packages": {"ms@2.1.3": {"resolution": {"integrity": SHA512}}},
        },
    }, "apps/web"),
    "yarn": _node({
        "package.json": {
            **_PACKAGE_JSON,
            "packageManager": "yarn@4.9.1",
            "resolutions": {"ms@npm:2.1.3": "patch:ms@npm%3A2.1.3#~/.yarn/patches/ms-npm-2.1.3.patch"},
        },
        ".yarn/patches/ms-npm-2.1.3.patch": ["--- a/x", "+++ b/x"],
        ".yarnrc.yml": {
            "nodeLinker": "node-modules",
            "npmRegistryServer": "${REGISTRY:-" + INDEX + "}",
            "npmScopes": {"scope": {"npmRegistryServer": INDEX, "npmAuthToken": "${TOKEN:-}"}},
        },
        "yarn.lock": {
            "__metadata": {"version": 8, "cacheKey": "10c0"},
            "ms@npm:^2.1.3": {"version": "2.1.3", "resolution": "ms@npm:2.1.3", "checksum": f"10c0/{'ab' * 64}"},
            "app@workspace:.": {"version": "0.0.0-use.local", "resolution": "app@workspace:.", "dependencies": _RANGES},
        },
    }),
    "yarn-workspace": _node({
        "package.json": {**_WORKSPACE_ROOT, "workspaces": {"packages": ["apps/*", "packages/*"]}},
        **_MEMBERS,
        "yarn.lock": {
            "__metadata": {"version": 10},
            "ms@npm:^2.1.3, ms@npm:2": {"version": "2.1.3", "resolution": "ms@npm:2.1.3"},
            "shared@workspace:*, shared@workspace:packages/shared": {"version": "0.0.0-use.local"},
            "tool@workspace:^1.0.0, tool@workspace:packages/tool": {"version": "0.0.0-use.local"},
        },
    }, "apps/web"),
    "yarn-classic": _node({
        "package.json": _PACKAGE_JSON,
        ".yarnrc": [f'registry "{INDEX}"'],
        "yarn.lock": {
            f"{name}@{wanted}" if name[0] != "@" else f'"{name}@{wanted}"': {
                "version": "1.0.0", "resolved": f"{INDEX}/{name}.tgz#ab", "dependencies": {"x": "1"},
            }
            for section in ("dependencies", "devDependencies", "optionalDependencies")
            for name, wanted in dict(_RANGES[section]).items()  # type: ignore[call-overload]
        },
    }),
    "yarn-classic-workspace": _node({
        "package.json": _WORKSPACE_ROOT,
        **_MEMBERS_BY_RANGE,
        "yarn.lock": {"ms@^2.1.3": {"version": "2.1.3", "resolved": f"{INDEX}/ms.tgz#ab"}},
    }, "apps/web"),
    "bun": _node({
        "package.json": {**_PACKAGE_JSON, "packageManager": "bun@1.3.0", "patchedDependencies": {"ms": "patches/a"}},
        "patches/a": ["--- a/x"],
        "bunfig.toml": {"install": {"registry": INDEX, "scopes": {"scope": {"url": INDEX, "token": "$TOKEN"}}}},
        "bun.lock": {
            "lockfileVersion": 1,
            "workspaces": {"": {"name": "app", **_RANGES}},
            "packages": {"ms": ["ms@2.1.3", "", {}, SHA512]},
        },
    }),
    "bun-workspace": _node({
        "package.json": _WORKSPACE_ROOT,
        **_MEMBERS,
        "bun.lock": {
            "lockfileVersion": 1,
            "workspaces": {"": {"name": "acme"}, **{path.rpartition("/")[0]: data for path, data in _MEMBERS.items()}},
            "packages": {"ms": ["ms@2.1.3", "", {}, SHA512]},
        },
    }, "apps/web"),
    "bun-runtime": _node({
        "package.json": {"name": "app", "dependencies": {"ms": "2"}},
        "bun.lock": {"lockfileVersion": 1, "workspaces": {"": {"name": "app", "dependencies": {"ms": "2"}}}},
    }, runtime="bun"),
}  # fmt: skip
