"""Run git for a fetch: without a shell, prompts, hooks or redirects, and within limits.

The user's settings still apply: credential helpers, SSH keys, proxies, and certificates that git trusts.
"""

from __future__ import annotations

import os

from generator.sources.source import GitSource
from generator.text.errors import SHOWN, Location, SpecError
from generator.text.processes import Limits, Overrun, run, size

SECONDS = 60.0
OUTPUT = 64_000_000
"""Bytes that git may print: enough for a million commits, or half a million tags."""
STORED = 500_000_000
"""Bytes that a fetch may store."""
MEMORY = 1_000_000_000
# One pack instead of a file for each object.
_GIT = ("git", "-c", "http.followRedirects=false", "-c", "core.hooksPath=/dev/null", "-c", "fetch.unpackLimit=1")
# Set when we run inside a git hook; each would make git use that hook's repository.
_REPOSITORY_VARIABLES = (
    *("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_NAMESPACE"),
    *("GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_SHALLOW_FILE", "GIT_QUARANTINE_PATH"),
)
FIXES = {
    "could not read Username": "give git access to it: with a credential helper, or over git+ssh://",
    "Authentication failed": "correct the password that git's credential helper has for it",
    "SSL CA cert": "install certificate authorities, as with the package ca-certificates: git has none here",
    "certificate": "let git trust the certificate of its issuer, with http.sslCAInfo in git's configuration",
    "Host key verification failed": "connect with ssh once, and compare the key of the host",
    "Permission denied": "load a key that the host knows into ssh-agent",
    "returned error: 30": "name the address that answers itself: redirects are not followed",
    "ut of memory": f"share the preset in a smaller repository: git may use {size(MEMORY)} of memory",
}


def git(source: GitSource, *arguments: str, folder: str = "") -> bytes:
    """Run git and return its standard output. `folder` is the repository that it fetches into, if it does.

    Raises:
        SpecError: git is not installed, fails, or reaches a limit; reported at `source`.
    """
    where = Location(file=str(source))
    limits = Limits(seconds=SECONDS, output=OUTPUT, memory=MEMORY, stored=STORED)
    try:
        environment = _environment(ssh=source.url.startswith("ssh://"))
        done = run([*_GIT, *arguments], limits, environment=environment, folder=folder)
    except FileNotFoundError:
        raise SpecError.at(where, "needs git, which is not installed", "install git", code="git-missing") from None
    except (OSError, ValueError) as error:  # git that may not be run; an address with NUL
        message = f"git cannot be run: {error}"
        raise SpecError.at(where, message, "check git and the address", code="fetch-failed") from None
    except Overrun as error:
        fix = "check the address and the network, or share the preset in a smaller repository"
        raise SpecError.at(where, str(error), fix, code="fetch-failed") from None
    if done.status:
        raise SpecError.at(where, *_error_and_fix(done.err.decode(errors="replace")), code="fetch-failed")
    return done.out


def _environment(*, ssh: bool) -> dict[str, str]:
    """Build the environment of git, with SSH in batch mode unless the user has set a command for SSH."""
    environment = {name: value for name, value in os.environ.items() if name not in _REPOSITORY_VARIABLES}
    environment.pop("SSH_ASKPASS", None)  # opens a dialog; CI answers through GIT_ASKPASS, which stays
    # Not -c protocol.…: GIT_ALLOW_PROTOCOL in the user's environment would override it.
    environment |= {"GIT_ALLOW_PROTOCOL": "https:ssh:file", "GIT_TERMINAL_PROMPT": "0"}
    environment |= {"GIT_TEMPLATE_DIR": "", "LC_ALL": "C"}
    if ssh and not {"GIT_SSH", "GIT_SSH_COMMAND"} & environment.keys():
        limits = Limits(seconds=SECONDS, output=OUTPUT, memory=MEMORY)
        if run(["git", "config", "--get", "core.sshCommand"], limits, environment=environment).status:
            environment["GIT_SSH_COMMAND"] = "ssh -o BatchMode=yes"
    return environment


def _error_and_fix(text: str) -> tuple[str, str]:
    """Choose the line of git's output that names the cause, and a fix for it."""
    fix = next((fix for words, fix in FIXES.items() if words in text), "check the address, the ref and your access")
    lines = [line for line in text.strip().splitlines() if line] or ["git failed"]
    # From this line on git only guesses; the message of ssh is above it.
    guesses = [index for index, line in enumerate(lines) if "Could not read from remote repository" in line]
    line = lines[guesses[0] - 1] if guesses and guesses[0] else lines[-1]
    return f"cannot be fetched: {line.removeprefix('fatal: ')[:SHOWN]}", fix
