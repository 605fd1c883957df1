"""What each pattern of the spec takes and refuses, and that each tells what to write instead."""

from __future__ import annotations

from typing import Annotated

import pytest
from pydantic import StringConstraints, TypeAdapter, ValidationError

from generator.model import types as t

DIGEST = "sha256:" + "0" * 64
TABLE = {
    "RelativePath": (["src", ".config", "a/b.c/d", "données", "@x/y", "a..b"], ["", "/a", "a/", "..", "a/../b", "."]),
    "ServicePath": ([".", "services/api"], ["./a", "/a", "a/..", "-a", "a b", "a//b", "a'b", "a$b", "a\n", "a,b"]),
    "AbsolutePath": (["/a", "/root/.netrc"], ["a", "/", "/a/", "/a/../b", "/a b", "/a:b", "/a,b"]),
    "Name": (["api", "a1-b2", "x"], ["", "API", "a_b", "-a", "a-", "a--b", "8", "a.b", "a" * 64, "é"]),
    "Variable": (["A", "_a1", "no"], ["", "1A", "A-B", "A B", "A=B", "É"]),
    "Version": (["3", "3.13", "24.1.0"], ["", "v3", "3.", "3.13-rc1", "latest", "3 ", "3\n"]),
    "Duration": (["1ms", "30s", "2m", "1h"], ["0s", "30", "1.5s", "s", "-1s", "1d"]),
    "Package": (["gcc", "libpq5=17.*", "libc6:amd64=2.41*", "g++"], ["--yes", "A", "a b", "a=", "a;b", "a$(b)", "a="]),
    "Id": (["netrc", "a.b_C-1"], ["", "-a", ".a", "a b", "a,b", "a/b"]),
    "Label": (["a", "org.opencontainers.image.title"], ["", "A", "a b", "a..b", ".a", 'a"b']),
    "Script": (["build", "build:prod", "b.1_x-y"], ["", "-x", "a b", "a;b", "a'b"]),
    "ProbePath": (["/", "/healthz", "/a?b=c&d=%20"], ["", "healthz", "/a b", "/a'b", '/a"b', "/a$b", "/a\\b"]),
    "Ignore": (["**/*.log", "docs", "**/[ab]?"], ["", "!src", "a b", "#x", "a\\b"]),
    "Memory": (["1k", "512m", "2g"], ["512", "0m", "1.5g", "512M", "512mb"]),
    "Signal": (["SIGTERM", "SIGRTMIN"], ["TERM", "15", "sigterm"]),
    "Syntax": (["docker/dockerfile:1.19", "docker/dockerfile:1@" + DIGEST], ["", "a b", "A", "a\n# b"]),
    "Default": (["", "a{b", "$HOME"], ["a}b", "a\nb"]),
    "Text": (["", "日本語 🦊", "'\"\\$`#"], ["a\nb", "\t", "\0", "\x7f", "\x85", "\u2028", "\ufeff", "\uffff"]),
}  # fmt: skip


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, (good, _) in TABLE.items() for text in good])
def test_taken(kind: str, text: str) -> None:
    assert TypeAdapter(getattr(t, kind)).validate_python(text) == text


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, (_, bad) in TABLE.items() for text in bad])
def test_refused(kind: str, text: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(getattr(t, kind)).validate_python(text)


@pytest.mark.parametrize(
    ("pattern", "good", "bad"),
    [
        (t.TAG, ["3.13-slim", "{version}-{distribution}", "v_1"], ["{foo}", "-a", "a b", "", "a:b", "{version"]),
        (t.IMAGE_NAME, ["python", "library/a-b.c"], ["Python", "a:1", "/a", "a//b"]),
        (t.REGISTRY, ["ghcr.io/astral-sh", "localhost:5000", "a.b/c/d"], ["https://a", "a/", "A", "a:b"]),
        (t.DIGEST, [DIGEST], ["sha256:abc", "md5:" + "0" * 64, DIGEST + "0"]),
        (t.USER_NAME, ["app", "_x-1"], ["App", "1a", "a b", ""]),
    ],
)
def test_patterns_of_images_and_users(pattern: str, good: list[str], bad: list[str]) -> None:
    adapter: TypeAdapter[str] = TypeAdapter(Annotated[str, StringConstraints(pattern=pattern)])
    assert [adapter.validate_python(text) for text in good] == good
    for text in bad:
        with pytest.raises(ValidationError):
            adapter.validate_python(text)


def test_every_pattern_says_what_to_write_instead() -> None:
    patterns = {
        value for name, value in vars(t).items() if name.isupper() and isinstance(value, str) and value[:1] == "^"
    }
    assert patterns == set(t.FIXES)
