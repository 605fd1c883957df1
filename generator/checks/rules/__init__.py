"""Rules that the models cannot check: how services fit together, and with their images. One module per rule.

A rule is a function from the project to its findings; a finding names the path of the value that has to change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from generator.checks.rules import (
    assets,
    bind_mounts,
    compilers,
    dependencies,
    dev_actions,
    env_secrets,
    health,
    hidden_files,
    image_tags,
    install_facts,
    jobs,
    networks,
    outputs,
    passed_keys,
    passed_names,
    ports,
    rebuild,
    runtime_packages,
    secret_variables,
    secrets,
    selections,
    service_paths,
    shared_images,
    shells,
    ssh_client,
    steps,
    variables,
    volumes,
    workspaces,
)
from generator.model.project import Project
from generator.text.errors import Finding

RULES: tuple[Callable[[Project], Iterator[Finding]], ...] = (
    service_paths.shared_paths,
    ports.taken_ports,
    dependencies.broken_dependencies,
    health.impossible_probes,
    install_facts.removed_facts,
    selections.unsupported_selections,
    networks.wrong_networks,
    outputs.impossible_outputs,
    secrets.ambiguous_secrets,
    secret_variables.shared_variables,
    shared_images.impossible_images,
    assets.impossible_assets,
    dev_actions.impossible_dev_actions,
    jobs.endless_jobs,
    volumes.shared_volumes,
    hidden_files.hiding_volumes,
    bind_mounts.impossible_mounts,
    image_tags.impossible_tags,
    env_secrets.secrets_in_env,
    variables.impossible_variables,
    ssh_client.missing_ssh_clients,
    compilers.missing_compilers,
    runtime_packages.additions_without_tools,
    rebuild.rebuilds_without_node,
    workspaces.foreign_workspaces,
    steps.impossible_steps,
    passed_keys.wrong_keys,
    passed_names.impossible_names,
    shells.missing_shells,
)


def broken_rules(project: Project) -> Iterator[Finding]:
    """Apply every rule to the services that fit their models."""
    for rule in RULES:
        yield from rule(project)
