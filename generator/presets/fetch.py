"""Gets the file of a remote source: with git itself and no shell, or over HTTPS; never through a redirect.

Only `gen-dockerfiles presets add` and `update` come here. Rendering reads what they have vendored.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
import urllib.error
import urllib.request
from dataclasses import dataclass
from http.client import HTTPMessage
from typing import IO

from generator.errors import Location, SpecError
from generator.presets.beside import closure
from generator.presets.document import MAX_BYTES
from generator.presets.git import SECONDS, git
from generator.presets.pins import digest
from generator.presets.source import GitSource, HttpsSource, Source, parse_source


@dataclass(frozen=True, kw_only=True, slots=True)
class Fetched:
    """A file as it came: its bytes as text, and for git the commit it is of."""

    text: str
    commit: str = ""

    @property
    def sha256(self) -> str:
        """Digest of the text, in hexadecimal."""
        return digest(self.text)


def fetch(source: Source) -> dict[str, Fetched]:
    """The file of `source`, and those beside it that it needs, by their names as sources.

    Raises:
        SpecError: one cannot be had, is no plain file, is too large, is not UTF-8, or has another digest.
    """
    if isinstance(source, GitSource):
        return _from_git(source)
    fetched = _from_https(source)
    closure(str(source), lambda _name, _place: fetched.text)  # it names nothing beside it
    return {str(source): fetched}


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


def _from_git(source: GitSource) -> dict[str, Fetched]:
    with tempfile.TemporaryDirectory() as folder:
        git(source, "init", "--quiet", "--bare", folder)
        here = ("-C", folder)
        options = ("--quiet", "--depth=1", "--no-tags", "--no-recurse-submodules")
        git(source, *here, "fetch", *options, "--", source.url, source.ref)
        commit = git(source, *here, "rev-parse", "--verify", "FETCH_HEAD^{commit}").decode().strip()

        def read(name: str, asked_at: Location) -> str:
            file = parse_source(name)
            assert isinstance(file, GitSource), "what is beside a file of git is one"
            return _blob(file, folder, commit, asked_at)

        texts = closure(str(source), read)
        return {name: Fetched(text=text, commit=commit) for name, text in texts.items()}


def _blob(source: GitSource, folder: str, commit: str, asked_at: Location) -> str:
    """The text of a file, as the repository in `folder` has it in a commit."""
    entry = git(source, "-C", folder, "ls-tree", "-l", commit, "--", source.path).decode()
    match = re.match(r"(\d+) (\w+) [0-9a-f]+ +(\d+|-)\t", entry)
    if not match or match[1] not in ("100644", "100755"):
        what = "is a link or a folder" if match else "does not exist"
        message = f"{source.path} {what} at {source.ref}"
        raise SpecError.at(asked_at, message, "name a file of the repository")
    if int(match[3]) > MAX_BYTES:
        raise SpecError.at(asked_at, f"{source.path} is larger than {MAX_BYTES // 1_000_000} MB", "use another file")
    return _text(source, git(source, "-C", folder, "cat-file", "blob", f"{commit}:{source.path}"))


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


def _from_https(source: HttpsSource) -> Fetched:
    opener = urllib.request.build_opener(_NoRedirect)
    try:
        with opener.open(source.url, timeout=SECONDS) as answer:
            content = answer.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:  # URLError and HTTPError are OSErrors
        raise _error(source, f"cannot be fetched: {error}", "name the address that answers itself") from None
    if len(content) > MAX_BYTES:
        raise _error(source, f"is larger than {MAX_BYTES // 1_000_000} MB", "use another file")
    found = hashlib.sha256(content).hexdigest()
    if found != source.sha256:
        raise _error(source, f"has the digest {found}, not the one it is named with", "review it, then name it anew")
    return Fetched(text=_text(source, content))


def _text(source: Source, content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise _error(source, "is not UTF-8", "save it as UTF-8") from None


def _error(source: Source, message: str, fix: str) -> SpecError:
    return SpecError.at(Location(file=str(source)), message, fix)
