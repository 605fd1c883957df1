"""One definition of a name that sounds secret: for ENV, for addresses and for the fixes of what Compose takes."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.text.secret_names import sounds_secret

# SecretsUsedInArgOrEnv of BuildKit and DL3064 of hadolint, as they stand.
THEIRS = re.compile(
    r"(?:_|^)(?:apikey|auth|credentials?|key|password|pword|passwd|secret|token)(?:_|$)"
    r"|api_key|client_key|password|private|secret|token|username",
    re.IGNORECASE,
)
_PARTS = ["apikey", "AUTH", "credentials", "Key", "pword", "client_key", "username", "x", "9", "_", "MY", "private"]


@given(st.lists(st.sampled_from(_PARTS) | st.text("aAzZ09_", max_size=4), max_size=6).map("".join))
def test_every_name_that_linters_of_dockerfiles_refuse(name: str) -> None:
    assert sounds_secret(name) or not THEIRS.search(name)


@pytest.mark.parametrize(
    "name",
    [
        *["GITHUB_PAT", "PASSPHRASE", "DB_PASS", "DBPASS", "PGPASS", "MYSQL_PWD", "APP_JWT", "accessKey"],
        *["X-Amz-Signature", "X-Amz-Credential", "sig", "_authToken", "authCode", "jsessionid", "PHPSESSID", "api-key"],
    ],
)
def test_a_secret(name: str) -> None:
    assert sounds_secret(name)


@pytest.mark.parametrize(
    "name",
    [
        *["AUTHOR", "KEYBOARD", "MONKEY", "COMPASS", "BYPASS_CACHE", "PUBLIC_KEY", "NEXT_PUBLIC_API_KEY", "PATH"],
        *["JWT_ALGORITHM", "SESSION_TIMEOUT", "OAUTH_CALLBACK_URL", "DESIGN", "OLDPWD", "PATTERN", "SIGNATURE_TYPE"],
    ],
)
def test_no_secret(name: str) -> None:
    assert not sounds_secret(name)
