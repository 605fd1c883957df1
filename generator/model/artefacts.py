"""What is generated: one list, which rendering, the rules and the tests of `copier.yml` share."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple


class Artefact(NamedTuple):
    """A generated file.

    Attributes:
        name: Its name, in the root of the repository or in the folder of each service with a Dockerfile.
        template: Its template, below the folder that has `templates/`.
        of_service: Whether there is one for each service with a Dockerfile, or one for the project.
        switch: The key of the spec that asks for it; None for a file that every project has.
    """

    name: str
    template: str
    of_service: bool
    switch: str | None = None

    def named(self, dockerfile: str | None) -> str:
        """Give its name for a service whose Dockerfile has a name of its own: an ignore file is found by that name."""
        return self.name.replace(DOCKERFILE.name, dockerfile or DOCKERFILE.name, 1)


_PROJECT = "templates/project"
_SERVICE = f"{_PROJECT}/{{% yield item from built %}}{{{{ item.path }}}}{{% endyield %}}"

COMPOSE = Artefact(name="compose.yaml", template=f"{_PROJECT}/compose.yaml.jinja", of_service=False)
COMPOSE_DEV = Artefact(
    name="compose.dev.yaml",
    template=f"{_PROJECT}/{{% if project.develop %}}compose.dev.yaml{{% endif %}}.jinja",
    of_service=False,
    switch="dev",
)
DOCKERFILE = Artefact(name="Dockerfile", template=f"{_SERVICE}/Dockerfile.jinja", of_service=True)
IGNORE_FILE = Artefact(
    name="Dockerfile.dockerignore", template=f"{_SERVICE}/Dockerfile.dockerignore.jinja", of_service=True
)

BAKE = Artefact(
    name="docker-bake.hcl",
    template=f"{_PROJECT}/{{% if project.bake %}}docker-bake.hcl{{% endif %}}.jinja",
    of_service=False,
    switch="bake",
)

ARTEFACTS = (COMPOSE, COMPOSE_DEV, BAKE, DOCKERFILE, IGNORE_FILE)
"""In the order in which they are rendered. Copier writes them with a new project, and never again (`_exclude`)."""

COMPOSE_FILES = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
"""The names that Compose finds by itself, in the order of its choice, where a folder has several of them:
https://docs.docker.com/compose/intro/compose-application-model/#the-compose-file"""

MARK = "ritten by gen-dockerfiles"
"""Every generated file contains this near its top. A file without it was written by hand."""

PREFIX = ".gen-dockerfiles."
"""How the names of all files begin that a run makes for itself, and removes: one pattern covers them."""

JOURNAL = f"{PREFIX}journal"
"""The file in the root of the repository that says what a run is about to change."""


def in_root(switches: Collection[str], compose_file: str) -> dict[str, Artefact]:
    """Give the generated files in the root of the repository by their names; that of the Compose file is the spec's.

    Args:
        switches: The keys of the spec that ask for files which not every project has.
        compose_file: The name of the Compose file.
    """
    asked = (one for one in ARTEFACTS if not one.of_service and (one.switch is None or one.switch in switches))
    return {compose_file if one is COMPOSE else one.name: one for one in asked}


def in_folder(folder: str, name: str) -> str:
    """Give the path of `name` in `folder`, where `.` is the root of the repository."""
    return name if folder == "." else f"{folder}/{name}"
