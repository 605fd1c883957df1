"""Compare every vendored preset with its repository: what no run without a network can do.

A run finds a vendored file that does not have the digest of the lock file. It cannot find one that was changed together
with its digest, nor a commit that was never in the repository.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from generator.lockfile.pin import LOCK, Pin
from generator.lockfile.pins import Pins, PinsDiffer
from generator.sources.fetch import Fetched, fetch, is_named, snapshot
from generator.sources.source import GitSource, HttpsSource, parse_file
from generator.text.errors import Finding, Findings, Location, SpecError

_UNREACHABLE = ("fetch-failed", "git-missing")


def verify_presets(root: Path) -> list[str]:
    """Fetch every pinned file anew and compare it; return the sources, each as it is pinned.

    Raises:
        PinsDiffer: a file, its digest or its commit differs from what the repository or the address has.
        SpecError: the lock file is malformed, or a repository or an address does not answer.
    """
    pins, findings = Pins.load(root), Findings()
    by_commit: dict[tuple[GitSource, str], list[tuple[GitSource, Pin]]] = {}
    for name, pin in pins.pins.items():
        with findings.collecting():
            pins.text(name, Location(file=LOCK))
        source = parse_file(name)
        if isinstance(source, HttpsSource):
            with findings.collecting():
                findings.add(_compare(name, pin, fetch(source)))
        elif source is not None:
            by_commit.setdefault((source.file(""), pin.commit), []).append((source, pin))
    for (_, commit), files in by_commit.items():
        with findings.collecting():
            findings.add(_verify_commit(commit, files))
    if any(finding.code not in _UNREACHABLE for finding in findings.errors):
        raise PinsDiffer(*findings.errors)
    findings.refuse()
    return list(pins.pins)


def _verify_commit(commit: str, files: list[tuple[GitSource, Pin]]) -> Iterator[Finding]:
    """Compare the files of one ref that are pinned at `commit`."""
    first = files[0][0]
    if not is_named(first, commit):
        for source, _ in files:
            yield _differs(str(source), f"{first.ref} of its repository does not have the commit {commit}")
        return
    with snapshot(first, commit) as fetched:
        for source, pin in files:
            try:
                content = fetched.read(source.path, Location(file=str(source)))
            except SpecError as error:
                yield from error.findings
            else:
                yield from _compare(str(source), pin, content)


def _compare(name: str, pin: Pin, fetched: Fetched) -> Iterator[Finding]:
    if fetched.commit != pin.commit:
        yield _differs(name, f"is fetched as the commit {fetched.commit}, and pinned as {pin.commit}")
    elif fetched.sha256 != pin.sha256:
        yield _differs(name, f"has the digest {fetched.sha256} at its source, and is pinned with {pin.sha256}")


def _differs(name: str, message: str) -> Finding:
    fix = f"find out who has changed {LOCK}; then restore it from version control"
    return Finding(location=Location(file=name), message=message, fix=fix, code="pin-differs")
