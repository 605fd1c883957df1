"""What of a service's folder ships, and what a run says of the rest."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from generator.cli.app import main
from generator.output.write import write
from generator.pipeline import load, plan, resolve_spec
from generator.text.errors import Finding, SpecError
from tests.support import write_files

PYTHON = {"requirements.txt": ""}
NODE = {"package.json": "{}", "package-lock.json": '{"packages": {}}'}
BUILT = {**NODE, "package.json": '{"scripts": {"build": "tsc"}}'}
BUN = {"package.json": "{}", "bun.lock": "{}"}
PACKAGE = {"pyproject.toml": '[project]\nname = "a"\n[build-system]\nrequires = []\n', "uv.lock": ""}
Service = dict[str, Any]


def _write(root: Path, files: list[str], manager: dict[str, str], **services: Service) -> Path:
    """Write a repository of services, each in the folder `app` or the one that it names."""
    common = {"command": ["serve"], "ports": [80]}
    spec = {
        "version": 1,
        "project": "p",
        "services": {name: {"path": "app", **common, **own} for name, own in services.items()},
    }
    texts = {f"app/{name}": text for name, text in manager.items()} | {f"app/{name}": "" for name in files}
    return write_files(root, {**texts, "services.yaml": spec})


def _sources(root: Path, service: str = "app") -> list[str]:
    found: list[str] = load(root, "services.yaml")[0].services[service].values["sources"]
    return found


def _findings(root: Path, code: str) -> list[Finding]:
    planned = plan(root)
    return [one for one in (*planned.warnings, *planned.notes) if one.code == code]


def _ignore_file(root: Path, folder: str = "app") -> list[str]:
    [text] = [
        one.new for one in plan(root).changes if one.path == f"{folder}/Dockerfile.dockerignore".removeprefix("./")
    ]
    return (text or "").splitlines()


def _git(root: Path, *arguments: str) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    subprocess.run(["git", "-C", str(root), *arguments], check=True, capture_output=True, env=environment)


@pytest.mark.parametrize(
    ("own", "manager", "files", "sources"),
    [
        ({"kind": "python"}, PYTHON, ["app.py", "templates/a.html", "static/a.css", "locale/de/a.po"],
         ["locale", "static", "templates", "app.py"]),
        ({"kind": "python"}, PYTHON, ["src/main.py", "alembic.ini", "alembic/env.py", "gunicorn.conf.py"],
         ["alembic", "alembic.ini", "gunicorn.conf.py", "src"]),
        ({"kind": "python"}, PACKAGE, ["src/app/__init__.py", "alembic.ini", "migrations/env.py", "tests/a.py"],
         ["alembic.ini", "migrations", "src"]),
        ({"kind": "node", "runtime": "bun"}, BUN, ["src/a.ts", "tsconfig.json", "bunfig.toml", "vite.config.ts"],
         ["bunfig.toml", "tsconfig.json", "src"]),
        ({"kind": "node"}, NODE, ["src/a.js", "views/a.ejs", "config/a.yaml", "docs/a.md", "a.test.js"],
         ["config", "views", "src"]),
        ({"kind": "node"}, BUILT, ["src/a.ts", "tsconfig.json", "plugins/a.txt", ".babelrc.json", "jest.config.ts"],
         [".babelrc.json", "plugins", "src", "tsconfig.json"]),
    ],
)  # fmt: skip
def test_what_is_not_for_development_ships(
    tmp_path: Path, own: Service, manager: dict[str, str], files: list[str], sources: list[str]
) -> None:
    assert _sources(_write(tmp_path, files, manager, app=own)) == sources


def test_a_note_says_what_is_left_out_and_how_it_is_added(tmp_path: Path) -> None:
    root = _write(tmp_path, ["main.py", "tests/a.py", "README.md", ".editorconfig"], PYTHON, app={"kind": "python"})
    [note] = _findings(root, "sources-left-out")
    assert note.line.startswith("services.yaml:1:")
    assert "app leaves out what is for development: .editorconfig, README.md, tests/" in note.message
    assert note.fix == "name what the image needs, as extra_sources: [tests]"


def test_a_long_note_counts_what_it_does_not_name(tmp_path: Path) -> None:
    files = [f"requirements-{number}.txt" for number in range(20)]
    root = _write(tmp_path, ["main.py", *files], PYTHON, app={"kind": "python"})
    [note] = _findings(root, "sources-left-out")
    assert note.message.endswith("requirements-19.txt and 8 more")


def test_extra_sources_add_to_what_is_found(tmp_path: Path) -> None:
    own = {"kind": "python", "extra_sources": ["docs/help.txt", "main.py"]}
    root = _write(tmp_path, ["main.py", "docs/help.txt", "tests/a.py"], PYTHON, app=own)
    assert _sources(root) == ["main.py", "docs/help.txt"]
    [note] = _findings(root, "sources-left-out")
    assert note.message.endswith("development: tests/")
    resolved = load(root, "services.yaml")[0]
    assert resolved.locate(("services", "app", "sources", 1)) == resolved.locate(
        ("services", "app", "extra_sources", 0)
    )


def test_extra_sources_add_to_what_a_service_and_a_preset_name(tmp_path: Path) -> None:
    own = {"kind": "python", "sources": ["main.py"], "fragments": {"agent": True}, "presets": ["./team.yaml"]}
    root = _write(tmp_path, ["main.py", "agent.ini"], PYTHON, app=own)
    write_files(root, {"team.yaml": {"fragments": {"agent": {"extra_sources": ["agent.ini"]}}}})
    assert _sources(root) == ["main.py", "agent.ini"]


def test_an_extra_source_in_another_case_is_told_where_it_stands(tmp_path: Path) -> None:
    root = _write(tmp_path, ["main.py", "Docs/a.txt"], PYTHON, app={"kind": "python", "extra_sources": ["docs"]})
    with pytest.raises(SpecError) as caught:
        plan(root)
    [finding] = caught.value.findings
    assert (finding.code, finding.fix) == ("path-misspelled", "write Docs")


@pytest.mark.parametrize(("kind", "manager", "main"), [("python", PYTHON, "main.py"), ("node", NODE, "index.js")])
def test_a_service_can_ship_all_of_its_folder(tmp_path: Path, kind: str, manager: dict[str, str], main: str) -> None:
    own = {"kind": kind, "sources": ["."], "ignore": ["notes"]}
    root = _write(tmp_path, [main, "tests/a.py", "notes/a"], manager, app=own)
    lines = _ignore_file(root)
    assert lines[1:3] == ["*", "!*"]
    assert {"notes", "Dockerfile", "**/node_modules", "**/.[Ee][Nn][Vv]*"} <= {*lines[3:]}
    [dockerfile] = [one.new or "" for one in plan(root).changes if one.path == "app/Dockerfile"]
    assert ("COPY . .\n" if kind == "python" else "COPY --link . /app/.\n") in dockerfile
    assert _findings(root, "sources-left-out") == []


def test_what_is_ignored_is_not_copied(tmp_path: Path) -> None:
    own = {"kind": "python", "ignore": ["**/__pycache__", "data", "*.csv", "**/drafts"]}
    root = _write(tmp_path, ["main.py", "data/a", "a.csv", "drafts/a", "db/data/a"], PYTHON, app=own)
    assert _sources(root) == ["db", "main.py"]


def test_a_service_does_not_ship_the_services_below_it(tmp_path: Path) -> None:
    root = write_files(
        tmp_path,
        {
            "requirements.txt": "",
            "main.py": "",
            "services/api/requirements.txt": "",
            "services/api/api.py": "",
            "shared/words.txt": "",
            "shared/jobs/requirements.txt": "",
            "shared/jobs/jobs.py": "",
            "services.yaml": {
                "version": 1,
                "project": "p",
                "services": {
                    name: {"kind": "python", "path": path, "command": ["a"], "ports": [port], "ignore": ["**/*.pyc"]}
                    for name, path, port in (
                        ("root", ".", 80),
                        ("api", "services/api", 81),
                        ("jobs", "shared/jobs", 82),
                    )
                },
            },
        },
    )
    assert _sources(root, "root") == ["shared", "main.py"]
    [text] = [one.new or "" for one in plan(root).changes if one.path == "Dockerfile.dockerignore"]
    assert "shared/jobs" in text.splitlines()
    assert "services/api" not in text


def test_what_a_build_writes_over_a_source_is_sent(tmp_path: Path) -> None:
    own = {"kind": "node", "sources": [".", "site.json"], "build": "build", "artifacts": ["dist", "site.json"]}
    root = _write(
        tmp_path, ["site.json", "server.js"], {**NODE, "package.json": '{"scripts": {"build": "a"}}'}, app=own
    )
    lines = _ignore_file(root)
    assert "dist" in lines
    assert "site.json" not in lines


def test_secrets_do_not_ship_by_themselves(tmp_path: Path) -> None:
    own = {"kind": "python", "secrets": {"token": {"file": "app/token.txt", "env": "TOKEN"}}}
    root = _write(tmp_path, ["main.py", "token.txt", ".env", "server.key"], PYTHON, app=own)
    assert _sources(root) == ["main.py"]


def test_the_files_of_the_tool_do_not_ship(tmp_path: Path) -> None:
    spec = {"kind": "python", "path": ".", "command": ["a"], "ports": [80], "presets": ["./presets/team.yaml"]}
    files = {
        "services.yaml": {"version": 1, "project": "p", "services": {"app": spec}},
        "presets/team.yaml": {"built": {"labels": {"team": "a"}}},
        "requirements.txt": "",
        "main.py": "",
        "gen-dockerfiles.lock": '{"version": 1}',
    }
    root = write_files(tmp_path, files)
    assert _sources(root) == ["main.py"]
    assert _findings(root, "sources-left-out") == []


def test_no_dockerfile_ships_whatever_its_name(tmp_path: Path) -> None:
    """What a run has written for a service beside it changes nothing in the next one."""
    own = {"kind": "python", "dockerfile": "gpu.Dockerfile.v2"}
    hand = ["cpu.Dockerfile", "cpu.Dockerfile.dockerignore", "Dockerfile.test.dockerignore"]
    root = _write(tmp_path, ["main.py", *hand], PYTHON, app=own, empty={**own, "path": "none", "ports": [81]})
    assert main(["-C", str(root)]) == 0
    assert (root / "none/gpu.Dockerfile.v2.dockerignore").is_file()
    assert main(["-C", str(root), "--check"]) == 0
    assert _sources(root) == ["main.py"]


def test_a_name_that_no_instruction_can_have_is_told(tmp_path: Path) -> None:
    root = _write(tmp_path, ["main.py", "my data/a", "a'b.txt"], PYTHON, app={"kind": "python"})
    [warning] = _findings(root, "source-unnameable")
    assert warning.message.endswith("no instruction can name: a'b.txt, my data/")


def test_a_large_folder_of_data_is_told_with_its_size(tmp_path: Path) -> None:
    root = _write(tmp_path, ["main.py", "model/weights"], PYTHON, app={"kind": "python"})
    os.truncate(root / "app/model/weights", 120_000_000)
    [warning] = _findings(root, "source-large")
    assert warning.message == "app ships app/model, which has 120 MB"
    assert warning.fix.endswith('leave it out with ignore: ["**/__pycache__", "**/*.py[cod]", model]')


def test_an_ignore_file_that_is_not_read_is_told(tmp_path: Path) -> None:
    root = _write(tmp_path, ["main.py", ".dockerignore"], PYTHON, app={"kind": "python"})
    [note] = _findings(root, "ignore-file-unread")
    assert note.message == "the build of app reads Dockerfile.dockerignore, and not app/.dockerignore"


def test_what_a_build_reads_and_a_server_may_read_is_told(tmp_path: Path) -> None:
    files = ["src/a.ts", "views/a.ejs", "public/a.js", "lib/a.js", "prices.csv", "tsconfig.json"]
    root = _write(tmp_path, files, BUILT, app={"kind": "node"})
    [note] = _findings(root, "sources-for-build")
    assert note.message == "app ships dist, and gives its build alone: prices.csv, public/, views/"
    assert note.fix == "name what the server reads, as artifacts: [dist, prices.csv, public, views]"


class TestGit:
    """git says what belongs to the repository; without it, `.gitignore` does."""

    FILES = ("main.py", "templates/a.html", "uploads/a.png", "local.ini", "kept.ini")
    IGNORED = "*.ini\n!kept.ini\n/app/uploads/\nbad[\n\\\n"

    def _repository(self, root: Path) -> Path:
        _write(root, [*self.FILES], PYTHON, app={"kind": "python"})
        write_files(root, {".gitignore": self.IGNORED})
        return root

    def test_an_export_gives_what_a_checkout_gives(self, tmp_path: Path) -> None:
        export, checkout = self._repository(tmp_path / "export"), self._repository(tmp_path / "checkout")
        _git(checkout, "init", "-q")
        _git(checkout, "add", ".")
        assert _sources(export) == _sources(checkout) == ["kept.ini", "templates", "main.py"]
        assert _findings(checkout, "source-untracked") == []

    def test_what_git_has_ships_even_if_it_is_ignored(self, tmp_path: Path) -> None:
        root = self._repository(tmp_path)
        _git(root, "init", "-q")
        _git(root, "add", "-f", "app/local.ini")
        assert "local.ini" in _sources(root)

    def test_nothing_is_told_before_the_first_file_is_added(self, tmp_path: Path) -> None:
        root = self._repository(tmp_path)
        _git(root, "init", "-q")
        assert _sources(root) == ["kept.ini", "templates", "main.py"]
        assert _findings(root, "source-untracked") == []

    def test_what_git_does_not_have_is_told(self, tmp_path: Path) -> None:
        root = self._repository(tmp_path)
        _git(root, "init", "-q")
        _git(root, "add", ".")
        write_files(root, {"app/scratch/a.txt": ""})
        [warning] = _findings(root, "source-untracked")
        assert (str(warning.location), warning.fix) == ("app/scratch", "git add app/scratch/, or name it in .gitignore")

    def test_a_submodule_ships(self, tmp_path: Path) -> None:
        root = self._repository(tmp_path / "repository")
        other = write_files(tmp_path / "other", {"a.txt": ""})
        for repository in (other, root):
            _git(repository, "init", "-q")
            _git(repository, "add", ".")
        _git(other, "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "a")
        _git(root, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(other), "app/words")
        assert "words" in _sources(root)

    def test_a_hook_of_git_changes_nothing(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        root = self._repository(tmp_path)
        _git(root, "init", "-q")
        _git(root, "add", ".")
        monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
        monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
        assert _sources(root) == ["kept.ini", "templates", "main.py"]

    def test_git_need_not_be_there(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        root = self._repository(tmp_path)
        _git(root, "init", "-q")
        _git(root, "add", ".")
        monkeypatch.setenv("PATH", str(tmp_path))
        assert shutil.which("git") is None
        assert _sources(root) == ["kept.ini", "templates", "main.py"]


def test_a_stale_dockerfile_says_which_file_has_come_or_gone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = _write(tmp_path, ["main.py", "old.ini"], PYTHON, app={"kind": "python"})
    write(root, plan(root).changes)
    (root / "app/old.ini").unlink()
    write_files(root, {"app/templates/a.html": ""})
    assert main(["-C", str(root), "--check"]) == 1
    assert "stale: app/Dockerfile (copies templates; no longer copies old.ini)\n" in capsys.readouterr().out


def test_a_note_is_one_line_and_changes_no_exit_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = _write(tmp_path, ["main.py", "docs/a.md"], PYTHON, app={"kind": "python", "install": {"hashes": True}})
    assert main(["-C", str(root)]) == 0
    notes = [line for line in capsys.readouterr().err.splitlines() if line.startswith("note: ")]
    assert len(notes) == 1
    assert notes[0].endswith("docs/; name what the image needs, as extra_sources: [docs]  [sources-left-out]")


def test_the_settings_of_bun_ship_from_the_folder_of_a_member(tmp_path: Path) -> None:
    """Bun reads them in the working folder; a token in them would ship, too."""
    service = {"kind": "node", "runtime": "bun", "path": "apps/api", "command": ["bun", "a.ts"], "ports": [80]}
    files = {
        "services.yaml": {"version": 1, "project": "p", "services": {"api": service}},
        "package.json": {"workspaces": ["apps/*"]},
        "bun.lock": "{}",
        "bunfig.toml": "",
        "apps/api/package.json": {"name": "api"},
        "apps/api/bunfig.toml": 'preload = ["./preload.ts"]\n',
        "apps/api/preload.ts": "",
        "apps/api/src/a.ts": "",
    }
    resolved = resolve_spec(write_files(tmp_path, files), "services.yaml")
    assert resolved.services["api"].values["sources"] == ["bunfig.toml", "preload.ts", "src"]
    write_files(tmp_path, {"apps/api/bunfig.toml": '[install.registry]\nurl = "https://a.example"\ntoken = "abc123"\n'})
    (told,) = [one for one in resolve_spec(tmp_path, "services.yaml").findings if one.level == "error"]
    assert (str(told.location), told.code) == ("apps/api/bunfig.toml:3:1", "token-in-settings")


@pytest.mark.parametrize(("kind", "manager"), [("python", PYTHON), ("node", BUILT)])
def test_a_note_says_which_files_look_like_secrets(tmp_path: Path, kind: str, manager: dict[str, str]) -> None:
    files = ["main.py", "src/a.js", ".env.production", ".env.example", ".env.local", "signing.pem", "token.key"]
    own = {"kind": kind, "secrets": {"key": {"target": "/root/key", "file": "app/token.key"}}}
    [note] = _findings(_write(tmp_path, files, manager, app=own), "secrets-left-out")
    assert note.message == "app leaves out what looks like a secret: .env.production, signing.pem"
    assert note.fix == "if everybody who has the image may read it, name it, as extra_sources: [.env.production]"
    own["extra_sources"] = [".env.production", "signing.pem"]
    root = _write(tmp_path, files, manager, app=own)
    assert _findings(root, "secrets-left-out") == []
    assert len(_findings(root, "secret-sent")) == 2


def test_secrets_that_git_ignores_are_no_matter(tmp_path: Path) -> None:
    root = _write(tmp_path, ["main.py", ".env"], PYTHON, app={"kind": "python"})
    write_files(root, {".gitignore": ".env\n"})
    assert _findings(root, "secrets-left-out") == []
