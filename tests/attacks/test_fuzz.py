"""Whatever stands in a file of a repository, the command ends with a finding, and never with an exception.

Each run draws anew. A failure prints the seed of its round and Hypothesis' blob; with `FUZZ_SEED=…` that round is drawn
again. `FUZZ_SECONDS` says how long all of these tests may take together: `make fuzz` takes an hour.
"""

from __future__ import annotations

import contextlib
import datetime
import io
import json
import os
import re
import secrets
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from generator.cli.app import main
from generator.text.errors import EXIT_STALE, EXIT_USAGE
from tests.strategies import specs
from tests.support import CASES

SECONDS = float(os.environ.get("FUZZ_SECONDS", "15"))
ROUND = 100

_SETTINGS = settings(
    max_examples=ROUND, deadline=None, database=None, print_blob=True, suppress_health_check=[*HealthCheck]
)

# Text of YAML that PyYAML would not write by itself. Names with an @ stand for it until it is put in.
RAW = (
    "!!int x",
    "!!float y",
    "!!bool maybe",
    "!!timestamp z",
    "!!binary aGk=",
    "!!binary é",
    "!!set {a, b}",
    "!!omap [a: 1]",
    "!env X",
    "&a [*a]",
    "&b {c: *b}",
    "*nowhere",
    "0x" + "f" * 5_000,
    "1" * 5_000,
    "1e999",
    ".nan",
    "-.inf",
    "1:30:00",
    "0o17",
    "2026-02-30",
    "2026-01-01",
    "2026-01-01T00:00:00Z",
    "2026-01-01 25:00:00",
    "~",
    "''",
    '"\\0"',
    '"\\u202e"',
    '"\\e[31m"',
    '"\\U0010ffff"',
    '"\\ud800"',
    "[" * 60 + "]" * 60,
    "[" * 100_000,
    "{a: " * 60 + "1" + "}" * 60,
    "{<<: {a: 1}}",
    "{<<: [{a: 1}, {b: 2}]}",
    "{<<: 1}",
    "{1: 2}",
    "{[a]: b}",
    "{a: 1, a: 2}",
    "{? a}",
    "\t",
    "%",
    "@",
    "|\n  text",
    "{parameter: v}",
    "{parameter: [v]}",
    "{preset: base, with: {v: 1}}",
    "{preset: [base]}",
)
BYTES = (
    b"<<<<<<< HEAD\n",
    b"\n<<<<<<< a\n=======\n>>>>>>> b\n",
    b"[" * 100_000,
    b"{" * 3_000,
    b'{"a":' * 3_000,
    b"9" * 5_000,
    b"\0",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"\xef\xbb\xbf",
    b"null",
    b"true",
    b"[]",
    b"{}",
    b'""',
    b"1",
    b"-1",
    b"1e999",
    b"NaN",
    b'"\\ud800"',
    b'"\\u0000"',
    b"2026-01-01",
    b"::error::x",
    b"\x1b[31m",
    "\u202e".encode(),
    b"*",
    b"**/" * 50,
    b"..",
    b"/",
    b"%",
    b"@",
    b'"',
    b"'",
    b"\n",
    b"\r\n",
    b"\t",
    b"=",
    b".a" * 300,
    b"==x",
    b">=1,",
    b"^",
    b"workspace:*",
    b"patch:",
    b"@patch:" * 1_000 + b"#x",
    b"${",
    b"((((" * 300,
    b"; python_version < '3'",
)

_SCALARS: SearchStrategy[Any] = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=10)
    | st.dates()
    | st.datetimes(timezones=st.sampled_from([None, datetime.UTC]))
    | st.sampled_from([f"@{index}@" for index in range(len(RAW))])
    | st.sampled_from(
        ["python", "node", "uv", "npm", "base", "./team.yaml", "../x", "/", ".", "a\0b", "é" * 300, "{{ 1 }}"]
    )
)
NODES = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.text(max_size=6) | st.sampled_from(["kind", "name", "parameter", "with"]), inner, max_size=3),
    max_leaves=6,
)

KEYS = (
    "kind", "runtime", "manager", "framework", "output", "presets", "path", "install", "workspace", "workspaces", "x",
    "name", "version", "dependencies", "engines", "packageManager", "scripts", "files", "patchedDependencies",
    "overrides", "python", "node", "image", "package", "build", "sources", "artifacts", "steps", "secrets",
    "packages", "fragments",
)  # fmt: skip

TEAM = {
    "description": "ours",
    "extends": ["hardened"],
    "parameters": {"v": {"type": "text", "default": "3.13", "example": "3.12", "description": "of Python"}},
    "networks": {"extra": {"internal": True}},
    "defaults": {"labels": {"a": "b"}, "stop_signal": "SIGINT"},
    "built": {"syntax": "docker/dockerfile:1"},
    "runtimes": {"python": {"python": {"parameter": "v"}}},
    "managers": {"uv": {"install": {"version": "0.9.1", "settings": ["uv.toml"]}}},
    "frameworks": {"celery": {"init": True}},
    "kinds": {"worker": {"replicas": 2}},
    "outputs": {"static": {"artifacts": ["dist"]}},
    "fragments": {"more": {"packages": {"build": ["gcc"]}, "steps": {"before_packages": {"a": {"run": [["true"]]}}}}},
    "policy": {
        "locked": ["healthcheck.interval"],
        "rules": {
            "no_root": "error",
            "max_image_age": {"days": 3, "level": "warn"},
            "allowed_registries": {"registries": ["docker.io"], "level": "error"},
            "expressions": {"named": {"that": "service.kind != 'image'", "message": "no", "value": "kind"}},
        },
    },
}
LOCK = {
    "version": 1,
    "presets": {
        "git+https://example.com/x//a.yaml@v1": {
            "file": ".gen-dockerfiles/presets/a.yaml",
            "commit": "a",
            "sha256": "b",
        }
    },
    "images": {"redis:7": {"digest": f"sha256:{'a' * 64}", "date": "2026-01-01", "replaced": [f"sha256:{'b' * 64}"]}},
}
CALLS = (
    ["--check"],
    ["--check", "--diff"],
    ["--check", "--force"],
    ["explain", "NAME"],
    ["explain", "NAME", "install"],
    ["explain", "NAME", "--dockerfile", "3"],
    ["presets", "list"],
    ["presets", "show", "./team.yaml"],
    ["presets", "validate", "./team.yaml"],
)


def _run_for(share: float, strategy: SearchStrategy[Any], check: Callable[[Any], None]) -> None:
    """Draw rounds of examples until the time of this test is over, each with a seed that is printed."""
    end = time.monotonic() + SECONDS * share
    given_seed = os.environ.get("FUZZ_SEED")
    while True:
        number = int(given_seed) if given_seed else secrets.randbits(32)
        print(f"seed: {number}")
        seed(number)(_SETTINGS(given(strategy)(lambda example: check(example))))()
        if given_seed or time.monotonic() > end:
            return


def _refuses_or_works(root: Path, *arguments: str) -> None:
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.TextIOWrapper(io.BytesIO(), "utf-8")
    started = time.monotonic()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), contextlib.suppress(SystemExit):
        code = main(["-C", str(root), *arguments])
        err.flush()
        told = err.buffer.getvalue().decode("utf-8")
        assert code in (0, EXIT_STALE, EXIT_USAGE), told
        assert all(line.isprintable() or "\t" in line for line in told.split("\n")), told
    assert time.monotonic() - started < 20


@pytest.fixture(autouse=True)
def _traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEN_DOCKERFILES_TRACEBACK", "1")
    monkeypatch.setenv("GEN_DOCKERFILES_NO_CACHE", "1")


def _places(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [path, *(place for key, part in inside for place in _places(part, (*path, key)))]


def _replaced(node: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    if isinstance(node, dict):
        return {key: _replaced(part, path[1:], new) if key == path[0] else part for key, part in node.items()}
    return [_replaced(part, path[1:], new) if index == path[0] else part for index, part in enumerate(node)]


def _at(node: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        node = node[step]
    return node


@st.composite
def _nodes(draw: DrawFn, valid: Any) -> Any:
    """Draw `valid` with arbitrary nodes at arbitrary places, or beside the keys there."""
    data = valid
    for _ in range(draw(st.integers(0, 2))):
        path, new = draw(st.sampled_from(_places(data))), draw(NODES)
        standing = _at(data, path)
        if isinstance(standing, dict) and draw(st.booleans()):
            new = {**standing, draw(st.sampled_from(KEYS)): new}
        data = _replaced(data, path, new)
    return data


def _yaml(data: Any) -> str:
    text: str = yaml.safe_dump(data, sort_keys=False, allow_unicode=True)
    return re.sub(r"'?@(\d+)@'?", lambda found: RAW[int(found[1])], text)


def _mutated(valid: Any) -> SearchStrategy[str]:
    return _nodes(valid).map(_yaml)


@st.composite
def _repositories(draw: DrawFn) -> tuple[str, str, str, list[str]]:
    spec = draw(specs(max_services=2))
    name = next(iter(spec["services"]))
    if draw(st.booleans()):
        spec = {
            **spec,
            "presets": [draw(st.sampled_from(["./team.yaml", {"preset": "./team.yaml", "with": {"v": "3.12"}}]))],
        }
    if draw(st.integers(0, 3)) == 0:
        spec = {
            **spec,
            "waivers": [{"service": name, "rule": "named", "until": datetime.date(2099, 1, 1), "reason": "x"}],
        }
    call = [word.replace("NAME", name) for word in draw(st.sampled_from(CALLS))]
    team = draw(_mutated(TEAM)) if draw(st.booleans()) else yaml.safe_dump(TEAM)
    lock = draw(_mutated(LOCK)) if draw(st.integers(0, 3)) == 0 else ""
    return draw(_mutated(spec)), team, lock, call


def test_specs_presets_and_lock_files_with_arbitrary_nodes(tmp_path: Path) -> None:
    def check(example: tuple[str, str, str, list[str]]) -> None:
        spec, team, lock, call = example
        (tmp_path / "services.yaml").write_text(spec, encoding="utf-8", errors="surrogatepass")
        (tmp_path / "team.yaml").write_text(team, encoding="utf-8", errors="surrogatepass")
        (tmp_path / "gen-dockerfiles.lock").unlink(missing_ok=True)
        if lock:
            (tmp_path / "gen-dockerfiles.lock").write_text(lock, encoding="utf-8", errors="surrogatepass")
        _refuses_or_works(tmp_path, *call)

    _run_for(0.45, _repositories(), check)


@st.composite
def _changed(draw: DrawFn, content: bytes) -> bytes:
    """Draw arbitrary bytes, or `content` with small mutations."""
    if draw(st.integers(0, 5)) == 0:
        return draw(st.binary(max_size=200) | st.sampled_from(BYTES))
    words = re.split(rb"(\s+|[{}\[\],:=\"'])", content)
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(words) - 1))
        new = draw(st.sampled_from(BYTES) | st.sampled_from(words) | st.binary(max_size=6))
        words = [*words[:at], new, *words[at + draw(st.integers(0, 3)) :]]
    return b"".join(words)


def test_bytes_as_a_spec(tmp_path: Path) -> None:
    valid = yaml.safe_dump({"version": 1, "project": "p", "services": {"db": {"kind": "image", "presets": ["redis"]}}})

    def check(content: bytes) -> None:
        (tmp_path / "services.yaml").write_bytes(content)
        _refuses_or_works(tmp_path, "--check", "--diff")

    _run_for(0.15, st.binary() | _changed(valid.encode()), check)


# Files of generated trees are compared, not read; these are what the repository says.
_NOT_READ = re.compile(r"Dockerfile|compose\.yaml|\.dockerignore$|\.(?:py|js|ts|mjs|jinja)$")


def test_manifests_and_lock_files(tmp_path: Path) -> None:
    shutil.copytree(CASES, tmp_path, dirs_exist_ok=True)
    roots = sorted(spec.parent for spec in tmp_path.glob("*/services.yaml"))
    files = {
        root: [one for one in sorted(root.rglob("*")) if one.is_file() and not _NOT_READ.search(one.name)]
        for root in roots
    }

    @st.composite
    def changes(draw: DrawFn) -> tuple[Path, Path, bytes]:
        root = draw(st.sampled_from(roots))
        file = draw(st.sampled_from([root / "services.yaml", *files[root]]))
        content = file.read_bytes()
        if file.suffix in (".yaml", ".yml", ".json") and draw(st.booleans()):
            data = draw(_nodes(yaml.safe_load(content)))
            text = json.dumps(data, default=str) if file.suffix == ".json" else _yaml(data)
            return root, file, text.encode("utf-8", "surrogatepass")
        return root, file, draw(_changed(content))

    def check(example: tuple[Path, Path, bytes]) -> None:
        root, file, content = example
        before = file.read_bytes()
        file.write_bytes(content)
        try:
            _refuses_or_works(root, "--check")
        finally:
            file.write_bytes(before)

    _run_for(0.4, changes(), check)
