"""Gets the files of a remote source: with git itself and no shell, or over HTTPS; never through a redirect.

Only `gen-dockerfiles presets add` and `update` come here. Rendering reads what they have vendored.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException, HTTPMessage
from typing import IO

from generator.sources.git import SECONDS, git, printable
from generator.sources.source import GitSource, HttpsSource
from generator.text.digest import digest
from generator.text.documents import MAX_BYTES
from generator.text.errors import Location, SpecError


@dataclass(frozen=True, kw_only=True, slots=True)
class Fetched:
    """A file as it came: its bytes as text, and for git the commit it is of."""

    text: str
    commit: str = ""

    @property
    def sha256(self) -> str:
        """Digest of the text, in hexadecimal."""
        return digest(self.text)


@dataclass(frozen=True, kw_only=True, slots=True)
class Snapshot:
    """One commit of a repository, fetched into a folder."""

    source: GitSource
    folder: str
    commit: str

    def read(self, path: str, asked_at: Location) -> Fetched:
        """The file at `path`, as a blob: no link, hook or filter of the repository matters.

        Raises:
            SpecError: it is no plain file, is too large, or is not UTF-8; reported at `asked_at`.
        """
        entry = self._git("ls-tree", "-l", self.commit, "--", path).decode()
        match = re.match(r"(\d+) (\w+) [0-9a-f]+ +(\d+|-)\t", entry)
        if not match or match[1] not in ("100644", "100755"):
            what = "is a link or a folder" if match else "does not exist"
            raise SpecError.at(
                asked_at, f"{path} {what} at {self.source.ref}", "name a file of the repository", code="fetch-file"
            )
        if int(match[3]) > MAX_BYTES:
            raise SpecError.at(
                asked_at, f"{path} is larger than {MAX_BYTES // 1_000_000} MB", "use another file", code="fetch-size"
            )
        return Fetched(text=_text(asked_at, self._git("cat-file", "blob", f"{self.commit}:{path}")), commit=self.commit)

    def _git(self, *arguments: str) -> bytes:
        return git(self.source, f"--git-dir={self.folder}", *arguments)


@contextmanager
def snapshot(source: GitSource) -> Iterator[Snapshot]:
    """The commit that the source's ref means, for as long as the block runs. Raises SpecError if it cannot be had."""
    with tempfile.TemporaryDirectory() as folder:
        git(source, "init", "--quiet", "--bare", folder)
        options = ("--quiet", "--depth=1", "--no-tags", "--no-recurse-submodules")
        # Files that no preset can be are left where they are, by servers that can filter.
        size = f"--filter=blob:limit={MAX_BYTES + 1}"
        git(source, f"--git-dir={folder}", "fetch", *options, size, "--", source.url, source.ref)
        commit = git(source, f"--git-dir={folder}", "rev-parse", "--verify", "FETCH_HEAD^{commit}").decode().strip()
        yield Snapshot(source=source, folder=folder, commit=commit)


def tags(source: GitSource) -> list[str]:
    """The names of the repository's tags. Raises SpecError when it cannot be asked."""
    lines = git(source, "ls-remote", "--tags", "--refs", "--", source.url).decode().splitlines()
    return [line.partition("refs/tags/")[2] for line in lines]


def is_branch(source: GitSource) -> bool:
    """Whether the source's ref is a branch, which moves; a tag and a commit should not. A tag wins, as in a fetch."""
    names = (f"refs/heads/{source.ref}", f"refs/tags/{source.ref}")
    lines = git(source, "ls-remote", "--", source.url, *names).decode().splitlines()
    found = {line.partition("\t")[2] for line in lines}
    return names[0] in found and names[1] not in found


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,  # noqa: ARG002  # the signature is urllib's
        headers: HTTPMessage,
        newurl: str,
    ) -> None:
        """Refuse: what another address answers is not what the spec names."""
        raise urllib.error.HTTPError(req.full_url, code, f"redirects to {newurl}", headers, fp)


def fetch(source: HttpsSource) -> Fetched:
    """The file behind an address.

    Raises:
        SpecError: it cannot be had, is too large, is not UTF-8, or has another digest.
    """
    where = Location(file=str(source))
    opener = urllib.request.build_opener(_NoRedirect)
    try:
        with opener.open(source.url, timeout=SECONDS) as answer:
            content = answer.read(MAX_BYTES + 1)
    except (OSError, ValueError, HTTPException) as error:  # URLError and HTTPError are OSErrors
        message, fix = f"cannot be fetched: {printable(str(error))}", "name the address that answers itself"
        raise SpecError.at(where, message, fix, code="fetch-failed") from None
    if len(content) > MAX_BYTES:
        raise SpecError.at(where, f"is larger than {MAX_BYTES // 1_000_000} MB", "use another file", code="fetch-size")
    found = hashlib.sha256(content).hexdigest()
    if found != source.sha256:
        raise SpecError.at(
            where,
            f"has the digest {found}, not the one it is named with",
            "review it, then name it anew",
            code="fetch-digest",
        )
    return Fetched(text=_text(where, content))


def _text(where: Location, content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise SpecError.at(where, "is not UTF-8", "save it as UTF-8", code="fetch-encoding") from None
