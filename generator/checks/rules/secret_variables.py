"""Two build secrets do not share a variable by accident: what is not a letter or digit of an id becomes `_`."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.names import secret_variable
from generator.model.project import Project
from generator.text.errors import Finding


def shared_variables(project: Project) -> Iterator[Finding]:
    """Find secrets whose variable follows from the id and is that of a secret with another id."""
    owner: dict[str, tuple[str, bool]] = {}
    told: set[str] = set()
    for service, secret_id, secret in project.build_secrets():
        if secret.file is not None:
            continue
        variable, chosen = secret.variable or secret_variable(secret_id), secret.variable is not None
        first, first_chosen = owner.setdefault(variable, (secret_id, chosen))
        # Whoever names the variable twice has meant it.
        if first != secret_id and not (chosen and first_chosen) and secret_id not in told:
            told.add(secret_id)
            yield project.finding(
                ("services", service, "secrets", secret_id),
                f"the secrets {first} and {secret_id} both come from the variable {variable}",
                f"name the variable of one of them: {secret_id}: {{variable: {variable}_2}}",
                "variable-shared",
            )
