"""The words of the spec: texts, paths, names and durations, each with the one pattern it has to fit.

A pattern's second half in `FIXES` is what an error tells the user to write instead.
"""

from __future__ import annotations

from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from generator.model import names
from generator.text.digest import IMAGE_DIGEST
from generator.text.printing import BIDIRECTIONAL


class Model(BaseModel):
    """Strict, so that nothing is guessed; closed, so that a typo is an error; frozen, so that it only checks."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, defer_build=True)


def printable(text: str) -> str:
    """Refuse what could end a line or hide text, as controls, also those of its direction, and noncharacters."""
    for character in text:
        code = ord(character)
        control = code < 0x20 or 0x7F <= code < 0xA0
        separator = character in "\u2028\u2029\ufeff"
        if control or separator or character in BIDIRECTIONAL or 0xD800 <= code < 0xE000 or code & 0xFFFE == 0xFFFE:
            raise ValueError(f"the character U+{code:04X} is not allowed")
    return text


RELATIVE_PATH = rf"^{names.PATH}$"
SOURCE_PATH = rf"^(?:{names.PATH}|\.)$"
SERVICE_PATH = rf"^(?:\.|{names.PATH})$"
ABSOLUTE_PATH = rf"^(?:/{names.SEGMENT})+$"
IMAGE_PATH = rf"^/?{names.PATH}$"
NAME = r"^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$"
VARIABLE = r"^[A-Za-z_][A-Za-z0-9_]*$"
VERSION = rf"^{names.VERSION}$"
# At most six digits: Compose and Docker count nanoseconds in 64 bits.
DURATION = r"^[1-9][0-9]{0,5}(?:ms|s|m|h)$"
PACKAGE = r"^[a-z0-9][a-z0-9.+-]*(?::[a-z0-9]+)?(?:=[A-Za-z0-9.+:~*-]+)?$"
IMAGE_NAME = r"^[a-z0-9]+(?:[._/-][a-z0-9]+)*$"
REGISTRY = r"^[a-z0-9]+(?:[.-][a-z0-9]+)*(?::[0-9]+)?(?:/[a-z0-9]+(?:[._-][a-z0-9]+)*)*$"
TAG = r"^(?:[A-Za-z0-9_]|\{version\}|\{distribution\})(?:[A-Za-z0-9_.-]|\{version\}|\{distribution\})*$"
DIGEST = rf"^{IMAGE_DIGEST}$"
ID = r"^[A-Za-z][A-Za-z0-9._-]*$"
LABEL = r"^[a-z0-9]+(?:[._-][a-z0-9]+)*$"
SCRIPT = r"^[A-Za-z0-9][A-Za-z0-9:._-]*$"
PROBE_PATH = r"^/[A-Za-z0-9._~/?&=%+-]*$"
# A token and a value of RFC 9110, each narrower than it could be: what a probe has to send.
HEADER = r"^[A-Za-z][A-Za-z0-9-]*$"
HEADER_VALUE = r"^[!-~](?:[ -~]*[!-~])?$"
IGNORE = r"^[\w*?@+./\[\]-]+$"
USER_NAME = r"^[a-z_][a-z0-9_-]*$"
SYNTAX = r"^[a-z0-9][a-z0-9./:@_-]*$"
# Those of Linux, as the engine names them: https://pkg.go.dev/github.com/moby/sys/signal
SIGNAL = (
    "^SIG(?:ABRT|ALRM|BUS|CHLD|CLD|CONT|FPE|HUP|ILL|INT|IO|IOT|KILL|PIPE|POLL|PROF|PWR|QUIT|SEGV|STKFLT|STOP|SYS|TERM"
    r"|TRAP|TSTP|TTIN|TTOU|URG|USR1|USR2|VTALRM|WINCH|XCPU|XFSZ"
    r"|RTMIN(?:\+(?:[1-9]|1[0-5]))?|RTMAX(?:-(?:[1-9]|1[0-4]))?)$"
)
# At most nine digits: more than that many gigabytes are no number of bytes in 64 bits.
MEMORY = r"^[1-9][0-9]{0,8}[kmg]$"
TMPFS = r"^/[^:]*(?::.+)?$"
RESTART = r"^(?:no|always|unless-stopped|on-failure(?::[0-9]{1,9})?)$"
STAGE = r"^[a-zA-Z][a-zA-Z0-9_.-]*$"
DOCKERFILE = rf"^{names.DOCKERFILE}$"
COMPOSE_FILE = r"^[A-Za-z0-9_][A-Za-z0-9_.-]*\.ya?ml$"
INDEX_ADDRESS = rf"^{names.INDEX_ADDRESS}$"
INDEX_NAME = r"^[A-Za-z0-9_.-]+$"
DEFAULT = r"^[^}]*$"
TOOL_VERSION = r"^[0-9]+(?:\.[0-9]+)*(?:[.-]?[A-Za-z0-9]+)*$"
NPM_NAME = r"^(?:@[a-z0-9~][a-z0-9._~-]*/)?[a-z0-9~][a-z0-9._~-]*$"
EXTRA = r"^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$"
SHELL_COMMAND = r"^[A-Za-z0-9][A-Za-z0-9 ._/=-]*$"

FIXES = {
    RELATIVE_PATH: "write a path below the service's folder, without blanks, quotes, wildcards or ..",
    SOURCE_PATH: "write a path below the service's folder, without blanks, quotes, wildcards or .., or . for all of it",
    SERVICE_PATH: "write a path below the repository, as services/api, without blanks, quotes, wildcards or ..",
    ABSOLUTE_PATH: "write an absolute path without blanks, quotes, wildcards or ..",
    IMAGE_PATH: "write a path in the image, as static/ui or /srv/ui, without blanks, quotes, wildcards or ..",
    NAME: "use lower-case letters, digits and single dashes, starting with a letter",
    VARIABLE: "use letters, digits and underscores, not starting with a digit",
    VERSION: 'write a version as "3.13"',
    DURATION: "write a whole number of at most six digits and its unit, as 30s or 2m",
    PACKAGE: "write an apt package, optionally with a version, as libpq5 or libpq5=17.*",
    IMAGE_NAME: "write the image's name without registry and tag, as python",
    REGISTRY: "write a registry host with an optional path, as registry.example.com/mirror",
    TAG: "write a tag as 3.13-slim-trixie; {version} and {distribution} are filled in",
    DIGEST: "write sha256: and 64 hexadecimal digits",
    ID: "use letters, digits, dots, dashes and underscores, starting with a letter",
    LABEL: "use lower-case letters and digits, separated by dots or dashes",
    SCRIPT: "name a script of package.json",
    PROBE_PATH: "write the path of an endpoint, as /healthz",
    HEADER: "write the name of a header, as Host",
    HEADER_VALUE: "write the value of a header in ASCII, without a blank at its ends",
    IGNORE: "write one ignore pattern without blanks or an exclamation mark",
    USER_NAME: "use lower-case letters, digits, dashes and underscores",
    STAGE: "write the name of a stage, as in FROM … AS runtime",
    DOCKERFILE: "write a name with Dockerfile in it, as gpu.Dockerfile or Dockerfile.gpu, and no path",
    SYNTAX: "write an image reference, as docker/dockerfile:1.19",
    SIGNAL: "write a signal's name, as SIGTERM",
    MEMORY: "write a whole number of at most nine digits and k, m or g, as 512m",
    TMPFS: "write an absolute path, with options after a colon, as /tmp:size=64m",
    RESTART: "use one of no (in quotes), always, unless-stopped, on-failure, on-failure:3",
    TOOL_VERSION: "write an exact version, as 10.34.9",
    NPM_NAME: "write the name of a package, as sharp or @scope/name",
    EXTRA: "use letters, digits, dots, dashes and underscores",
    SHELL_COMMAND: "write a plain command without quotes, as npm install",
    COMPOSE_FILE: "write a name in the root of the repository, as docker-compose.yml, and none of an override",
    INDEX_ADDRESS: "write an address without credentials, as https://packages.example.com/simple/",
    INDEX_NAME: "use letters, digits, dots, dashes and underscores",
    DEFAULT: "leave out the closing brace, where Compose would end the default",
}


def _readable(path: str) -> str:
    """Refuse what the pattern takes for a letter and `names.is_path` does not: nothing would be detected there."""
    if not names.is_folder(path):
        wrong = next((one for one in path if not names.is_folder(f"a{one}a")), path[0])
        raise ValueError(f"the character U+{ord(wrong):04X} is not allowed")
    return path


def _no_ignore_file(name: str) -> str:
    if name.endswith(".dockerignore"):
        raise ValueError("an ignore file has such a name, and a Dockerfile one as gpu.Dockerfile")
    return name


def _no_other_compose_file(name: str) -> str:
    if name == "compose.dev.yaml" or ".override." in name:
        raise ValueError("that is the name of a file beside the Compose file")
    return name


def _filled(text: str) -> str:
    """Refuse an empty text."""
    if not text:
        raise ValueError("a text is needed, and this one is empty")
    return text


def _unique(entries: list[Entry]) -> list[Entry]:
    """Refuse what is in a list twice, as Compose does."""
    for index, entry in enumerate(entries):
        if entry in entries[:index]:
            raise ValueError(f"{entry!r} is there twice")
    return entries


Entry = TypeVar("Entry")
Unique = Annotated[list[Entry], AfterValidator(_unique)]
Count = Annotated[int, Field(ge=1, le=2**31 - 1)]
Text = Annotated[str, AfterValidator(printable)]
FilledText = Annotated[Text, AfterValidator(_filled)]
Tmpfs = Annotated[str, StringConstraints(pattern=TMPFS), AfterValidator(printable)]
Default = Annotated[str, StringConstraints(pattern=DEFAULT), AfterValidator(printable)]
RelativePath = Annotated[str, StringConstraints(pattern=RELATIVE_PATH), AfterValidator(_readable)]
SourcePath = Annotated[str, StringConstraints(pattern=SOURCE_PATH), AfterValidator(_readable)]
ServicePath = Annotated[str, StringConstraints(pattern=SERVICE_PATH), AfterValidator(_readable)]
AbsolutePath = Annotated[str, StringConstraints(pattern=ABSOLUTE_PATH)]
ImagePath = Annotated[str, StringConstraints(pattern=IMAGE_PATH)]
ComposeFile = Annotated[str, StringConstraints(pattern=COMPOSE_FILE), AfterValidator(_no_other_compose_file)]
Name = Annotated[str, StringConstraints(pattern=NAME, max_length=63)]
Variable = Annotated[str, StringConstraints(pattern=VARIABLE)]
Version = Annotated[str, StringConstraints(pattern=VERSION)]
Duration = Annotated[str, StringConstraints(pattern=DURATION)]
Package = Annotated[str, StringConstraints(pattern=PACKAGE)]
Id = Annotated[str, StringConstraints(pattern=ID, max_length=128)]
Label = Annotated[str, StringConstraints(pattern=LABEL)]
Script = Annotated[str, StringConstraints(pattern=SCRIPT)]
ProbePath = Annotated[str, StringConstraints(pattern=PROBE_PATH)]
Header = Annotated[str, StringConstraints(pattern=HEADER)]
HeaderValue = Annotated[str, StringConstraints(pattern=HEADER_VALUE)]
Ignore = Annotated[str, StringConstraints(pattern=IGNORE)]
ToolVersion = Annotated[str, StringConstraints(pattern=TOOL_VERSION)]
NpmName = Annotated[str, StringConstraints(pattern=NPM_NAME)]
Extra = Annotated[str, StringConstraints(pattern=EXTRA)]
IndexName = Annotated[str, StringConstraints(pattern=INDEX_NAME)]
IndexAddress = Annotated[str, StringConstraints(pattern=INDEX_ADDRESS)]
ShellCommand = Annotated[str, StringConstraints(pattern=SHELL_COMMAND)]
Memory = Annotated[str, StringConstraints(pattern=MEMORY)]
Signal = Annotated[str, StringConstraints(pattern=SIGNAL)]
DockerfileName = Annotated[str, StringConstraints(pattern=DOCKERFILE), AfterValidator(_no_ignore_file)]
Stage = Annotated[str, StringConstraints(pattern=STAGE)]
Syntax = Annotated[str, StringConstraints(pattern=SYNTAX)]
PortNumber = Annotated[int, Field(ge=1, le=65535)]
UserId = Annotated[int, Field(ge=1, le=2**31 - 1)]
Command = Annotated[list[Text], Field(min_length=1)]
