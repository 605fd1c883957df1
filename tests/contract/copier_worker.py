"""Scaffolds projects with Copier, one JSON document a line: run by the interpreter whose Copier is to be tested.

It imports nothing of the project, since the oldest supported Copier lives in an environment of its own.
"""

import json
import sys

import copier


def main() -> None:
    """Make the project that each line of standard input asks for: its answers, and the folder."""
    print(json.dumps(copier.__version__), flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        copier.run_copy(
            sys.argv[1],
            order["folder"],
            data=order["answers"],
            defaults=True,
            quiet=True,
            settings=copier.Settings(),
        )
        print(json.dumps("done"), flush=True)


if __name__ == "__main__":
    main()
