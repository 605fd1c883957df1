"""No value changes the structure around it, and every value arrives as it was written.

The Dockerfiles are read by BuildKit's own parser, the Compose file by PyYAML.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import dockerfile
import pytest
import yaml
from hypothesis import given

from generator.model.images import OwnImage
from generator.model.values import FromBuild, HostVariable, LiteralText
from generator.render.tree import render
from tests.strategies import HOSTILE, specs
from tests.support import CASES, Values, case_names, loaded, rendered, values_of

# Where the spec takes free text, as a list or as the values of a mapping. Everything else has a pattern.
_FREE = {
    "command",
    "dev_command",
    "entrypoint",
    "headers",
    "security_opt",
    "tmpfs",
    "env",
    "labels",
    "environment",
    "variables",
}


def _plain(value: Any, free: bool = False) -> Any:
    """Return `value` with every free text replaced by /x, which is a path too."""
    if isinstance(value, list):
        return [_plain(item, free) for item in value]
    if not isinstance(value, dict):
        return "/x" if free and isinstance(value, str) else value
    if "variable" in value:  # a value of the host: its name is none of the free texts
        return {key: "x" if key == "default" else item for key, item in value.items()}
    return {key: _plain(item, free or (key in _FREE and not isinstance(item, str))) for key, item in value.items()}


def _shape(text: str) -> list[tuple[Any, ...]]:
    """Return the instructions with flags and number of words; for RUN also the words, which are the templates'."""
    return [
        (part.cmd, part.flags, part.json, len(part.value), part.heredocs, part.value if part.cmd == "RUN" else None)
        for part in dockerfile.parse_string(text)
    ]


def _dockerfiles(files: dict[str, str]) -> dict[str, str]:
    return {path: text for path, text in files.items() if path.endswith("Dockerfile")}


def _unassigned(word: str) -> str:
    """Read one value of ENV or LABEL, quoted or bare, as Docker does."""
    if not word.startswith('"'):
        return word
    if reference := re.fullmatch(r'"\$\{(\w+)\}"', word):
        return f"\0{reference[1]}"
    text, result = iter(word[1:-1]), ""
    for character in text:
        assert character not in '"$', f"an open {character} in {word}"
        result += next(text) if character == "\\" else character
    return result


def _assignments(text: str, command: str) -> Iterator[dict[str, str]]:
    for part in dockerfile.parse_string(text):
        if part.cmd == command:
            yield dict(zip(part.value[::2], map(_unassigned, part.value[1::2]), strict=True))


def _arguments(text: str) -> list[tuple[str, str | None]]:
    parts = [part.value[0].partition("=") for part in dockerfile.parse_string(text) if part.cmd == "ARG"]
    return [(name, _unassigned(word) if sign else None) for name, sign, word in parts]


def _given(service: OwnImage) -> dict[str, str | None]:
    """Return the arguments of a build with their defaults."""
    return {name: _default(value) for name, value in (service.variables or {}).items()}


def _written(values: Mapping[str, str | FromBuild]) -> dict[str, str]:
    """Return what ENV or LABEL has; a variable of the build is marked, so that a text is not taken for one."""
    return {name: one if isinstance(one, str) else f"\0{one.variable}" for name, one in values.items()}


def _default(value: str | HostVariable | LiteralText) -> str | None:
    if isinstance(value, LiteralText):
        return value.literal
    return value if isinstance(value, str) else value.default


def _commands(text: str, instruction: str = "CMD") -> list[list[str]]:
    return [list(part.value) for part in dockerfile.parse_string(text) if part.cmd == instruction]


@given(specs())
def test_free_text_changes_no_instruction(spec: Values) -> None:
    hostile, plain = _dockerfiles(rendered(spec)), _dockerfiles(rendered(_plain(spec)))
    assert hostile.keys() == plain.keys()
    for path, text in hostile.items():
        assert _shape(text) == _shape(plain[path])


@given(specs())
def test_values_arrive_in_the_dockerfile(spec: Values) -> None:
    _, project = loaded(spec)
    files = render(project)
    for service in project.built():
        text = files["Dockerfile" if service.path == "." else f"{service.path}/Dockerfile"]
        assert _commands(text) == [service.dev_command or service.command, service.command]
        entry, started = service.entrypoint, [] if service.dev_command else [service.entrypoint]
        assert _commands(text, "ENTRYPOINT") == ([*started, entry] if entry else [])
        shipped = [*_assignments(text, "ENV")][-1]
        options = shipped.get("NODE_OPTIONS", "")
        # Plug'n'Play needs options of its own, before those of the service.
        shipped |= {"NODE_OPTIONS": re.sub(r"^(?:--\S+=/app/\.pnp\.\S+ )+", "", options)}
        assert shipped.items() >= _written(service.env).items()
        arguments = _arguments(text)
        assert dict(arguments) == _given(service)
        in_build = [name for name, _ in arguments if name in service.build_variables()]
        assert in_build == service.build_variables() * 2, "the stages build and dev"
        assert [*_assignments(text, "LABEL")] == ([_written(service.labels)] if service.labels else [])
        probes = [part for part in dockerfile.parse_string(text) if part.cmd == "HEALTHCHECK"]
        assert len(probes) == 1
        assert (probes[0].value == ("NONE",)) == (service.healthcheck is None)
        if service.healthcheck is not None and service.healthcheck.command is not None:
            assert probes[0].value == ("CMD", *service.healthcheck.command)
        if service.healthcheck is not None and service.healthcheck.headers:
            lines = [f"{name}: {value}" for name, value in service.healthcheck.headers.items()]
            assert list(probes[0].value[-len(lines) :]) == lines


def _seen(value: Any) -> Any:
    """Read a value without variables as Compose does."""
    text = json.dumps(value)
    assert "$" not in text.replace("$$", "")
    return json.loads(text.replace("$$", "$"))


@given(specs())
def test_values_arrive_in_the_compose_file(spec: Values) -> None:
    resolved, project = loaded(spec)
    compose = yaml.safe_load(render(project)["compose.yaml"])
    assert compose["name"] == spec["project"]
    assert list(compose["services"]) == list(spec["services"])
    for name in resolved.names:
        service = values_of(resolved, name)
        out = compose["services"][name]
        for key, value in service["container"].items():
            written = _seen(out[key])
            if key == "tmpfs":  # with the owner of each
                written = [one if one in value else re.sub("[:,]uid=[0-9]+,gid=[0-9]+$", "", one) for one in written]
            assert written == value, key
        beat = (
            ["WORKER_HEARTBEAT_FILE"]
            if service.get("image_of") and (service.get("healthcheck") or {}).get("heartbeat")
            else []
        )
        written = [one for one in out.get("environment", {}) if one != "PORT" or one in service["environment"]]
        assert written == [*beat, *service["environment"]]
        for key, value in service["environment"].items():
            assert _environment_value(out["environment"][key], value)
        arguments = {name: value for name, value in service.get("variables", {}).items() if isinstance(value, dict)}
        written = out.get("build", {}).get("args", {})
        assert list(written) == list(arguments)
        assert all(_environment_value(written[name], value) for name, value in arguments.items())
        for key in (
            {"command", "entrypoint"} & service.keys() if "image_of" in service or service["kind"] == "image" else ()
        ):
            assert _seen(out[key]) == service[key]
        probe = service.get("healthcheck")
        # The image of another service has the check of that one.
        inherited = not service.keys().isdisjoint({"healthcheck", "image_of"})
        switched_off = ("image_of" in service or service["kind"] == "image") and inherited and probe is None
        assert ("healthcheck" in out) == (probe is not None or switched_off)
        assert (out.get("healthcheck") == {"disable": True}) == switched_off
        if probe is not None and "command" in probe:
            assert _seen(out["healthcheck"]["test"]) == ["CMD", *probe["command"]]
        assert list(out.get("depends_on", {})) == list(service["depends_on"])


def _environment_value(written: str, value: Any) -> bool:
    if isinstance(value, str):
        return bool(_seen(written) == value)
    if "literal" in value:
        return bool(_seen(written) == value["literal"])
    head, tail = f"${{{value['variable']}", "}"
    if "default" not in value:
        return written == f"{head}:?set {value['variable']}{tail}"
    assert written.startswith(f"{head}:-")
    assert written.endswith(tail)
    return bool(_seen(written[len(head) + 2 : -1]) == value["default"])


@pytest.mark.parametrize("text", [text for text in HOSTILE if "}" not in text])
def test_each_hostile_text_arrives(text: str) -> None:
    service: Values = {
        "kind": "python",
        "ports": [8000],
        "command": [text, text],
        "env": {"A": text, "B": text},
        "labels": {"a": text, "b": text},
        "environment": {"A": {"literal": text}, "B": {"variable": "B", "default": text}},
    }
    files = rendered({"version": 1, "project": "p", "services": {"api": service}})
    built = files["services/api/Dockerfile"]
    assert _commands(built) == [[text, text], [text, text]]
    assert [*_assignments(built, "ENV")][-1].items() >= {"A": text, "B": text}.items()
    assert [*_assignments(built, "LABEL")] == [{"a": text, "b": text}]
    environment = yaml.safe_load(files["compose.yaml"])["services"]["api"]["environment"]
    assert _seen(environment["A"]) == text
    assert _environment_value(environment["B"], {"variable": "B", "default": text})


@pytest.mark.parametrize("name", case_names())
def test_every_golden_parses(name: str) -> None:
    for file in sorted((CASES / name).rglob("*Dockerfile")):
        stages = [part.value[-1] for part in dockerfile.parse_file(str(file)) if part.cmd == "FROM"]
        assert stages[-1] == "runtime"
        assert "dev" in stages
        assert len(stages) == len(set(stages))


def test_names_that_yaml_reads_as_something_else() -> None:
    service: Values = {"kind": "python", "command": ["serve"], "secrets": {"id-123": {"target": "/run/x"}}}
    worker = {**service, "kind": "worker", "runtime": "python", "depends_on": {"on": "started"}, "path": "8"}
    spec: Values = {"version": 1, "project": "true", "services": {"on": {**service, "ports": [1]}, "null": worker}}
    compose = yaml.safe_load(rendered(spec)["compose.yaml"])
    assert compose["name"] == "true"
    assert list(compose["services"]) == ["on", "null"]
    assert list(compose["secrets"]) == ["id-123"]
    assert list(compose["services"]["null"]["depends_on"]) == ["on"]
    assert compose["services"]["null"]["build"]["context"] == "8"
    assert compose["services"]["null"]["build"]["secrets"] == ["id-123"]


def test_a_service_can_have_a_heartbeat() -> None:
    probe = {"http": None, "heartbeat": {"file": "/tmp/alive", "max_age": 5}}
    for kind in ("python", "node"):
        service: Values = {"kind": kind, "command": ["serve"], "healthcheck": probe}
        text = rendered({"version": 1, "project": "p", "services": {"api": service}})["services/api/Dockerfile"]
        assert '"/tmp/alive", "5"]' in text
