"""Python: one application per package manager and way to use it."""

from .cases import Case, Edit

PYTHON: tuple[Case, ...] = (
    Case(
        name="uv",
        app="uv",
        manager="uv",
        source=Edit("src/app/main.py", "Hello", "Hullo"),
        bump=Edit("pyproject.toml", 'version = "0.1.0"', 'version = "0.2.0"'),
        added=Edit("pyproject.toml", "dependencies = [", 'dependencies = ["sortedcontainers==2.4.0", '),
        addition="sortedcontainers-",
        answer="Hello from uv",
    ),
)
