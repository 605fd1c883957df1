"""Files beside a preset: those that it extends and the templates that it ships, taken in and followed with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.cli import main
from generator.errors import Location, SpecError
from generator.presets.beside import MAX_FILES, beside, closure
from generator.presets.pins import LOCK, Pins
from tests.presets.repository_of_presets import Platform, git
from tests.support import snapshot

SPEC = "version: 1\nproject: shop\nservices:\n  api: {kind: python, command: [serve], ports: [80]}\n"
HERE = Location(file="spec.yaml")
COMMON = "parameters: {zone: {type: text}}\nbuilt: {env: {TZ: {parameter: zone}}}\n"
TEMPLATE = """\
{% extends 'templates/dockerfile/python.jinja' %}
{% block runtime %}
{{ super() -}}
LABEL acme=1
{% endblock %}
"""
FILES = {
    "presets/python.yaml": "extends: [{preset: ../shared/common.yaml, with: {zone: UTC}}]\n"
    "templates: {python: ./docker/python.jinja}\n",
    "presets/docker/python.jinja": TEMPLATE,
    "shared/common.yaml": COMMON,
}


@pytest.fixture
def platform(tmp_path: Path) -> Platform:
    found = Platform(tmp_path / "platform")
    found.release(FILES, "v1")
    return found


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "services.yaml").write_text(SPEC, encoding="utf-8")
    return folder


def _presets(root: Path, *arguments: str) -> int:
    return main(["-C", str(root), "presets", *arguments])


def _dockerfile(root: Path) -> str:
    return (root / "services/api/Dockerfile").read_text(encoding="utf-8")


def _vendored(root: Path) -> list[str]:
    """The ends of the names of vendored files."""
    return sorted(file.name.rpartition("platform-")[2] for file in (root / ".gen-dockerfiles/presets").iterdir())


@pytest.mark.parametrize(
    ("name", "relative", "found"),
    [
        ("./presets/a.yaml", "./b.yaml", "./presets/b.yaml"),
        ("./a.yaml", "./b/c.yaml", "./b/c.yaml"),
        ("./presets/a.yaml", "../b.yaml", "./b.yaml"),
        ("./a.yaml", "../b.yaml", "../b.yaml"),
        ("git+https://h/r//p/a.yaml@v1", "./b.jinja", "git+https://h/r//p/b.jinja@v1"),
        ("git+https://h/r//p/a.yaml@v1", "../b.yaml", "git+https://h/r//b.yaml@v1"),
    ],
)
def test_a_relative_name_starts_from_the_folder_of_the_preset(name: str, relative: str, found: str) -> None:
    assert beside(name, relative, HERE) == found


@pytest.mark.parametrize(
    ("name", "relative", "message"),
    [
        ("git+https://h/r//p/a.yaml@v1", "../../b.yaml", "'../../b.yaml' is no path inside the preset's repository"),
        ("git+https://h/r//p/a.yaml@v1", "./b.sh", "'./b.sh' is no path inside"),
        ("git+https://h/r//p/a.yaml@v1", "./-b.yaml", "'./-b.yaml' is no path inside"),
        ("git+https://h/r//p/a.yaml@v1", "./b.yaml@v2", "'./b.yaml@v2' is no path inside"),
        ("https://h/a.yaml#sha256=" + "a" * 64, "./b.yaml", "a preset behind an address has nothing beside it"),
    ],
)
def test_what_is_not_beside_a_preset(name: str, relative: str, message: str) -> None:
    with pytest.raises(SpecError) as caught:
        beside(name, relative, HERE)
    assert message in str(caught.value)


def test_a_preset_of_many_files_is_refused() -> None:
    with pytest.raises(SpecError, match=f"needs more than {MAX_FILES} files"):
        closure("./0.yaml", lambda name, _place: f"extends: [./{int(name[2:-5]) + 1}.yaml]\n")


def test_presets_of_the_repository(tmp_path: Path) -> None:
    (tmp_path / "services.yaml").write_text(
        SPEC.replace("services:", "presets: [./presets/python.yaml]\nservices:"), encoding="utf-8"
    )
    for path, text in FILES.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    assert main(["-C", str(tmp_path)]) == 0
    assert 'TZ="UTC"' in _dockerfile(tmp_path)
    assert _dockerfile(tmp_path).endswith("LABEL acme=1\n")


def test_they_are_taken_in_together(root: Path, platform: Platform, capsys: pytest.CaptureFixture[str]) -> None:
    assert _presets(root, "add", "--yes", platform.source()) == 0
    shown = capsys.readouterr().out
    assert "+LABEL acme=1" in shown
    assert _vendored(root) == ["presets-docker-python.jinja", "presets-python.yaml", "shared-common.yaml"]
    assert len({pin.commit for pin in Pins.load(root).pins.values()}) == 1
    platform.folder.rename(platform.folder.with_name("gone"))
    assert main(["-C", str(root), "--check"]) == 0
    assert 'TZ="UTC"' in _dockerfile(root)
    assert _dockerfile(root).endswith("LABEL acme=1\n")


@pytest.mark.parametrize("end", ["presets-docker-python.jinja", "shared-common.yaml"])
def test_each_is_compared_on_every_run(
    root: Path, platform: Platform, capsys: pytest.CaptureFixture[str], end: str
) -> None:
    assert _presets(root, "add", "--yes", platform.source()) == 0
    [file] = (root / ".gen-dockerfiles/presets").glob(f"*{end}")
    file.write_text(file.read_text(encoding="utf-8") + "{# harmless #}\n", encoding="utf-8")
    assert main(["-C", str(root), "--check"]) == 2
    assert "was changed after it was vendored" in capsys.readouterr().err


def test_they_are_followed_together(root: Path, platform: Platform, capsys: pytest.CaptureFixture[str]) -> None:
    """Another text of each, one more file, and one that is not needed any more."""
    assert _presets(root, "add", "--yes", platform.source()) == 0
    newer = {
        "presets/python.yaml": "extends: [./more.yaml]\ntemplates: {python: ./docker/python.jinja}\n",
        "presets/more.yaml": "built: {env: {TZ: CET}}\n",
        "presets/docker/python.jinja": TEMPLATE.replace("acme=1", "acme=2"),
        "shared/common.yaml": None,
    }
    platform.release(newer, "v2")
    before = snapshot(root)
    assert _presets(root, "update") == 2, "nobody has agreed"
    assert snapshot(root) == before
    shown = capsys.readouterr().out
    for line in ("-LABEL acme=1", "+LABEL acme=2", "+built: {env: {TZ: CET}}", "+++ /dev/null", "-" + COMMON[:20]):
        assert line in shown
    assert _presets(root, "update", "--yes") == 0
    assert "remove: .gen-dockerfiles/presets/" in capsys.readouterr().out
    assert _vendored(root) == ["presets-docker-python.jinja", "presets-more.yaml", "presets-python.yaml"]
    assert "@v1" not in (root / LOCK).read_text(encoding="utf-8")
    assert main(["-C", str(root), "--check"]) == 0
    assert _presets(root, "update") == 0
    assert capsys.readouterr().out.endswith("up to date\n")


@pytest.mark.parametrize("to", ["--upload-pack=id", "a..b", "a b", "-x"])
def test_what_is_no_ref(root: Path, platform: Platform, capsys: pytest.CaptureFixture[str], to: str) -> None:
    assert _presets(root, "add", "--yes", platform.source()) == 0
    assert _presets(root, "update", f"--to={to}") == 2
    assert f"{to}: is not a ref" in capsys.readouterr().err


def test_a_branch_called_as_a_tag_lets_no_tag_move(
    root: Path, platform: Platform, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _presets(root, "add", "--yes", platform.source()) == 0
    git(platform.folder, "branch", "v1")
    platform.release({"shared/common.yaml": COMMON + "# moved\n"}, "v1")
    assert _presets(root, "update", "--yes", "--to=v1") == 2
    assert "the tag v1 has moved" in capsys.readouterr().err


def test_presets_that_share_a_file_go_together(
    root: Path, platform: Platform, capsys: pytest.CaptureFixture[str]
) -> None:
    other = "extends: [{preset: ../shared/common.yaml, with: {zone: CET}}]\n"
    platform.release({"presets/other.yaml": other}, "v1")
    sources = [platform.source(path=f"presets/{name}.yaml") for name in ("python", "other")]
    for source in sources:
        assert _presets(root, "add", "--yes", source) == 0
    platform.release({"shared/common.yaml": COMMON + "# v2\n"}, "v2")
    before = snapshot(root)
    assert _presets(root, "update", "--yes", sources[0]) == 2
    assert "would have to be both" in (told := capsys.readouterr().err)
    assert "fix: take them to one version: gen-dockerfiles presets update" in told
    assert snapshot(root) == before
    assert _presets(root, "update", "--yes") == 0
    assert "@v1" not in (root / "services.yaml").read_text(encoding="utf-8")
    assert main(["-C", str(root), "--check"]) == 0


def test_a_file_that_the_spec_names_as_well_follows_too(root: Path, platform: Platform) -> None:
    plain = {"presets/python.yaml": "extends: [./plain.yaml]\n", "presets/plain.yaml": "built: {env: {A: '1'}}\n"}
    platform.release(plain, "v1")
    for path in ("presets/python.yaml", "presets/plain.yaml"):
        assert _presets(root, "add", "--yes", platform.source(path=path)) == 0
    platform.release({"presets/plain.yaml": "built: {env: {A: '2'}}\n"}, "v2")
    assert _presets(root, "update", "--yes") == 0
    spec = (root / "services.yaml").read_text(encoding="utf-8")
    assert platform.source("v2", "presets/plain.yaml") in spec
    assert "@v1" not in spec


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"presets/python.yaml": "extends: [./nowhere.yaml]\n"}, "1:11: presets/nowhere.yaml does not exist at bad"),
        ({"presets/python.yaml": "x: 1\nextends: [../../x.yaml]\n"}, "2:11: '../../x.yaml' is no path inside"),
        ({"presets/python.yaml": "templates: {python: ./docker}\n"}, "1:21: './docker' is no path inside"),
        ({"presets/python.yaml": "extends: [./link.yaml]\n"}, "1:11: presets/link.yaml is a link or a folder"),
        (
            {"presets/python.yaml": "extends: [./b.yaml]\n", "presets/b.yaml": "extends: [./python.yaml]\n"},
            "each other",
        ),
        ({"presets/python.yaml": "extends: [./b.yaml]\n", "presets/b.yaml": "- x\n"}, "is a list, not a mapping"),
        ({"presets/python.yaml": "extends: [./docker/python.jinja]\n"}, "is a template, not a preset"),
        ({"presets/docker/python.jinja": "RUN id\n"}, "stands in no block"),
    ],
)
def test_what_is_wrong_with_them(
    root: Path, platform: Platform, capsys: pytest.CaptureFixture[str], files: dict[str, str], message: str
) -> None:
    (platform.folder / "presets/link.yaml").symlink_to("../shared/common.yaml")
    platform.release(files, "bad")
    before = snapshot(root)
    assert _presets(root, "add", "--yes", platform.source("bad")) == 2
    assert message in capsys.readouterr().err
    assert snapshot(root) == before


def test_authors_and_consumers_mean_the_same_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The check reads the preset in its repository, and a case names it as ./platform.yaml."""
    folder = tmp_path / "platform"
    assert main(["presets", "init", "--defaults", str(folder)]) == 0
    preset = folder / "presets/platform.yaml"
    more = "extends: [../shared/common.yaml]\ntemplates: {python: ./python.jinja}\n"
    preset.write_text(preset.read_text(encoding="utf-8") + more, encoding="utf-8")
    (folder / "shared").mkdir()
    (folder / "shared/common.yaml").write_text("built: {env: {TZ: UTC}}\n", encoding="utf-8")
    (folder / "presets/python.jinja").write_text(TEMPLATE, encoding="utf-8")
    validate = ["-C", str(folder), "presets", "validate", "presets/platform.yaml"]
    assert main([*validate, "--write"]) == 0
    assert main(validate) == 0
    case = (folder / "cases/minimal/services/api/Dockerfile").read_text(encoding="utf-8")
    assert 'TZ="UTC"' in case
    assert case.endswith("LABEL acme=1\n")
    (folder / "presets/python.jinja").unlink()
    capsys.readouterr()
    assert main(validate) == 2
    assert "there is no file './presets/python.jinja'" in capsys.readouterr().err
