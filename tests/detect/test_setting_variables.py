"""Variables in settings of package managers are told until a secret or a step gives them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator.pipeline import resolve_spec
from tests.support import Values, write_files

_PNPM = "lockfileVersion: '9.0'\n\nimporters:\n\n  .: {}\n"
_BUN = '{\n  "lockfileVersion": 1,\n  "workspaces": {\n    "": {},\n  },\n  "packages": {}\n}\n'
LOCKS = {
    "npm": ("package-lock.json", '{"lockfileVersion": 3, "packages": {}}'),
    "pnpm": ("pnpm-lock.yaml", _PNPM),
    "yarn-classic": ("yarn.lock", "# yarn lockfile v1\n"),
    "bun": ("bun.lock", _BUN),
}
NPMRC = "; not ${THIS}\ncache=${HOME}/.npm\n//npm.example.com/:_authToken=${NPM_TOKEN}\n"
GIVEN = [
    {"secrets": {"npm": {"env": "NPM_TOKEN"}}},
    {"steps": {"before_dependencies": {"npm": {"env": {"NPM_TOKEN": "none"}}}}},
]


def _told(root: Path, manager: str, file: str, text: str, **own: Any) -> list[str]:
    lock, locked = LOCKS[manager]
    service = {"kind": "node", "path": "web", "command": ["node", "server.js"], "ports": [80], **own}
    spec = {"version": 1, "project": "p", "services": {"web": service}}
    write_files(root, {"services.yaml": spec, "web/package.json": "{}", f"web/{lock}": locked, f"web/{file}": text})
    return [str(finding) for finding in resolve_spec(root, "services.yaml").findings if finding.level == "warn"]


@pytest.mark.parametrize("manager", LOCKS)
@pytest.mark.parametrize("given", GIVEN)
def test_a_token_of_npmrc(tmp_path: Path, manager: str, given: Values) -> None:
    assert _told(tmp_path, manager, ".npmrc", NPMRC) == [
        "web/.npmrc:3:33: web/.npmrc uses NPM_TOKEN, and no secret of web gives it to the steps that fetch packages  "
        "[variable-not-given]\n  fix: if a registry asks for it, add secrets: "
        "{npm-token: {env: NPM_TOKEN, variable: NPM_TOKEN}}"
    ]
    assert _told(tmp_path, manager, ".npmrc", NPMRC, **given) == []


@pytest.mark.parametrize("said", ["$NPM_TOKEN", "${NPM_TOKEN}"])
def test_a_token_of_bunfig(tmp_path: Path, said: str) -> None:
    text = f'[install.scopes]\nacme = {{ token = "{said}", url = "https://npm.example.com/" }}\n'
    (told,) = _told(tmp_path, "bun", "bunfig.toml", text)
    assert told.startswith("web/bunfig.toml:2:")
    assert _told(tmp_path, "bun", "bunfig.toml", text, secrets={"npm": {"env": "NPM_TOKEN"}}) == []
