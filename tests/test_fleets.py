"""Random fleets: whatever the tool accepts gives a Compose file that fits the schema of Compose."""

from __future__ import annotations

import tempfile
from pathlib import Path

import yaml
from hypothesis import given

from generator.checks.compose_schema import mistakes
from generator.cli.app import main
from generator.model.names import ASSETS
from tests.fleets import Fleet, fleets, write_fleet


@given(fleets())
def test_the_compose_file_of_a_fleet_fits_the_schema(fleet: Fleet) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = write_fleet(fleet, Path(folder))
        assert main(["-C", str(root)]) == 0
        compose = yaml.safe_load((root / "compose.yaml").read_text(encoding="utf-8"))
        assert [*compose["services"]] == [name for name, own in fleet.services.items() if own["kind"] != ASSETS]
        assert [*mistakes(compose)] == []
        assert main(["-C", str(root), "--check"]) == 0
