"""Run git for a fetch: without a shell, prompts, hooks or redirects, and for at most a minute.

The user's settings still apply: credential helpers, SSH keys, proxies, and certificates that git trusts.
"""

from __future__ import annotations

import os
import signal
import subprocess

from generator.sources.source import GitSource
from generator.text.errors import Location, SpecError

SECONDS = 60.0

_GIT = ("git", "-c", "http.followRedirects=false", "-c", "core.hooksPath=/dev/null")
# Set when we run inside a git hook; each would make git use that hook's repository.
_REPOSITORY_VARIABLES = (
    *("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_NAMESPACE"),
    *("GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_SHALLOW_FILE", "GIT_QUARANTINE_PATH"),
)
FIXES = {
    "could not read Username": "give git access to it: with a credential helper, or over git+ssh://",
    "Authentication failed": "correct the password that git's credential helper has for it",
    "certificate": "let git trust the certificate of its issuer, with http.sslCAInfo in git's configuration",
    "Host key verification failed": "connect with ssh once, and compare the key of the host",
    "Permission denied": "load a key that the host knows into ssh-agent",
    "returned error: 30": "name the address that answers itself: redirects are not followed",
}


def git(source: GitSource, *arguments: str) -> bytes:
    """Run git and return its standard output.

    Raises:
        SpecError: git is not installed, fails, or takes too long; reported at `source`.
    """
    where = Location(file=str(source))
    try:
        code, out, err = _run([*_GIT, *arguments], _environment(ssh=source.url.startswith("ssh://")))
    except FileNotFoundError:
        raise SpecError.at(where, "needs git, which is not installed", "install git", code="git-missing") from None
    except (OSError, ValueError) as error:  # git that may not be run; an address with NUL
        message = f"git cannot be run: {error}"
        raise SpecError.at(where, message, "check git and the address", code="fetch-failed") from None
    except subprocess.TimeoutExpired:
        message, fix = f"did not answer within {SECONDS:.0f} s", "check the address and the network"
        raise SpecError.at(where, message, fix, code="fetch-failed") from None
    if code:
        raise SpecError.at(where, *_error_and_fix(err.decode(errors="replace")), code="fetch-failed")
    return out


def _run(command: list[str], environment: dict[str, str]) -> tuple[int, bytes, bytes]:
    # In a session of its own git has no terminal to prompt at, and one signal ends ssh and git's helpers as well.
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        start_new_session=True,
    )
    try:
        out, err = process.communicate(timeout=SECONDS)
    except BaseException:  # also KeyboardInterrupt: the terminal's signal does not reach the other session
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        process.kill()
        process.communicate()
        raise
    return process.returncode, out, err


def _environment(*, ssh: bool) -> dict[str, str]:
    """Build the environment of git, with SSH in batch mode unless the user has set a command for SSH."""
    environment = {name: value for name, value in os.environ.items() if name not in _REPOSITORY_VARIABLES}
    environment.pop("SSH_ASKPASS", None)  # opens a dialog; CI answers through GIT_ASKPASS, which stays
    # Not -c protocol.…: GIT_ALLOW_PROTOCOL in the user's environment would override it.
    environment |= {"GIT_ALLOW_PROTOCOL": "https:ssh:file", "GIT_TERMINAL_PROMPT": "0"}
    environment |= {"GIT_TEMPLATE_DIR": "", "LC_ALL": "C"}
    if ssh and not {"GIT_SSH", "GIT_SSH_COMMAND"} & environment.keys():
        code, _, _ = _run(["git", "config", "--get", "core.sshCommand"], environment)
        if code:
            environment["GIT_SSH_COMMAND"] = "ssh -o BatchMode=yes"
    return environment


def _error_and_fix(text: str) -> tuple[str, str]:
    """Choose the line of git's output that names the cause, and a fix for it."""
    fix = next((fix for words, fix in FIXES.items() if words in text), "check the address, the ref and your access")
    lines = [line for line in text.strip().splitlines() if line] or ["git failed"]
    # From this line on git only guesses; the message of ssh is above it.
    guesses = [index for index, line in enumerate(lines) if "Could not read from remote repository" in line]
    line = lines[guesses[0] - 1] if guesses and guesses[0] else lines[-1]
    return f"cannot be fetched: {line.removeprefix('fatal: ')}", fix
