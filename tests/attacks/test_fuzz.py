"""Whatever stands in a file of a repository, the command ends with a finding, and never with an exception.

Each run draws anew. A failure prints the seed of its round and Hypothesis' blob; with `FUZZ_SEED=…` that round is drawn
again. `FUZZ_SECONDS` says how long all of these tests may take together: `make fuzz` takes an hour.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import yaml
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from tests.attacks.fuzz.forms import changed, written
from tests.attacks.fuzz.nodes import mutated
from tests.attacks.fuzz.packages import SEEDS, Changes, package_changes
from tests.attacks.fuzz.running import SECONDS, Tally, run_for
from tests.attacks.fuzz.specs import Drawn, repositories
from tests.support import CASES

pytestmark = pytest.mark.usefixtures("isolated")


def test_specs_presets_and_lock_files_with_arbitrary_nodes(tmp_path: Path) -> None:
    tally = Tally("specs, presets and lock files")

    def check(drawn: Drawn) -> None:
        drawn.write(tmp_path)
        tally.refuses_or_works(tmp_path, *drawn.call)

    run_for(0.2 * SECONDS, repositories(), check)
    print(tally)


def test_bytes_as_a_spec(tmp_path: Path) -> None:
    valid = yaml.safe_dump({"version": 1, "project": "p", "services": {"db": {"kind": "image", "presets": ["redis"]}}})
    tally = Tally("bytes as a spec")

    def check(content: bytes) -> None:
        (tmp_path / "services.yaml").write_bytes(content)
        tally.refuses_or_works(tmp_path, "--check", "--diff")

    run_for(0.05 * SECONDS, st.binary() | changed(valid.encode()), check)
    print(tally)


@pytest.mark.parametrize("name", SEEDS)
def test_the_repositories_are_accepted_as_they_are(tmp_path: Path, name: str) -> None:
    SEEDS[name].write(tmp_path)
    tally = Tally(name)
    assert tally.refuses_or_works(tmp_path) == 0, tally.told
    tally.is_up_to_date(tmp_path)


def test_manifests_and_lock_files_of_each_package_manager(tmp_path: Path) -> None:
    for name, seed in SEEDS.items():
        seed.write(tmp_path / name)
    tally = Tally("manifests and lock files of each package manager")

    def check(example: Changes) -> None:
        root = tmp_path / example.seed
        for path, content in example.files.items():
            (root / path).write_bytes(content)
        try:
            tally.refuses_or_works(root, "--check")
        finally:
            for path in example.files:
                (root / path).write_bytes(written(path, SEEDS[example.seed].all[path]))

    run_for(0.25 * SECONDS, package_changes(), check)
    print(tally)


# Files of generated trees are compared, not read; these are what the repository says.
_NOT_READ = re.compile(r"Dockerfile|compose\.yaml|\.dockerignore$|\.(?:py|js|ts|mjs|jinja)$")


def test_files_of_the_cases(tmp_path: Path) -> None:
    shutil.copytree(CASES, tmp_path, dirs_exist_ok=True)
    roots = sorted(spec.parent for spec in tmp_path.glob("*/services.yaml"))
    files = {
        root: [one for one in sorted(root.rglob("*")) if one.is_file() and not _NOT_READ.search(one.name)]
        for root in roots
    }
    tally = Tally("files of the cases")

    @st.composite
    def changes(draw: DrawFn) -> tuple[Path, Path, bytes]:
        root = draw(st.sampled_from(roots))
        file = draw(st.sampled_from([root / "services.yaml", *files[root]]))
        content = file.read_bytes()
        if file.suffix in (".yaml", ".yml", ".json") and draw(st.booleans()):
            return root, file, written(file.name, draw(mutated(yaml.safe_load(content))))
        return root, file, draw(changed(content))

    def check(example: tuple[Path, Path, bytes]) -> None:
        root, file, content = example
        before = file.read_bytes()
        file.write_bytes(content)
        try:
            tally.refuses_or_works(root, "--check")
        finally:
            file.write_bytes(before)

    run_for(0.05 * SECONDS, changes(), check)
    print(tally)
