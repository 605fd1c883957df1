"""Time of the processor and peak memory of `gen-dockerfiles --check`, beside Copier rendering the same project.

    python -m benchmarks.check [--runs 7]

Each figure is of a whole process, as a user or a hook starts it. The processes take turns, so that a machine that
slows down slows all of them. Copier cannot check; it renders services that were resolved before into an empty folder,
which is the least a check would do.

The check is measured twice: with an empty cache, as on a fresh CI machine or after any change of the spec, and with the
cache that the run before has left, as in a hook that finds nothing changed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from benchmarks.processes import ROOT, Figures, measure
from generator.pipeline import load
from generator.render.view import as_data
from generator.render.view_builder import project_view

SHOP = ROOT / "tests" / "cases" / "shop"

COPIER = """\
import json, sys
import copier
with open(sys.argv[2], encoding="utf-8") as stream:
    data = json.load(stream)
copier.run_copy(sys.argv[1], sys.argv[3], data=data, defaults=True, quiet=True, settings=copier.Settings())
"""


@dataclass
class Case:
    """One project to measure, and what has been measured of it."""

    name: str
    folder: Path
    copier_runs: int
    goal: str
    measured: dict[str, list[Figures]] = field(default_factory=dict)

    def data(self) -> dict[str, Any]:
        """Give the answers of copier.yml that the templates read, for this project instead of a starter."""
        project = as_data(project_view(load(self.folder, "services.yaml")[1]))
        return {"project": project, "built": [item for item in project["services"] if item["path"] is not None]}


def thousand() -> dict[str, Any]:
    """Return a spec of a thousand services of every kind, which differ as much as those of the shop."""
    services: dict[str, Any] = {}
    for n in range(200):
        command = ["uvicorn", f"service_{n}.main:app", "--host", "0.0.0.0", "--port", "8000"]
        services[f"queue-{n}"] = {"kind": "image", "presets": ["redis"]}
        services[f"api-{n}"] = {
            "kind": "python",
            "manager": "uv",
            "command": command,
            "ports": [{"target": 8000, "published": 10000 + n}],
            "environment": {"REDIS_URL": f"redis://queue-{n}:6379/0"},
            "depends_on": {f"queue-{n}": "healthy"},
        }
        services[f"web-{n}"] = {
            "kind": "node",
            "build": "build",
            "sources": ["src", "tsconfig.json"],
            "command": ["node", "dist/server.js"],
            "ports": [{"target": 3000, "published": 20000 + n}],
            "environment": {"API_URL": f"http://api-{n}:8000"},
            "depends_on": {f"api-{n}": "healthy"},
        }
        services[f"jobs-{n}"] = {
            "kind": "worker",
            "runtime": "python",
            "manager": "pip",
            "framework": "celery",
            "sources": [f"jobs_{n}"],
            "packages": {"build": ["gcc"], "runtime": ["libpq5"]},
            "command": ["celery", f"--app=jobs_{n}.app", "worker", "--loglevel=INFO"],
            "depends_on": {f"queue-{n}": "healthy"},
        }
        services[f"mail-{n}"] = {"kind": "worker", "runtime": "node", "command": ["node", "src/worker.js"]}
    return {"version": 1, "project": "thousand", "presets": ["base"], "services": services}


PYPROJECT = '[project]\nname = "service"\nrequires-python = ">=3.11"\ndependencies = ["httpx>=1", "rich"]\n'
PACKAGE_JSON = json.dumps(
    {"name": "service", "scripts": {"build": "tsc"}, "dependencies": {f"p{n}": "1.0.0" for n in range(20)}}
)
HASH = "sha256:" + "ab" * 32


def uv_lock(*names: str) -> str:
    """Return a lock file of uv with these packages, as large as that of a small service."""
    packages = [*names, *(f"package-{n}" for n in range(80))]
    wheel = f'wheels = [\n    {{ url = "https://files.example/x.whl", hash = "{HASH}", size = 1 }},\n]\n'
    return "version = 1\n" + "".join(f'\n[[package]]\nname = "{name}"\nversion = "1.0"\n{wheel}' for name in packages)


def package_lock() -> str:
    """Return a lock file of npm for PACKAGE_JSON, with 200 packages."""
    entry = {"version": "1.0.0", "integrity": "sha512-" + "a" * 86, "license": "MIT", "engines": {"node": ">=18"}}
    packages = {f"node_modules/p{n}": entry for n in range(200)}
    root = {"dependencies": json.loads(PACKAGE_JSON)["dependencies"]}
    return json.dumps({"name": "service", "lockfileVersion": 3, "packages": {"": root, **packages}}, indent=2)


def write_services(root: Path, services: dict[str, Any]) -> None:
    """Write what a check reads of each service: its manifest and its lock file."""
    requirements = "".join(f"package-{n}==1.0 \\\n    --hash={HASH}\n" for n in range(80))
    python = {"pyproject.toml": PYPROJECT, "uv.lock": uv_lock("httpx", "rich")}
    node = {"package.json": PACKAGE_JSON, "package-lock.json": package_lock()}
    files = {"api": python, "web": node, "jobs": {"requirements.txt": requirements}, "mail": node}
    for name in services:
        for file, text in files.get(name.partition("-")[0], {}).items():
            path = root / "services" / name / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")


def prepare(work: Path) -> list[Case]:
    """Write the shop, and a project of a thousand services with its generated files."""
    large = work / "thousand"
    large.mkdir()
    text = yaml.safe_dump(thousand(), sort_keys=False, default_flow_style=None, width=120)
    (large / "services.yaml").write_text(text, encoding="utf-8")
    write_services(large, thousand()["services"])
    shop = work / "shop"
    shutil.copytree(SHOP, shop)
    (shop / "services/api/uv.lock").write_text(uv_lock(), encoding="utf-8")
    for line in ("celery", "fastapi", "uvicorn", "httpx2", "pytest"):  # in versions that its manifest allows
        with (shop / "services/api/uv.lock").open("a", encoding="utf-8") as file:
            file.write(f'\n[[package]]\nname = "{line}"\n')
    measure([sys.executable, "-m", "generator", "-C", str(large)], work / "unused")
    for name in ("templates", "presets"):
        shutil.copytree(ROOT / name, work / "template" / name)
    shutil.copy(ROOT / "copier.yml", work / "template")
    return [
        Case("shop, 4 services", shop, copier_runs=1000, goal="0.25 s"),
        Case("1000 services", large, copier_runs=3, goal="0.6 s, 200 MB"),
    ]


def run(case: Case, work: Path, turn: int) -> None:
    """Run one turn of one case: the check and, as often as the case allows, Copier."""
    check = [sys.executable, "-m", "generator", "-C", str(case.folder), "--check"]
    cache = work / "cache"
    for name in ("check, empty cache", "check, nothing changed"):
        case.measured.setdefault(name, []).append(measure(check, cache))
    shutil.rmtree(cache)
    if turn < case.copier_runs:
        data = work / "data.json"
        data.write_text(json.dumps(case.data()), encoding="utf-8")
        out = work / "out"
        copier = [sys.executable, "-c", COPIER, str(work / "template"), str(data), str(out)]
        case.measured.setdefault("Copier", []).append(measure(copier, work / "unused"))
        shutil.rmtree(out)


def table(cases: list[Case]) -> str:
    """Format the medians, and the ratio of Copier's to those of the check.

    Time is that of the processor: it is what a run takes alone, also where other programs run beside it.
    """
    lines = [
        "| project | run | CPU s | spread | wall s | MB | Copier takes | goal |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for case in cases:
        copier = statistics.median(figures.cpu for figures in case.measured["Copier"])
        for name, figures in case.measured.items():
            taken = [one.cpu for one in figures]
            middle = statistics.median(taken)
            cells = [
                case.name,
                name,
                f"{middle:.2f}",
                f"{min(taken):.2f} to {max(taken):.2f}, n={len(taken)}",
                f"{statistics.median(one.wall for one in figures):.2f}",
                f"{statistics.median(one.memory for one in figures):.0f}",
                "" if name == "Copier" else f"{copier / middle:.1f} times",
                "" if name == "Copier" else case.goal,
            ]
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--runs", type=int, default=7, help="turns (%(default)s)")
    options = parser.parse_args()
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {options.runs} turns", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        cases = prepare(work)
        for turn in range(options.runs):
            for case in cases:
                run(case, work, turn)
            print(f"turn {turn + 1} of {options.runs}", file=sys.stderr, flush=True)
    print(table(cases))


if __name__ == "__main__":
    main()
