"""Presets that refer to files by relative paths: fetched, pinned, compared, updated and removed together."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.cli.app import main
from generator.layers.layer import InDocument
from generator.layers.library import Library
from generator.lockfile.pin import LOCK, vendored_path
from generator.lockfile.pins import Pins
from generator.output.compare import Change
from generator.sources.fetch import Fetched
from generator.sources.relative import Reference, resolve_relative
from generator.sources.source import GitSource
from generator.text.documents import parse, read
from generator.text.errors import Location, SpecError
from generator.usecases import reachable
from tests.presets.repositories import SPEC, Platform, git
from tests.support import snapshot

COMMON = """\
parameters: {grace: {type: text, default: 20s}}
extends: [../shared/limits.yaml]
defaults: {stop_grace_period: {parameter: grace}}
"""
SHARED = {"presets/common.yaml": COMMON, "shared/limits.yaml": "defaults: {container: {pids_limit: 77}}\n"}
PYTHON = "extends: [{preset: ./common.yaml, with: {grace: 45s}}]\n"
COMMON_PATH, LIMITS_PATH = SHARED


def _presets(root: Path, *arguments: str) -> int:
    return main(["-C", str(root), "presets", *arguments])


def _files(root: Path) -> list[str]:
    """Return the names of the vendored files, without their common prefix."""
    return sorted(file.name.partition("platform-")[2] for file in (root / ".gen-dockerfiles/presets").iterdir())


def _compose(root: Path) -> str:
    return (root / "compose.yaml").read_text(encoding="utf-8")


@pytest.fixture
def taken(root: Path, platform: Platform) -> Path:
    """Make a repository that has vendored a preset with the two files it refers to."""
    platform.commit(PYTHON, tag="v1", files=SHARED)
    assert _presets(root, "add", "--yes", platform.source()) == 0
    return root


def test_they_are_vendored_together(taken: Path, platform: Platform, capsys: pytest.CaptureFixture[str]) -> None:
    assert _files(taken) == ["presets-common.yaml", "presets-python.yaml", "shared-limits.yaml"]
    assert "stop_grace_period: 45s" in _compose(taken)
    assert "pids_limit: 77" in _compose(taken)
    pins = Pins.load(taken).pins
    names = [platform.source(path=path) for path in ("presets/python.yaml", COMMON_PATH, LIMITS_PATH)]
    assert sorted(pins) == sorted(names)
    assert len({pin.commit for pin in pins.values()}) == 1
    spec = (taken / "services.yaml").read_text(encoding="utf-8")
    assert [name in spec for name in names] == [True, False, False]
    platform.folder.rename(platform.folder.with_name("gone"))
    assert main(["-C", str(taken), "--check"]) == 0
    capsys.readouterr()
    assert _presets(taken, "list") == 0
    assert f"{names[2]}: vendored with {names[1]}, vendored with {names[0]}\n" in capsys.readouterr().out
    assert _presets(taken, "show", names[0]) == 0
    assert "stop_grace_period: 45s" in capsys.readouterr().out


def test_each_is_compared(taken: Path, platform: Platform, capsys: pytest.CaptureFixture[str]) -> None:
    (file,) = (taken / ".gen-dockerfiles/presets").glob("*limits.yaml")
    file.write_text("defaults: {}\n", encoding="utf-8")
    assert main(["-C", str(taken), "--check"]) == 2
    said = capsys.readouterr().err
    assert "was changed after it was vendored" in said
    assert f"presets add {platform.source()}\n" in said, "not the file it refers to, which is never added directly"
    assert _presets(taken, "add", "--yes", platform.source()) == 0
    assert main(["-C", str(taken), "--check"]) == 0
    pins = Pins.load(taken)
    (taken / LOCK).write_text(pins.without([platform.source(path=LIMITS_PATH)]).dump(), encoding="utf-8")
    capsys.readouterr()
    assert main(["-C", str(taken), "--check"]) == 2
    said = capsys.readouterr().err
    assert "-presets-common.yaml:2:11: the file git+file://" in said
    assert (
        "limits.yaml@v1 is not vendored  [preset-not-vendored]\n"
        f"  fix: fetch it again with: gen-dockerfiles presets add {platform.source()}\n" in said
    )


def test_they_are_updated_and_removed_together(
    taken: Path, platform: Platform, capsys: pytest.CaptureFixture[str]
) -> None:
    platform.commit(PYTHON, tag="v2", files={COMMON_PATH: COMMON.replace("[../shared/limits.yaml]", "[]")})
    capsys.readouterr()
    assert _presets(taken, "update", "--yes") == 0
    shown = capsys.readouterr().out
    assert "-extends: [../shared/limits.yaml]\n+extends: []\n" in shown
    assert "shared-limits.yaml\n+++ /dev/null\n" in shown
    assert "remove: .gen-dockerfiles/presets/" in shown
    assert _files(taken) == ["presets-common.yaml", "presets-python.yaml"]
    assert sorted(Pins.load(taken).pins) == [platform.source("v2", COMMON_PATH), platform.source("v2")]
    assert "pids_limit: 77" not in _compose(taken)
    assert main(["-C", str(taken), "--check"]) == 0
    assert _presets(taken, "update") == 0
    assert capsys.readouterr().out.endswith("up to date\n")


def test_a_preset_that_was_not_added_directly_is_not_updated(
    taken: Path, platform: Platform, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _presets(taken, "update", platform.source(path=LIMITS_PATH)) == 2
    assert f"fix: update that one: {platform.source()}\n" in capsys.readouterr().err


@pytest.mark.parametrize("keeper", ["the spec", "a preset of the repository", "another preset"])
def test_what_something_else_needs_stays(taken: Path, platform: Platform, keeper: str) -> None:
    limits, spec = platform.source(path=LIMITS_PATH), taken / "services.yaml"
    text = spec.read_text(encoding="utf-8")
    if keeper == "the spec":
        spec.write_text(text.replace("presets: [", f'presets: ["{limits}", '), encoding="utf-8")
    elif keeper == "a preset of the repository":
        (taken / "own.yaml").write_text(f'extends: ["{limits}"]\n', encoding="utf-8")
        spec.write_text(text.replace("presets: [", "presets: [./own.yaml, "), encoding="utf-8")
    else:
        platform.commit(PYTHON, files={"presets/node.yaml": "extends: [../shared/limits.yaml]\n"})
        assert _presets(taken, "add", "--yes", platform.source("main", "presets/node.yaml")) == 0
        limits = platform.source("main", LIMITS_PATH)
    platform.commit("defaults: {}\n", tag="v2")
    assert _presets(taken, "update", "--yes", platform.source()) == 0
    assert limits in Pins.load(taken).pins
    assert not [name for name in Pins.load(taken).pins if COMMON_PATH in name]
    assert "pids_limit: 77" in _compose(taken)
    assert main(["-C", str(taken), "--check"]) == 0


def test_two_refs_of_one_file(root: Path, platform: Platform, capsys: pytest.CaptureFixture[str]) -> None:
    """Two presets share a file and are updated one after the other: between the two, both versions are there."""
    node = {"presets/node.yaml": "extends: [./common.yaml]\n"}
    platform.commit(PYTHON, tag="v1", files={**SHARED, **node})
    for path in ("presets/python.yaml", "presets/node.yaml"):
        assert _presets(root, "add", "--yes", platform.source(path=path)) == 0
    assert "+defaults: {stop_grace_period: {parameter: grace}}" in capsys.readouterr().out, "the file it refers to, too"
    platform.commit(PYTHON, tag="v2", files={LIMITS_PATH: SHARED[LIMITS_PATH].replace("77", "88")})
    assert _presets(root, "update", "--yes", platform.source()) == 0
    assert main(["-C", str(root), "--check"]) == 0
    assert len([name for name in _files(root) if "limits" in name]) == 2
    assert "pids_limit: 77" in _compose(root), "node is the last in the list"
    assert _presets(root, "update", "--yes") == 0
    assert main(["-C", str(root), "--check"]) == 0
    assert _files(root) == ["presets-common.yaml", "presets-node.yaml", "presets-python.yaml", "shared-limits.yaml"]
    assert "pids_limit: 88" in _compose(root)


def test_a_tag_that_has_moved_is_seen_on_a_shared_file(
    taken: Path, platform: Platform, capsys: pytest.CaptureFixture[str]
) -> None:
    platform.commit(PYTHON, tag="v1", files={"presets/node.yaml": "extends: [./common.yaml]\n"})
    assert _presets(taken, "add", "--yes", platform.source(path="presets/node.yaml")) == 2
    assert "the tag v1 has moved" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("../../x.yaml", "'../../x.yaml' leaves the repository: it starts from the folder presets"),
        ("./../x/../../x.yaml", "leaves the repository"),
        ("./nowhere.yaml", "presets/nowhere.yaml does not exist at bad"),
        ("{preset: ./nowhere.yaml, with: {x: 1}}", "presets/nowhere.yaml does not exist at bad"),
        ("./link.yaml", "presets/link.yaml is a link or a folder"),
        ("./folder.yaml", "presets/folder.yaml is a link or a folder"),
        ("./linked/x.yaml", "presets/linked/x.yaml does not exist"),
        ("./common.txt", "'./common.txt' does not end with .yaml or .yml"),
        ("./.hidden/x.yaml", "is not a portable path"),
        ("./a b.yaml", "is not a portable path"),
        ('"./x.yaml@v2"', "is not a portable path"),
        ("./list.yaml", "presets/list.yaml@bad: is a list, not a mapping"),
    ],
)
def test_references_that_cannot_be_resolved(
    root: Path, platform: Platform, capsys: pytest.CaptureFixture[str], name: str, message: str
) -> None:
    folder = platform.folder / "presets"
    (folder / "folder.yaml").mkdir()
    (folder / "folder.yaml/x").touch()
    (folder / "list.yaml").write_text("- x\n", encoding="utf-8")
    (folder / "link.yaml").symlink_to("folder.yaml/x")
    (folder / "linked").symlink_to("folder.yaml")
    platform.commit(f"extends:\n  - {name}\n", tag="bad")
    before = snapshot(root)
    assert _presets(root, "add", "--yes", platform.source("bad")) == 2
    said = capsys.readouterr().err
    assert message in said
    assert "fix:" in said
    if "list" not in name:
        assert said.startswith(f"{platform.source('bad')}:2:5: "), "where the preset names it"
    assert snapshot(root) == before


def test_presets_that_name_each_other(root: Path, platform: Platform, capsys: pytest.CaptureFixture[str]) -> None:
    platform.commit("extends: [./b.yaml]\n", tag="v1", files={"presets/b.yaml": "extends: [./python.yaml]\n"})
    assert _presets(root, "add", "--yes", platform.source()) == 2
    said = capsys.readouterr().err
    assert f"presets extend each other: {platform.source()} -> {platform.source(path='presets/b.yaml')} -> " in said
    assert "fix: take one of them out" in said


def test_too_many_files(
    root: Path, platform: Platform, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    platform.commit(PYTHON, tag="v1", files=SHARED)
    monkeypatch.setattr(reachable, "MAX_FILES", 2)
    assert _presets(root, "add", "--yes", platform.source()) == 2
    assert "refers to more than 2 files, directly or through others" in capsys.readouterr().err


def test_a_preset_from_an_address_cannot_use_relative_paths(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reachable, "fetch", lambda _: Fetched(text=PYTHON))
    source = "https://example.com/a.yaml#sha256=" + "a" * 64
    assert _presets(root, "add", "--yes", source) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"{source}:1:11: './common.yaml' has no digest")
    assert "fix: name the file by its own address and digest" in said


def test_a_file_keeps_its_suffix(tmp_path: Path) -> None:
    url = "https://git.example.com/acme/platform"
    paths = {path: vendored_path(GitSource(url=url, path=path, ref="v1")) for path in ("p/A.jinja", "p/a.yml", "p/a")}
    assert [file.partition("platform-")[2] for file in paths.values()] == ["p-a.jinja", "p-a.yml", "p-a"]
    sources = [GitSource(url=url, path=path, ref="v1") for path in ("p/a.jinja", "p/A.jinja", "p-a.jinja")]
    fetched = {source: Fetched(text=source.path, commit="c" * 40) for source in sources}
    pins = Pins(tmp_path, {}).with_fetched(fetched)  # type: ignore[arg-type]  # a mapping is invariant in its keys
    assert len({pin.file for pin in pins.pins.values()}) == 3, "no two of them at one place"
    (tmp_path / LOCK).write_text(pins.dump(), encoding="utf-8")
    assert Pins.load(tmp_path).pins == pins.pins


def test_files_of_any_kind(tmp_path: Path) -> None:
    """Files other than presets are resolved and vendored in the same way."""
    where = Location(file="preset", line=1, column=2)
    template = Reference(relative="./x.jinja", place=where, suffixes=(".jinja",))
    assert not template.preset
    assert (
        resolve_relative("git+ssh://git@example.com/a//p/a.yaml@v1", template)
        == "git+ssh://git@example.com/a//p/x.jinja@v1"
    )
    (tmp_path / "p").mkdir()
    (tmp_path / "p/a.yaml").write_text("defaults: {}\n", encoding="utf-8")
    (tmp_path / "p/x.jinja").write_text("RUN x\n", encoding="utf-8")
    library = Library(tmp_path)
    document = library.load("./p/a.yaml", where)
    assert library.file(library.resolve_relative(document, template), where) == ("p/x.jinja", "RUN x\n")
    source = GitSource(url="https://example.com/a", path="p/x.jinja", ref="v1")
    pins = Pins(tmp_path, {}).with_fetched({source: Fetched(text="RUN y\n")})
    assert Library(tmp_path, pins=pins).file(str(source), where) == (vendored_path(source), "RUN y\n")


def test_in_the_own_repository_names_start_from_the_presets_folder(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path, text in {"presets/python.yaml": PYTHON, **SHARED}.items():
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    (root / "services.yaml").write_text(SPEC + "presets: [./presets/python.yaml]\n", encoding="utf-8")
    assert main(["-C", str(root)]) == 0
    assert "pids_limit: 77" in _compose(root)
    preset = root / "presets/python.yaml"
    (root / "presets/link.yaml").symlink_to("common.yaml")
    for name, message in (
        ("./presets/common.yaml", "there is no file './presets/presets/common.yaml'"),
        ("./link.yaml", "'./presets/link.yaml' is a link, or behind one"),
        ("../../x.yaml", "leaves the repository"),
    ):
        preset.write_text(f"extends: [{name}]\n", encoding="utf-8")
        capsys.readouterr()
        assert main(["-C", str(root), "--check"]) == 2
        said = capsys.readouterr().err
        assert said.startswith("presets/python.yaml:1:11: ")
        assert message in said
    preset.write_text("extends: [./presets/common.yaml]\n", encoding="utf-8")
    assert main(["-C", str(root), "--check"]) == 2
    assert "it starts from the folder of presets/python.yaml" in capsys.readouterr().err


def test_authors_and_users_of_a_preset_get_the_same_files(
    root: Path, platform: Platform, capsys: pytest.CaptureFixture[str]
) -> None:
    case = SPEC + "presets: [./python.yaml]\n"
    platform.commit(PYTHON, tag="v1", files={**SHARED, "cases/shop/services.yaml": case})
    validate = ["validate", "presets/python.yaml"]
    assert _presets(platform.folder, *validate) == 1, "the files of its case are not written yet"
    assert _presets(platform.folder, *validate, "--write") == 0
    assert _presets(platform.folder, *validate) == 0
    assert _presets(root, "add", "--yes", platform.source()) == 0
    assert _compose(root) == _compose(platform.folder / "cases/shop")
    limits = platform.folder / LIMITS_PATH
    limits.write_text("defaults: {nonsense: 1}\n", encoding="utf-8")
    capsys.readouterr()
    assert _presets(platform.folder, *validate) == 2
    assert "shared/limits.yaml:1:22: nonsense is not a known key here" in capsys.readouterr().err
    limits.unlink()
    assert _presets(platform.folder, *validate) == 2
    assert "presets/common.yaml:2:11: there is no file './shared/limits.yaml'" in capsys.readouterr().err


def test_a_case_names_its_own_presets_too(platform: Platform) -> None:
    case = SPEC + "presets: [./python.yaml, ./own.yaml]\n"
    own = "extends: [./more.yaml]\n"
    files = {"services.yaml": case, "own.yaml": own, "more.yaml": "defaults: {container: {pids_limit: 55}}\n"}
    platform.commit(PYTHON, files={**SHARED, **{f"cases/shop/{path}": text for path, text in files.items()}})
    assert _presets(platform.folder, "validate", "--write", "presets/python.yaml") == 0
    assert "pids_limit: 55" in _compose(platform.folder / "cases/shop")


def test_a_removal_is_a_change() -> None:
    change = Change(path="x", old="a\n", new=None)
    assert str(change) == "remove: x"
    assert "".join(change.diff()) == "--- a/x\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n"


def test_a_branch_that_moves(root: Path, platform: Platform) -> None:
    platform.commit(PYTHON, files=SHARED)
    assert _presets(root, "add", "--yes", platform.source("main")) == 0
    (platform.folder / LIMITS_PATH).unlink()
    platform.commit(PYTHON, files={COMMON_PATH: COMMON.replace("../shared/limits.yaml", "hardened")})
    assert _presets(root, "update", "--yes") == 0
    assert _files(root) == ["presets-common.yaml", "presets-python.yaml"]
    assert "pids_limit: 128" in _compose(root)


def test_one_ref_is_one_commit(root: Path, platform: Platform) -> None:
    """What another preset of a branch has taken along moves with it, or the two would share a file of one of them."""
    platform.commit(PYTHON, files={**SHARED, "presets/node.yaml": "extends: [./common.yaml]\n"})
    assert _presets(root, "add", "--yes", platform.source("main")) == 0
    (platform.folder / LIMITS_PATH).unlink()
    new = PYTHON.replace("45s", "50s")
    platform.commit(new, files={COMMON_PATH: COMMON.replace("../shared/limits.yaml", "hardened")})
    assert _presets(root, "add", "--yes", platform.source("main", "presets/node.yaml")) == 0
    assert _files(root) == ["presets-common.yaml", "presets-node.yaml", "presets-python.yaml"]
    assert len({pin.commit for pin in Pins.load(root).pins.values()}) == 1
    assert "50s" in next((root / ".gen-dockerfiles/presets").glob("*python.yaml")).read_text(encoding="utf-8")
    assert main(["-C", str(root), "--check"]) == 0


def test_a_branch_called_as_a_tag_does_not_let_it_move(
    taken: Path, platform: Platform, capsys: pytest.CaptureFixture[str]
) -> None:
    git(platform.folder, "branch", "v1")
    platform.commit(PYTHON, tag="v1")
    assert _presets(taken, "add", "--yes", platform.source()) == 2
    assert "the tag v1 has moved" in capsys.readouterr().err


def test_a_ref_that_is_none(taken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for ref in ("v1:refs/x", "--upload-pack=id", "../v1"):
        assert _presets(taken, "update", f"--to={ref}", next(iter(Pins.load(taken).pins))) == 2
        assert "fix:" in capsys.readouterr().err


def test_malformed_references_are_left_to_the_merge(tmp_path: Path) -> None:
    file, chosen = tmp_path / "a.yaml", "parameters: {n: {type: text, default: ./b.yaml}}\n"
    for text, message in (
        ("extends: ./x.yaml\n", "extends is not a list"),
        ("extends: [7]\n", "7 does not name a preset"),
        (f"{chosen}extends: [{{parameter: n}}]\n", "a parameter names './b.yaml'"),
        (f"{chosen}extends: [{{preset: {{parameter: n}}}}]\n", "a parameter names './b.yaml'"),
    ):
        file.write_text(text, encoding="utf-8")
        with pytest.raises(SpecError, match=message):
            Library(tmp_path).expand("./a.yaml", InDocument(parse("presets: [./a.yaml]\n", "s"), ("presets", 0)))
    assert read(file, "a.yaml", fix="").source == ""
