"""Words of commands and probes that name a file which is not in the image, and scripts that fail there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.pipeline import plan
from generator.text.errors import Finding
from tests.support import write_files

PYTHON = {"app/requirements.txt": "", "app/main.py": ""}
PACKAGE = {"app/pyproject.toml": '[project]\nname = "a"\n[build-system]\nrequires = []\n', "app/uv.lock": ""}
NODE = {"app/package.json": "{}", "app/package-lock.json": '{"packages": {}}', "app/src/a.js": ""}
BUILT = {**NODE, "app/package.json": '{"scripts": {"build": "tsc"}}'}


def _findings(root: Path, code: str, files: dict[str, str], **own: Any) -> list[Finding]:
    service = {"path": "app", "ports": [80], "command": ["serve"], **own}
    spec = {"version": 1, "project": "p", "services": {"app": service}}
    write_files(root, {"services.yaml": spec})
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(text.encode())
    return [one for one in plan(root).warnings if one.code == code]


@pytest.mark.parametrize(
    ("files", "own", "fix"),
    [
        ({**PYTHON, "app/docs/run.sh": ""}, {"kind": "python", "command": ["sh", "docs/run.sh"]},
         "ship it with extra_sources: [docs/run.sh]"),
        ({**PYTHON, "app/docs/run.sh": ""}, {"kind": "python", "command": ["/app/docs/run.sh"]},
         "ship it with extra_sources: [docs/run.sh]"),
        ({**PYTHON, "app/tests/a.ini": ""}, {"kind": "python", "command": ["serve", "--config=./tests/a.ini"]},
         "ship it with extra_sources: [tests/a.ini]"),
        ({**PYTHON, "app/tests/a.sh": ""},
         {"kind": "python", "command": ["sh", "-c", "./tests/a.sh && exec python main.py"]},
         "ship it with extra_sources: [tests/a.sh]"),
        ({**PYTHON, "app/tests/__init__.py": ""}, {"kind": "python", "command": ["python", "-m", "tests.serve"]},
         "ship it with extra_sources: [tests]"),
        ({**PYTHON, "app/other.py": ""},
         {"kind": "python", "sources": ["main.py"], "command": ["uvicorn", "other:app"]},
         "ship it with extra_sources: [other.py]"),
        ({**PYTHON, "app/a.sh": ""},
         {"kind": "python", "sources": ["main.py"], "extra_sources": ["b.ini"], "command": ["./a.sh"]},
         "ship it with extra_sources: [b.ini, a.sh]"),
        ({**PACKAGE, "app/src/a/__init__.py": "", "app/src/a/run.py": ""},
         {"kind": "python", "command": ["python", "src/a/run.py"]},
         "run it by its name, as [python, -m, a.run]; or copy the project, with package: false"),
        (BUILT, {"kind": "node", "command": ["node", "src/a.js"]},
         "ship it, and what it may read, with artifacts: [dist, src]"),
        ({**BUILT, "app/server.js": "", "app/routes/a.js": "", "app/page.pug": "", "app/vite.config.js": "",
          "app/tsconfig.json": "", "app/data/a.csv": ""},
         {"kind": "node", "command": ["node", "--trace-exit", "server"], "volumes": {"data": "/app/data"}},
         "ship it, and what it may read, with artifacts: [dist, page.pug, routes, src, server.js]"),
        ({**BUILT, "app/server/index.mjs": ""}, {"kind": "node", "command": ["node", "server"]},
         "ship it, and what it may read, with artifacts: [dist, src, server]"),
        ({**PYTHON, "app/docs/start.sh": ""}, {"kind": "python", "entrypoint": ["sh", "docs/start.sh"]},
         "ship it with extra_sources: [docs/start.sh]"),
        ({**NODE, "app/test/probe.js": ""},
         {"kind": "node", "healthcheck": {"http": None, "command": ["node", "test/probe.js"]}},
         "ship it with extra_sources: [test/probe.js]"),
    ],
)  # fmt: skip
def test_a_file_that_is_run_and_does_not_ship_is_told(
    tmp_path: Path, files: dict[str, str], own: dict[str, Any], fix: str
) -> None:
    [warning] = _findings(tmp_path, "command-not-shipped", files, **own)
    assert warning.fix == fix
    assert warning.location.file == "services.yaml"


BOOT = """\
#!/bin/sh
set -e
[ -f tests/skip.py ] || python {run}
exec "$@"
"""


@pytest.mark.parametrize(
    ("files", "run", "fix"),
    [
        ({**PYTHON, "app/tests/seed.py": ""}, "tests/seed.py", "ship it with extra_sources: [tests/seed.py]"),
        ({**PACKAGE, "app/a/__init__.py": "", "app/a/seed.py": ""}, "a/seed.py",
         "run it by its name, as python -m a.seed; or copy the project, with package: false"),
        ({**PACKAGE, "app/src/a/__init__.py": "", "app/src/a/seed.py": ""}, "/app/src/a/seed.py",
         "run it by its name, as python -m a.seed; or copy the project, with package: false"),
        ({**PYTHON, "app/tests/seed.py": ""}, "-m tests.seed", "ship it with extra_sources: [tests]"),
    ],
)  # fmt: skip
def test_a_file_that_the_script_of_a_command_runs_is_told(
    tmp_path: Path, files: dict[str, str], run: str, fix: str
) -> None:
    files = {**files, "app/boot.sh": BOOT.format(run=run), "app/tests/skip.py": ""}
    [warning] = _findings(
        tmp_path, "command-not-shipped", files, kind="python", entrypoint=["sh", "boot.sh"], extra_sources=["boot.sh"]
    )
    assert (str(warning.location), warning.fix) == ("app/boot.sh:3:1", fix.replace("[tests", "[boot.sh, tests"))


def test_what_a_script_names_in_another_folder_is_not_read(tmp_path: Path) -> None:
    script = "cd /srv\npython tests/seed.py\n"
    files = {**PYTHON, "app/boot.sh": script, "app/tests/seed.py": ""}
    assert not _findings(tmp_path, "command-not-shipped", files, kind="python", command=["sh", "boot.sh"])


@pytest.mark.parametrize(
    ("files", "own"),
    [
        (PYTHON, {"kind": "python", "command": ["python", "main.py"]}),
        (PYTHON, {"kind": "python", "command": ["python", "-m", "http.server"]}),
        (PYTHON, {"kind": "python", "command": ["uvicorn", "main:app", "--host", "0.0.0.0"]}),
        (PYTHON, {"kind": "python", "command": ["python", "nowhere.py"]}),
        (PYTHON, {"kind": "python", "command": ["sh", "-c", "echo 'main.py"]}),
        ({**PYTHON, "app/tests/a": ""}, {"kind": "python", "command": ["serve", "tests"]}),
        ({**PYTHON, "app/tests/a.sh": ""}, {"kind": "python", "sources": ["."], "command": ["tests/a.sh"]}),
        ({**PACKAGE, "app/src/a/__init__.py": ""}, {"kind": "python", "command": ["uvicorn", "a:app"]}),
        (NODE, {"kind": "node", "command": ["node", "src/a.js"]}),
        ({**BUILT, "app/dist/a.js": ""}, {"kind": "node", "command": ["node", "dist/a.js"]}),
        ({**PYTHON, "app/docs/run.sh": ""},
         {"kind": "python", "command": ["/app/docs/run.sh"],
          "steps": {"after_runtime": {"run": {"description": "a", "copy": "docs/run.sh", "to": "/app/docs/run.sh"}}}}),
    ],
)  # fmt: skip
def test_nothing_is_told_of_other_words(tmp_path: Path, files: dict[str, str], own: dict[str, Any]) -> None:
    assert _findings(tmp_path, "command-not-shipped", files, **own) == []


@pytest.mark.parametrize(
    ("files", "command", "told"),
    [
        ({"app/start.sh": "#!/bin/sh\r\nexec a\r\n"}, ["sh", "start.sh"], ["app/start.sh"]),
        ({"app/scripts/deep/a.bash": "a\r\n"}, ["serve"], ["app/scripts/deep/a.bash"]),
        ({"app/bin/start": "#!/bin/sh\r\na\r\n"}, ["bin/start"], ["app/bin/start"]),
        ({"app/start.sh": "#!/bin/sh\nexec a\n"}, ["sh", "start.sh"], []),
        ({"app/tests/a.sh": "a\r\n"}, ["serve"], []),
        ({"app/page.txt": "a\r\n"}, ["serve", "page.txt"], []),
    ],
)
def test_a_script_with_the_line_ends_of_windows_is_told(
    tmp_path: Path, files: dict[str, str], command: list[str], told: list[str]
) -> None:
    warnings = _findings(tmp_path, "script-line-ends", {**PYTHON, **files}, kind="python", command=command)
    assert [one.location.file for one in warnings] == told


@pytest.mark.parametrize(
    ("files", "own", "fix"),
    [
        (BUILT, {"command": ["node", "build/server.js"]}, "artifacts: [build]"),
        (BUILT, {"command": ["node", "build"]}, "artifacts: [build]"),
        (BUILT, {"command": ["node", "node_modules/a/bin.js", "-v", "build/a.js"]}, "artifacts: [build]"),
        (BUILT, {"command": ["node", "/app/.output/server/index.mjs"], "artifacts": ["types"]},
         "artifacts: [types, .output]"),
        ({**NODE, "app/package.json": '{"scripts": {"tsc": "tsc", "test": "tap"}}'},
         {"command": ["node", "-r", "tsx/cjs", "dist/a.js"]}, "build: tsc"),
        ({"app/package.json": '{"scripts": {"build": "bun build a.ts --outdir out"}}', "app/bun.lock": "{}"},
         {"runtime": "bun", "command": ["bun", "run", "out/a.js"]}, "build: build, artifacts: [out]"),
    ],
)  # fmt: skip
def test_a_program_that_nothing_makes_is_told(
    tmp_path: Path, files: dict[str, str], own: dict[str, Any], fix: str
) -> None:
    [warning] = _findings(tmp_path, "command-not-made", files, **{"kind": "node", **own})
    assert warning.fix == f"{fix}; or correct the command"
    lines = yaml.safe_load(f"{{{fix}}}")
    assert _findings(tmp_path, "command-not-made", files, **{"kind": "node", **own, **lines}) == []


@pytest.mark.parametrize(
    ("files", "own"),
    [
        (BUILT, {"command": ["node", "dist/main"]}),
        (BUILT, {"command": ["node", "node_modules/next/dist/bin/next", "start"]}),
        (BUILT, {"command": ["node", "-e", "require('./build')"]}),
        (BUILT, {"command": ["node", "/opt/tool/main.js"]}),
        (BUILT, {"command": ["serve", "build"]}),
        (BUILT, {"output": "standalone", "command": ["node", "server.js"]}),
        ({**NODE, "app/bun.lock": "{}", "app/package-lock.json": ""}, {"runtime": "bun", "command": ["bun", "start"]}),
    ],
)
def test_a_program_that_may_be_there_is_not_told(tmp_path: Path, files: dict[str, str], own: dict[str, Any]) -> None:
    files = {path: text for path, text in files.items() if text or path != "app/package-lock.json"}
    assert _findings(tmp_path, "command-not-made", files, **{"kind": "node", **own}) == []


def test_a_script_of_a_step_with_the_line_ends_of_windows_is_told(tmp_path: Path) -> None:
    files = {**PYTHON, "app/tools/a.sh": "a\r\n", "app/tests/b.sh": "b\r\n", "app/tests/c.sh": "c\r\n"}
    bound = {"type": "bind", "source": "tests/b.sh", "target": "/tmp/b.sh"}
    steps = {"before_build": {"b": {"run": [["sh", "/tmp/b.sh"]], "mounts": [bound]}}}
    warnings = _findings(tmp_path, "script-line-ends", files, kind="python", sources=["main.py"], steps=steps)
    assert [one.location.file for one in warnings] == ["app/tests/b.sh"]


def test_an_entry_point_with_the_line_ends_of_windows_is_told(tmp_path: Path) -> None:
    files = {**PYTHON, "app/bin/enter": '#!/bin/sh\r\nexec "$@"\r\n'}
    warnings = _findings(tmp_path, "script-line-ends", files, kind="python", entrypoint=["/app/bin/enter"])
    assert [one.location.file for one in warnings] == ["app/bin/enter"]


SRC = {"app/requirements.txt": "", "app/src/main.py": "", "app/src/shop/__init__.py": ""}


@pytest.mark.parametrize(
    ("command", "module"),
    [
        (["uvicorn", "main:app", "--host", "0.0.0.0"], "main"),
        (["gunicorn", "--bind=0.0.0.0:80", "shop.wsgi:create_app()"], "shop"),
        (["python", "-m", "shop.serve"], "shop"),
        (["celery", "-A", "shop", "worker"], "shop"),
        (["celery", "--app=shop.tasks:app", "worker"], "shop"),
    ],
)
def test_a_module_in_src_that_python_does_not_find(tmp_path: Path, command: list[str], module: str) -> None:
    code, own = "command-not-importable", {"kind": "python", "command": command}
    [warning] = _findings(tmp_path, code, SRC, **own)
    assert f"{module} is in app/src" in warning.message
    assert warning.fix.startswith("set working_dir: /app/src,")
    assert _findings(tmp_path, code, SRC, **own, working_dir="/app/src") == []
    assert _findings(tmp_path, code, SRC, **own, env={"PYTHONPATH": "/app/src"}) == []
    assert _findings(tmp_path, code, {f"app/{module}.py": ""}, **own) == []


@pytest.mark.parametrize(
    ("files", "command"),
    [
        (SRC, ["uvicorn", "src.main:app"]),
        (SRC, ["uvicorn", "--app-dir=src", "main:app"]),
        (SRC, ["gunicorn", "--chdir", "src", "main:app"]),
        (SRC, ["python", "-m", "http.server"]),
        (SRC, ["sh", "-c", "cd src && exec uvicorn main:app"]),
        ({**PACKAGE, "app/src/a/__init__.py": ""}, ["uvicorn", "a:app"]),
    ],
)
def test_modules_that_are_found(tmp_path: Path, files: dict[str, str], command: list[str]) -> None:
    assert _findings(tmp_path, "command-not-importable", files, kind="python", command=command) == []


def test_a_command_over_the_image_of_another_service(tmp_path: Path) -> None:
    """It runs what that image has."""
    files = {**PYTHON, "app/docs/run.sh": ""}
    web = {"kind": "python", "path": "app", "ports": [80], "command": ["python", "main.py"]}
    jobs = {"kind": "image", "image_of": "web", "command": ["sh", "docs/run.sh"]}
    write_files(tmp_path, {"services.yaml": {"version": 1, "project": "p", "services": {"web": web, "jobs": jobs}}})
    write_files(tmp_path, files)
    [warning] = [one for one in plan(tmp_path).warnings if one.code == "command-not-shipped"]
    assert warning.message == "jobs runs 'docs/run.sh', and app/docs/run.sh is not in the image"
