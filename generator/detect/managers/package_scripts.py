"""Scripts of package.json: the commands that one runs, with those of scripts that it calls, and what they fetch."""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Iterator, Mapping
from typing import Any

_MOST = 50  # scripts that one script leads to
_SEPARATORS = frozenset({"&&", "||", ";", "|", "&", "(", ")", "\n"})
_VARIABLE = re.compile(r"[A-Za-z_]\w*=.*", re.DOTALL)
# What sets variables, and then runs the words behind them.
_PREFIXES = frozenset({"cross-env", "cross-env-shell", "env", "dotenv", "env-cmd"})
_CLIENTS = frozenset({"curl", "wget"})
# Words that run a program of a package: installed or fetched where they say `npx`, always fetched where `dlx`.
_RUNS = (["npx"], ["bunx"], ["bun", "x"], ["npm", "exec"])
_FETCHES = (["pnpm", "dlx"], ["yarn", "dlx"], ["pnpx"])
_RUNNERS = frozenset({"npm", "pnpm", "yarn", "bun", "$npm_execpath"})


def commands_of(scripts: Mapping[str, Any], name: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the words of each command that a script runs, with the name of the script that has it.

    Scripts before and after it by their names (`prebuild`) are among them, and those that it calls as `npm run x` does.
    """
    waiting, seen = [name], set[str]()
    while waiting and len(seen) < _MOST:
        current = waiting.pop(0)
        if current in seen:
            continue
        seen.add(current)
        text = scripts.get(current)
        if not isinstance(text, str):
            continue
        waiting += [f"pre{current}", f"post{current}"]
        for words in _commands(text):
            yield current, words
            waiting += _called(words, scripts)


def _commands(text: str) -> Iterator[list[str]]:
    """Yield each command of a line of a shell, without the variables before it, and once more behind `cross-env`."""
    try:
        lexer = shlex.shlex(text, posix=True, punctuation_chars=True)
        lexer.whitespace_split = True
        tokens = [*lexer, ";"]
    except ValueError:  # a quote that does not end
        return
    words: list[str] = []
    for token in tokens:
        if token not in _SEPARATORS:
            words.append(token)
            continue
        while words:
            if _VARIABLE.fullmatch(words[0]):
                words = words[1:]
                continue
            yield words
            words = words[1:] if words[0] in _PREFIXES else []


def _called(words: list[str], scripts: Mapping[str, Any]) -> list[str]:
    """List the scripts that a command of a package manager may run: any word that is the name of one."""
    return [word for word in words[1:] if word in scripts] if words[0] in _RUNNERS else []


def fetched_by(words: list[str], installed: set[str]) -> str:
    """Give the words of a command that fetches; empty for any other.

    Args:
        words: The words of the command.
        installed: The packages whose programs are there.
    """
    if posixpath.basename(words[0]) in _CLIENTS:
        return words[0]
    for start in _FETCHES:
        if words[: len(start)] == start:
            return " ".join(words[: len(start) + 1])
    for start in _RUNS:
        if words[: len(start)] == start:
            name = next((word for word in words[len(start) :] if not word.startswith("-")), "")
            # Bun looks for a program with the last part of a scoped name, and fetches where it is called otherwise.
            scoped = start[0].startswith("bun") and name.startswith("@")
            if name and (scoped or name not in installed) and "/" not in name.removeprefix("@").partition("/")[2]:
                return " ".join([*start, name])
    return ""
