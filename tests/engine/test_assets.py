"""Assets that Node builds for a service: stages of its Dockerfile, in the form of each package manager."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from .harness import Engine
from .harness.index import NODE_IMAGE, package_index
from .harness.locks import PYTHON, write_lock
from .harness.repository import generate, replace, write_files

FRONT: dict[str, Any] = {
    "name": "ui",
    "version": "0.1.0",
    "private": True,
    "type": "module",
    "scripts": {"build": "esbuild src/main.js --bundle --minify --outfile=dist/js/ui.js"},
    "dependencies": {"nanoid": "5.1.5"},
    "devDependencies": {"esbuild": "0.25.10"},
}
FRONT_FILES = {"src/main.js": 'import { nanoid } from "nanoid";\n\nconsole.log("assets", nanoid());\n'}
LOCK = """\
version = 1
revision = 3
requires-python = ">=3.13"

[[package]]
name = "shop"
version = "0.1.0"
source = { KIND = "." }
"""
PROJECT = '[project]\nname = "shop"\nversion = "0.1.0"\nrequires-python = ">=3.13"\ndependencies = []\n'
BACKEND = """\

[build-system]
requires = ["setuptools>=80"]
build-backend = "setuptools.build_meta"

[tool.setuptools.package-data]
shop = ["static/**"]
"""
PLAIN = {
    "pyproject.toml": PROJECT,
    "uv.lock": LOCK.replace("KIND", "virtual"),
    "shop.py": "SHOP = 1\n",
}
PACKAGE = {
    "pyproject.toml": PROJECT + BACKEND,
    "uv.lock": LOCK.replace("KIND", "editable"),
    "src/shop/__init__.py": "",
}
SERVER = {
    "package.json": json.dumps({"name": "server", "version": "0.1.0", "type": "module"}),
    "package-lock.json": json.dumps(
        {
            "name": "server",
            "version": "0.1.0",
            "lockfileVersion": 3,
            "packages": {"": {"name": "server", "version": "0.1.0"}},
        }
    ),
    "src/server.js": "console.log(1);\n",
}


class Layout(NamedTuple):
    """Where both lie, how they are built, and where the file arrives in the image and in the stage dev."""

    manager: str
    front: str
    back: str
    files: dict[str, str]
    service: dict[str, Any]
    made: str
    target: str
    in_image: str
    in_dev: str
    workspace: bool = False


def _python(**values: Any) -> dict[str, Any]:
    return {"kind": "python", "command": ["python", "-c", "import shop"], "ports": [8000], **values}


LAYOUTS = (
    Layout("npm", ".", ".", PLAIN, _python(), "dist/js", "static", "/app/static/ui.js", "/src/static/ui.js"),
    Layout(
        *("pnpm", "front", "back", PACKAGE, _python(), "dist", "src/shop/static"),
        *("/opt/app/shop/static/js/ui.js", "/src/src/shop/static/js/ui.js"),
    ),
    Layout(
        *("yarn", "apps/front", "apps/back", SERVER, {"kind": "node", "command": ["node", "src/server.js"]}),
        *("dist/js/ui.js", "public/ui.js", "/app/public/ui.js", "/app/public/ui.js"),
    ),
    Layout(
        *("yarn-classic", "back/front", "back", PLAIN, _python(), "dist", "/srv/pages"),
        *("/srv/pages/js/ui.js", "/srv/pages/js/ui.js"),
    ),
    Layout("bun", "front", "back", PLAIN, _python(), "dist", "static", "/app/static/js/ui.js", "/src/static/js/ui.js"),
    Layout(
        *("pnpm", "front/apps/ui", "back", PLAIN, _python(), "dist", "static"),
        *("/app/static/js/ui.js", "/src/static/js/ui.js"),
        workspace=True,
    ),
)


def _written(root: Path, layout: Layout) -> str:
    """Write the repository of a layout, and return the folder of the lock file of its assets."""
    write_files(root / layout.back, layout.files)
    write_files(root / layout.front, FRONT_FILES)
    manifest, folder = dict(FRONT), layout.front
    if layout.workspace:
        folder = "front"
        manifest["dependencies"] = {**FRONT["dependencies"], "tokens": "workspace:*"}
        tokens = {"name": "tokens", "version": "0.1.0", "type": "module", "main": "index.js"}
        write_files(
            root / folder,
            {
                "pnpm-workspace.yaml": "packages: [apps/*, packages/*]\n",
                "package.json": '{"name": "front", "private": true}\n',
                "packages/tokens/package.json": json.dumps(tokens),
                "packages/tokens/index.js": 'export const blue = "blue";\n',
            },
        )
        replace(root / layout.front / "src/main.js", "nanoid())", "nanoid(), blue)")
        main = root / layout.front / "src/main.js"
        main.write_text(f'import {{ blue }} from "tokens";\n{main.read_text("utf-8")}', "utf-8")
    (root / layout.front / "package.json").write_text(json.dumps(manifest), "utf-8")
    assets = {"ui": {layout.made: layout.target}}
    ui = {"kind": "assets", "path": layout.front, "manager": layout.manager, "sources": ["src"]}
    back = {**layout.service, "path": layout.back, "ports": [8000], "healthcheck": None, "assets": assets}
    spec = {"version": 1, "project": "assets", "services": {"ui": ui, "back": back}}
    (root / "services.yaml").write_text(yaml.safe_dump(spec, sort_keys=False), "utf-8")
    return folder


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda one: f"{one.manager}-{one.front}")
def test_assets_are_built_in_stages_and_ship_alone(
    layout: Layout, engine: Engine, tmp_path: Path, tag: Callable[[str], str]
) -> None:
    folder = _written(tmp_path, layout)
    with package_index(engine) as index:
        write_lock(engine, index, tmp_path, layout.manager, folder=folder)
        generate(tmp_path)
        [service] = yaml.safe_load((tmp_path / "compose.yaml").read_text("utf-8"))["services"].values()
        context = tmp_path / service["build"]["context"]
        dockerfile = context / service["build"].get("dockerfile", "Dockerfile")
        contexts = index.base_images(NODE_IMAGE, PYTHON)

        def build(name: str, target: str) -> Any:
            return engine.build(context, dockerfile, tag=tag(name), target=target, build_contexts=contexts)

        def read(image: str, path: str) -> str:
            found = engine.run("run", "--rm", "--entrypoint=", image, "sh", "-c", f"cat {path}").stdout
            assert "assets" in found
            return found

        first = build("first", "runtime")
        in_image, in_dev = read(first.tag, layout.in_image), read(build("dev", "dev").tag, layout.in_dev)
        assert in_image == in_dev
        assert ('"blue"' in in_image) == layout.workspace
        left = "find / -xdev \\( -name esbuild -o -name nanoid -o -name main.js \\) -not -path '/proc/*' | head"
        assert engine.run("run", "--rm", "--entrypoint=", "--user=0", first.tag, "sh", "-c", left).stdout == ""

        own = next(path for path in layout.files if path.endswith((".js", ".py")))
        source = tmp_path / layout.back / own
        source.write_text(f"{source.read_text('utf-8')}\n", "utf-8")
        second = build("second", "runtime")
        assert second.executed
        assert not [step for step in second.executed if step.name.startswith("[ui-")]
        assert read(second.tag, layout.in_image) == in_image

        replace(tmp_path / layout.front / "src/main.js", '"assets"', '"other assets"')
        third = build("third", "runtime")
        assert {step.name.split()[0] for step in third.executed if step.name.startswith("[ui-")} == {"[ui-build"}
        assert "other assets" in read(third.tag, layout.in_image)
