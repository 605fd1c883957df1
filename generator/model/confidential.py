"""What looks like a secret by its name, and so is not sent to the builder unless the spec names that very file.

The patterns are those of Docker's ignore files. Names of key files are spelled out: `id_*` would take sources as well.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache

# A name at any depth; a folder stands for all that is inside.
NAMES = (
    *(".env*", ".git", ".git-credentials"),
    *(".npmrc", ".yarnrc", ".yarnrc.y*ml", ".netrc", "_netrc", ".pypirc", "pip.conf", ".htpasswd", ".pgpass"),
    *(".aws", ".azure", ".dockercfg", ".dockerconfigjson", ".gnupg", ".kube", ".ssh"),
    *("kubeconfig", "kubeconfig.y*ml", "*.kubeconfig"),
    *("*.key", "*.pem", "*.p12", "*.pfx", "*.ppk", "*.jks", "*.keystore"),
    *("id_rsa*", "id_dsa*", "id_ecdsa*", "id_ed25519*"),
    *("credentials*.json", "*.tfstate", "*.tfstate.backup"),
)


def patterns(folder: str = "") -> list[str]:
    """List the patterns that hold in every folder, or in those below `folder`, which ends with a slash."""
    return [f"{folder}**/{name}" for name in NAMES]


def looks_secret(path: str) -> bool:
    """Say whether a pattern matches the path or a folder that it is in."""
    return any(_is_secret(name) for name in path.split("/"))


def files_in(context: str, files: Sequence[str]) -> list[str]:
    """List those of the repository's `files`, which are sorted, that are in a build context, by their paths in it."""
    if context == ".":
        return list(files)
    # Every service asks, and each of them may have a file of its own.
    first, end = bisect_left(files, f"{context}/"), bisect_left(files, f"{context}0")  # 0 follows the slash
    return [file.removeprefix(f"{context}/") for file in files[first:end]]


def last_lines(named: Iterable[str], folders: Iterable[str], secrets: Iterable[str], left_out: list[str]) -> list[str]:
    """List the last patterns of an ignore file, of which the last one that matches counts.

    Args:
        named: Paths that instructions read, each of which wins over the patterns.
        folders: Those of them that may be folders, inside of which the patterns hold again.
        secrets: Files that secrets are taken from.
        left_out: Patterns above these lines, which hold again inside of folders.
    """
    wanted, opened = set(named), set(folders)
    own = [path for path in secrets if path not in wanted]
    lines = patterns()
    # A folder comes before what is inside.
    again = sorted(path for path in wanted if looks_secret(path))
    for path in again:
        lines += [f"!{path}", *(patterns(f"{path}/") if path in opened else ())]
    if opened.intersection(again):
        lines += left_out
    return [*lines, *own]


# Most names come again in every service.
@lru_cache(maxsize=4096)
def _is_secret(name: str) -> bool:
    return _expression().fullmatch(name) is not None


@cache
def _expression() -> re.Pattern[str]:
    words = (re.escape(name).replace(r"\*", "[^/]*") for name in NAMES)
    return re.compile("|".join(words))
