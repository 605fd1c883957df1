"""Runs git for a fetch: without a shell, a prompt, a hook or a redirect, and never longer than a minute.

What stays the user's own: credential helpers, SSH keys, proxies and certificates that git is told to trust.
"""

from __future__ import annotations

import os
import signal
import subprocess

from generator.sources.source import GitSource
from generator.text.errors import Location, SpecError

SECONDS = 60.0

_GIT = ("git", "-c", "http.followRedirects=false", "-c", "core.hooksPath=/dev/null")
# Set where a hook calls us, and each would lead into that repository.
_OF_A_REPOSITORY = (
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
    """What git prints to standard output.

    Raises:
        SpecError: git is not installed, fails, or takes too long; reported at `source`.
    """
    where = Location(file=str(source))
    try:
        code, out, err = _run([*_GIT, *arguments], _environment(ssh=source.url.startswith("ssh://")))
    except FileNotFoundError:
        raise SpecError.at(where, "needs git, which is not installed", "install git", code="git-missing") from None
    except subprocess.TimeoutExpired:
        message, fix = f"did not answer within {SECONDS:.0f} s", "check the address and the network"
        raise SpecError.at(where, message, fix, code="fetch-failed") from None
    if code:
        raise SpecError.at(where, *_said(err.decode(errors="replace")), code="fetch-failed")
    return out


def _run(command: list[str], environment: dict[str, str]) -> tuple[int, bytes, bytes]:
    # A session of its own: no terminal to ask at, and one group to end, ssh and git's helpers included.
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
    except BaseException:  # also when the user interrupts: their terminal does not reach the other session
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        process.kill()
        process.communicate()
        raise
    return process.returncode, out, err


def _environment(*, ssh: bool) -> dict[str, str]:
    """The environment of git; with BatchMode where the user has not chosen a command for SSH."""
    environment = {name: value for name, value in os.environ.items() if name not in _OF_A_REPOSITORY}
    environment.pop("SSH_ASKPASS", None)  # a window to type into; GIT_ASKPASS is how CI answers
    # Not -c protocol.…: a list in the user's environment would win over it.
    environment |= {"GIT_ALLOW_PROTOCOL": "https:ssh:file", "GIT_TERMINAL_PROMPT": "0"}
    environment |= {"GIT_TEMPLATE_DIR": "", "LC_ALL": "C"}
    if ssh and not {"GIT_SSH", "GIT_SSH_COMMAND"} & environment.keys():
        code, _, _ = _run(["git", "config", "--get", "core.sshCommand"], environment)
        if code:
            environment["GIT_SSH_COMMAND"] = "ssh -o BatchMode=yes"
    return environment


def _said(text: str) -> tuple[str, str]:
    """The line of git's that says what is wrong, and a fix."""
    fix = next((fix for words, fix in FIXES.items() if words in text), "check the address, the ref and your access")
    lines = [line for line in text.strip().splitlines() if line] or ["git failed"]
    # After these words git only supposes; what ssh said stands above them.
    supposed = [index for index, line in enumerate(lines) if "Could not read from remote repository" in line]
    line = lines[supposed[0] - 1] if supposed and supposed[0] else lines[-1]
    return f"cannot be fetched: {printable(line.removeprefix('fatal: '))}", fix


def printable(words: str) -> str:
    """The words of a server, of which none may steer a terminal."""
    return "".join(character if character.isprintable() else "?" for character in words)
