"""The programs that take packages of the repository out of what is installed, and read what these need."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scripts.run import run


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("idna==3.7 --hash=sha256:00", "idna==3.7 --hash=sha256:00"),
        ("-e ../../libs/shared", ""),
        ("-e file:///src/libs/shared ; python_version >= '3'", ""),
        ("shared @ file:///src/libs/shared", ""),
        ("../../libs/shared[fast]", ""),
        ("-e .", ""),
        (".", ""),
        (
            "audit @ file:///src/vendor/audit-1.0-py3-none-any.whl",
            "audit @ file:///src/vendor/audit-1.0-py3-none-any.whl",
        ),
        ("wheels/audit-1.0-py3-none-any.whl", "{cwd}/wheels/audit-1.0-py3-none-any.whl"),
        ("./audit-1.0.tar.gz", "{cwd}/audit-1.0.tar.gz"),
        ("-e git+https://example.com/a.git#egg=a", "-e git+https://example.com/a.git#egg=a"),
        ("a @ https://example.com/a-1.0-py3-none-any.whl", "a @ https://example.com/a-1.0-py3-none-any.whl"),
        ("-r ../base.txt", "-r ../base.txt"),
        ("# ./a comment", "# ./a comment"),
    ],
)
def test_what_is_in_the_repository_is_taken_out(tmp_path: Path, line: str, kept: str) -> None:
    file = tmp_path / "requirements.txt"
    file.write_text(f"{line}\nsix==1.17.0\n", encoding="utf-8")
    assert run("place_packages.py", tmp_path, str(file)) == (0, "")
    expected = kept.format(cwd=tmp_path)
    assert file.read_text(encoding="utf-8") == (f"{expected}\n" if kept else "") + "six==1.17.0\n"


def test_what_packages_need(tmp_path: Path) -> None:
    for name, wanted in (("shared", '"idna", "Tools.x>1"'), ("tools", '"six"')):
        (tmp_path / name).mkdir()
        names = {"tools": "tools-x"}
        text = f'[project]\nname = "{names.get(name, name)}"\ndependencies = [{wanted}]\n'
        (tmp_path / name / "pyproject.toml").write_text(text, encoding="utf-8")
    ships, develops = tmp_path / "packages.txt", tmp_path / "packages-dev.txt"
    assert run("read_packages.py", tmp_path, str(tmp_path), str(ships), "shared", str(develops), "tools") == (0, "")
    assert (ships.read_text(encoding="utf-8"), develops.read_text(encoding="utf-8")) == ("idna\n", "six\n")


def test_a_lock_file_of_pdm_without_folders(tmp_path: Path) -> None:
    tables = ['name = "a"\npath = "../libs/a"\n', 'name = "b"\npath = "../b-1.0.whl"\n', 'name = "c"\nversion = "1"\n']
    source, target = tmp_path / "pdm.lock", tmp_path / "reduced.lock"
    source.write_text("[metadata]\n\n" + "\n".join(f"[[package]]\n{table}" for table in tables), encoding="utf-8")
    assert run("drop_pdm_packages.py", tmp_path, str(source), str(target)) == (0, "")
    text = target.read_text(encoding="utf-8")
    assert [name for name in "abc" if f'name = "{name}"' in text] == ["b", "c"]
