"""Create the repositories that tests build: a copy of a case with its lock files, or files for a spec."""

import json
import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from generator.cli.app import main

from .engine import Engine

CASES = Path(__file__).parents[2] / "cases"

# Locks with the uv and the interpreter of the service, from the index that the build uses.
_LOCK_DOCKERFILE = """\
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
    """Copy the case ``shop``, and create the lock file that is not committed."""
    shutil.copytree(CASES / "shop", destination)
    uv_lock(engine, destination / "services/api")
    return destination


def uv_lock(engine: Engine, service: Path) -> None:
    """Create or update the ``uv.lock`` of a service whose Dockerfile has been generated."""
    text = (service / "Dockerfile").read_text(encoding="utf-8")
    images = {stage: image for image, stage in re.findall(r"^FROM (\S+) AS (uv|base)$", text, re.MULTILINE)}
    with tempfile.TemporaryDirectory() as scratch:
        dockerfile = Path(scratch) / "Dockerfile"
        dockerfile.write_text(_LOCK_DOCKERFILE.format(**images), encoding="utf-8")
        engine.build(service, dockerfile, output=f"type=local,dest={scratch}/out")
        shutil.copy(Path(scratch) / "out/uv.lock", service / "uv.lock")


def write_spec(root: Path, services: Mapping[str, Mapping[str, Any]], **more: Any) -> None:
    """Write a spec with these services, and `more` beside them, and generate its files."""
    spec = {"version": 1, "project": "engine-test", "presets": ["base"], "services": services, **more}
    (root / "services.yaml").write_text(json.dumps(spec, ensure_ascii=False), encoding="utf-8")
    generate(root)


def generate(root: Path) -> None:
    """Run ``gen-dockerfiles`` on a repository."""
    assert main(["--directory", str(root)]) == 0, "the standard error stream says why"


def write_files(root: Path, files: Mapping[str, str]) -> None:
    """Write text files below a directory."""
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")


def replace(path: Path, old: str, new: str) -> None:
    """Replace a text that occurs exactly once in a file."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{path} contains {old!r} {text.count(old)} times"
    path.write_text(text.replace(old, new), encoding="utf-8")
