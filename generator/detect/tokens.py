"""Tokens in files that the build reads: settings of package managers, manifests, requirements, lock files.

Whatever form one has, it would be in the build context and in a stage. `${VARIABLE}` is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from generator.detect.detected import Piece
from generator.detect.service_folder import Installation
from generator.text.errors import Finding, Location, SpecError
from generator.text.files import join, texts
from generator.text.masking import KNOWN_TOKEN
from generator.text.secret_names import sounds_secret

_NPM_KEY = r"(?i)(?:^|[:/.])_(?:authToken|auth|password|secret)$|npmAuth(?:Token|Ident)$"
_ANY_KEY = rf"{_NPM_KEY}|(?:^|\.)(?:token|password|passwd|secret|access[-_]?token)$|(?:^|\.)pypi-token\.[^.]+$"
# In a manifest, where packages come from; `token` and `password` are names of packages as well.
_INDEX_KEY = r"^tool\.[\w-]+\.(?:source|index)\.(?:password|token)$"
_LINE = r"""(?mx)
    ^[^\S\n]*(?P<comment>[\#;](?:[^\S\n]|[\#;])*)? ["']?(?P<key>[^\s"'=\#;]+?)["']?
    (?P<is>[^\S\n]*(?:=|:(?=\s))[^\S\n]*|[^\S\n]+)
    (?P<value>"[^"\n]*"|'[^'\n]*'|[^\n]*?)[^\S\n]*(?:[^\S\n][\#;][^\n]*)?\r?$
"""
# What stands for a value: ${NAME}, with an empty or a short default, $NAME, <a description>.
_REFERENCE = r"\$\{\w+(?::?[-?][^}\n]{0,15})?\??\}|\$[A-Z_][A-Z0-9_]*|<[A-Za-z][\w -]*>"
_WHOLE_REFERENCE = r"\$[a-z]+(?:_[a-z0-9]+)*"
_ADDRESS = (
    r"""(?i)(?:https?|ssh)://(?P<user>[^\s/@:"'<>]*)(?::(?P<password>[^\s/"'<>]*))?@(?!localhost\b|127\.|\[::1)"""
)
# A name alone is mostly one: git, oauth2accesstoken. A token has digits, and is long.
_TOKEN_ALONE = r"(?=[^\d]*\d)[\w.~-]{20,}"
# A word with an address in it, and the parameters behind that; in one pattern, each address would be read to its end
# again from every `://` of it.
_WORD = r"""[^\s"'<>]+"""
_PARAMETER = r"[?&](?P<name>[^=&?]+)=(?P<value>[^&#]+)"

# In one file; to find the place of each takes time.
_MAX_TOLD = 100

_IN_SETTINGS = "put ${VARIABLE} there and give the variable as a secret, or mount the file as a secret"
_IN_ADDRESS = "take it out of the address, and mount it as a secret: docs/security.md"


def detect_tokens(installation: Installation) -> Iterator[Piece]:
    """Report tokens in the settings files, manifests, requirements and the lock file of a service."""
    for file in settings_files(installation):
        yield from _findings(installation, [*_keys(installation, file), *_addresses(installation, file)])
    for file in addressed_files(installation):
        yield from tokens_in(installation, file)


def tokens_in(installation: Installation, file: str) -> Iterator[Finding]:
    """Report tokens in the addresses of a file that is no settings file, and beside those of its indexes."""
    places = _addresses(installation, file)
    for key, value in _literals(installation, file, _INDEX_KEY) if file.endswith(".toml") else ():
        places.append(installation.repository.locate(file, key.rpartition(".")[2], value))
    yield from _findings(installation, places, fix=_IN_ADDRESS)


def settings_files(installation: Installation) -> list[str]:
    """List the settings files that are there, and those that the service or a preset names."""
    named = texts(installation.service.merged, "install", "config")
    files = dict.fromkeys([*installation.settings(), *(named or texts(installation.service.own, "install", "config"))])
    beside = [installation.beside_lock(name) for name in files]
    # Bun reads its own at run time, so that it ships from the service's folder.
    own = installation.service.in_service("bunfig.toml")
    return [*beside, *([own] if installation.service.runtime == "bun" and own not in beside else [])]


def addressed_files(installation: Installation) -> dict[str, None]:
    """List the other files that say where packages come from."""
    beside = [installation.fact(name) for name in ("manifest", "lock")]
    for name in ("requirements", "includes", "development"):
        beside += texts(installation.service.merged, "install", name)
    files = [installation.beside_lock(name) for name in beside if isinstance(name, str)]
    if isinstance(beside[0], str):
        files += [join(folder, beside[0]) for folder, _ in installation.package_folders()]
    return dict.fromkeys(files)


def _findings(installation: Installation, places: list[Location], *, fix: str = _IN_SETTINGS) -> Iterator[Finding]:
    """Report each place once; places on one line are one mistake."""
    for place in {place.line: place for place in reversed(places)}.values():
        yield Finding(
            location=place,
            message=f"{installation.service.name} would send a token to the builder",
            fix=fix,
            code="token-in-settings",
        )


def _keys(installation: Installation, file: str) -> list[Location]:
    """Find keys of settings that have a token, by line, and by what YAML and TOML read."""
    if file.endswith(("js", "ts")):
        return []  # a program: it may have words like these, and reads its environment
    text = installation.repository.text(file) or ""
    wanted = _NPM_KEY if file.endswith((".yml", ".yaml")) else _ANY_KEY
    lines = (line for line in re.finditer(_LINE, text) if _is_token(line, wanted))
    found = [
        Location.in_text(file, text, line.start("key") + _last_word(line["key"])) for line in islice(lines, _MAX_TOLD)
    ]
    known = {place.line for place in found}
    for key, _ in _literals(installation, file, wanted):
        place = installation.repository.locate(file, key.rpartition(".")[2])
        if place.line not in known:
            found.append(place)
    return found


def _literals(installation: Installation, file: str, wanted: str) -> Iterator[tuple[str, str]]:
    """Yield the keys of a parsed file that match `wanted` and have a token, with their values."""
    values = _values(_parsed(installation, file))
    literals = ((key, value) for key, value in values if re.search(wanted, key) and _is_literal(key, value))
    return islice(literals, _MAX_TOLD)


def _last_word(key: str) -> int:
    return max(key.rfind(":"), key.rfind("/")) + 1


def _is_token(line: re.Match[str], wanted: str) -> bool:
    if line["comment"] or not line["is"].strip():
        wanted = _NPM_KEY  # other words are mostly prose
    if not re.search(wanted, line["key"]) or (line["comment"] and not line["is"].strip()):
        return False
    # What goes on in another way is read with the whole file.
    return not re.match(r"[\[{|>&*]", line["value"]) and _is_literal(line["key"], line["value"])


def _parsed(installation: Installation, file: str) -> Any:
    try:
        if file.endswith(".toml"):
            return installation.repository.toml(file)
        return installation.repository.yaml(file) if file.endswith((".yml", ".yaml")) else None
    except SpecError:
        return None  # its manager has better words for it


def _values(data: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _values(value, f"{path}.{key}" if path else str(key))
    elif isinstance(data, list):
        for value in data:
            yield from _values(value, path)
    elif isinstance(data, (str, int, float)) and not isinstance(data, bool):
        yield path, str(data)


def _is_literal(key: str, value: str) -> bool:
    """Say whether a value has a token in it, and does not only refer to one."""
    plain = value.strip().strip("\"'")
    if re.fullmatch(_WHOLE_REFERENCE, plain):
        return False
    rest = re.sub(r"(?i)^(?:bearer|basic)\s+", "", re.sub(_REFERENCE, "", plain))
    if key.lower().endswith("ident") and ":" in rest:
        rest = rest.partition(":")[2]
    return re.search(r"\w", rest) is not None


def _addresses(installation: Installation, file: str) -> list[Location]:
    """Find passwords and tokens in addresses, and what hosts call a token, anywhere in a file."""
    text = installation.repository.text(file) or ""
    is_lock = file == installation.beside_lock(str(installation.fact("lock"))) and not file.endswith(".txt")
    if is_lock and not re.search(r"://[^\s/@\"']*@", text):
        return []  # it is large, and most have none
    # Of the same length, so that places stay.
    text = re.sub(_REFERENCE, lambda found: "~" * len(found[0]), text)
    has_address = "://" in text  # most files have none
    starts = [found.start() for found in re.finditer(_ADDRESS, text) if _opens(found)] if has_address else []
    if not is_lock:
        starts += [found.start() for found in re.finditer(KNOWN_TOKEN, text)]
    if has_address and not is_lock and not file.endswith(".json"):
        starts += _parameters(text)
    return [Location.in_text(file, text, start) for start in sorted(starts)[:_MAX_TOLD]]


def _parameters(text: str) -> Iterator[int]:
    """Yield where addresses begin that have a token as a parameter."""
    for word in re.finditer(_WORD, text):
        at = word[0].find("://")
        for one in re.finditer(_PARAMETER, word[0][at:]) if at >= 0 else ():
            if sounds_secret(one["name"]) and _is_literal("", one["value"]):
                yield word.start() + at


def _opens(address: re.Match[str]) -> bool:
    user, password = address["user"], address["password"]
    if password is None:
        return re.fullmatch(_TOKEN_ALONE, user) is not None or re.search(KNOWN_TOKEN, user) is not None
    return re.search(r"\w", password) is not None
