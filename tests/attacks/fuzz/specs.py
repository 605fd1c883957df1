"""Specs with a preset and a lock file, of which some are not as they should be, and a command that reads them."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from tests.attacks.fuzz.forms import yaml_text
from tests.attacks.fuzz.nodes import mutated
from tests.strategies import specs

TEAM = {
    "description": "ours",
    "extends": ["hardened"],
    "parameters": {"v": {"type": "text", "default": "3.13", "example": "3.12", "description": "of Python"}},
    "networks": {"extra": {"internal": True}},
    "defaults": {"labels": {"a": "b"}, "stop_signal": "SIGINT"},
    "built": {"syntax": "docker/dockerfile:1"},
    "runtimes": {"python": {"python": {"parameter": "v"}}},
    "managers": {"uv": {"install": {"version": "0.9.1", "settings": ["uv.toml"]}}},
    "frameworks": {"celery": {"init": True}},
    "kinds": {"worker": {"replicas": 2}},
    "outputs": {"static": {"artifacts": ["dist"]}},
    "fragments": {"more": {"packages": {"build": ["gcc"]}, "steps": {"before_packages": {"a": {"run": [["true"]]}}}}},
    "policy": {
        "locked": ["healthcheck.interval"],
        "rules": {
            "no_root": "error",
            "max_image_age": {"days": 3, "level": "warn"},
            "allowed_registries": {"registries": ["docker.io", "ghcr.io"], "level": "error"},
            "expressions": {"named": {"that": "service.kind != 'image'", "message": "no", "value": "kind"}},
        },
    },
}
LOCK = {
    "version": 1,
    "presets": {
        "git+https://example.com/x//a.yaml@v1": {
            "file": ".gen-dockerfiles/presets/a.yaml",
            "commit": "a",
            "sha256": "b",
        }
    },
    "images": {"redis:7": {"digest": f"sha256:{'a' * 64}", "date": "2026-01-01", "replaced": [f"sha256:{'b' * 64}"]}},
}
CALLS = (
    ["--check"],
    ["--check", "--diff"],
    ["--check", "--force"],
    ["explain", "NAME"],
    ["explain", "NAME", "install"],
    ["explain", "NAME", "--dockerfile", "3"],
    ["presets", "list"],
    ["presets", "show", "./team.yaml"],
    ["presets", "validate", "./team.yaml"],
)


class Drawn(NamedTuple):
    """The files of a repository by their names, and the arguments of a command."""

    files: dict[str, str]
    call: list[str]

    def write(self, root: Path) -> None:
        """Write the files, and remove the lock file where there is none."""
        (root / "gen-dockerfiles.lock").unlink(missing_ok=True)
        for name, text in self.files.items():
            (root / name).write_text(text, encoding="utf-8", errors="surrogatepass")


@st.composite
def repositories(draw: DrawFn) -> Drawn:
    """Draw a spec, a preset, perhaps a lock file, and a command."""
    spec: dict[str, Any] = draw(specs(max_services=2))
    name = next(iter(spec["services"]))
    if draw(st.booleans()):
        entry = st.sampled_from(["./team.yaml", {"preset": "./team.yaml", "with": {"v": "3.12"}}])
        spec = {**spec, "presets": [draw(entry)]}
    if draw(st.integers(0, 3)) == 0:
        waiver = {"service": name, "rule": "named", "until": datetime.date(2099, 1, 1), "reason": "x"}
        spec = {**spec, "waivers": [waiver]}
    call = [word.replace("NAME", name) for word in draw(st.sampled_from(CALLS))]
    files = {"team.yaml": yaml_text(draw(mutated(TEAM))) if draw(st.booleans()) else yaml.safe_dump(TEAM)}
    if draw(st.integers(0, 3)) == 0:
        files["gen-dockerfiles.lock"] = yaml_text(draw(mutated(LOCK)))
    return Drawn({**files, "services.yaml": yaml_text(draw(mutated(spec)))}, call)
