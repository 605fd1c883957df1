"""`gen-dockerfiles explain`: where the values of a service come from."""

from __future__ import annotations

import argparse

from generator.cli.output import say
from generator.pipeline import load, resolve_spec
from generator.usecases.explain import explain, explain_line


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `explain`."""
    parser.add_argument("service", metavar="SERVICE", help="name of the service")
    parser.add_argument(
        "key", metavar="KEY", nargs="?", default="", help="one value or mapping, as healthcheck.interval"
    )
    parser.add_argument("--dockerfile", metavar="LINE", type=int, help="what made this line of its Dockerfile")


def run(options: argparse.Namespace) -> int:
    """Print one line for each value, or the source of one line of the Dockerfile; return the exit code."""
    if options.dockerfile is not None:
        resolved, project = load(options.directory, options.file)
        lines = explain_line(resolved, project, options.service, options.dockerfile)
    else:
        lines = explain(resolve_spec(options.directory, options.file), options.service, options.key)
    for line in lines:
        say(line)
    return 0
