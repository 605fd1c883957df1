"""What services have in common; it needs a package that they do not name."""

import six


def greet(name: str) -> str:
    return six.ensure_str(f"Hello from {name}")
