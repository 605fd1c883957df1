"""What Compose and BuildKit read of a fleet: each Dockerfile as Compose hands it to BuildKit."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .checks import images_of, without_syntax
from .command import CommandFailed
from .engine import Engine

_CHECKS = {"BUILDKIT_DOCKERFILE_CHECK": "experimental=all"}


@dataclass(frozen=True)
class Read:
    """A fleet as the tools read it; each mapping has the services that have a build.

    Attributes:
        config: The model of Compose with every profile: merged, interpolated, with paths from the root of the disk.
        builds: What Compose tells BuildKit, in the form of a bake file.
        stages: The names of the stages of the Dockerfile, in their order.
        outlines: Arguments, secrets and SSH agents that the target uses.
        warnings: What the checks of BuildKit say, the experimental ones as well.
    """

    config: dict[str, Any]
    builds: dict[str, Any]
    stages: dict[str, list[str]]
    outlines: dict[str, Any]
    warnings: dict[str, list[str]]


def read_fleet(engine: Engine, root: Path, environment: Mapping[str, str], scratch: Path) -> Read:
    """Ask Compose and BuildKit what they read; nothing is built, and no registry is asked.

    Args:
        engine: The engine.
        root: The repository, with its generated files.
        environment: Variables of the shell.
        scratch: A folder for what is asked, which is emptied.

    Raises:
        CommandFailed: Compose or BuildKit refuses a file.
    """

    def docker(*argv: str) -> dict[str, Any]:
        # A check that warns is no failure: it has a report.
        done = engine.run(*argv, cwd=root, extra_environment=environment, check=False)
        if not done.stdout.startswith("{"):
            raise CommandFailed(["docker", *argv], done.returncode, done.stdout + done.stderr)
        read: dict[str, Any] = json.loads(done.stdout)
        return read

    compose = ("compose", f"--project-directory={root}", "--env-file=/dev/null", "--profile=*")
    config = docker(*compose, "config", "--format=json")
    if not any("build" in one for one in config["services"].values()):
        return Read(config, {}, {}, {}, {})
    builds = docker(*compose, "build", "--print")["target"]
    shutil.rmtree(scratch, ignore_errors=True)
    (scratch / "empty").mkdir(parents=True)
    (scratch / "bake.json").write_text(json.dumps({"target": _offline(builds, scratch / "empty")}), encoding="utf-8")
    allowed = (f"--allow=fs.read={root}", f"--allow=fs.read={scratch}")
    bake = ("buildx", "bake", f"--file={scratch / 'bake.json'}", *allowed)

    def call(method: str) -> dict[str, Any]:
        targets = docker(*bake, f"--call={method},format=json", *builds)["target"]
        return {name: one[method] for name, one in targets.items()}

    stages = {name: [stage["name"] for stage in one["targets"]] for name, one in call("targets").items()}
    warnings = {
        name: [f"{one['ruleName']}: {one['detail']}" for one in said.get("warnings") or ()]
        for name, said in call("check").items()
    }
    return Read(config, builds, stages, call("outline"), warnings)


def _offline(builds: Mapping[str, Any], empty: Path) -> dict[str, Any]:
    """Return the targets of a bake file with an empty folder for each image, and without an agent or a frontend.

    Even a call that builds nothing would give an image its tags.
    """
    targets = {}
    for name, build in builds.items():
        file = Path(build["context"]) / build["dockerfile"]
        text = file.read_text(encoding="utf-8")
        file.write_text(without_syntax(text), encoding="utf-8")
        images = dict.fromkeys(images_of(text), str(empty))
        left_out = {"ssh": [], "tags": [], "output": ["type=cacheonly"]}
        targets[name] = {**build, **left_out, "contexts": images, "args": {**build.get("args", {}), **_CHECKS}}
    return targets
