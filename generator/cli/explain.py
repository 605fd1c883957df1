"""`gen-dockerfiles explain`: where the values of a service come from."""

from __future__ import annotations

import argparse

from generator.pipeline import load, resolve_spec
from generator.usecases.explain import explain, explain_line


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The service, and optionally the one key that is of interest."""
    parser.add_argument("service", metavar="SERVICE", help="name of the service")
    parser.add_argument(
        "key", metavar="KEY", nargs="?", default="", help="one value or mapping, as healthcheck.interval"
    )
    parser.add_argument("--dockerfile", metavar="LINE", type=int, help="what made this line of its Dockerfile")


def run(options: argparse.Namespace) -> int:
    """Print one line for each value, or what made a line."""
    if options.dockerfile is not None:
        resolved, project = load(options.directory, options.file)
        told = explain_line(resolved, project, options.service, options.dockerfile)
    else:
        told = explain(resolve_spec(options.directory, options.file), options.service, options.key)
    for line in told:
        print(line)
    return 0
