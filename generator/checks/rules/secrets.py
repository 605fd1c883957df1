"""One build secret has one source: Compose knows each by its id alone."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.project import Project
from generator.text.errors import Finding


def ambiguous_secrets(project: Project) -> Iterator[Finding]:
    """Find secrets with one id that come from two places."""
    source: dict[str, tuple[str, str | None, str | None]] = {}
    for service, secret_id, secret in project.build_secrets():
        first = source.setdefault(secret_id, (service, secret.variable, secret.file))
        if first[1:] != (secret.variable, secret.file):
            yield project.finding(
                ("services", service, "secrets", secret_id),
                f"{service} and {first[0]} take the secret {secret_id} from different places",
                "take it from one place, or give it two ids",
                "secret-disagrees",
            )
