"""A member of the workspace around it."""

LEADING = "Hello"
