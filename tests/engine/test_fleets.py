"""Names, targets, contexts, variables, probes and dependencies of random fleets, as Compose and BuildKit read them.

The same fleets are drawn in each run. With `FLEETS=500` there are that many, drawn anew, and one that
fails is made smaller, for at most five minutes.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, settings

from generator.cli.app import main
from generator.pipeline import load
from tests.fleets import Fleet, fleets
from tests.support import write_files

from .harness import Engine
from .harness import fleet_agreement as agreement
from .harness.fleet import read_fleet

LONG = "FLEETS" in os.environ
FLEETS = int(os.environ.get("FLEETS", "40"))


@pytest.mark.flaky(reruns=0)  # another run would ask the same
def test_the_files_of_a_fleet_agree(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEN_DOCKERFILES_NO_CACHE", "1")

    @settings(
        max_examples=FLEETS,
        derandomize=not LONG,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink] if LONG else [Phase.generate],
        print_blob=True,
        suppress_health_check=[*HealthCheck],
    )
    @given(fleets())
    def agrees(fleet: Fleet) -> None:
        shutil.rmtree(tmp_path)
        root = _written(fleet, tmp_path / "repository")
        read = read_fleet(engine, root, fleet.environment, tmp_path / "asked")
        shell = {**engine.environment, **fleet.environment}
        found = agreement.disagreements(agreement.Fleet(root, load(root, "services.yaml")[1], shell, read))
        assert not found, "\n".join([*found, (root / "services.yaml").read_text("utf-8")])

    agrees()


def _written(fleet: Fleet, root: Path) -> Path:
    """Write the repository and its generated files, and beside them an ignore file that would hide everything."""
    spec = yaml.safe_dump(fleet.spec, sort_keys=False, allow_unicode=True)
    write_files(root, {**fleet.files, "services.yaml": spec})
    assert main(["-C", str(root)]) == 0, spec
    assert main(["-C", str(root), "--check"]) == 0, spec
    for folder in {root, root / "services", *(file.parent for file in root.rglob("*.dockerignore"))}:
        if folder.is_dir():
            (folder / ".dockerignore").write_text("*\n", encoding="utf-8")
    return root
