"""What services have in common."""

from pydantic import TypeAdapter


def greet(name: str) -> str:
    return TypeAdapter(str).validate_python(f"Hello from {name}")
