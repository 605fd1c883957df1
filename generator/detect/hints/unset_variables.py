"""Variables that settings and requirements refer to, where no secret gives them: a package index then answers 401.

npm, pnpm and Bun leave the text `${NAME}` as it stands where the variable is not set
(https://docs.npmjs.com/cli/configuring-npm/npmrc#environment-variables), and so does pip
(https://pip.pypa.io/en/stable/reference/requirements-file-format/#using-environment-variables).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.detect.detected import Piece
from generator.detect.service_folder import Installation, Values
from generator.detect.steps import each_step
from generator.detect.tokens import addressed_files, settings_files
from generator.text.errors import Finding, Location
from generator.text.files import dig, mapping, texts
from generator.text.places import positions
from generator.text.secret_names import sounds_secret

# With a default, as ${NAME:-} or ${NAME?}, nothing is missing. Bun has the short form as well, in its own settings.
_LONG = r"\$\{(\w{1,100})\}"
_ANY = r"\$\{?([A-Za-z_]\w{0,99})(?![:?-])"
_LONGEST = 2_000
"""Characters of a line that is read: an address is no longer."""
_COMMENT = ("#", ";")


def detect_unset_variables(installation: Installation, found: Values) -> Iterator[Piece]:
    """Warn of each variable with a login that no secret of the service is mounted as.

    Args:
        installation: The service.
        found: What was detected of it.
    """
    service, told = installation.service, set[str]()
    given = {str(dig(entry, "env")) for entry in mapping(service.merged, "secrets").values()}
    given.update(name for step in each_step(service.merged) for name in mapping(step, "env"))
    settings = settings_files(installation)
    included = [service.in_service(path) for path in texts(found, "install", "includes")]
    for file in dict.fromkeys([*settings, *addressed_files(installation), *included]):
        for name, place in _logins(installation, file, file in settings):
            if name not in given | told:
                told.add(name)
                identifier = name.lower().replace("_", "-").strip("-")
                yield Finding(
                    location=place,
                    message=f"the build of {service.name} has no variable {name}, so that the index refuses it",
                    fix=f"give it as a secret: secrets: {{{identifier}: {{env: {name}}}}}",
                    code="variable-not-given",
                    level="warn",
                )


def _logins(installation: Installation, file: str, is_setting: bool) -> Iterator[tuple[str, Location]]:
    """Yield the variables of a file that stand for a login: in front of a host, or in settings by their name."""
    if file.endswith((".json", ".lock", "js", "ts")):
        return
    text = installation.repository.text(file) or ""
    lines = text.split("\n") if "$" in text else []
    for found, place in positions(file, text, _ANY if file.endswith("bunfig.toml") else _LONG) if lines else ():
        line, column = lines[(place.line or 1) - 1], (place.column or 1) - 1
        if len(line) > _LONGEST or line.lstrip().startswith(_COMMENT):
            continue
        before, after = line[:column], line[column:]
        in_address = "://" in before and "@" not in before.rpartition("://")[2] and re.match(r"[^\s/]*@", after)
        if in_address or (is_setting and any(map(sounds_secret, (found[1], *re.findall(r"\w+", before))))):
            yield found[1], place
