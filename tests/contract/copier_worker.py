"""Renders specs through Copier, one JSON document a line: run by the interpreter whose Copier is to be tested.

It imports nothing of the project, since the oldest supported Copier lives in an environment of its own.
"""

import json
import sys
import tempfile
from pathlib import Path

import copier

GENERATED = {"compose.yaml", "Dockerfile", "Dockerfile.dockerignore"}


def render(template: str, spec: object) -> dict[str, str]:
    """Give the generated files of one spec as {path: text}."""
    with tempfile.TemporaryDirectory() as folder:
        copier.run_copy(
            template,
            folder,
            data={"spec": spec},
            defaults=True,
            quiet=True,
            settings=copier.Settings(),
        )
        root = Path(folder)
        return {
            file.relative_to(root).as_posix(): file.read_bytes().decode()
            for file in root.rglob("*")
            if file.name in GENERATED and file.is_file()
        }


def main() -> None:
    """Answer until standard input ends."""
    print(json.dumps(copier.__version__), flush=True)
    for line in sys.stdin:
        print(json.dumps(render(sys.argv[1], json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
