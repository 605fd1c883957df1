"""Whatever the command accepts, BuildKit and Compose accept: arbitrary specs, presets, manifests and lock files.

Each run draws anew, for a minute, or for a fifth of `FUZZ_SECONDS`. A failure shows the file and its spec, and the
seed of the round that has drawn them is printed: `FUZZ_SEED=…` draws that round again.
"""

import os
from pathlib import Path

import pytest

from tests.attacks.fuzz.outputs import EXAMPLES, Outputs, story
from tests.attacks.fuzz.running import Tally, run_for

from .harness import Engine
from .harness.checks import check_dockerfiles, required_variables

SECONDS = float(os.environ.get("FUZZ_SECONDS", "300")) / 5


@pytest.mark.flaky(reruns=0)  # another run would draw something else, and pass
def test_buildkit_and_compose_accept_what_is_written(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEN_DOCKERFILES_NO_CACHE", "1")
    (tmp_path / "written").mkdir()
    tally = Tally("repositories to write")
    outputs = Outputs(tmp_path / "written", tally)

    def check() -> None:
        refused = check_dockerfiles(engine, outputs.take("Dockerfile"), tmp_path / "checked")
        refused |= {file: said for file in outputs.take("compose.yaml") if (said := _compose(engine, file))}
        assert not refused, "\n\n".join(
            f"{said}\n{story(file, tmp_path / 'written')}" for file, said in refused.items()
        )

    run_for(SECONDS, EXAMPLES, outputs.add, check)
    print(tally)
    print(f"files given to BuildKit and Compose: {outputs.written}")


def _compose(engine: Engine, file: Path) -> str:
    """Return what Compose says of a file; empty if it accepts it."""
    variables = dict.fromkeys(required_variables(file.read_text(encoding="utf-8")), "set")
    command = ("compose", f"--file={file}", "--env-file=/dev/null", "config", "--quiet")
    done = engine.run(*command, extra_environment=variables, check=False)
    return done.stdout + done.stderr or ("" if done.returncode == 0 else f"exit code {done.returncode}")
