"""Fetch the files of a remote source, with git (without a shell) or over HTTPS. Redirects are not followed.

Only `gen-dockerfiles presets add` and `update` fetch. Rendering reads the vendored files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException

from generator.sources import https
from generator.sources.git import git
from generator.sources.scratch import scratch
from generator.sources.source import GitSource, HttpsSource
from generator.text.digest import digest
from generator.text.documents import MAX_BYTES
from generator.text.errors import Location, SpecError


@dataclass(frozen=True, kw_only=True, slots=True)
class Fetched:
    """A fetched file: its text, and its commit if it is from git."""

    text: str
    commit: str = ""

    @property
    def sha256(self) -> str:
        """The SHA-256 of the text, in hexadecimal."""
        return digest(self.text)


@dataclass(frozen=True, kw_only=True, slots=True)
class Snapshot:
    """One commit of a repository, fetched into a folder."""

    source: GitSource
    folder: str
    commit: str

    def read(self, path: str, asked_at: Location) -> Fetched:
        """Read the file at `path` as a blob, so that no link, hook or filter of the repository applies.

        Raises:
            SpecError: it is not a regular file, is too large, or is not UTF-8; reported at `asked_at`.
        """
        entry = self._git("ls-tree", "-l", self.commit, "--", path).decode()
        match = re.match(r"(\d+) (\w+) [0-9a-f]+ +(\d+|-)\t", entry)
        if not match or match[1] not in ("100644", "100755"):
            what = "is a link or a folder" if match else "does not exist"
            raise SpecError.at(
                asked_at, f"{path} {what} at {self.source.ref}", "name a file of the repository", code="file-missing"
            )
        if int(match[3]) > MAX_BYTES:
            raise SpecError.at(
                asked_at,
                f"{path} is larger than {MAX_BYTES // 1_000_000} MB",
                "use another file",
                code="file-too-large",
            )
        return Fetched(text=_text(asked_at, self._git("cat-file", "blob", f"{self.commit}:{path}")), commit=self.commit)

    def _git(self, *arguments: str) -> bytes:
        # Where a server has left out an object, git fetches it when it is read.
        return git(self.source, f"--git-dir={self.folder}", *arguments, folder=self.folder)


@contextmanager
def snapshot(source: GitSource, commit: str = "") -> Iterator[Snapshot]:
    """Fetch the commit of the source's ref, or `commit`, into a temporary folder, for the duration of the block.

    Raises:
        SpecError: it cannot be fetched.
    """
    with scratch() as folder:
        git(source, "init", "--quiet", "--bare", folder)
        options = ("--quiet", "--depth=1", "--no-tags", "--no-recurse-submodules")
        # Servers that support filters leave out files that are too large to be a preset.
        size = f"--filter=blob:limit={MAX_BYTES + 1}"
        call = (f"--git-dir={folder}", "fetch", *options, size, "--", source.url, commit or source.ref)
        git(source, *call, folder=folder)
        commit = git(source, f"--git-dir={folder}", "rev-parse", "--verify", "FETCH_HEAD^{commit}").decode().strip()
        yield Snapshot(source=source, folder=folder, commit=commit)


def tags(source: GitSource) -> list[str]:
    """List the names of the repository's tags. Raises SpecError when the repository cannot be reached."""
    lines = git(source, "ls-remote", "--tags", "--refs", "--", source.url).decode().splitlines()
    return [line.partition("refs/tags/")[2] for line in lines]


def is_branch(source: GitSource) -> bool:
    """Tell whether the source's ref is a branch, which may move. A tag of the same name wins, as in a fetch."""
    names = (f"refs/heads/{source.ref}", f"refs/tags/{source.ref}")
    lines = git(source, "ls-remote", "--", source.url, *names).decode().splitlines()
    existing = {line.partition("\t")[2] for line in lines}
    return names[0] in existing and names[1] not in existing


def is_named(source: GitSource, commit: str) -> bool:
    """Tell whether the source's ref means `commit`: a tag is at it, a branch has it in its history.

    It is not enough that the server has the commit: some servers give out the commits of everybody's forks as well.
    Where the ref is neither tag nor branch it is a commit itself.

    Raises:
        SpecError: the repository cannot be reached.
    """
    # The order in which git looks for a ref; ^{} is the commit of an annotated tag.
    names = [f"{prefix}{source.ref}" for prefix in ("", "refs/", "refs/tags/", "refs/heads/")]
    patterns = [*names, *(f"{name}^{{}}" for name in names)]
    lines = git(source, "ls-remote", "--", source.url, *patterns).decode().splitlines()
    found = {name: value for value, _, name in (line.partition("\t") for line in lines)}
    full = next((name for name in names if name in found), "")
    tip = found.get(f"{full}^{{}}") or found.get(full, source.ref)
    if tip == commit or not full or full.startswith("refs/tags/"):
        return tip == commit
    with scratch() as folder:
        git(source, "init", "--quiet", "--bare", folder)
        # Commits alone, where the server can filter.
        options = ("--quiet", "--no-tags", "--no-recurse-submodules", "--filter=tree:0")
        git(source, f"--git-dir={folder}", "fetch", *options, "--", source.url, full, folder=folder)
        return commit in git(source, f"--git-dir={folder}", "rev-list", "FETCH_HEAD").decode().split()


def fetch(source: HttpsSource) -> Fetched:
    """Fetch a file over HTTPS and compare it with its digest.

    Raises:
        SpecError: it cannot be fetched, is too large, is not UTF-8, or has another digest.
    """
    where = Location(file=str(source))
    try:
        content = https.read(source.url, MAX_BYTES + 1)
    except (OSError, ValueError, HTTPException) as error:  # URLError and HTTPError are OSErrors
        message, fix = f"cannot be fetched: {error}", "name the address that answers itself"
        raise SpecError.at(where, message, fix, code="fetch-failed") from None
    if len(content) > MAX_BYTES:
        raise SpecError.at(
            where, f"is larger than {MAX_BYTES // 1_000_000} MB", "use another file", code="file-too-large"
        )
    actual = digest(content)
    if actual != source.sha256:
        message, fix = f"has the digest {actual}, not the one in its name", "review it, then name it with this digest"
        raise SpecError.at(where, message, fix, code="digest-differs")
    return Fetched(text=_text(where, content))


def _text(where: Location, content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise SpecError.at(where, "is not UTF-8", "save it as UTF-8", code="file-not-utf8") from None
