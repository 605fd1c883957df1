"""Time to resolve a thousand services over ten presets, beside resolving them over base alone.

    python -m benchmarks.presets [--runs 7]

The two take turns in one process, so that a machine that slows down slows both; the ratio is what to compare.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

import yaml

from generator.layers.library import Library
from generator.layers.resolve import resolve
from generator.text.documents import Document, parse

SERVICES, PRESETS = 1000, 10


def _spec(presets: list[str]) -> Document:
    services = {
        f"s{number}": {
            "kind": "python" if number % 2 else "node",
            "command": ["serve"],
            "ports": [{"target": 8000, "published": 10_000 + number}],
        }
        for number in range(SERVICES)
    }
    spec = {"version": 1, "project": "p", "presets": presets, "services": services}
    return parse(yaml.safe_dump(spec, sort_keys=False), "services.yaml")


def _write_presets(root: Path) -> list[str]:
    for number in range(PRESETS):
        preset = {
            "defaults": {"environment": {f"A{number}": "x"}, "container": {"pids_limit": 100 + number}},
            "runtimes": {"python": {"env": {f"B{number}": "y"}}, "node": {"env": {f"C{number}": "z"}}},
            "kinds": {"node": {"labels": {f"com.example.l{number}": "1"}}},
        }
        (root / f"p{number}.yaml").write_text(yaml.safe_dump(preset), encoding="utf-8")
    return [f"./p{number}.yaml" for number in range(PRESETS)]


def _seconds(spec: Document, root: Path) -> float:
    library = Library(root)
    started = time.perf_counter()
    resolve(spec, library)
    return time.perf_counter() - started


def main() -> None:
    """Measure, and print one line each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        specs = {"base alone": _spec([]), f"{PRESETS} presets": _spec(_write_presets(root))}
        taken: dict[str, list[float]] = {name: [] for name in specs}
        for _ in range(runs):
            for name, spec in specs.items():
                taken[name].append(_seconds(spec, root))
    medians = {name: statistics.median(seconds) for name, seconds in taken.items()}
    for name, seconds in medians.items():
        print(f"{SERVICES} services over {name}: {seconds:.2f} s")
    one, ten = medians.values()
    print(f"ratio: {ten / one:.1f}")


if __name__ == "__main__":
    main()
