"""The one definition of a name that says its value is a secret: of a variable, or of a parameter of an address.

It judges by the name alone. It has every name that BuildKit's check SecretsUsedInArgOrEnv
(frontend/dockerfile/linter) and hadolint's DL3064 refuse in ENV, `*_FILE` included, and what addresses use besides.
"""

from __future__ import annotations

import re
from functools import lru_cache

# Anywhere in a name: no other word has one of these in it that is common in names.
_ANYWHERE = (
    "api_?key",  # hadolint; BuildKit has `apikey` as a word
    "access_?key",  # of AWS, whose check tools know it by this name
    "auth_?(?:code|key|token)",  # `authToken` of npm, the code of OAuth 2
    "(?:admin|db|mail|pg|root|smtp|user)(?:pass|pwd)",  # run together, as `PGPASS`
    "client_key",  # hadolint: the key of a TLS client
    "credential",  # BuildKit; X-Amz-Credential of a signed address
    "passw",  # hadolint's `password`, and BuildKit's `passwd`
    "pass_?phrase",  # of a private key
    "private",  # hadolint: a private key
    "secret",  # both
    "sess(?:ion)?_?(?:id|key)",  # who has it is logged in
    "token",  # both
    "username",  # hadolint: one half of a login
)
# Only as a word of its own, between separators or the ends: `author`, `keyboard` and `compass` are none.
_WORD = (
    "auth",  # BuildKit
    "key",  # BuildKit
    "pass",  # `DB_PASS`
    "pwd",  # `MYSQL_PWD`
    "pword",  # BuildKit
)
# Only as the last word: before another one they say what is done with the secret, as JWT_ALGORITHM or SESSION_TIMEOUT.
_LAST = (
    "authorization",  # the header
    "bearer",  # RFC 6750
    "jwt",  # RFC 7519: who has it is logged in
    "oauth",  # `_oauth` of registries
    "pat",  # a personal access token: GITHUB_PAT
    "session",  # as a cookie
    "sig",  # of signed addresses of Azure
    "signature",  # of signed addresses of AWS and Google
)
_PATTERN = "|".join([*_ANYWHERE, f"(?:^|_)(?:{'|'.join(_WORD)})(?:_|$)", f"(?:^|_)(?:{'|'.join(_LAST)})_?$"])
_PUBLIC = "public"  # BuildKit: a public key is none


@lru_cache(maxsize=1024)  # most names come again in every service
def sounds_secret(name: str) -> bool:
    """Say whether the name of a variable or a parameter says that its value is a secret."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)  # accessKey has the words of access_key
    words = re.sub(r"[^a-z0-9]+", "_", words.lower())
    return _PUBLIC not in words and re.search(_PATTERN, words) is not None
