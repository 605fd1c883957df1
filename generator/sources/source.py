"""Names of presets in a spec, and the sources they mean.

hardened                                                      built in
./presets/team.yaml                                           a file of the repository
git+https://git.example.com/acme/platform//python.yaml@v3     a file of a git repository, at a tag, branch or commit
git+ssh://git@git.example.com/acme/platform//python.yaml@v3   the same over SSH
https://example.com/python.yaml#sha256=…                      a file behind an address, by its digest
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass

from generator.text.masking import has_credentials

_SEGMENT = r"[A-Za-z0-9_][A-Za-z0-9_.-]*"
_PATH = re.compile(rf"{_SEGMENT}(?:/{_SEGMENT})*")
_CONTROL = r"\x00-\x1f\x7f"
_GIT = re.compile(
    # No host or user name may start with a dash: ssh would read it as an option.
    rf"git\+(?P<url>(?:https://|ssh://(?:\w[\w.-]*@)?|file:///)(?!-)[^\s@{_CONTROL}]+?)"
    rf"//(?P<path>{_PATH.pattern}\.ya?ml)"
    r"@(?P<ref>[A-Za-z0-9][\w./-]*)"
)
_HTTPS = re.compile(rf"(?P<url>https://[^\s#/@{_CONTROL}]+(?:/[^\s#{_CONTROL}]*)?)#sha256=(?P<sha256>[0-9a-f]{{64}})")

FORMS = "git+https://HOST/REPOSITORY//PATH.yaml@REF, git+ssh://… or https://…#sha256=DIGEST"


@dataclass(frozen=True, kw_only=True, slots=True)
class GitSource:
    """A file of a git repository.

    Attributes:
        url: URL of the repository, as given to git.
        path: Path of the file in the repository.
        ref: A tag, a branch or a commit.
    """

    url: str
    path: str
    ref: str

    def __str__(self) -> str:
        return f"git+{self.url}//{self.path}@{self.ref}"

    def at(self, ref: str) -> GitSource:
        """Return the source of the same file at another ref."""
        return GitSource(url=self.url, path=self.path, ref=ref)

    def file(self, path: str) -> GitSource:
        """Return the source of another file of the repository, at the same ref."""
        return GitSource(url=self.url, path=path, ref=self.ref)


@dataclass(frozen=True, kw_only=True, slots=True)
class HttpsSource:
    """A file at an HTTPS address, with the digest that it must have."""

    url: str
    sha256: str

    def __str__(self) -> str:
        return f"{self.url}#sha256={self.sha256}"


Source = GitSource | HttpsSource


def parse_source(name: str) -> Source | None:
    """Parse the name of a remote preset; None for a built-in preset, a file, or a malformed name.

    One with credentials is malformed: the spec and the lock file would keep them.
    """
    if has_credentials(name):
        return None
    if (match := _GIT.fullmatch(name)) and ".." not in match["ref"] and ".." not in match["path"].split("/"):
        return GitSource(url=match["url"], path=match["path"], ref=match["ref"])
    if match := _HTTPS.fullmatch(name):
        return HttpsSource(url=match["url"], sha256=match["sha256"])
    return None


def form_wanted(name: str) -> str:
    """Say how to write the source of a preset instead of the malformed `name`."""
    if has_credentials(name):
        return "leave the password or token out, which would be stored: git asks its credential helper, or ssh-agent"
    return f"write {FORMS}"


def parse_file(name: str) -> Source | None:
    """Parse the name of a vendored file: as `parse_source`, but the file may be no preset, as a template of one."""
    if source := parse_source(name):
        return source
    head, at, ref = name.rpartition("@")
    stem, suffix = posixpath.splitext(head)
    source = parse_source(f"{stem}.yaml@{ref}") if at and suffix else None
    # The path has been checked but for the suffix.
    if not isinstance(source, GitSource) or not is_path(f"x{suffix}"):
        return None
    return source.file(source.path.removesuffix(".yaml") + suffix)


def is_path(path: str) -> bool:
    """Tell whether `path` is valid in a source: segments of letters, digits, `_`, `-` and `.`."""
    return _PATH.fullmatch(path) is not None


def is_remote(name: str) -> bool:
    """Tell whether a preset's name looks like a remote source, well-formed or not."""
    return name.startswith(("git+", "https:", "http:", "ssh:"))
