"""Variables in settings of JavaScript package managers, mostly tokens of registries, that no build secret gives."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.detect.service_folder import Installation
from generator.text.errors import Finding
from generator.text.files import dig, mapping

# Without a default; Bun takes the name without braces as well, in its own file.
_VARIABLE = r"\$\{(\w+)\}"
_OF_BUN = r"\$\{?(\w+)\}?"
# Every step has these.
_KNOWN = frozenset({"HOME", "PATH", "PWD"})


def detect_setting_variables(installation: Installation) -> Iterator[Finding]:
    """Warn of each variable that neither a secret nor a step before the installation gives."""
    given = {*_KNOWN, *_given(installation)}
    for name in installation.settings():
        file = installation.beside_lock(name)
        pattern = _OF_BUN if name == "bunfig.toml" else _VARIABLE
        for variable in _variables(installation.repository.text(file) or "", pattern):
            if variable not in given:
                secret = f"{variable.lower().replace('_', '-')}: {{env: {variable}, variable: {variable}}}"
                yield Finding(
                    location=installation.repository.locate(file, variable),
                    message=f"{file} uses {variable}, and no secret of {installation.service.name} gives it to the "
                    "steps that fetch packages",
                    fix=f"if a registry asks for it, add secrets: {{{secret}}}",
                    code="variable-not-given",
                    level="warn",
                )


def _given(installation: Installation) -> Iterator[str]:
    merged = installation.service.merged
    for secret in mapping(merged, "secrets").values():
        if isinstance(name := dig(secret, "env"), str):
            yield name
    for step in mapping(merged, "steps", "before_dependencies").values():
        yield from mapping(step, "env")


def _variables(text: str, pattern: str) -> dict[str, None]:
    """Give the names in a file, once each; lines that are comments have none."""
    lines = (line for line in text.splitlines() if not line.lstrip().startswith(("#", ";")))
    return dict.fromkeys(name for line in lines for name in re.findall(pattern, line) if re.match(r"[A-Za-z_]", name))
