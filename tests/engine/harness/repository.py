"""Repositories that tests build: a case with its lock files, or a spec that is generated on the spot."""

import json
import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from generator.cli.app import main

from .docker import Engine

CASES = Path(__file__).parents[2] / "cases"

# Locked where the project is built: by its own uv and interpreter, from the index that the build will ask.
_LOCK = """\
FROM {uv} AS uv
FROM {base} AS lock
WORKDIR /src
COPY pyproject.toml uv.loc[k] ./
RUN --mount=type=bind,from=uv,source=/uv,target=/usr/local/bin/uv \\
    --mount=type=cache,id=gen-dockerfiles-test-uv,target=/root/.cache/uv \\
    uv lock
FROM scratch
COPY --from=lock /src/uv.lock /uv.lock
"""


def copy_shop(engine: Engine, destination: Path) -> Path:
    """Copies the case ``shop`` and makes the lock file that is not committed."""
    shutil.copytree(CASES / "shop", destination)
    uv_lock(engine, destination / "services/api")
    return destination


def uv_lock(engine: Engine, service: Path) -> None:
    """Writes or updates the ``uv.lock`` of a service that has been generated."""
    dockerfile = (service / "Dockerfile").read_text(encoding="utf-8")
    images = {stage: image for image, stage in re.findall(r"^FROM (\S+) AS (uv|base)$", dockerfile, re.MULTILINE)}
    with tempfile.TemporaryDirectory() as scratch:
        recipe = Path(scratch) / "Dockerfile"
        recipe.write_text(_LOCK.format(**images), encoding="utf-8")
        engine.build(service, recipe, output=f"type=local,dest={scratch}/out")
        shutil.copy(Path(scratch) / "out/uv.lock", service / "uv.lock")


def write_spec(root: Path, services: Mapping[str, Mapping[str, Any]]) -> None:
    """Writes a spec with these services and generates its files."""
    spec = {"version": 1, "project": "engine-test", "presets": ["base"], "services": services}
    (root / "services.yaml").write_text(json.dumps(spec, ensure_ascii=False), encoding="utf-8")
    generate(root)


def generate(root: Path) -> None:
    """Runs ``gen-dockerfiles`` on a repository."""
    assert main(["--directory", str(root)]) == 0, "the standard error stream says why"


def write_files(root: Path, files: Mapping[str, str]) -> None:
    """Writes text files below a directory."""
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")


def replace(path: Path, old: str, new: str) -> None:
    """Replaces a text that occurs exactly once in a file."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{path} has {text.count(old)} times {old!r}"
    path.write_text(text.replace(old, new), encoding="utf-8")
