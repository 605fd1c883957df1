"""Cases for the outputs of Node services other than `server`."""

from dataclasses import replace

from .cases import Case, Edit

# Next.js creates keys in each build, to sign previews and to encrypt the variables of server actions. These files have
# the keys.
_KEYS = frozenset(
    {
        "/app/.next/prerender-manifest.json",
        "/app/.next/server/preview-props.json",
        "/app/.next/server/server-reference-manifest.js",
        "/app/.next/server/server-reference-manifest.json",
    }
)


def _npm(
    name: str,
    app: str,
    source_change: Edit,
    response: str,
    *,
    absent_paths: tuple[str, ...],
    port: int = 8000,
    note: str,
) -> Case:
    group = "devDependencies" if app == "vite" else "dependencies"
    return Case(
        name=name,
        app=app,
        manager="npm",
        source_change=source_change,
        version_bump=Edit("package.json", '"version": "0.1.0"', '"version": "0.2.0"'),
        new_dependency=Edit("package.json", f'"{group}": {{', f'"{group}": {{"is-number": "7.0.0",'),
        new_file_prefix="is-number-",
        response=response,
        port=port,
        absent_paths=absent_paths,
        note=note,
    )


OUTPUTS: tuple[Case, ...] = (
    _npm(
        "bundle",
        "bundle",
        Edit("src/server.ts", "Hello", "Hullo"),
        "Hello from a bundle",
        absent_paths=("node_modules", "app/src"),
        note="npm, esbuild; Node 26 on a distroless image",
    ),
    replace(
        _npm(
            "standalone",
            "next",
            Edit("app/page.jsx", "Hello", "Hullo"),
            "Hello from Next.js",
            absent_paths=("app/app/page.jsx", ".next/cache"),
            note="npm, Next.js with a `generateBuildId`; the keys it makes are in four files more",
        ),
        random_files=_KEYS,
    ),
    _npm(
        "static",
        "vite",
        Edit("index.html", "Hello", "Hullo"),
        "Hello from Vite",
        absent_paths=("node_modules", "bin/node", "html/src"),
        port=8080,
        note="npm, Vite, on nginx",
    ),
)
