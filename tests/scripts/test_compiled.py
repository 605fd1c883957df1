"""What the stage `prod-deps` takes of the packages that the stage `deps` has compiled."""

from __future__ import annotations

from pathlib import Path

from tests.scripts.run import run


def _package(tree: Path, folder: str, version: str = "1.0.0", *, compiled: str = "") -> Path:
    """Write a package, with a shared object if it is `compiled`."""
    path = tree / folder
    path.mkdir(parents=True)
    (path / "package.json").write_text(f'{{"version": "{version}"}}', encoding="utf-8")
    if compiled:
        (path / "build").mkdir()
        (path / "build/lib.node").write_text(compiled, encoding="utf-8")
    return path


def test_what_is_compiled_is_taken_from_the_same_version(tmp_path: Path) -> None:
    for folder, version in (("node_modules/@a/b", "1.0.0"), ("node_modules/c/node_modules/@a/b", "2.0.0")):
        _package(tmp_path / "deps", folder, version, compiled=f"of {version}")
    shipped = [
        # Without the packages for development, the other version is at the top.
        _package(tmp_path / "prod", "node_modules/@a/b", "2.0.0"),
        _package(tmp_path / "prod", "node_modules/.pnpm/@a+b@1.0.0/node_modules/@a/b", "1.0.0"),
        _package(tmp_path / "prod", "web/node_modules/@a/b", "1.0.0"),
    ]
    assert run("copy_compiled.cjs", tmp_path / "prod", str(tmp_path / "deps"), "@a/b") == (0, "")
    found = [(package / "build/lib.node").read_text(encoding="utf-8") for package in shipped]
    assert found == ["of 2.0.0", "of 1.0.0", "of 1.0.0"]


def test_only_what_is_named_is_taken(tmp_path: Path) -> None:
    _package(tmp_path / "deps", "node_modules/b", compiled="compiled")
    _package(tmp_path / "deps", "node_modules/a", compiled="compiled")
    _package(tmp_path / "deps", "node_modules/a/node_modules/c", compiled="compiled")
    named, other = _package(tmp_path / "prod", "node_modules/a"), _package(tmp_path / "prod", "node_modules/b")
    assert run("copy_compiled.cjs", tmp_path / "prod", str(tmp_path / "deps"), "a", "only-for-development") == (0, "")
    assert (named / "build/lib.node").is_file()
    assert not (other / "build").exists()
    assert not (named / "node_modules").exists(), "what is below a package has a place of its own"


def test_a_package_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    _package(tmp_path / "deps", "node_modules/a", "1.0.0", compiled="compiled")
    _package(tmp_path / "prod", "node_modules/a", "2.0.0")
    code, error = run("copy_compiled.cjs", tmp_path / "prod", str(tmp_path / "deps"), "a")
    assert code != 0
    assert "node_modules/a is not below" in error


def test_what_node_gyp_leaves_below_a_package_is_no_package(tmp_path: Path) -> None:
    compiled = _package(tmp_path / "deps", "node_modules/@a/b", compiled="compiled")
    # node-gyp writes dependency files below the absolute path of what it has compiled.
    (compiled / "build/Release/.deps/app/node_modules/@a/b").mkdir(parents=True)
    shipped = _package(tmp_path / "prod", "node_modules/@a/b")
    assert run("copy_compiled.cjs", tmp_path / "prod", str(tmp_path / "deps"), "@a/b") == (0, "")
    assert (shipped / "build/lib.node").is_file()
