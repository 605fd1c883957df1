"""Builds the part of a view for development, from the models and from where everything is in the build context."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from generator.model.artefacts import in_folder
from generator.model.development import builder, dev_action, runs_in_dev, runs_once
from generator.model.images import OwnImage, SharedImage
from generator.model.names import dockerfile_name
from generator.model.project import Project
from generator.model.roles import Assets
from generator.model.runtimes import JavaScript, Python
from generator.model.services import Service
from generator.model.steps import Point
from generator.render import view_parts as parts
from generator.render.develop_view import Developed, DevelopView, DevStage, Watched
from generator.render.parts_view import Variable, Volume
from generator.render.paths_view import Paths
from generator.render.shared_context import WHOLE, below
from generator.render.view import BuiltView, Item, JavaScriptView, PythonView
from generator.render.view_paths import inputs, links

# Points of stages that `dev` is not built on, by whether Python runs the service.
_LEFT_OUT: dict[bool, tuple[Point, ...]] = {
    True: ("before_build", "after_build", "before_runtime", "after_runtime"),
    False: ("after_build", "before_runtime", "after_runtime"),
}


def dev_stage(
    service: OwnImage, found: Paths, volumes: list[Volume], view: PythonView | JavaScriptView | None
) -> DevStage | None:
    """Return what the stage `dev` of a service has besides; None where it would start nothing.

    Args:
        service: The service.
        found: Where it is in the build context.
        volumes: Those of all services that run the image.
        view: What was worked out for its runtime.
    """
    if view is None or not runs_in_dev(service):
        return None
    root = _root(service)
    own = [root, f"{root}{found.folder}"]
    if isinstance(view, JavaScriptView) and service.install.linker != "pnp":
        # Development servers keep caches in there.
        own += [f"/app/{found.lock_home}{folder}" for folder in view.node_modules]
    ships_otherwise = isinstance(service, JavaScript) and service.output == "static"
    return DevStage(
        folders=list(dict.fromkeys([*own, *(volume.target for volume in volumes)])),
        link=f"src{found.folder}" if isinstance(service, Python) else None,
        probe=parts.probe(service, service, in_dev=True),
        stop_signal=None if ships_otherwise else service.stop_signal,
        env=_env(service, view),
        left_out=[point for point in _LEFT_OUT[isinstance(service, Python)] if service.steps.get(point)],
    )


def _env(service: OwnImage, view: PythonView | JavaScriptView) -> list[Variable]:
    """Return the environment of the service, but for what tells packages of JavaScript that this is production."""
    variables = view.dev_env if isinstance(view, PythonView) else parts.environment(service, view.dev_env)
    return [one for one in variables if (one.name, one.value) != ("NODE_ENV", "production")]


def develop_view(project: Project, items: Mapping[str, Item]) -> DevelopView:
    """Build what the Compose file for development is rendered from; `items` are the services by name."""
    ignored: dict[tuple[str, ...], str] = {}
    services: dict[str, Developed] = {}
    for service in project.services.values():
        owner = None if isinstance(service, Assets) else builder(service, project.services)
        if owner is not None and (service is owner or not runs_once(service)):
            services[service.name] = _developed(service, owner, items, ignored)
    return DevelopView(services=services, ignored={name: list(patterns) for patterns, name in ignored.items()})


def _developed(
    service: Service, owner: OwnImage, items: Mapping[str, Item], ignored: dict[tuple[str, ...], str]
) -> Developed:
    item = items[owner.name]
    view, action = item.view, dev_action(service, owner)
    assert isinstance(view, BuiltView), "of a service with a Dockerfile"
    assert view.build is not None, "of a service that is built"
    in_dev = runs_in_dev(owner)
    # What a team says of `develop` itself is in the first file, and counts instead.
    own = action is None or "develop" in (service.compose or {})
    watch = [] if own else [*_watched(owner, view, str(action), ignored)]
    synchronised = any(one.target is not None for one in watch) or (own and action is not None)
    probe = parts.probe(service, owner, in_dev=in_dev)
    return Developed(
        build=replace(view.build, target="dev" if in_dev else "runtime"),
        shared=isinstance(service, SharedImage),
        writable=in_dev and synchronised and service.container.read_only,
        probe=probe if probe != parts.probe(service, owner) else None,
        reason=_reason(service, owner) if action == "rebuild" and not own else None,
        watch=watch,
    )


def _reason(service: Service, owner: OwnImage) -> str | None:
    """Return why sources are not synchronised, where the spec does not say so itself."""
    if getattr(service, "dev_action", None) is not None:
        return None
    return "script" if runs_in_dev(owner) else "server"


def _watched(owner: OwnImage, view: BuiltView, action: str, ignored: dict[tuple[str, ...], str]) -> Iterator[Watched]:
    """Yield what is watched: sources, then what the dependencies and the image are made from."""
    paths, root = view.paths, _root(owner)
    compiled = {package.path for package in view.packages if package.build is not None}
    copied = [*paths.packages, *paths.sources]
    for path in copied:
        done = "rebuild" if path in compiled else action
        target = None if done == "rebuild" else root if path == WHOLE else f"{root}/{path}"
        yield Watched(
            action=done,
            path=_on_disk(paths, path),
            target=target,
            ignore=_ignore(paths, below(paths.root, path), ignored, folder=path in paths.packages),
        )
    known = {*copied, *links(owner)}
    for path in inputs(owner):
        if path not in known:
            patterns = _ignore(paths, below(paths.root, path), ignored, folder=path in paths.packages)
            yield Watched(action="rebuild", path=_on_disk(paths, path), target=None, ignore=patterns)
    for path in dict.fromkeys(path for other in paths.assets for path in other.allowed):
        place = paths.context if path == "*" else in_folder(paths.context, path)
        yield Watched(action="rebuild", path=place, target=None, ignore=_ignore(paths, path, ignored))
    dockerfile = in_folder(owner.path, dockerfile_name(owner.dockerfile))
    yield Watched(action="rebuild", path=dockerfile, target=None, ignore=None)


def _root(service: OwnImage) -> str:
    """Return where the stage `dev` has the build context."""
    return "/src" if isinstance(service, Python) else "/app"


def _on_disk(paths: Paths, path: str) -> str:
    inside = below(paths.root, path)
    return paths.context if inside == WHOLE else in_folder(paths.context, inside)


def _ignore(paths: Paths, path: str, ignored: dict[tuple[str, ...], str], *, folder: bool = False) -> str | None:
    """Return the name of the list of what is left out of a folder; None for a file.

    Of an ignore file that refuses all (`*`), Compose reads only what it allows, so that what is left out of allowed
    folders has to be said again: https://github.com/docker/compose/blob/main/pkg/watch/dockerignore.go.
    """
    if PurePosixPath(path).suffix and not folder:
        return None  # a name with an extension is a file's
    refused = [*paths.refused, *(line for other in paths.assets for line in other.refused)]
    inside = [one for line in (*paths.ssh_keys, *refused, *paths.secret) if (one := _inside(path, line)) is not None]
    patterns = tuple(reversed(dict.fromkeys(reversed(inside))))  # each once, where it counts: the last one that matches
    return ignored.setdefault(patterns, f"ignored-{len(ignored) + 1}") if patterns else None


def _inside(folder: str, pattern: str) -> str | None:
    """Return a pattern of the build context as it is said below `folder`; None where it matches nothing inside."""
    sign, plain = ("!", pattern[1:]) if pattern.startswith("!") else ("", pattern)
    parts = plain.split("/")
    for name in folder.split("/") if folder != WHOLE else []:
        if parts[:1] == ["**"]:
            break
        if not parts or not fnmatchcase(name, parts.pop(0)):
            return None
    return f"{sign}{'/'.join(parts)}" if parts else None
