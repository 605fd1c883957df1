"""Credentials in addresses: found where one would be stored, and masked in every message."""

from __future__ import annotations

import re
from urllib.parse import unquote

from generator.text.secret_names import sounds_secret

_MASK = "***"
_PARAMETER = r"([?&;])([^\s=&;#'\"?]+)=([^\s&#]*)"
# Behind an address, these belong to the sentence around it.
_PUNCTUATION = "'\"`,:;.)]}"
# Forms that several hosts give to tokens.
KNOWN_TOKEN = (
    r"\b(?:npm_[A-Za-z0-9]{30,}|gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{30,}|glpat-[\w-]{16,}|pypi-[\w-]{40,}"
    r"|xox[a-z]-[\w-]{20,}|AKIA[A-Z0-9]{16})|-----BEGIN [A-Z ]*PRIVATE KEY-----"
)
# A name and a password, whatever is in it, before the host; or a name alone, which may be a token over HTTP.
_USER = (
    r"(?i)((?:^|[^a-z])https?://)[^\s/]*@",
    r"()(?<=://)[^\s/@:\[]*:[^\s/]*@",
)
_USER_OF_ANY_PASSWORD = r"(?<=://)[^\s/@:\[]+:(?!\d{1,5}(?:[/?#\s]|$))\S*@"


def masked(text: str) -> str:
    """Replace credentials in the addresses of a text."""
    if "@" in text:
        for pattern in _USER:
            text = re.sub(pattern, rf"\g<1>{_MASK}@", text)
        text = re.sub(r"\S+", _masked_word, text)
    if "=" in text:
        text = re.sub(_PARAMETER, _masked_parameter, text)
    return re.sub(KNOWN_TOKEN, _MASK, text)


def has_credentials(address: str) -> bool:
    """Say whether an address has a password or a token in it."""
    return masked(address) != address


def _masked_word(found: re.Match[str]) -> str:
    """Look at a word up to its last @ only: from there on, each `://` of it would be followed to its end in vain."""
    head, at, rest = found[0].rpartition("@")
    return re.sub(_USER_OF_ANY_PASSWORD, f"{_MASK}@", head + at) + rest


def _masked_parameter(found: re.Match[str]) -> str:
    value = found[3].rstrip(_PUNCTUATION)
    secret = value and sounds_secret(unquote(found[2]))
    return f"{found[1]}{found[2]}={_MASK}{found[3][len(value) :]}" if secret else found[0]
