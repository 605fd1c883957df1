"""Node and Bun: one application per package manager."""

from .cases import Case, Edit

NODE: tuple[Case, ...] = (
    Case(
        name="npm",
        app="npm",
        manager="npm",
        source=Edit("src/server.ts", "Hello", "Hullo"),
        bump=Edit("package.json", '"version": "0.1.0"', '"version": "0.2.0"'),
        added=Edit("package.json", '"dependencies": {', '"dependencies": {"is-number": "7.0.0",'),
        addition="is-number-",
        answer="Hello from npm",
    ),
)
