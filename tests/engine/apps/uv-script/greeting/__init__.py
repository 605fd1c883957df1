"""What the program says, by way of an extra and a group."""

import wcwidth
from packaging.version import Version
from pydantic import TypeAdapter
from rules import LEADING
from words import NAME


def greet() -> str:
    return TypeAdapter(str).validate_python(f"{LEADING} from {NAME} {wcwidth.wcswidth('one')} {Version('1')}")
