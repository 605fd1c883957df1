"""`gen-dockerfiles schema`: JSON Schemas, for editors."""

from __future__ import annotations

import argparse
import json

from generator.usecases.schema import preset_schema, spec_schema


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the argument that chooses the file."""
    parser.add_argument("of", choices=("spec", "preset"), nargs="?", default="spec", help="spec (default) or preset")


def run(options: argparse.Namespace) -> int:
    """Print the schema; return the exit code."""
    schema = preset_schema() if options.of == "preset" else spec_schema()
    print(json.dumps(schema, indent=2, ensure_ascii=False))
    return 0
