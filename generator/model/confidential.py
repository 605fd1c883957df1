"""What looks like a secret by its name, and so is not sent to the builder unless the spec names that very file.

The patterns are those of Docker's ignore files, which know no letter case: a class of two stands for each letter. They
know no "without an extension" either, which is what tells the key `id_work` from the source `id_work.py`. So `id_*` is
refused, and allowed again in every folder that is sent if there is an extension, or a folder of that name above.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache

# In lower case, at any depth; a folder stands for all that is inside.
NAMES = (
    *(".env*", "*.env", ".git", ".gitconfig", ".git-credentials"),
    *(".npmrc*", ".yarnrc*", ".netrc*", "_netrc", ".pypirc*", "pip.conf", "pip.ini", ".htpasswd", ".pgpass"),
    *(".aws", ".azure", ".dockercfg", ".dockerconfigjson", ".docker/config.json", ".gnupg", ".kube", ".ssh"),
    *(".config/gcloud", "kubeconfig", "kubeconfig.y*ml", "*.kubeconfig", ".vault-token"),
    *("*.key", "*.pem", "*.p12", "*.pfx", "*.ppk", "*.jks", "*.keystore"),
    # Those that `KEYS` does not reach: in folders that are called like a key, and backups.
    *("id_rsa", "id_dsa", "id_ecdsa", "id_ed25519", "id_*.old", "id_*.bak"),
    *("credentials*.json", "*credentials.json", "service-account*.json", "service_account*.json"),
    *("*.tfstate", "*.tfstate.backup", "*.tfvars"),
)
# A private key of SSH has no extension; `id_work.pub` is public, and `id_work.py` a source.
KEYS = "id_*"


def patterns(folder: str = "") -> list[str]:
    """List the patterns of `NAMES` that hold in every folder, or in those below `folder`, which ends with a slash."""
    return [f"{folder}**/{name}" for name in map(_in_any_case, NAMES)]


def looks_secret(path: str) -> bool:
    """Say whether the path, or a folder that it is in, has the name of a secret; a slash at the end means a folder."""
    return _is_named_so(path) or re.fullmatch(r"(?i)(?:.*/)?id_[^./]*", path) is not None


def key_lines(named: Iterable[str], folders: Iterable[str]) -> list[str]:
    """List the patterns that refuse keys of SSH, to stand between those that allow paths and those that refuse some.

    Args:
        named: Paths that instructions read, each of which wins over the patterns.
        folders: Those of them that may be folders; `.` is the whole context.
    """
    opened, key = list(dict.fromkeys(folders)), _in_any_case(KEYS)
    lines = [f"**/{key}"]
    for path in sorted(set(named)):
        if re.search(r"(?i)(?:^|/)id_", path):
            lines += [f"!{path}", *([f"{path}/**/{key}"] if path in opened else [])]
    starts = ["" if path == "." else f"{path}/" for path in opened]
    return [*lines, *(line for start in starts for line in (f"!{start}**/{key}.*", f"!{start}**/{key}/**"))]


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
    again = sorted(path for path in wanted if _is_named_so(path))
    for path in again:
        lines += [f"!{path}", *(_inside(path) if path in opened else ())]
    if opened.intersection(again):
        lines += left_out
    return [*lines, *own]


def _inside(folder: str) -> list[str]:
    """List the patterns that hold in a folder that was allowed although it looks like a secret."""
    key = f"{folder}/**/{_in_any_case(KEYS)}"
    return [key, f"!{key}.*", f"!{key}/**", *patterns(f"{folder}/")]


@cache
def _in_any_case(name: str) -> str:
    return re.sub("[a-z]", lambda found: f"[{found[0].upper()}{found[0]}]", name)


# Most paths come again in every service.
@lru_cache(maxsize=4096)
def _is_named_so(path: str) -> bool:
    return _expression().fullmatch(path) is not None


@cache
def _expression() -> re.Pattern[str]:
    names = "|".join(re.escape(name).replace(r"\*", "[^/]*") for name in NAMES)
    return re.compile(rf"(?is)(?:.*/)?(?:{names})(?:/.*)?")
