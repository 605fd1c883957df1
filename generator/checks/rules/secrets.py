"""A secret has one source, for a build and for a container: Compose knows each by its id alone."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.names import secret_variable
from generator.model.project import Project
from generator.text.errors import Finding, KeyPath


def ambiguous_secrets(project: Project) -> Iterator[Finding]:
    """Find secrets with one id that come from two places."""
    first: dict[str, tuple[str, str]] = {}
    for path, service, secret_id, source in _sources(project):
        named, other = first.setdefault(secret_id, (service, source))
        if other != source:
            yield project.finding(
                path,
                f"{service} and {named} take the secret {secret_id} from different places",
                "take it from one place, or give it two ids",
                "secret-disagrees",
            )


def _sources(project: Project) -> Iterator[tuple[KeyPath, str, str, str]]:
    """Yield each secret with its place, its service, its id, and where it comes from."""
    for key, secrets in (("secrets", project.build_secrets()), ("runtime_secrets", project.runtime_secrets())):
        for service, secret_id, secret in secrets:
            source = f"file {secret.file}" if secret.file else secret.variable or secret_variable(secret_id)
            yield ("services", service, key, secret_id), service, secret_id, source
