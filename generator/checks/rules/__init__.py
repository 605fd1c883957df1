"""Rules that the models cannot check: how services fit together, and with their images. One module per rule.

A rule is a function from the project to its findings; a finding names the path of the value that has to change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from generator.checks.rules import (
    compilers,
    dependencies,
    env_secrets,
    health,
    install_facts,
    networks,
    outputs,
    ports,
    rebuild,
    runtime_packages,
    secrets,
    selections,
    service_paths,
    ssh_client,
    steps,
    workspaces,
)
from generator.model.project import Project
from generator.text.errors import Finding

RULES: tuple[Callable[[Project], Iterator[Finding]], ...] = (
    service_paths.check,
    ports.check,
    dependencies.check,
    health.check,
    install_facts.check,
    selections.check,
    networks.check,
    outputs.check,
    secrets.check,
    env_secrets.check,
    ssh_client.check,
    compilers.check,
    runtime_packages.check,
    rebuild.check,
    workspaces.check,
    steps.check,
)


def check(project: Project) -> Iterator[Finding]:
    """Apply every rule to the services that fit their models."""
    for rule in RULES:
        yield from rule(project)
