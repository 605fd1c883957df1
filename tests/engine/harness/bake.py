"""Build many targets at once with ``docker buildx bake``, and see all that the builder says."""

import json
import re
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from .buildlog import BuildLog, BuildResult
from .command import CommandFailed
from .engine import Engine


@dataclass(frozen=True)
class Baked:
    """A finished build of many targets.

    Attributes:
        result: The progress of all targets.
        stream: The progress as it was printed, one JSON object a line.
        provenance: For each target the provenance of mode ``max``, as JSON.
    """

    result: BuildResult
    stream: str
    provenance: str


def bake(
    engine: Engine, targets: Mapping[str, Mapping[str, Any]], environment: Mapping[str, str] | None = None
) -> Baked:
    """Build targets of bake, as its JSON files describe them, all in one command.

    Args:
        engine: The engine that builds.
        targets: The targets by name.
        environment: Variables that secrets of the targets come from.

    Raises:
        CommandFailed: A target fails.
    """
    with tempfile.TemporaryDirectory() as scratch:
        definition, metadata = Path(scratch) / "bake.json", Path(scratch) / "metadata.json"
        definition.write_text(json.dumps({"target": targets}), encoding="utf-8")
        argv = ["buildx", "bake", f"--file={definition}", "--progress=rawjson", "--provenance=false", "--allow=fs=*"]
        argv += [f"--metadata-file={metadata}", *targets]
        started = time.monotonic()
        variables = {**(environment or {}), "BUILDX_METADATA_PROVENANCE": "max"}
        done = engine.run(*argv, check=False, extra_environment=variables)
        log = BuildLog()
        log.read(done.stderr.splitlines())
        result = log.result(tag="", exit_code=done.returncode, seconds=time.monotonic() - started)
        if not result.ok:
            raise CommandFailed(["docker", *argv], done.returncode, result.log)
        return Baked(result, done.stderr, metadata.read_text(encoding="utf-8"))


def stage_targets(root: Path, tag: str, label: str) -> dict[str, dict[str, Any]]:
    """Describe every stage of every service in a Compose file as a target that is loaded as an image.

    Args:
        root: The folder of the Compose file.
        tag: The repository of the images; each target's name becomes the tag.
        label: A label ``key=value`` for the images.
    """
    compose = yaml.safe_load((root / "compose.yaml").read_text(encoding="utf-8"))
    targets: dict[str, dict[str, Any]] = {}
    for name, service in compose["services"].items():
        context = root / service["build"]["context"]
        dockerfile = context / service["build"].get("dockerfile", "Dockerfile")
        secrets = [_secret(root, one, compose["secrets"][one]) for one in service["build"].get("secrets", [])]
        for stage in re.findall(r"^FROM \S+ AS (\S+)$", dockerfile.read_text(encoding="utf-8"), re.MULTILINE):
            targets[f"{name}-{stage}"] = {
                "context": str(context),
                "dockerfile": str(dockerfile),
                "target": stage,
                "tags": [f"{tag}:{name}-{stage}"],
                "labels": dict([label.split("=", 1)]),
                "output": ["type=docker"],
                "secret": secrets,
            }
    return targets


def context_target(context: Path, dockerfile: Path, scratch: Path) -> dict[str, Any]:
    """Describe a target that is all of a build context which the ignore file of a Dockerfile lets through.

    Args:
        context: The folder of the context.
        dockerfile: The Dockerfile that the ignore file is beside.
        scratch: An empty folder; ``context.tar`` in it will be the context.
    """
    scratch.mkdir(parents=True)
    (scratch / "Dockerfile").write_text("FROM scratch\nCOPY . /\n", encoding="utf-8")
    ignored = dockerfile.with_name(f"{dockerfile.name}.dockerignore").read_bytes()
    (scratch / "Dockerfile.dockerignore").write_bytes(ignored)
    output = [f"type=tar,dest={scratch}/context.tar"]
    return {"context": str(context), "dockerfile": str(scratch / "Dockerfile"), "output": output}


def _secret(root: Path, name: str, source: Mapping[str, str]) -> str:
    """Give a secret of a Compose file in the form of buildx."""
    if "file" in source:
        return f"id={name},src={root / source['file']}"
    return f"id={name},env={source['environment']}"
