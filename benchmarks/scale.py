"""How time and memory grow with the number of services, up to fifty thousand.

    python -m benchmarks.scale [--sizes 1000 10000 50000] [--runs 3] [--against CHECKOUT]

Three kinds of projects: services that run one image and have no folder, the same with all that a Compose file can say
of them, and services with a folder, a manifest and a lock file each. A run of each size and each kind generates the
files, checks them with an empty cache, and checks them with the cache that this has left. What to compare is the time
of one service, beside that of one service of the smallest size: where it is 1.0, time is linear.

With `--against`, another checkout runs each of these right after this one, over the same files.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.processes import ROOT, Figures, measure

KINDS = ("one image", "one Compose file", "own folders")
PACKAGES = 20
HASH = "sha256:" + "ab" * 32


class Run(NamedTuple):
    """What is measured: a kind of project, its number of services, a step, and the checkout that runs it."""

    kind: str
    size: int
    step: str
    code: Path


def services(kind: str, size: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the services of a project; a spec of fifty thousand is just below the limit of its size."""
    for number in range(size):
        if kind == "one image":
            yield f"s{number}", {"kind": "image", "presets": ["redis"]}
        elif kind == "one Compose file":
            before = {"depends_on": {f"s{number - 1}": "started"}} if number else {}
            more = {"environment": {"N": str(number)}, "volumes": {"v": f"/v/{number}"}}
            yield f"s{number}", {"kind": "image", "presets": ["redis"], **before, **more}
        elif number % 2:
            yield f"s{number}", {"kind": "worker", "runtime": "node", "command": ["node", f"s{number}.js"]}
        else:
            yield f"s{number}", {"kind": "worker", "runtime": "python", "command": ["work", f"s{number}"]}


def write_project(root: Path, kind: str, size: int) -> None:
    """Write the spec, and the folders of its services. One line for each service: YAML of PyYAML takes too long."""
    lines = [f"  {name}: {json.dumps(own)}\n" for name, own in services(kind, size)]
    head = "version: 1\nproject: large\npresets: [base]\nservices:\n"
    root.mkdir()
    (root / "services.yaml").write_text("".join([head, *lines]), encoding="utf-8")
    if kind == "own folders":
        for name, own in services(kind, size):
            folder = root / "services" / name
            folder.mkdir(parents=True)
            for file, text in (_PYTHON if own["runtime"] == "python" else _NODE).items():
                (folder / file).write_text(text, encoding="utf-8")


def _uv_lock() -> str:
    wheel = f'wheels = [\n    {{ url = "https://files.example/x.whl", hash = "{HASH}", size = 1 }},\n]\n'
    packages = (f'\n[[package]]\nname = "package-{n}"\nversion = "1.0"\n{wheel}' for n in range(PACKAGES))
    return "".join(["version = 1\n", *packages])


def _package_lock() -> str:
    entry = {"version": "1.0.0", "integrity": "sha512-" + "a" * 86, "license": "MIT"}
    packages = {f"node_modules/package-{n}": entry for n in range(PACKAGES)}
    root = {"dependencies": {"package-0": "1.0.0"}}
    return json.dumps({"name": "service", "lockfileVersion": 3, "packages": {"": root, **packages}}, indent=2)


_PYTHON = {
    "pyproject.toml": '[project]\nname = "service"\nrequires-python = ">=3.11"\ndependencies = ["package-0"]\n',
    "uv.lock": _uv_lock(),
}
_NODE = {
    "package.json": json.dumps({"name": "service", "dependencies": {"package-0": "1.0.0"}}),
    "package-lock.json": _package_lock(),
}


def turn(root: Path, kind: str, size: int, codes: Sequence[Path]) -> Iterator[tuple[Run, Figures]]:
    """Run each step once with each checkout."""
    command = [sys.executable, "-m", "generator", "-C", str(root)]
    for code in codes:
        for file in [root / "compose.yaml", *root.glob("services/*/Dockerfile*")]:
            file.unlink(missing_ok=True)
        cache = root.parent / "cache"
        for step, more in (
            ("generate", []),
            ("check, empty cache", ["--check"]),
            ("check, nothing changed", ["--check"]),
        ):
            if step != "check, nothing changed":
                shutil.rmtree(cache, ignore_errors=True)
            yield Run(kind, size, step, code), measure([*command, *more], cache, code=code)
        shutil.rmtree(cache)


def output_size(root: Path) -> float:
    """Return the size of the generated files in MB."""
    files = [root / "compose.yaml", *root.glob("services/*/Dockerfile*")]
    return sum(file.stat().st_size for file in files) / 1e6


def table(found: dict[Run, list[Figures]], outputs: dict[tuple[str, int], float]) -> str:
    """Format the medians, and what one service takes of the time and the memory."""
    sizes = sorted({run.size for run in found})
    codes = list(dict.fromkeys(run.code for run in found))
    lines = [
        "| project | services | output MB | run | checkout | CPU s | of one service | MB | of the first checkout |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for run, figures in sorted(found.items(), key=lambda one: (KINDS.index(one[0].kind), one[0].size)):
        cpu, memory = (statistics.median(getattr(one, name) for one in figures) for name in ("cpu", "memory"))
        small = statistics.median(one.cpu for one in found[run._replace(size=sizes[0])])
        first = statistics.median(one.cpu for one in found[run._replace(code=codes[0])])
        share = (cpu / run.size) / (small / sizes[0])
        cells = [run.kind, run.size, f"{outputs[run.kind, run.size]:.1f}", run.step, run.code.name]
        cells += [f"{cpu:.2f}", f"{share:.2f}", f"{memory:.0f}", f"{cpu / first:.2f}"]
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 10_000, 50_000], help="numbers of services")
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=KINDS, help="kinds of projects")
    parser.add_argument("--runs", type=int, default=3, help="turns (%(default)s)")
    parser.add_argument("--against", type=Path, help="another checkout, which takes turns with this one")
    options = parser.parse_args()
    codes = [ROOT, *([options.against.resolve()] if options.against else [])]
    found: dict[Run, list[Figures]] = {}
    outputs: dict[tuple[str, int], float] = {}
    for kind in options.kinds:
        for size in sorted(options.sizes):
            with tempfile.TemporaryDirectory() as folder:
                root = Path(folder) / "project"
                write_project(root, kind, size)
                for _ in range(options.runs):
                    for run, figures in turn(root, kind, size, codes):
                        found.setdefault(run, []).append(figures)
                        print(*run[:3], run.code.name, figures, file=sys.stderr, flush=True)
                outputs[kind, size] = output_size(root)
    print(table(found, outputs))


if __name__ == "__main__":
    main()
