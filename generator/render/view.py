"""What templates are rendered from, beside the values of the spec: everything that had to be worked out.

Plain data throughout. `as_data` gives what JSON can hold, so that a data file can stand for the builder: `copier copy`
has no Python of ours, and renders the same templates.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from generator.render.develop_view import DevelopView, DevStage
from generator.render.parts_view import (
    Asset,
    Build,
    Dependency,
    Images,
    Local,
    Package,
    PatchFolder,
    Port,
    Probe,
    Script,
    Secret,
    Step,
    Variable,
    Volume,
)
from generator.render.paths_view import Paths


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """What was worked out for any service, be it built or not."""

    image: str | None
    """Reference of the image that it runs and that is not built for it."""
    build: Build | None
    """What it is built from."""
    ready: bool
    """Whether no generated Dockerfile makes its image, so that Compose says what differs from that image."""
    environment: list[Variable]
    """Variables that Compose sets besides those of the spec."""
    ports: list[Port]
    volumes: list[Volume]
    container: dict[str, Any]
    """What the spec says, with an owner for each folder in memory."""
    depends_on: list[Dependency]
    probe: Probe | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Requirements:
    """Requirement files of pip, by their paths in the build context."""

    shipped: list[str]
    development: list[str]
    referred: list[str]
    """Files that the others refer to."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PythonView:
    """What was worked out for a service in Python."""

    shipped: list[str]
    """Folders of packages that the service runs with."""
    installed: list[str]
    """What is installed without its dependencies, as words for an installer: packages of the workspace, the project."""
    beside: list[str]
    """What of the sources is copied beside the project, where that is installed as a package."""
    editable: list[str]
    """The same for the stage dev, with packages that only development needs."""
    archives: list[str]
    """Wheels and sdists of the repository that are installed with the dependencies."""
    requirements: Requirements
    setuptools: bool
    """Whether the image has setuptools and wheel."""
    dev_env: list[Variable]


@dataclass(frozen=True, kw_only=True, slots=True)
class JavaScriptView:
    """What was worked out for a service that Node or Bun runs."""

    patches: list[PatchFolder]
    scripts: list[Script]
    """Build scripts, dependencies first."""
    compiled_in_deps: bool
    """Whether the packages that ship get what `rebuild` compiles from the stage deps."""
    made: list[str]
    """Where the service's own script puts its output: folders and files at the top."""
    node_modules: list[str]
    """Every folder that packages may be in."""
    settings: list[str]
    """Files outside of the service's folder that tell Bun, or a loader of Node, where modules are; without a build."""
    needs_libatomic: bool
    """Whether the binary was linked with libatomic, which images without Node do not have."""
    dev_env: list[Variable]


@dataclass(frozen=True, kw_only=True, slots=True)
class BuiltView(View):
    """What was worked out for a service that has a Dockerfile."""

    folders: list[Volume]
    """Volumes of all services that run the image, each with a folder in it."""
    scripts: list[Probe]
    """Probes of all services that run the image, those that are files in it."""
    paths: Paths
    images: Images
    stage: str
    """How the names of its stages begin, where the Dockerfile is that of another service; empty otherwise."""
    assets: list[Asset]
    """What it copies from stages of other services."""
    asset_builds: list[AssetsItem]
    """The services whose stages make that."""
    version: str
    """Of the runtime."""
    cache_scope: str
    """Runtime, version and distribution, for ids of caches: what these hold may depend on them."""
    toolchain: str
    """The stage that those which fetch and compile are built on: `builder`, or `base` where that would be empty."""
    dev_folder: str | None
    """Working folder of the stage `dev`, where it is not the one that the stage installs in."""
    apt: bool
    """Whether apt installs anything, in any stage."""
    shell: bool
    """Whether the image of the runtime stage has a shell."""
    own_interpreter: bool
    """Whether the image of the runtime stage brings the interpreter, and perhaps an entry point that starts it."""
    root: bool
    """Whether the runtime stage has to be told to change its image as root."""
    secrets: list[Secret]
    steps: dict[str, list[Step]]
    """By point, each of them there."""
    programs: str | None
    """Folders of programs that are installed with the dependencies, as PATH has them."""
    shared: bool
    """Whether it shares a repository with something: it is a member of a workspace, or depends on something by path."""
    packages: list[Package]
    """Packages of the workspace that the service needs, dependencies first."""
    local: list[Local]
    """Dependencies by path."""
    member: Package | None
    """Its own package, of a service in a workspace."""
    env: list[Variable]
    """ENV of the image."""
    labels: list[Variable]
    """LABEL of the image."""
    build_variables: list[str]
    """ARG of what builds: the names of those that nothing else names."""
    python: PythonView | None
    javascript: JavaScriptView | None
    develop: DevStage | None
    """What the stage `dev` has besides, where the project has a Compose file for development that runs it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AssetsItem:
    """A service whose stages are in the Dockerfile of another one."""

    name: str
    service: dict[str, Any]
    view: BuiltView


@dataclass(frozen=True, kw_only=True, slots=True)
class ComposeSecret:
    """Where Compose takes a build secret from: a file, or else a variable of the shell."""

    id: str
    file: str | None
    variable: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """A service as templates see it: what the spec says, by key, and what was worked out from it."""

    name: str
    path: str | None
    """Folder of its Dockerfile, if it has one."""
    dockerfile: str | None
    """Name of its Dockerfile, if that has one of its own."""
    service: dict[str, Any]
    view: View


@dataclass(frozen=True, kw_only=True, slots=True)
class ProjectView:
    """The project as templates of whole repositories see it."""

    name: str
    compose_file: str
    services: list[Item]
    container: dict[str, Any] | None
    """What all but the services that differ have in common; nothing where there is only one."""
    networks: dict[str, Any]
    volumes: dict[str, Any]
    """By name, with the options that the spec passes through."""
    secrets: list[ComposeSecret]
    passed: dict[str, Any]
    """Other keys of Compose, as they are."""
    develop: DevelopView | None
    """The Compose file for development, if there is one."""


def as_data(view: View | Item | ProjectView) -> dict[str, Any]:
    """Return the plain mapping that templates of presets get: only values that JSON can hold."""
    return asdict(view)
