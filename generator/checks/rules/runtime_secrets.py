"""Secrets of running containers: Compose can mount them, and one value says where each is."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.project import Project
from generator.text.errors import Finding


def impossible_secrets(project: Project) -> Iterator[Finding]:
    """Find secrets that Compose cannot mount, and those whose variable says something else."""
    taken: dict[tuple[str, str | None], str] = {}
    for name, secret_id, secret in project.runtime_secrets():
        service = project.services[name]
        path = ("services", name, "runtime_secrets", secret_id)
        if secret.variable is not None and service.container.read_only:
            # Compose would have to write it: https://github.com/docker/compose/pull/12531
            yield project.finding(
                (*path, "variable"),
                f"Compose mounts the secret {secret_id} from a file only, since {name} is read-only",
                f"write {secret_id}: {{file: secrets/{secret_id}}}",
                "secret-unmountable",
            )
        if secret.env is not None and secret.env in service.environment:
            yield project.finding(
                (*path, "env"),
                f"{name} has {secret.env} in its environment already, which is to say where {secret_id} is",
                f"remove it from environment; it becomes /run/secrets/{secret_id}",
                "variable-taken",
            )
        first = taken.setdefault((name, secret.env), secret_id)
        if secret.env is not None and first != secret_id:
            yield project.finding(
                (*path, "env"),
                f"{name} has {secret.env} for the secret {first} already",
                f"give each a variable of its own, as env: {secret.env.removesuffix('_FILE')}_2_FILE",
                "variable-taken",
            )
        # Images that take a variable or a file refuse both, as that of PostgreSQL.
        plain = (secret.env or "").removesuffix("_FILE")
        if plain != secret.env and plain in service.environment:
            yield project.finding(
                (*path, "env"),
                f"{name} gets {plain} from the file of {secret_id}, and has it in its environment too",
                f"remove it there, as environment: {{{plain}: null}}",
                "variable-taken",
            )
