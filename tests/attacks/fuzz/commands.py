"""Arguments of every command, and what registries and servers may answer."""

from __future__ import annotations

import hashlib
import json
from typing import Any, NamedTuple

import yaml
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from tests.attacks.fuzz.forms import changed, json_text, yaml_text
from tests.attacks.fuzz.nodes import mutated
from tests.attacks.fuzz.specs import TEAM

PRESET = "presets/team.yaml"
TEMPLATE = "presets/more.jinja"
SHARED: dict[str, Any] = {
    **{key: value for key, value in TEAM.items() if key not in ("extends", "fragments")},
    "extends": ["hardened", "./base.yaml"],
}
DEFAULT = "description: ours\ndefaults: {stop_signal: SIGINT}\n"

# Lists of presets in every layout of YAML: `presets add` edits the text in place.
_SERVICES = "services:\n  api: {kind: python, command: [serve], ports: [80]} # ours\n"
LAYOUTS = (
    f"version: 1\nproject: shop\n{_SERVICES}",
    f"version: 1\nproject: shop\npresets: []\n{_SERVICES}",
    f"version: 1\nproject: shop\npresets: [base,]   # é 🦊\n{_SERVICES}",
    f"version: 1\nproject: shop\npresets:\n- base\n- hardened # 🦊\n\n{_SERVICES}",
    f"version: 1\nproject: shop\npresets:\n    - base\n\n\n{_SERVICES}",
    f"version: 1\nproject: shop\n{_SERVICES}presets:\n  - base",
    f"version: 1\nproject: shop\n{_SERVICES}presets:\n  -\n    preset: base",
    f"version: 1\nproject: shop\n{_SERVICES}presets: &all [base]",
    f"version: 1\nproject: shop\n{_SERVICES}presets:\n  - >-\n    base\n",
    f"version: 1\nproject: shop\npresets: [\n  base, # one\n]\n{_SERVICES}",
    f"version: 1\r\nproject: shop\r\npresets:\r\n- base\r\n{_SERVICES}".replace("\r\n", "\n").replace("\n", "\r\n"),
    f"\ufeffversion: 1\nproject: shop\n{_SERVICES}",
    f"--- # a\nversion: 1\nproject: shop\n{_SERVICES}...\n",
    f"%YAML 1.1\n---\nversion: 1\nproject: é\n{_SERVICES}",
    "{version: 1, project: shop, services: {api: {kind: python, command: [serve], ports: [80]}}}",
    "{version: 1, project: shop, presets: [base], services: {api: {kind: python, command: [x], ports: [80]}}}\n",
    f"version: 1\nproject: shop\npresets:\n{_SERVICES}",
    f"version: 1\nproject: shop\npresets: base\n{_SERVICES}",
    "presets: [base]",
    "version: 1",
)

# An argument of a process has no NUL, and may have bytes that are no UTF-8.
ARGUMENTS: SearchStrategy[str] = st.text(
    st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12
) | st.sampled_from(
    [
        "",
        "-",
        "--",
        "--x",
        "..",
        "/",
        ".",
        "a" * 5_000,
        "\udcff",
        "\x1b[31m",
        "\u202e",
        "\n",
        "9" * 5_000,
        "é",
        "*",
        "~",
    ]
)
_WORDS = st.sampled_from(
    [
        *(
            "explain",
            "lock",
            "presets",
            "schema",
            "add",
            "update",
            "verify",
            "show",
            "validate",
            "list",
            "preset",
            "spec",
        ),
        *("api", "healthcheck", "--dockerfile", "--upgrade", "--to", "--yes", "--check", "--diff", "--force", "-f"),
        *("--file", "--write", "--version", "--help", "services.yaml", "./presets/team.yaml", "base", "3", "0", "-1"),
    ]
)
LINES: SearchStrategy[list[str]] = st.lists(_WORDS | ARGUMENTS, max_size=5) | st.sampled_from(
    [
        *(["explain", "api"], ["explain", "api", "install.version"], ["explain", "api", "--dockerfile", "1"]),
        *(
            ["schema"],
            ["schema", "preset"],
            ["presets", "show", "base"],
            ["presets", "validate", "./presets/team.yaml"],
        ),
    ]
).flatmap(lambda line: st.lists(_WORDS | ARGUMENTS, max_size=2).map(lambda more: [*line, *more]))


class Answer(NamedTuple):
    """What `docker buildx imagetools inspect` prints, and how it ends."""

    out: bytes
    err: bytes
    code: int


_MANIFEST = {"mediaType": "application/vnd.oci.image.index.v1+json", "digest": f"sha256:{'a' * 64}", "size": 1_000}
ANSWERS: SearchStrategy[Answer] = st.builds(
    Answer,
    st.just(json.dumps(_MANIFEST).encode())
    | mutated(_MANIFEST).map(lambda data: json_text(data).encode("utf-8", "surrogatepass"))
    | changed(json.dumps(_MANIFEST).encode()),
    st.binary(max_size=30) | st.sampled_from([b"", b"ERROR: no such host\n", b"\x1b[31mx\n", b"::error::x\n", b"\n\n"]),
    st.sampled_from([0, 0, 0, 1, 125]),
)


@st.composite
def responses(draw: DrawFn) -> tuple[bytes, str]:
    """Draw what a server answers, and the digest by which a spec names it."""
    body = draw(st.just(DEFAULT.encode()) | st.binary(max_size=100) | presets())
    length = draw(st.sampled_from([len(body), len(body) + 1, 0, -1, 10**12]))
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % length
    other = (
        *(
            b"HTTP/1.1 302 Found\r\nLocation: https://example.com/\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nX: y\r\n" * 3 + b"\r\n",
        ),
        *(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", b"HTTP/9 abc\r\n\r\n", b"", b"x" * 70_000),
        *(b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200 + b"\r\n", b"HTTP/1.1 \xff\x1b[31m\r\n\r\n"),
    )
    answer = draw(st.just(head + body) | changed(head + body) | st.sampled_from(other))
    return answer, draw(st.sampled_from([hashlib.sha256(body).hexdigest(), "0" * 64, "0" * 63]))


@st.composite
def presets(draw: DrawFn) -> bytes:
    """Draw the text of a preset that names other files of its repository."""
    if draw(st.integers(0, 3)) == 0:
        return draw(changed(yaml.safe_dump(SHARED).encode()))
    return yaml_text(draw(mutated(SHARED))).encode("utf-8", "surrogatepass")


@st.composite
def sources(draw: DrawFn, repository: str) -> str:
    """Draw the name of a preset of a repository: the right one, another ref or path, or an arbitrary text."""
    ref = draw(st.sampled_from(["v1", "v2", "main", "v3", "HEAD", "v1^", "-x", "refs/tags/v1"]) | ARGUMENTS)
    path = draw(
        st.sampled_from([PRESET, PRESET, PRESET, "presets", "x.yaml", "../a.yaml", TEMPLATE, "presets/link.yaml"])
    )
    other = (
        "git+https://127.0.0.1:1//a.yaml@v1",
        "git+ssh://-oProxyCommand=x//a.yaml@v1",
        "https://u:p@127.0.0.1/a",
        "base",
    )
    whole = f"git+file://{repository}//{path}@{ref}"
    return draw(st.just(whole) | st.just(whole) | ARGUMENTS | st.sampled_from(other))
