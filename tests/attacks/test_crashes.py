"""Each kind of hostile or broken input has a message of its own: no traceback, no hang, no memory without end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from generator.checks.expressions import decide, mistake
from generator.cli import app, generate
from generator.cli.app import main
from generator.detect.workspace_folders import folders
from generator.engine import registry
from generator.layers.layer import InDocument
from generator.layers.parameters import apply
from generator.layers.preset_entry import PresetEntry
from generator.text.documents import parse
from generator.text.errors import SpecError
from generator.text.files import Repository
from generator.text.processes import Done
from tests.support import HERE, without_hanging, write_files

HEAD = "version: 1\nproject: p\n"
IMAGE = "kind: image, image: {name: redis, tag: '7'}"
SPEC = f"{HEAD}services: {{db: {{{IMAGE}}}}}\n"
PYTHON = f"{HEAD}services: {{api: {{kind: python, path: api, command: [x], ports: [80]}}}}\n"
ENTRY = PresetEntry("./team.yaml", {}, InDocument(parse("presets: [./team.yaml]\n", "x"), ("presets", 0)))
NODE = f"{HEAD}services: {{api: {{kind: node, path: api, command: [x], ports: [80]}}}}\n"
PYPROJECT = '[project]\nname = "a"\nversion = "1"\ndependencies = ["rich"]\n'
# In each table a key of 100 parts: 1200 levels, of which the parser itself sees 12.
KEY_OF_PARTS = f"a{'.a' * 99}"
TABLES_OF_PARTS = f"{KEY_OF_PARTS} = {f'{{ {KEY_OF_PARTS} = ' * 12}1{'}' * 12}"
CONFLICT = "<<<<<<< HEAD\n1\n=======\n2\n>>>>>>> other\n"


def _codes(root: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, set[str]]:
    code = main(["-C", str(root), *arguments])
    lines = capsys.readouterr().err.splitlines()
    return code, {line.rsplit("  [", 1)[1].rstrip("]") for line in lines if "  [" in line and line[:2] != "  "}


def _process(root: Path, *arguments: str, **settings: object) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent)}
    command = [sys.executable, "-m", "generator", "-C", str(root), *arguments]
    options = {"env": environment, "text": True, "stderr": subprocess.PIPE, "timeout": 60, "check": False, **settings}
    return subprocess.run(command, **options)  # type: ignore[call-overload,no-any-return]


@pytest.mark.parametrize("value", ["[python]", "{a: 1}", "1", "2026-01-01", "null", "true", "1.5", "''"])
@pytest.mark.parametrize("key", ["kind", "runtime", "manager", "framework", "output"])
def test_another_type_where_a_selector_stands(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], key: str, value: str
) -> None:
    services = ["{kind: worker, runtime: python, command: [x]}", "{kind: node, command: [x], ports: [80]}"]
    for service in services:
        own = f"{{{key}: {value}}}" if f"{key}:" in service and key == "kind" else f"{service[:-1]}, {key}: {value}}}"
        if key == "runtime":
            own = f"{{kind: worker, command: [x], runtime: {value}}}"
        code, found = _codes(write_files(tmp_path, {"services.yaml": f"{HEAD}services: {{s: {own}}}\n"}), capsys)
        assert code in (0, 2)
        assert code == 2 or value == "null"
        assert "yaml-refused" not in found


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("2026-01-01", "type-wrong"),
        ("2026-01-01T00:00:00Z", "type-wrong"),
        ("9" * 5_000, "yaml-refused"),
        ("0x" + "f" * 5_000, "yaml-refused"),
        ("!!int x", "yaml-refused"),
        ("!!bool maybe", "yaml-refused"),
        ("!!timestamp x", "yaml-refused"),
        ("!!binary aGk=", "yaml-refused"),
        ("!!set {a}", "yaml-refused"),
        ("[" * 60 + "]" * 60, "yaml-refused"),
        ("[" * 1_000_000, "yaml-malformed"),
    ],
)
def test_values_of_yaml(tmp_path: Path, capsys: pytest.CaptureFixture[str], value: str, code: str) -> None:
    spec = f"{HEAD}services: {{db: {{{IMAGE}, command: [{value}]}}}}\n"
    assert _codes(write_files(tmp_path, {"services.yaml": spec}), capsys) == (2, {code})
    assert _codes(tmp_path, capsys, "explain", "db", "command")[0] in (0, 2)


@pytest.mark.parametrize("text", ["- " * 1_000_000, "? " * 1_000_000, "{a: " * 100_000])
def test_yaml_that_nests_without_end(text: str) -> None:
    with without_hanging(), pytest.raises(SpecError, match="nested deeper"):
        parse(text, "services.yaml")


def test_a_character_that_yaml_does_not_allow_is_where_it_says() -> None:
    with pytest.raises(SpecError, match=r"services\.yaml:1:4: the character U\+0000 is not allowed"):
        parse("é: \0", "services.yaml")


@pytest.mark.parametrize(
    ("spec", "files"),
    [
        (PYTHON, {"api/pyproject.toml": PYPROJECT, "api/uv.lock": f"version = 1\n{CONFLICT}"}),
        (PYTHON, {"api/pyproject.toml": PYPROJECT, "api/poetry.lock": f"version = 1\n{CONFLICT}"}),
        (PYTHON, {"api/pyproject.toml": PYPROJECT, "api/pdm.lock": f"version = 1\n{CONFLICT}"}),
        (PYTHON, {"api/Pipfile": "[packages]\n", "api/Pipfile.lock": f"{{\n{CONFLICT}}}"}),
        (PYTHON, {"api/pyproject.toml": f"{PYPROJECT}{CONFLICT}", "api/uv.lock": "version = 1\n"}),
        (NODE, {"api/package.json": "{}", "api/package-lock.json": f"{{\n{CONFLICT}}}"}),
        (NODE, {"api/package.json": "{}", "api/pnpm-lock.yaml": f"lockfileVersion: '9.0'\n{CONFLICT}"}),
        (NODE, {"api/package.json": "{}", "api/yarn.lock": f"# yarn lockfile v1\n{CONFLICT}"}),
        (NODE, {"api/package.json": "{}", "api/yarn.lock": f"__metadata:\n  version: 8\n{CONFLICT}"}),
        (NODE, {"api/package.json": "{}", "api/bun.lock": f'{{\n  "workspaces": {{\n{CONFLICT}  }}\n}}'}),
        (f"{SPEC}{CONFLICT}", {}),
        (SPEC, {"gen-dockerfiles.lock": f"version: 1\n{CONFLICT}"}),
    ],
)
def test_merge_conflicts(tmp_path: Path, capsys: pytest.CaptureFixture[str], spec: str, files: dict[str, str]) -> None:
    assert _codes(write_files(tmp_path, {"services.yaml": spec, **files}), capsys) == (2, {"merge-conflict"})


@pytest.mark.parametrize(
    ("file", "text", "code"),
    [
        ("pyproject.toml", f"a = {'9' * 5_000}\n", "toml-malformed"),
        ("pyproject.toml", f"a = {'[' * 100_000}\n", "toml-malformed"),
        ("pyproject.toml", f"a = {'{a = ' * 5_000}\n", "toml-malformed"),
        ("pyproject.toml", f"a{'.a' * 100_000} = 1\n", "toml-malformed"),
        ("pyproject.toml", f"b = {{ a{'.a' * 100_000} = 1 }}\n", "toml-malformed"),
        ("pyproject.toml", f"[a{'.a' * 100_000}]\n", "toml-malformed"),
        ("pyproject.toml", f"{TABLES_OF_PARTS}\n", "toml-malformed"),
        ("package.json", f'{{"a": {"9" * 5_000}}}', "json-malformed"),
        ("package.json", f'{{"a": {"[" * 101}{"]" * 101}}}', "json-malformed"),
        ("pyproject.toml", f"a = 0x{'f' * 5_000}\n", "toml-malformed"),
        ("pyproject.toml", f"a = [{{b = -0o{'7' * 5_000}}}]\n", "toml-malformed"),
        ("package.json", f'{{"a": [{"9" * 4_000}]}}', "json-malformed"),
        ("package.json", "[" * 100_000, "json-malformed"),
        ("package.json", '{"a":' * 100_000, "json-malformed"),
    ],
)
def test_manifests(tmp_path: Path, capsys: pytest.CaptureFixture[str], file: str, text: str, code: str) -> None:
    spec, lock = (PYTHON, "uv.lock") if file == "pyproject.toml" else (NODE, "package-lock.json")
    write_files(tmp_path, {"services.yaml": spec, f"api/{file}": text, f"api/{lock}": "{}"})
    with without_hanging():
        assert _codes(tmp_path, capsys) == (2, {code})


COMPILED = '[[package]]\nname = "a"\nsdist = { url = "a.tar.gz" }\nwheels = [{ url = "a-1-cp313-cp313-win32.whl" }]\n'
# Half a megabyte each: a pattern that starts again from every place of it would need hours.
LONG: tuple[tuple[str, str, str, set[str]], ...] = (
    (NODE, ".npmrc", "#\n" * 250_000, set()),
    (NODE, ".npmrc", "; " * 250_000, set()),
    (NODE, ".npmrc", "://" * 150_000, set()),
    (NODE, ".npmrc", "_authToken=a1\n" * 40_000, {"token-in-settings"}),
    (PYTHON, "requirements.txt", "a==1\n" + "://" * 150_000, {"hashes-missing"}),
    (PYTHON, "requirements.txt", "a==1\n" + "://?a=&" * 70_000, {"hashes-missing"}),
    (PYTHON, "requirements.txt", "a==1\n://" + "?" * 500_000, {"hashes-missing"}),
    (PYTHON, "requirements.txt", "a @ https://u:p@h/x\n" * 25_000, {"token-in-settings"}),
    (PYTHON, "requirements.txt", "".join(f"-r {number}\n" for number in range(100_000)), {"requirements-missing"}),
    (PYTHON, "requirements.txt", "".join(f"./{number}\n" for number in range(100_000)), {"dependency-missing"}),
    (PYTHON, "requirements.txt", "a" * 500_000 + "[", {"hashes-missing"}),
    (PYTHON, "requirements.txt", ".whl[" * 100_000, set()),
    (PYTHON, "requirements.txt", "git+ @ " * 70_000, {"hashes-missing", "git-needed"}),
    (PYTHON, "pdm.lock", '[[package]]\nname = "a"\n' * 20_000 + "path = " * 70_000, set()),
    (PYTHON, "uv.lock", "\nsupported-markers = [\n" * 20_000, set()),
    (PYTHON, "uv.lock", COMPILED + '{ name = "a" ' * 40_000, {"compiler-needed"}),
)


@pytest.mark.parametrize(("spec", "file", "text", "codes"), LONG, ids=range(len(LONG)))
def test_long_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], spec: str, file: str, text: str, codes: set[str]
) -> None:
    files = {"api/package.json": "{}", "api/package-lock.json": '{"packages": {}}'} if spec == NODE else {}
    files |= {"api/pyproject.toml": '[project]\nname = "api"\n'} if file.endswith(".lock") else {}
    write_files(tmp_path, {"services.yaml": spec, **files, f"api/{file}": text})
    assert _codes(tmp_path, capsys, "--check")[1] == codes


def test_a_lock_file_that_has_dependencies_in_other_places_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = [f"a{number}" for number in range(20_000)]
    lock = "# yarn lockfile v1\n" + "  x\n" * 500_000 + "".join(f"  {name}@1\n" for name in names)
    manifest = json.dumps({"dependencies": dict.fromkeys(names, "1")})
    write_files(tmp_path, {"services.yaml": NODE, "api/package.json": manifest, "api/yarn.lock": lock})
    assert _codes(tmp_path, capsys, "--check") == (2, {"lock-stale"})


@pytest.mark.parametrize("text", ["@ " + "://a:" * 200_000, "@ " + "https://" * 100_000, f"?a={'`' * 500_000}x"])
def test_long_values_in_a_message(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str) -> None:
    spec = f"{HEAD}services: {{db: {{kind: '{text}'}}}}\n"
    assert _codes(write_files(tmp_path, {"services.yaml": spec}), capsys, "--check") == (2, {"value-unknown"})


def test_a_service_of_nothing_but_mistakes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keys = "".join(f"    k{number}: 1\n" for number in range(30_000))
    spec = f"{HEAD}services:\n  db:\n    kind: image\n    image: {{name: redis, tag: '7'}}\n{keys}  x: {{kind: y}}\n"
    assert main(["-C", str(write_files(tmp_path, {"services.yaml": spec})), "--check"]) == 2
    told = capsys.readouterr().err
    assert told.count("[key-unknown]") == 100, "the first ones"
    assert "services.x.kind 'y' is not known" in told, "and those of the next service"


def test_the_place_of_what_nests_too_deeply(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    manifest = f"{PYPROJECT}[tool]\n{TABLES_OF_PARTS}\n"
    write_files(tmp_path, {"services.yaml": PYTHON, "api/pyproject.toml": manifest, "api/uv.lock": ""})
    assert main(["-C", str(tmp_path), "--check"]) == 2
    told = "api/pyproject.toml:5:2: is nested deeper than 100 levels  [toml-malformed]\n  fix: nest less deeply\n"
    assert capsys.readouterr().err == told


def test_a_workspace_whose_packages_are_a_chain(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    count = 1_500
    for number in range(count):
        needs = {"dependencies": {f"p{number + 1}": "*"}} if number + 1 < count else {}
        manifest = {"name": f"p{number}", "version": "1.0.0", **needs}
        write_files(tmp_path, {f"packages/p{number}/package.json": json.dumps(manifest)})
    spec = f"{HEAD}services: {{api: {{kind: node, path: packages/p0, command: [x], ports: [80]}}}}\n"
    write_files(
        tmp_path, {"services.yaml": spec, "package.json": '{"workspaces": ["packages/*"]}', "package-lock.json": "{}"}
    )
    assert _codes(tmp_path, capsys, "--check")[0] in (1, 2)
    assert main(["-C", str(tmp_path), "explain", "api", "workspace"]) == 0
    assert f"packages/p{count - 1}" in capsys.readouterr().out


@pytest.mark.parametrize("pattern", ["*a" * 100, "**/" * 200 + "x", "**/*" * 100, "[" * 500, "?" * 500, "*" * 999])
def test_patterns_of_workspaces_do_not_go_back(tmp_path: Path, pattern: str) -> None:
    deep = "/".join(["a" * 60] * 30)
    write_files(tmp_path, {f"{deep}/package.json": "{}", f"{'a' * 200}/package.json": "{}"})
    with without_hanging():
        folders(Repository(tmp_path), ".", [pattern] * 20, "package.json")


@pytest.mark.parametrize("text", ["\n" * 1_000_000, "a[\n" * 200_000, "-r\n" * 200_000, " " * 1_000_000])
def test_requirements_without_end(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str) -> None:
    write_files(tmp_path, {"services.yaml": PYTHON, "api/requirements.txt": text, "api/requirements.in": "rich\n"})
    with without_hanging():
        assert _codes(tmp_path, capsys, "--check")[0] in (1, 2)


@pytest.mark.parametrize("file", ["package-lock.json", "yarn.lock", "bun.lock", "pnpm-lock.yaml"])
def test_many_dependencies(tmp_path: Path, capsys: pytest.CaptureFixture[str], file: str) -> None:
    names = [f"p{number}" for number in range(20_000)]
    texts = {
        "package-lock.json": '{"packages": {"": {}}}',
        "yarn.lock": "# yarn lockfile v1\n" + "".join(f"{name}@^1:\n  version 1\n" for name in names[:-200]),
        "bun.lock": '{\n  "workspaces": {\n    "": {},\n  },\n' + '  "workspaces": {\n' * 100_000,
        "pnpm-lock.yaml": "importers:\n  .: {}\n",
    }
    manifest = json.dumps({"dependencies": dict.fromkeys(names, "^1")})
    write_files(tmp_path, {"services.yaml": NODE, "api/package.json": manifest, f"api/{file}": texts[file]})
    with without_hanging():
        assert _codes(tmp_path, capsys, "--check") == (2, {"lock-stale"})


def test_a_workspace_has_limits(tmp_path: Path) -> None:
    for patterns in (["a"] * 1_001, ["a" * 1_001]):
        with pytest.raises(SpecError, match="workspace-too-large"):
            folders(Repository(tmp_path), ".", patterns, "package.json")
    write_files(tmp_path, {"/".join("a" * 110) + "/package.json": "{}"})
    with pytest.raises(SpecError, match="workspace-too-large"):
        folders(Repository(tmp_path), ".", ["**"], "package.json")


@pytest.mark.parametrize(
    "expression", ["'%d' % service", "'a'.encode('nothing')", "1 / 0", "(" * 3_000 + "1" + ")" * 3_000]
)
def test_expressions_that_fail(expression: str) -> None:
    wrong = mistake(expression)
    assert wrong or decide(expression, {"kind": "image"})[1]


@pytest.mark.parametrize(
    "part",
    [
        "{{ '%d' % service }}",
        "{{ 'a'.encode('nothing') }}",
        "{{ 1 / 0 }}",
        f"{{{{ {'(' * 3_000}1{')' * 3_000} }}}}",
        "{{ service.kind() }}",
        "{{ [].pop() }}",
        "{{ nothing }}",
        "{% include 'x' %}",
    ],
)
def test_templates_of_presets_that_fail(tmp_path: Path, capsys: pytest.CaptureFixture[str], part: str) -> None:
    template = f"{{% extends 'templates/dockerfile/python.jinja' %}}\n{{% block runtime %}}{part}{{% endblock %}}\n"
    files = {
        "services.yaml": f"{PYTHON}presets: [./team.yaml]\n",
        "team.yaml": "templates: {python: ./python.jinja}\n",
        "python.jinja": template,
        "api/requirements.txt": "",
    }
    code, found = _codes(write_files(tmp_path, files), capsys)
    assert code == 2
    assert found <= {"template-failed", "template-malformed"}
    assert found


@pytest.mark.parametrize("kind", ["[text]", "{a: b}", "null", "1", "2026-01-01", "true"])
def test_types_of_parameters(kind: str) -> None:
    with pytest.raises(SpecError, match="parameter-malformed"):
        apply(parse(f"parameters: {{v: {{type: {kind}, default: x}}}}\n", "team.yaml"), ENTRY)


@pytest.mark.parametrize("name", ["[v]", "{a: b}", "null", "1", "other"])
def test_names_of_parameters(name: str) -> None:
    with pytest.raises(SpecError, match="parameter-unknown"):
        apply(parse(f"defaults: {{init: {{parameter: {name}}}}}\n", "team.yaml"), ENTRY)


@pytest.mark.parametrize(
    "answer", ["null", "[]", "{}", '{"digest": 1}', '{"digest": "x"}', "", "not json", "[" * 100_000]
)
def test_docker_that_answers_anything(monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    done = Done(status=0, out=answer.encode(), err=b"")
    monkeypatch.setattr(registry, "run", lambda *_, **__: done)
    with pytest.raises(SpecError, match=r"has not printed a digest  \[image-lookup-failed"):
        registry.look_up("redis:7")


@pytest.mark.parametrize("presets", ["", "text", "{a: 1}", "1"])
@pytest.mark.parametrize("command", [["add", "https://127.0.0.1:9/a.yaml#sha256=" + "a" * 64], ["list"]])
def test_presets_that_are_no_list(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    presets: str,
    command: list[str],
) -> None:
    write_files(tmp_path, {"services.yaml": f"presets: {presets}\n{SPEC}"})
    # `add` makes a list of nothing, and then finds nobody at the address.
    code = "fetch-failed" if command[0] == "add" and not presets else "spec-malformed"
    assert _codes(tmp_path, capsys, "presets", *command) == (2, {code})


# What the operating system does.


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="has no pipes with names")
@pytest.mark.parametrize(
    "path", ["services.yaml", "team.yaml", "api/pyproject.toml", "api/uv.lock", "compose.yaml", "gen-dockerfiles.lock"]
)
@pytest.mark.parametrize("special", ["pipe", "/dev/zero"])
def test_pipes_and_devices(tmp_path: Path, capsys: pytest.CaptureFixture[str], path: str, special: str) -> None:
    spec = PYTHON.replace("command", "presets: [./team.yaml], command")
    files = {
        "services.yaml": spec,
        "team.yaml": "defaults: {init: true}\n",
        "api/pyproject.toml": PYPROJECT,
        "api/uv.lock": "",
    }
    write_files(tmp_path, files)
    (tmp_path / path).unlink(missing_ok=True)
    if special == "pipe":
        os.mkfifo(tmp_path / path)
    else:
        (tmp_path / path).symlink_to(special)
    with without_hanging():
        code, found = _codes(tmp_path, capsys, "--force")
        assert code == 2
        assert found & {"file-special", "file-missing", "file-outside", "file-is-link"}


def test_a_diff_that_nobody_can_read(tmp_path: Path) -> None:
    write_files(tmp_path, {"services.yaml": SPEC})
    if Path("/dev/full").exists():
        with Path("/dev/full").open("w", encoding="utf-8") as full:
            done = _process(tmp_path, "--diff", stdout=full)
        assert (done.returncode, "[output-unwritable]" in done.stderr, "Traceback" in done.stderr) == (2, True, False)
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent)}
    command = f"exec {sys.executable} -m generator -C {tmp_path} --diff >&-"
    closed = subprocess.run(
        ["sh", "-c", command], env=environment, text=True, stderr=subprocess.PIPE, timeout=60, check=False
    )
    assert (closed.returncode, "[output-unwritable]" in closed.stderr) == (2, True)
    assert not (tmp_path / "compose.yaml").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="has no such device")
def test_errors_that_nobody_can_read(tmp_path: Path) -> None:
    write_files(tmp_path, {"services.yaml": "version: 1\n"})
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        assert _process(tmp_path, "--check", stdout=subprocess.PIPE, stderr=full).returncode == 2


def test_a_terminal_of_ascii(tmp_path: Path) -> None:
    spec = f"{HEAD}services: {{api: {{kind: python, path: ü, command: [é], ports: [80]}}}}\n"
    write_files(tmp_path, {"services.yaml": spec, "ü/requirements.txt": ""})
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent), "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "1"}
    for arguments, code in ((["--check"], 1), (["explain", "api"], 0), ([], 0)):
        done = _process(tmp_path, *arguments, stdout=subprocess.PIPE, env=environment)
        assert (done.returncode, done.stdout.isascii(), "Traceback" in done.stderr) == (code, True, False), done.stderr
        assert r"\xfc" in done.stdout


def test_an_operating_system_of_ascii(tmp_path: Path) -> None:
    spec = f"{HEAD}services: {{api: {{kind: python, path: ü, command: [é], ports: [80]}}}}\n"
    write_files(tmp_path, {"services.yaml": spec, "ü/requirements.txt": ""})
    ascii_alone = {"PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0", "LC_ALL": "C"}
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent), **ascii_alone}
    probe = [sys.executable, "-c", "import sys; print(sys.getfilesystemencoding())"]
    if subprocess.run(probe, env=environment, capture_output=True, check=True).stdout.strip() != b"ascii":
        pytest.skip("has no such locale")
    done = _process(tmp_path, "--check", stdout=subprocess.PIPE, env=environment)
    assert done.returncode == 2
    assert "[path-unencodable]" in done.stderr


def test_ctrl_c(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(generate, "run", interrupted)
    assert main(["-C", str(tmp_path)]) == 130
    assert capsys.readouterr().err.startswith("interrupted")


def test_what_is_left_is_a_report_without_values(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(_: object) -> int:
        raise KeyError("s3cret")

    monkeypatch.setattr(generate, "run", failing)
    monkeypatch.delenv(app.TRACEBACK, raising=False)
    assert main(["-C", str(tmp_path)]) == 70
    report = capsys.readouterr().err
    assert app.REPORT_TO in report
    assert "KeyError" in report
    assert "s3cret" not in report
    assert "Traceback" not in report
    assert len(report.splitlines()) < 8
    monkeypatch.setenv(app.TRACEBACK, "1")
    assert main(["-C", str(tmp_path)]) == 70
    assert "s3cret" in capsys.readouterr().err
