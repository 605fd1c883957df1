"""The Bake file, as text; that buildx reads it as it is meant is in tests/engine/test_bake.py."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from generator.detect.managers import managers_of
from generator.layers.library import Library
from generator.layers.resolve import resolve
from generator.model.names import RUNTIMES
from generator.pipeline import Checked
from generator.render.environment import make_environment
from generator.render.tree import render
from generator.text.documents import parse
from tests.support import Values, rendered, write_files

API: Values = {"kind": "python", "command": ["serve"], "ports": [8000]}


def _bake(services: Values, **beside: object) -> str:
    return rendered({"version": 1, "project": "shop", "bake": {}, **beside, "services": services})["docker-bake.hcl"]


def _block(text: str, head: str) -> str:
    found = re.search(rf"^{head} \{{\n(.*?)^\}}", text, re.MULTILINE | re.DOTALL)
    assert found is not None, head
    return found[1]


def test_only_who_asks_has_a_bake_file() -> None:
    assert "docker-bake.hcl" not in rendered({"version": 1, "project": "shop", "services": {"api": API}})


@pytest.mark.parametrize(
    ("text", "string"),
    [
        ('say "hi"\\', r'"say \"hi\"\\"'),
        ("${a}", '"$${a}"'),
        ("$${a}", '"$$${a}"'),
        ("%{ if }", '"%%{ if }"'),
        ("$a 5% $$", '"$a 5% $$"'),
        ("日本", '"日本"'),
    ],
)
def test_strings_of_hcl(text: str, string: str) -> None:
    source = "{% from 'templates/dockerfile/quote.jinja' import hcl_value %}{{ hcl_value(text) }}"
    assert make_environment().from_string(source).render(text=text) == string


def test_a_variable_has_a_default_where_all_who_use_it_agree() -> None:
    uses = {
        "A": {"variable": "ONE", "default": "x"},
        "B": {"variable": "TWO", "default": "x"},
        "C": {"variable": "TWO"},
    }
    web = {**API, "ports": [8001], "variables": {"A": {"variable": "ONE", "default": "x"}}}
    text = _bake({"api": {**API, "variables": uses}, "web": web})
    assert _block(text, 'variable "ONE"') == '  default = "x"\n'
    assert 'default = ""' in _block(text, 'variable "TWO"')
    assert 'condition = TWO != ""' in _block(text, 'variable "TWO"')
    arguments = _block(text, 'target "api_source"')
    assert '"B" = TWO == "" ? "x" : TWO' in arguments
    assert '"C" = TWO\n' in arguments


def test_the_revision_may_be_a_variable_of_the_build_as_well() -> None:
    label = {"org.opencontainers.image.revision": {"variable": "REVISION"}}
    text = _bake({"api": {**API, "variables": {"REVISION": {"default": "unknown"}}, "labels": label}})
    assert text.count('variable "REVISION"') == 1
    assert '"REVISION" = REVISION == "" ? "unknown" : REVISION' in text


def test_a_shared_image_is_one_target() -> None:
    job = {"kind": "job", "image_of": "api", "command": ["migrate"]}
    text = _bake({"api": API, "migrate": job}, bake={"groups": {"jobs": ["migrate"], "all": ["migrate", "api"]}})
    assert 'target "migrate"' not in text
    assert _block(text, 'group "jobs"') == _block(text, 'group "all"') == '  targets = ["api"]\n'


CACHES = [
    ({"registry": {"ref": "r.example.com/c"}}, "type=registry", "ref=r.example.com/c:api"),
    ({"gha": {}}, "type=gha", "scope=api"),
    ({"gha": {"prefix": "shop-"}}, "type=gha", "scope=shop-api"),
    ({"s3": {"bucket": "b", "region": "r", "prefix": "p/"}}, "type=s3,bucket=b,region=r,prefix=p/", "name=api"),
    ({"azblob": {"account_url": "https://a.example.com"}}, "type=azblob,account_url=https://a.example.com", "name=api"),
]


@pytest.mark.parametrize(("cache", "backend", "name"), CACHES)
def test_caches_of_bake_and_of_compose_are_one(cache: Values, backend: str, name: str) -> None:
    files = rendered({"version": 1, "project": "p", "bake": {}, "cache": cache, "services": {"api": API}})
    target, write = _block(files["docker-bake.hcl"], 'target "api"'), f"{backend},mode=max,ignore-error=true,{name}"
    assert f'cache-from = ["{backend},{name}${{CACHE_SCOPE}}"]' in target
    assert f'"{write}${{CACHE_SCOPE}}"' in target
    build = yaml.safe_load(files["compose.yaml"])["services"]["api"]["build"]
    assert build["cache_from"] == [f"{backend},{name}${{CACHE_SCOPE:-}}"]
    assert build["cache_to"] == [f"${{CACHE_WRITE:+{write}${{CACHE_SCOPE:-}}}}"]


def test_an_inline_cache_is_read_from_the_image() -> None:
    text = _bake({"api": API}, bake={"registry": "r.example.com/shop"}, cache={"inline": True})
    assert 'cache-from = ["type=registry,ref=r.example.com/shop/api:latest"]' in text
    assert '"type=inline"' in text


def test_compose_has_a_cache_without_bake() -> None:
    spec = {"version": 1, "project": "p", "cache": {"local": {"path": ".c"}}, "services": {"api": API}}
    assert "type=local,src=.c/api" in rendered(spec)["compose.yaml"]


def _with_preset(folder: Path, **beside: object) -> dict[str, str]:
    preset = {"bake": {"registry": "r.example.com/team", "sbom": True}, "cache": {"gha": {}}}
    write_files(folder, {"presets/team.yaml": preset})
    spec = {"version": 1, "project": "p", "presets": ["./presets/team.yaml"], **beside, "services": {"api": API}}
    checked = Checked(resolve(parse(yaml.safe_dump(spec, sort_keys=False), "services.yaml"), Library(folder)))
    checked.refuse()
    return render(checked.project)


def test_a_preset_asks_and_the_spec_has_the_last_word(tmp_path: Path) -> None:
    asked = _with_preset(tmp_path)
    assert "type=sbom" in asked["docker-bake.hcl"]
    assert "type=gha,scope=api" in asked["docker-bake.hcl"]
    refined = _with_preset(tmp_path, bake={"registry": "r.example.com/mine"}, cache={"local": {"path": ".c"}})
    assert "type=sbom" in refined["docker-bake.hcl"]
    assert 'default = "r.example.com/mine"' in refined["docker-bake.hcl"]
    assert "type=gha" not in refined["docker-bake.hcl"]
    none = _with_preset(tmp_path, bake=None, cache=None)
    assert "docker-bake.hcl" not in none
    assert "cache" not in none["compose.yaml"]


def test_every_cache_mount_has_the_prefix() -> None:
    around: Values = {"own": {"run": [["x"]], "mounts": [{"type": "cache", "id": "own", "target": "/c"}]}}
    services: Values = {}
    for runtime in RUNTIMES:
        for manager in managers_of(runtime):
            one: Values = {
                "kind": "worker",
                "runtime": runtime,
                "manager": manager,
                "command": ["x"],
                "cache_prefix": "s/4f-",
            }
            one |= {"packages": {"build": ["gcc"], "runtime": ["tini"]}, "steps": {"before_dependencies": around}}
            services[f"{runtime}-{manager}"] = one
    files = rendered({"version": 1, "project": "p", "services": services})
    ids = {one for text in files.values() for one in re.findall(r"type=cache,(\S+)", text)}
    assert {"id=s/4f-own", "id=s/4f-apt-lists-trixie"} <= {one.partition(",")[0] for one in ids}
    assert [one for one in ids if not one.startswith("id=s/4f-")] == []


def test_a_service_that_is_the_whole_repository_does_not_send_the_file() -> None:
    whole = {**API, "path": ".", "sources": ["."]}
    with_file = rendered({"version": 1, "project": "p", "bake": {}, "services": {"api": whole}})
    without = rendered({"version": 1, "project": "p", "services": {"api": whole}})
    assert "docker-bake.hcl" in with_file["Dockerfile.dockerignore"].splitlines()
    assert "docker-bake" not in without["Dockerfile.dockerignore"]
