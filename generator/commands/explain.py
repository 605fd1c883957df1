"""`gen-dockerfiles explain`: where the values of a service come from."""

from __future__ import annotations

import argparse

HELP = "say where each value of a service was set, and what it overrode"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The service, and optionally the one key that is of interest."""
    parser.add_argument("service", metavar="SERVICE", help="name of the service")
    parser.add_argument(
        "key", metavar="KEY", nargs="?", default="", help="one value or mapping, as healthcheck.interval"
    )


def run(options: argparse.Namespace) -> int:
    """Print one line for each value."""
    from generator.explain import explain
    from generator.pipeline import resolve_spec

    for line in explain(resolve_spec(options.directory, options.file), options.service, options.key):
        print(line)
    return 0
