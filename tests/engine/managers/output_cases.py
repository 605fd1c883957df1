"""What else than a server with its packages can ship."""

from dataclasses import replace

from .cases import Case, Edit

# Next.js signs previews and encrypts what server actions close over; the keys are in these files.
_KEYS = frozenset(
    {
        "/app/.next/prerender-manifest.json",
        "/app/.next/server/preview-props.json",
        "/app/.next/server/server-reference-manifest.js",
        "/app/.next/server/server-reference-manifest.json",
    }
)


def _npm(
    name: str, app: str, source: Edit, answer: str, *, absent: tuple[str, ...], port: int = 8000, note: str
) -> Case:
    group = "devDependencies" if app == "vite" else "dependencies"
    return Case(
        name=name,
        app=app,
        manager="npm",
        source=source,
        bump=Edit("package.json", '"version": "0.1.0"', '"version": "0.2.0"'),
        added=Edit("package.json", f'"{group}": {{', f'"{group}": {{"is-number": "7.0.0",'),
        addition="is-number-",
        answer=answer,
        port=port,
        absent=absent,
        note=note,
    )


OUTPUTS: tuple[Case, ...] = (
    _npm(
        "bundle",
        "bundle",
        Edit("src/server.ts", "Hello", "Hullo"),
        "Hello from a bundle",
        absent=("node_modules", "app/src"),
        note="npm, esbuild",
    ),
    replace(
        _npm(
            "standalone",
            "next",
            Edit("app/page.jsx", "Hello", "Hullo"),
            "Hello from Next.js",
            absent=("app/app/page.jsx", ".next/cache"),
            note="npm, Next.js with a `generateBuildId`; the keys it makes are in four files more",
        ),
        random=_KEYS,
    ),
    _npm(
        "static",
        "vite",
        Edit("index.html", "Hello", "Hullo"),
        "Hello from Vite",
        absent=("node_modules", "bin/node", "html/src"),
        port=8080,
        note="npm, Vite, on nginx",
    ),
)
