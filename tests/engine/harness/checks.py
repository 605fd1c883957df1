"""What BuildKit's checks and Compose say of many files, in few calls."""

import json
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .engine import Engine

# BuildKit takes 70 ms for each of these, where a call for one takes half a second. With 150 in one call it loses some.
BATCH = 40


def images_of(dockerfile: str) -> set[str]:
    """Return the image references of a Dockerfile: the sources of FROM and --from that are not stages."""
    stages = set(re.findall(r"^FROM .+ AS (\S+)$", dockerfile, re.MULTILINE))
    sources = re.findall(r"^FROM (?:--\S+ )*(\S+)|--mount=\S*from=([^,\s]+)|^COPY .*--from=(\S+)", dockerfile, re.M)
    return {source for found in sources for source in found if source} - stages - {"scratch"}


def without_syntax(dockerfile: str) -> str:
    """Return a Dockerfile without its syntax line, which names an image in a registry. The engine has its rules."""
    return re.sub(r"\A# syntax=.*\n", "", dockerfile)


def check_dockerfiles(engine: Engine, files: Sequence[Path], scratch: Path) -> dict[Path, str]:
    """Run ``--call=check`` with every rule on many Dockerfiles; return what it says of those that have a mistake.

    Their ``Dockerfile.dockerignore`` is read as well. No registry is queried, and nothing of a context is read.

    Args:
        engine: The engine.
        files: Dockerfiles.
        scratch: A folder for copies.

    Raises:
        CommandFailed: BuildKit gives no report.
    """
    found: dict[Path, str] = {}
    for start in range(0, len(files), BATCH):
        found |= _check_batch(engine, files[start : start + BATCH], scratch)
    return found


def _check_batch(engine: Engine, files: Sequence[Path], scratch: Path) -> dict[Path, str]:
    shutil.rmtree(scratch, ignore_errors=True)
    empty = scratch / "empty"
    empty.mkdir(parents=True)
    targets = {f"t{number}": _target(file, scratch / str(number), empty) for number, file in enumerate(files)}
    bake = scratch / "bake.json"
    bake.write_text(json.dumps({"group": {"default": {"targets": [*targets]}}, "target": targets}), encoding="utf-8")
    options = (f"--file={bake}", f"--allow=fs.read={scratch}", "--call=check,format=json")
    done = engine.run("buildx", "bake", *options, check=False)
    report = json.loads(done.stdout) if done.stdout.startswith("{") else None
    assert report is not None, done.stderr
    said = {file: _said(report["target"][name]["check"]) for name, file in zip(targets, files, strict=True)}
    return {file: text for file, text in said.items() if text}


def _target(file: Path, copy: Path, empty: Path) -> dict[str, Any]:
    copy.mkdir()
    text = file.read_text(encoding="utf-8")
    (copy / "Dockerfile").write_text(without_syntax(text), encoding="utf-8")
    ignore = file.with_name(f"{file.name}.dockerignore")
    if ignore.exists():
        shutil.copy(ignore, copy / ignore.name)
    return {
        "context": str(empty),
        "dockerfile": str(copy / "Dockerfile"),
        "contexts": {image: str(empty) for image in images_of(text)},
        "args": {"BUILDKIT_DOCKERFILE_CHECK": "experimental=all"},
    }


def _said(check: dict[str, Any]) -> str:
    warnings = [f"{one['ruleName']}: {one.get('detail')}" for one in check.get("warnings") or ()]
    return "\n".join([*([check["error"]] if check.get("error") else []), *warnings])


def required_variables(compose: str) -> set[str]:
    """Return the variables of the host that a Compose file needs."""
    return set(re.findall(r"(?<!\$)\$\{(\w+):\?", compose))
