"""One run tells everything that is wrong, and nothing that only follows from another mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.cli.app import main
from tests.support import write_files

HEAD = "version: 1\nproject: p\n"
API = "kind: python, path: api, command: [serve], ports: [80]"
IMAGE = "kind: image, image: {name: redis, tag: '7'}"


def _run(root: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[str]]:
    """Run the command; give its exit code, and the place and the code of each message."""
    code = main(["-C", str(root), *arguments])
    lines = [line for line in capsys.readouterr().err.splitlines() if not line.startswith("  fix: ")]
    return code, [f"{line.split(':')[0]} {line.rsplit('  [', 1)[-1].rstrip(']')}" for line in lines]


def _write(root: Path, **files: str) -> Path:
    names = {"spec": "services.yaml", "team": "team.yaml", "lock": "gen-dockerfiles.lock"}
    return write_files(root, {names.get(name, name): text for name, text in files.items()})


@pytest.mark.parametrize(
    ("services", "found"),
    [
        ('api: {kind: python, command: [x], ports: [80], path: "a\\0b"}', ["services.yaml value-malformed"]),
        ('"a\\0b": {kind: python, command: [x], ports: [80]}', ["services.yaml name-malformed"]),
        ("api: {kind: python, command: [x], ports: [80], path: ../outside}", ["services.yaml value-malformed"]),
        ("api: {kind: python, runtime: [python], command: [x], ports: [80]}", ["services.yaml value-unknown"]),
        ("api: {kind: worker, runtime: {a: 1}, command: [x]}", ["services.yaml value-unknown"]),
        ('api: {kind: python, presets: ["./a\\0b.yaml"]}', ["services.yaml preset-entry-malformed"]),
        (f"db: {{{IMAGE}, networks: [a]}}\nnetworks: {{edge: null, backend: null}}", ["services.yaml network-unknown"]),
    ],
)
def test_one_mistake_is_one_finding(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], services: str, found: list[str]
) -> None:
    service, _, rest = services.partition("\n")
    root = _write(tmp_path / "repository", spec=f"{HEAD}{rest}\nservices:\n  {service}\n")
    _write(tmp_path / "outside", Dockerfile="FROM scratch\n")
    for arguments in ([], ["--force"], ["--check"]):
        assert _run(root, capsys, *arguments) == (2, found)


def test_a_version_that_is_none_is_not_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = _write(tmp_path, spec=f"{HEAD}services: {{api: {{{API}, manager: pip, python: x}}}}\n")
    _write(
        root / "api",
        **{"pyproject.toml": '[project]\nname = "a"\nrequires-python = ">=3.12"\n', "requirements.txt": ""},
    )
    assert _run(root, capsys) == (2, ["services.yaml value-malformed"])


def test_a_waiver_is_not_judged_without_its_preset(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    waiver = "waivers: [{service: db, rule: named, until: 2099-01-01, reason: old}]\n"
    entry = "{preset: ./team.yaml, with: {v: 5}}"
    spec = f"{HEAD}services:\n  db: {{{IMAGE}, presets: [{entry}]}}\n  other: {{{IMAGE}}}\n{waiver}"
    policy = "policy: {rules: {expressions: {named: {that: 'false', message: no, value: kind}}}}\n"
    assert _run(_write(tmp_path, spec=spec, team=policy), capsys) == (2, ["services.yaml parameter-unknown"])


def test_a_file_in_the_way_is_told_as_a_run_would(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = _write(tmp_path / "repository", spec=f"{HEAD}foo: 1\nservices: {{db: {{{IMAGE}}}}}\n")
    (tmp_path / "outside.yaml").write_text("services: {}\n", encoding="utf-8")
    (root / "compose.yaml").symlink_to(tmp_path / "outside.yaml")
    for arguments in ([], ["--force"]):
        assert _run(root, capsys, *arguments) == (2, ["compose.yaml file-outside", "services.yaml key-unknown"])


EVERYWHERE = f"""\
{HEAD}bogus: 1
presets: [./team.yaml]
services:
  api: {{kind: python, path: api, command: 8, ports: [80]}}
  db: {{{IMAGE}, depends_on: {{nope: started}}}}
  web: {{kind: node, path: web, command: [x], ports: [81], presets: [./web.yaml]}}
"""


def test_mistakes_of_every_file_are_told_in_one_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = {
        "api/pyproject.toml": "[project\n",
        "api/Dockerfile": "FROM x\n",
        "web.yaml": "bad_section: 1\n",
    }
    lock = "version: 1\nimages: {a: 1, b: 2}\npresets: {x: {}}\n"
    root = _write(tmp_path, spec=EVERYWHERE, team="built: {env: {A: [1]}}\n", lock=lock, **files)
    for arguments in ([], ["--check"]):
        assert _run(root, capsys, *arguments) == (
            2,
            [
                "api/Dockerfile file-hand-written",
                "api/pyproject.toml toml-malformed",
                *["gen-dockerfiles.lock lockfile-malformed"] * 3,
                "services.yaml key-unknown",
                "services.yaml type-wrong",
                "services.yaml dependency-unknown",
                "team.yaml type-wrong",
                "web.yaml preset-malformed",
            ],
        )


def test_a_mistake_of_a_preset_is_told_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    services = "".join(f"  {name}: {{{IMAGE}}}\n" for name in ("one", "two", "three"))
    spec = f"{HEAD}presets: [./team.yaml]\nservices:\n{services}"
    root = _write(tmp_path, spec=spec, team="defaults: {container: {mem_limit: 0}}\n")
    assert main(["-C", str(root)]) == 2
    (line,) = [one for one in capsys.readouterr().err.splitlines() if "[" in one and not one.startswith("  ")]
    assert line.startswith("team.yaml:1:35: services.one.container.mem_limit: ")
    assert line.endswith(", and in 2 more services  [type-wrong]")


def test_a_clash_of_a_preset_is_told_where_the_spec_chose_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = f"{HEAD}services:\n  db: {{{IMAGE}, presets: [./team.yaml]}}\n"
    root = _write(tmp_path, spec=spec, team="defaults: {networks: [nowhere]}\n")
    assert main(["-C", str(root)]) == 2
    err = capsys.readouterr().err
    assert err.startswith("services.yaml:4:63: ")
    assert "(set at team.yaml:1:" in err


@pytest.mark.parametrize(
    ("spec", "found"),
    [
        (f"services: {{db: {{{IMAGE}, fragments: {{x: true}}}}}}", "fragment-unknown"),
        (f"services: {{db: {{{IMAGE}, fragments: []}}}}", "fragment-malformed"),
        (f"networks: []\nservices: {{db: {{{IMAGE}}}}}", "spec-malformed"),
        (f"networks: null\nservices: {{db: {{{IMAGE}}}}}", "spec-malformed"),
    ],
)
def test_no_command_works_on_a_spec_with_mistakes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], spec: str, found: str
) -> None:
    root = _write(tmp_path, spec=f"{HEAD}{spec}\n")
    for arguments in (["explain", "db"], ["presets", "list"], ["explain", "db", "--dockerfile", "1"], ["lock"]):
        assert _run(root, capsys, *arguments) == (2, [f"services.yaml {found}"])
    assert not (root / "gen-dockerfiles.lock").exists()


def test_every_command_compares_what_is_vendored(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = ".gen-dockerfiles/presets/example-com-x-a.yaml"
    pin = f"{{file: {file}, commit: '{'a' * 40}', sha256: '{'b' * 64}'}}"
    lock = f"version: 1\npresets: {{'git+https://example.com/x//a.yaml@v1': {pin}}}\n"
    root = _write(tmp_path, spec=f"{HEAD}services: {{db: {{{IMAGE}}}}}\n", lock=lock)
    for arguments in ([], ["--check"], ["explain", "db"], ["presets", "list"]):
        assert _run(root, capsys, *arguments) == (2, [f"{file} file-unreadable"])


def test_a_stale_lock_file_keeps_nobody_from_explaining(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = _write(tmp_path, spec=f"{HEAD}services: {{api: {{{API}}}}}\n")
    _write(
        root / "api",
        **{"pyproject.toml": '[project]\nname = "a"\ndependencies = ["rich"]\n', "uv.lock": "version = 1\n"},
    )
    assert _run(root, capsys) == (2, ["api/pyproject.toml lock-stale"])
    assert main(["-C", str(root), "explain", "api", "path"]) == 0


def test_a_date_is_explained(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = _write(tmp_path, spec=f"{HEAD}services: {{db: {{{IMAGE}, environment: {{A: 2026-01-01}}}}}}\n")
    assert main(["-C", str(root), "explain", "db", "environment.A"]) == 0
    assert capsys.readouterr().out.startswith('environment.A: "2026-01-01"  # services.yaml:')
