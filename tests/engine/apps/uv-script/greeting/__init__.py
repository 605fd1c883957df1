"""What the program says, by way of an extra and a group."""

import wcwidth
from packaging.version import Version
from pydantic import TypeAdapter


def greet() -> str:
    return TypeAdapter(str).validate_python(f"Hello from uv-script {wcwidth.wcswidth('one')} {Version('1')}")
