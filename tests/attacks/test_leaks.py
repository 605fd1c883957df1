"""No secret is in a build context, in a stored form or in a message."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from generator.cli.app import main
from generator.lockfile.pin import LOCK
from generator.lockfile.pins import Pins
from generator.model.confidential import KEYS, NAMES, looks_secret
from generator.pipeline import plan
from generator.sources.source import parse_source
from generator.text.errors import Finding, Location, SpecError
from generator.text.masking import has_credentials, masked
from tests.attacks.ignore_file import is_sent
from tests.planted import EXAMPLES, SECRETS, SOURCES, in_any_case
from tests.support import CASES, HERE, write_files

Files = dict[str, str]

IGNORE_FILES = sorted(CASES.rglob("*.dockerignore"))
PACKAGE = '{"scripts": {"build": "tsc"}}'
NPM: Files = {"package-lock.json": '{"packages": {}}', "package.json": PACKAGE}


def _spec(root: Path, files: Files, **services: Any) -> None:
    write_files(root, files)
    common = {"command": ["serve"], "ports": [80]}
    spec = {"version": 1, "project": "p", "services": {name: {**common, **own} for name, own in services.items()}}
    (root / "services.yaml").write_text(json.dumps(spec), encoding="utf-8")


def _planned(root: Path, files: Files, **services: Any) -> tuple[Files, list[Finding]]:
    """Write the files and a spec; return the generated files and the warnings."""
    _spec(root, files, **services)
    found = plan(root)
    texts = {change.path: change.new for change in found.changes}
    return {path: text for path, text in texts.items() if text is not None}, found.warnings


def _codes(warnings: list[Finding]) -> list[str]:
    """Give the codes of what is wrong with secrets: the names need no files."""
    return [warning.code for warning in warnings if warning.code != "path-missing"]


# The build context


def test_there_are_ignore_files_of_all_kinds() -> None:
    assert len(IGNORE_FILES) > 30


@pytest.mark.parametrize("file", IGNORE_FILES, ids=lambda file: file.parent.relative_to(CASES).as_posix())
def test_secrets_are_not_sent_from_any_folder(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    allowed = _allowed(text)
    folders = [path for path in allowed if not looks_secret(path)]
    for folder in ["", *(f"{path}/" for path in folders), *(f"{path}/a/b/" for path in folders)]:
        for name in (spelled for secret in SECRETS for spelled in in_any_case(secret)):
            assert not is_sent(text, folder + name) or folder + name in allowed, folder + name


@pytest.mark.parametrize("file", IGNORE_FILES, ids=lambda file: file.parent.relative_to(CASES).as_posix())
def test_what_instructions_read_is_sent(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    for path in _allowed(text):
        assert is_sent(text, path)
        # What has an extension is the name of a file, so nothing is inside.
        is_file = Path(path).suffix or Path(path).name in {"Pipfile", "known_hosts"}
        assert is_file or all(is_sent(text, f"{path}/a/{name}") for name in SOURCES), path


def _allowed(text: str) -> list[str]:
    """List the paths that an ignore file allows, without the patterns for what begins like a key."""
    return [line[1:] for line in text.splitlines() if line.startswith("!") and "*" not in line]


def test_every_pattern_has_an_example() -> None:
    assert set(EXAMPLES) == {*NAMES, KEYS}
    for pattern, names in EXAMPLES.items():
        for name in (spelled for secret in names for spelled in in_any_case(secret)):
            assert looks_secret(f"a/{name}"), name
        if pattern != KEYS:
            assert all(looks_secret(f"a/{name}/b") for name in names)
    assert not any(looks_secret(f"a/{name}") for name in SOURCES)


def test_the_documentation_lists_every_pattern() -> None:
    text = (HERE.parent / "docs/security.md").read_text(encoding="utf-8")
    (listed,) = re.findall(r"^These names are never sent[^\n]*:\n\n((?:[- ] .*\n)+)", text, re.M)
    names = re.findall("`([^`]+)`", listed)
    # That of keys is there twice, as the name of files and of folders.
    assert sorted(names) == sorted([*NAMES, KEYS, KEYS])


def test_sources_that_begin_like_a_key(tmp_path: Path) -> None:
    files = {**NPM, "id_tools/a.ts": "", "id_map.ts": "", "id_work": "", "src/a.ts": "", "apps/id_web/src/a.ts": ""}
    own = {"kind": "node", "path": ".", "ignore": ["**/*.test.ts"]}
    texts, warnings = _planned(tmp_path, files, app=own)
    text = texts["Dockerfile.dockerignore"]
    for path in ("id_tools/a.ts", "id_map.ts", "src/id_x/a.ts", "src/ID_x.ts", "src/id_x.pub"):
        assert is_sent(text, path), path
    for path in ("id_work", "id_tools/id_work", "src/id_work", "src/id_x.test.ts", "other/id_x.ts", "id_map.test.ts"):
        assert not is_sent(text, path), path
    assert warnings == []


def test_the_spec_names_paths_that_begin_like_a_key(tmp_path: Path) -> None:
    files = {**NPM, "id_tools/a.ts": "", "id_work": "", "id_web/src/a.ts": ""}
    sources = ["id_tools", "id_work", "id_web/src"]
    texts, warnings = _planned(tmp_path, files, app={"kind": "node", "path": ".", "sources": sources})
    text = texts["Dockerfile.dockerignore"]
    for path in ("id_tools/a.ts", "id_work", "id_web/src/a.ts", "id_web/src/id_x.ts"):
        assert is_sent(text, path), path
    for path in ("id_tools/id_work", "id_web/src/id_work", "id_web/a.ts", "id_tools/id_rsa"):
        assert not is_sent(text, path), path
    assert [str(warning).partition(" sends ")[2].split()[0] for warning in warnings] == ["id_work"]


def test_the_file_of_a_secret_is_not_sent(tmp_path: Path) -> None:
    files = {
        **NPM,
        "secrets/npmrc": "t",
        "secrets/other": "t",
        "config/token": "t",
        "config/a.json": "",
        "lib/a.ts": "",
    }
    secrets = {
        "npmrc": {"target": "/root/.npmrc", "file": "secrets/npmrc"},
        "other": {"env": "TOKEN", "file": "config/token"},
    }
    texts, warnings = _planned(tmp_path, files, app={"kind": "node", "path": ".", "secrets": secrets})
    text = texts["Dockerfile.dockerignore"]
    assert not is_sent(text, "secrets/npmrc")
    assert not is_sent(text, "secrets/other")
    assert not is_sent(text, "config/token")
    assert is_sent(text, "config/a.json")
    assert is_sent(text, "lib/a.ts")
    assert "COPY secrets" not in texts["Dockerfile"]
    assert warnings == []


def test_the_folder_of_a_secret_is_a_source_that_the_spec_names(tmp_path: Path) -> None:
    secrets = {"npmrc": {"target": "/root/.npmrc", "file": "app/private/npmrc"}}
    own = {"kind": "node", "path": "app", "sources": ["private", "src"], "secrets": secrets}
    files = {f"app/{path}": text for path, text in NPM.items()}
    texts, _ = _planned(tmp_path, files, app=own)
    assert not is_sent(texts["app/Dockerfile.dockerignore"], "private/npmrc")
    assert is_sent(texts["app/Dockerfile.dockerignore"], "private/a.ts")


def test_the_secret_of_another_service_is_not_sent(tmp_path: Path) -> None:
    secrets = {"netrc": {"target": "/root/.netrc", "file": "config/netrc"}}
    other = {"kind": "python", "path": "api", "secrets": secrets, "ports": [81]}
    files = {**NPM, "config/a.json": "", "config/netrc": ""}
    texts, _ = _planned(tmp_path, files, app={"kind": "node", "path": "."}, api=other)
    assert is_sent(texts["Dockerfile.dockerignore"], "config/a.json")
    assert not is_sent(texts["Dockerfile.dockerignore"], "config/netrc")


def test_detected_sources_have_no_secrets(tmp_path: Path) -> None:
    files = {**NPM, "credentials.json": "{}", "kubeconfig/a.ts": "", "app.ts": "", "secrets/db": "", "id_x.ts": ""}
    texts, warnings = _planned(tmp_path, files, app={"kind": "node", "path": "."})
    allowed = set(_allowed(texts["Dockerfile.dockerignore"]))
    assert allowed == {"package.json", "package-lock.json", "app.ts", "id_x.ts"}
    assert warnings == []


def test_a_settings_file_that_is_a_secret_is_no_setting(tmp_path: Path) -> None:
    files = {**NPM, ".npmrc": "//registry.example.com/:_authToken=abc\n", "app.ts": ""}
    secrets = {"npmrc": {"target": "/root/.npmrc", "file": ".npmrc"}}
    texts, warnings = _planned(tmp_path, files, app={"kind": "node", "path": ".", "secrets": secrets})
    assert not is_sent(texts["Dockerfile.dockerignore"], ".npmrc")
    assert ".npmrc" not in texts["Dockerfile"].replace("/root/.npmrc", "")
    assert warnings == []


def test_settings_files_are_sent(tmp_path: Path) -> None:
    files = {**NPM, ".npmrc": "registry=https://registry.example.com\n", "app.ts": ""}
    texts, warnings = _planned(tmp_path, files, app={"kind": "node", "path": "."})
    assert is_sent(texts["Dockerfile.dockerignore"], ".npmrc")
    assert not is_sent(texts["Dockerfile.dockerignore"], "src/.npmrc")
    assert warnings == []


def test_what_the_spec_names_is_sent_and_told(tmp_path: Path) -> None:
    own = {
        "kind": "node",
        "path": ".",
        "sources": ["src", "src/ca.pem", ".env.production", ".aws"],
        "ignore": [".aws/cache"],
        "ssh": {"known_hosts": "deploy/.ssh/known_hosts"},
        "packages": {"build": ["git", "openssh-client", "ca-certificates"], "runtime": []},
        "steps": {
            "before_runtime": {"ca": {"copy": "ca.pem", "to": "/etc/ca.pem"}},
            "before_dependencies": {
                "key": {"run": [["ls"]], "mounts": [{"type": "bind", "source": "public.key", "target": "/k"}]}
            },
        },
        "secrets": {"aws": {"env": "AWS", "file": ".aws/token"}, "npmrc": {"env": "NPM", "file": "src/ca.pem"}},
    }
    texts, warnings = _planned(tmp_path, NPM, app=own)
    text = texts["Dockerfile.dockerignore"]
    for path in ("src/ca.pem", ".env.production", ".aws/config", "ca.pem", "public.key", "deploy/.ssh/known_hosts"):
        assert is_sent(text, path), path
    for path in ("src/b.pem", ".env", ".aws/token", ".aws/cache/a", ".aws/id_rsa", "deploy/.ssh/id", "src/a/ca.pem"):
        assert not is_sent(text, path), path
    assert _codes(warnings) == ["secret-sent"] * 6
    told = "\n".join(map(str, warnings))
    for path in ("src/ca.pem", ".env.production", ".aws", "ca.pem", "public.key", "deploy/.ssh/known_hosts"):
        assert f"app sends {path} to the builder" in told


def test_a_warning_is_told_on_every_run(tmp_path: Path) -> None:
    for _ in range(2):
        _, warnings = _planned(tmp_path, NPM, app={"kind": "node", "path": ".", "sources": ["a.key"]})
        assert _codes(warnings) == ["secret-sent"]


# Tokens in files that the build reads

UV = {"uv.lock": "", "pyproject.toml": '[project]\nname = "api"\n'}
PIP = {"requirements.txt": "a==1 --hash=sha256:1\n"}
POETRY = {"poetry.lock": "", "pyproject.toml": '[project]\nname = "api"\n'}
PDM = {"pdm.lock": "", "pyproject.toml": '[project]\nname = "api"\n'}
PIPENV = {"Pipfile.lock": "{}", "Pipfile": ""}
PNPM = {"pnpm-lock.yaml": "", "package.json": "{}"}
YARN = {"yarn.lock": "__metadata:\n", "package.json": "{}"}
CLASSIC = {"yarn.lock": "# yarn lockfile v1\n", "package.json": "{}"}
BUN = {"bun.lock": "{}", "package.json": "{}"}

TOKENS: list[tuple[Files, str, str]] = [
    (NPM, ".npmrc", "//registry.example.com/:_authToken=abc123"),
    (NPM, ".npmrc", '//registry.example.com/:_authToken = "abc123"'),
    (NPM, ".npmrc", "//registry.example.com:8443/npm/:_password='YWJj'"),
    (NPM, ".npmrc", '"//registry.example.com/:_authToken"="abc"'),
    (NPM, ".npmrc", "_auth=dXNlcjpwYXNz"),
    (NPM, ".npmrc", "# //registry.example.com/:_authToken=abc123"),
    (NPM, ".npmrc", ";_authToken=abc123"),
    (NPM, ".npmrc", "a=b\r\n_authToken=abc123\r\n"),
    (NPM, ".npmrc", "registry=https://user:pass@registry.example.com/"),
    (NPM, ".npmrc", "registry=https://registry.example.com/?token=abc123"),
    (NPM, ".npmrc", "registry=https://registry.example.com/?a=b&token=abc123"),
    (NPM, ".npmrc", "a=b\n#\ntoken=abc123"),
    (NPM, ".npmrc", "https-proxy=http://user:pass@proxy.example.com:3128"),
    (NPM, ".npmrc", "registry=https://ghp_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@registry.example.com/"),
    (NPM, ".npmrc", 'key="-----BEGIN PRIVATE KEY-----\\nabc"'),
    (NPM, ".npmrc", "//registry.example.com/:_authToken=${NPM_TOKEN}abc"),
    (NPM, "package.json", '{"dependencies": {"a": "git+https://user:pass@git.example.com/a.git"}}'),
    (NPM, "package-lock.json", '{"packages": {"a": {"resolved": "https://user:pass@registry.example.com/a.tgz"}}}'),
    (PNPM, ".npmrc", "//registry.example.com/:_authToken=abc"),
    (PNPM, "pnpm-workspace.yaml", "registry: https://user:pass@registry.example.com/\n"),
    (PNPM, "pnpm-workspace.yaml", 'settings: {"//registry.example.com/:_authToken": abc}\n'),
    (PNPM, ".pnpmfile.cjs", 'const registry = "https://user:pass@registry.example.com"'),
    (YARN, ".yarnrc.yml", "npmAuthToken: abc123"),
    (YARN, ".yarnrc.yml", 'npmAuthToken: "abc123"'),
    (YARN, ".yarnrc.yml", "npmAuthToken: 'abc123'"),
    (YARN, ".yarnrc.yml", '"npmAuthToken": "abc123"'),
    (YARN, ".yarnrc.yml", "npmAuthToken:\n  abc123"),
    (YARN, ".yarnrc.yml", "npmAuthToken: >-\n  abc123"),
    (YARN, ".yarnrc.yml", 'npmScopes: {acme: {npmAuthToken: "abc123"}}'),
    (YARN, ".yarnrc.yml", 'npmRegistries:\n  "//registry.example.com":\n    npmAuthIdent: "user:abc"'),
    (YARN, ".yarnrc.yml", "npmAuthIdent: dXNlcjpwYXNz"),
    (YARN, ".yarnrc.yml", "npmAuthToken: ${NPM_TOKEN:-0123456789abcdef0123}"),
    (YARN, ".yarnrc.yml", "npmRegistryServer: https://user:pass@registry.example.com"),
    (CLASSIC, ".yarnrc", '"//registry.example.com/:_authToken" "abc123"'),
    (CLASSIC, ".yarnrc", "_authToken abc123"),
    (CLASSIC, ".yarnrc", 'registry "https://user:pass@registry.example.com"'),
    (CLASSIC, ".npmrc", "//registry.example.com/:_authToken=abc"),
    (CLASSIC, "yarn.lock", '# yarn lockfile v1\na@1:\n  resolved "https://user:pass@registry.example.com/a.tgz"\n'),
    (BUN, "bunfig.toml", '[install.registry]\nurl = "https://registry.example.com"\ntoken = "abc123"'),
    (BUN, "bunfig.toml", '[install.scopes]\nacme = { token = "abc123", url = "https://registry.example.com" }'),
    (BUN, "bunfig.toml", '[install.scopes]\nacme = { username = "u", password = "abc" }'),
    (BUN, "bunfig.toml", '[install]\nregistry = "https://user:pass@registry.example.com/"'),
    (BUN, ".npmrc", "//registry.example.com/:_authToken=abc"),
    (POETRY, "poetry.toml", '[http-basic.acme]\nusername = "u"\npassword = "abc"'),
    (POETRY, "poetry.toml", '[pypi-token]\nacme = "abc"'),
    (POETRY, "poetry.toml", '[repositories]\nacme.url = "https://user:pass@index.example.com/simple"'),
    (POETRY, "pyproject.toml", '[[tool.poetry.source]]\nname = "a"\nurl = "https://user:pass@index.example.com"'),
    (PDM, "pdm.toml", '[pypi]\nurl = "https://index.example.com"\nusername = "u"\npassword = "abc"'),
    (PDM, "pdm.toml", '"pypi.password" = "abc"'),
    (PDM, "pdm.toml", "repository.acme.password = 1234"),
    (PDM, "pyproject.toml", '[[tool.pdm.source]]\nname = "a"\nurl = "https://user:pass@index.example.com"'),
    (PDM, "pyproject.toml", '[[tool.pdm.source]]\nurl = "https://index.example.com"\nusername = "u"\npassword = "abc"'),
    (UV, "pyproject.toml", '[project]\nname = "a"\n[[tool.uv.index]]\nurl = "https://user:pass@index.example.com"'),
    (UV, "pyproject.toml", '[project]\nname = "a"\n[[tool.uv.index]]\nurl = "https://index.example.com?token=abc"'),
    (PIPENV, "Pipfile", '[[source]]\nname = "a"\nurl = "https://user:pass@index.example.com"'),
    (PIP, "requirements.txt", "--index-url https://user:pass@index.example.com/simple\na==1 --hash=sha256:1\n"),
    (PIP, "requirements.txt", "--extra-index-url=https://user:pass@index.example.com\na==1 --hash=sha256:1\n"),
    (PIP, "requirements.txt", "-i https://index.example.com/?token=abc\na==1 --hash=sha256:1\n"),
    (PIP, "requirements.txt", "a @ git+https://u:pass@git.example.com/a --hash=sha256:1\n"),
    ({"requirements.txt": "-r base.txt\n"}, "base.txt", "-i https://user:pass@index.example.com\n"),
]

REFERENCES: list[tuple[Files, str, str]] = [
    (NPM, ".npmrc", "//registry.example.com/:_authToken=${NPM_TOKEN}"),
    (NPM, ".npmrc", '//registry.example.com/:_authToken="${NPM_TOKEN}"'),
    (NPM, ".npmrc", "//registry.example.com/:_authToken=${NPM_TOKEN?}"),
    (NPM, ".npmrc", "registry=https://${USER}:${PASSWORD}@registry.example.com/"),
    (NPM, ".npmrc", "always-auth=true\nsave-exact=true\n//registry.example.com/:username=user\n"),
    (NPM, ".npmrc", "# the token is in _authToken of your own file\n# _authToken=<your token>"),
    (NPM, "package.json", '{"dependencies": {"token": "1", "password": "1"}, "homepage": "https://e.com/?token=1"}'),
    (NPM, "package.json", '{"scripts": {"db": "psql postgres://dev:dev@localhost/db"}}'),
    (NPM, "package-lock.json", '{"packages": {"a": {"resolved": "git+ssh://git@git.example.com/a.git#abc"}}}'),
    (PNPM, "pnpm-workspace.yaml", "catalog: {token: ^1.0.0, password: ^2.0.0}\n"),
    (PNPM, ".pnpmfile.cjs", "const token = process.env.TOKEN"),
    (YARN, ".yarnrc.yml", 'npmAuthToken: "${NPM_TOKEN:-}" # from the host'),
    (YARN, ".yarnrc.yml", "npmAuthToken: ${NPM_TOKEN:-none}"),
    (YARN, ".yarnrc.yml", 'npmScopes: {acme: {npmAuthIdent: "user:${PASSWORD:-}", npmAlwaysAuth: true}}'),
    (BUN, "bunfig.toml", '[install.scopes]\nacme = { token = "$npm_token", url = "https://registry.example.com" }'),
    (BUN, "bunfig.toml", '[install.registry]\nurl = "https://registry.example.com"\ntoken = "$NPM_TOKEN"'),
    (PIPENV, "Pipfile", '[[source]]\nname = "a"\nurl = "https://$USER:${PASSWORD}@index.example.com"'),
    (PIP, "requirements.txt", "-i https://${USER}:${PASSWORD}@index.example.com\na==1 --hash=sha256:1\n"),
    (PIP, "requirements.txt", "-i https://oauth2accesstoken@index.example.com\na==1 --hash=sha256:1\n"),
    (UV, "pyproject.toml", '[project]\nname = "a"\n[[tool.uv.index]]\nurl = "https://index.example.com"'),
]


def _run(root: Path, files: Files, file: str, text: str, **own: Any) -> list[Finding]:
    """Plan a service of these files; return all that is wrong with tokens."""
    kind = "node" if "package.json" in files else "python"
    every = {f"app/{path}": content for path, content in {**files, file: text}.items()}
    _spec(root, every, app={"kind": kind, "path": "app", **own})
    try:
        return [one for one in plan(root).warnings if one.code == "token-in-settings"]
    except SpecError as error:
        return [one for one in error.findings if one.code == "token-in-settings"]


@pytest.mark.parametrize(("files", "file", "text"), TOKENS)
def test_a_token_is_found(files: Files, file: str, text: str, tmp_path: Path) -> None:
    (finding,) = _run(tmp_path, files, file, text)
    assert finding.location.file == f"app/{file}"
    assert finding.location.line >= 1
    for word in ("abc", "pass@", "ghp_", "YWJj"):
        assert word not in str(finding)


@pytest.mark.parametrize(("files", "file", "text"), REFERENCES)
def test_what_refers_to_a_token_is_none(files: Files, file: str, text: str, tmp_path: Path) -> None:
    assert _run(tmp_path, files, file, text) == []


def test_a_token_in_settings_that_the_spec_names(tmp_path: Path) -> None:
    text = "//registry.example.com/:_authToken=abc"
    own = {"install": {"config": ["config/npmrc"]}}
    (finding,) = _run(tmp_path, NPM, "config/npmrc", text, **own)
    assert finding.location == Location(file="app/config/npmrc", line=1, column=25)


def test_a_token_in_a_member_of_a_workspace(tmp_path: Path) -> None:
    files = {
        "uv.lock": "",
        "pyproject.toml": '[tool.uv]\nsources.lib.workspace = true\nworkspace.members = ["api", "lib"]\n',
        "api/pyproject.toml": '[project]\nname = "api"\ndependencies = ["lib"]\n',
        "lib/pyproject.toml": '[project]\nname = "lib"\n[[tool.uv.index]]\nurl = "https://u:p@index.example.com"\n'
        "[build-system]\nrequires = []\n",
    }
    _spec(tmp_path, files, api={"kind": "python", "path": "api"})
    with pytest.raises(SpecError) as caught:
        plan(tmp_path)
    (found,) = (one for one in caught.value.findings if one.code == "token-in-settings")
    assert found.location == Location(file="lib/pyproject.toml", line=4, column=8)


# Messages and stored forms

DIGEST = "#sha256=" + "a" * 64
OPENED = [
    "git+https://user:hunter2@git.example.com/acme//a.yaml@v1",
    "git+https://hunter2@git.example.com/acme//a.yaml@v1",
    "git+ssh://git:hunter2@git.example.com/acme//a.yaml@v1",
    "git+https://user:hunt/hunter2@git.example.com/acme//a.yaml@v1",
    "git+https://git.example.com/acme?token=hunter2//a.yaml@v1",
    f"https://user:hunter2@example.com/a.yaml{DIGEST}",
    f"https://user:a@hunter2@example.com/a.yaml{DIGEST}",
    f"https://example.com/a.yaml?token=hunter2{DIGEST}",
    f"https://example.com/a.yaml?ref=v1&private_token=hunter2{DIGEST}",
    f"https://example.com/a.yaml?X-Amz-Signature=hunter2{DIGEST}",
    f"https://example.com/a.yaml?sig=hunter2{DIGEST}",
    f"https://example.com/a.yaml?%74oken=hunter2{DIGEST}",
    f"https://example.com?access_token=hunter2{DIGEST}",
    "http://user:hunter2@example.com/a.yaml",
    "https://example.com/a.yaml?token=hunter2",
]


@pytest.mark.parametrize("name", OPENED)
def test_an_address_with_credentials_is_refused_and_masked(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert parse_source(name) is None
    _spec(tmp_path, {}, app={"kind": "python", "presets": [name]})
    before = (tmp_path / "services.yaml").read_text(encoding="utf-8")
    for arguments in (
        [],
        ["--check"],
        ["presets", "list"],
        ["presets", "add", "--yes", name],
        ["presets", "show", name],
    ):
        assert main(["-C", str(tmp_path), *arguments]) == 2
    output = capsys.readouterr()
    assert "hunter2" not in output.out + output.err
    assert "***" in output.err
    assert "which would be stored" in output.err
    assert (tmp_path / "services.yaml").read_text(encoding="utf-8") == before
    assert [file.name for file in tmp_path.iterdir()] == ["services.yaml"]


def test_an_argument_too_many_is_masked(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["presets", "list", OPENED[0]])
    assert "hunter2" not in capsys.readouterr().err


@pytest.mark.parametrize("name", OPENED)
def test_a_lock_file_with_credentials_is_refused(name: str, tmp_path: Path) -> None:
    entry = {"file": ".gen-dockerfiles/presets/a.yaml", "sha256": "a" * 64}
    write_files(tmp_path, {LOCK: json.dumps({"version": 1, "presets": {name: entry}})})
    with pytest.raises(SpecError) as caught:
        Pins.load(tmp_path)
    assert "hunter2" not in str(caught.value)
    assert caught.value.findings[0].code == "lockfile-malformed"


@pytest.mark.parametrize(
    "text",
    [
        "git+ssh://git@git.example.com/acme//a.yaml@v1",
        "git+ssh://git@[::1]:2222/acme//a.yaml@v1",
        "git+https://git.example.com:8443/acme//a.yaml@v1",
        f"https://example.com:8443/@acme/a.yaml?ref=v1&path=a{DIGEST}",
        "cannot be fetched: https://example.com/a.yaml: not found",
        "kind: a@b, x=y?",
    ],
)
def test_other_texts_are_as_they_were(text: str) -> None:
    assert masked(text) == text
    assert not has_credentials(text)


def test_what_a_server_says_is_masked() -> None:
    message = "cannot be fetched: HTTP Error 302: redirects to https://cdn.example.com/a?X-Amz-Signature=hunter2"
    where = Location(file="https://u:hunter2@example.com")
    finding = Finding(location=where, message=message, fix="see 'https://u:hunter2@e.com'", code="fetch-failed")
    assert "hunter2" not in str(finding)
    assert "hunter2" not in finding.message + finding.fix
    assert str(finding).startswith("https://***@example.com: ")
