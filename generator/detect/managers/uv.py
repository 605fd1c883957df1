"""uv: workspaces with members by pattern, and a lock file of every extra and group of all of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from generator.detect.managers.locked import elsewhere, in_toml
from generator.detect.managers.manager import Dependency, Local, LockedPackage, Manager
from generator.detect.managers.pyproject import (
    canonical,
    dependencies,
    extras,
    groups,
    is_package,
    project_name,
    requirement_name,
    unlocked,
)
from generator.detect.managers.pyproject_groups import default_groups, extras_by_name, groups_by_name
from generator.detect.managers.pyproject_paths import REQUIRED, by_path
from generator.detect.managers.toml_lock import lock_text, locked_packages
from generator.detect.managers.uv_graph import reached
from generator.detect.service_folder import Installation
from generator.detect.workspace import Member, WorkspaceKind
from generator.text.errors import Finding
from generator.text.files import Repository, dig, is_outside, join, mapping, texts

_MANIFEST = "pyproject.toml"
_PACKAGE_SWITCH = ("tool", "uv", "package")


def find_unlocked(installation: Installation, lock: str) -> Iterator[Dependency]:
    """Compare with the manifests of the service and of the packages that it needs."""
    locked = locked_packages(installation.repository, lock)
    for folder, _ in installation.package_folders():
        manifest = join(folder, _MANIFEST)
        data = installation.repository.toml(manifest) or {}
        yield from unlocked(manifest, [*dependencies(data), *extras(data), *groups(data)], locked)
    for folder in installation.local_folders():
        manifest = join(folder, _MANIFEST)
        # Of a package that is named by a path, uv locks only what is asked for.
        yield from unlocked(manifest, dependencies(installation.repository.toml(manifest) or {}), locked)


class _Source(NamedTuple):
    """Where `tool.uv.sources` takes a package from: one of its entries, and the folder that a path starts from."""

    folder: str
    entry: Any


def find_local(installation: Installation) -> Iterator[Local]:
    """Yield what `tool.uv.sources` has by path: first what the service runs with, then what only development needs."""
    repository, (own, *members) = installation.repository, [folder for folder, _ in installation.package_folders()]
    data = repository.toml(join(own, _MANIFEST)) or {}
    seen: set[tuple[str, str]] = set()
    starts = {own: [*dependencies(data), *_chosen(installation, data)], **dict.fromkeys(members)}
    found = [*_closure(installation, starts, seen, runs=True)]
    found += _closure(installation, {own: [*extras(data), *groups(data)]}, seen, runs=False)
    yield from (local for local in found if local.path not in members)


def _closure(
    installation: Installation, starts: Mapping[str, list[str] | None], seen: set[tuple[str, str]], *, runs: bool
) -> Iterator[Local]:
    """Yield what is reached from folders by their requirements; None stands for all but the groups of a manifest."""
    repository = installation.repository
    waiting = list(starts.items())
    while waiting:
        folder, requirements = waiting.pop(0)
        data = repository.toml(join(folder, _MANIFEST)) or {}
        wanted = [*dependencies(data), *extras(data)] if requirements is None else requirements
        sources = {**_sources(repository, installation.lock_folder), **_sources(repository, folder)}
        for name in sorted(sources.keys() & set(map(requirement_name, wanted))):
            for source in sources[name]:
                path = dig(source.entry, "path")
                if not isinstance(path, str) or (name, path) in seen:
                    continue
                seen.add((name, path))
                place = repository.locate(join(source.folder, _MANIFEST), "tool.uv.sources", path)
                local = Local(place=place, folder=source.folder, said=path, name=name)
                if is_outside(local.path):
                    yield local
                    continue
                # uv installs the dependencies of a project that is no package, and not the project.
                package = is_package(repository.toml(join(local.path, _MANIFEST)) or {}, [_PACKAGE_SWITCH])
                yield by_path(installation, local, runs=runs and package, reads=REQUIRED)
                waiting.append((local.path, None))


def _options(installation: Installation) -> dict[str, Iterable[str]]:
    data = _manifest(installation)
    return {"extras": extras_by_name(data), "groups": groups_by_name(data)} if data else {}


def _manifest(installation: Installation) -> Mapping[str, Any]:
    return installation.repository.toml(installation.service.in_service(_MANIFEST)) or {}


def _check_options(installation: Installation) -> Iterator[Finding]:
    """Report what `tool.uv.conflicts` does not allow together: for production, or with the default groups in dev."""
    data, service = _manifest(installation), installation.service
    chosen = {(key[:-1], canonical(name)) for key in ("extras", "groups") for name in texts(service.merged, key)}
    default = {("group", name) for name in default_groups(data, "tool", "uv", "default-groups")} - chosen
    for declared in _conflicts(data):
        taken, also = sorted(chosen & declared), sorted(default & declared)
        place = installation.repository.locate(service.in_service(_MANIFEST), "conflicts")
        names = " and ".join(f"the {kind} {name}" for kind, name in [*taken, *also])
        if len(taken) > 1:
            message = f"{service.name} takes {names}, which tool.uv.conflicts does not allow together"
            yield Finding(location=place, message=message, fix="take one of them", code="selection-conflict")
        elif taken and also:
            yield Finding(
                location=place,
                message=f"the stage dev of {service.name} cannot be built: {names} are in tool.uv.conflicts",
                fix=f"take {also[0][1]} out of tool.uv.default-groups",
                code="dev-conflict",
                level="warn",
            )


def _conflicts(data: Mapping[str, Any]) -> Iterator[set[tuple[str, str]]]:
    declared = dig(data, "tool", "uv", "conflicts")
    for entries in declared if isinstance(declared, list) else ():
        found = [(kind, dig(one, kind)) for one in entries if isinstance(entries, list) for kind in ("extra", "group")]
        yield {(kind, canonical(name)) for kind, name in found if isinstance(name, str)}


def _chosen(installation: Installation, data: Mapping[str, Any]) -> Iterator[str]:
    for key, known in (("extras", extras_by_name(data)), ("groups", groups_by_name(data))):
        for name in texts(installation.service.merged, key):
            yield from known.get(canonical(name), ())


def _sources(repository: Repository, folder: str) -> dict[str, list[_Source]]:
    """Give the entries of each package: there is one, or one for each marker, extra or group."""
    table = mapping(repository.toml(join(folder, _MANIFEST)), "tool", "uv", "sources")
    lists = {name: said if isinstance(said, list) else [said] for name, said in table.items()}
    return {canonical(name): [_Source(folder, entry) for entry in entries] for name, entries in lists.items()}


def _patterns(repository: Repository, folder: str) -> list[str] | None:
    """Give `members`, and `exclude` as patterns that take their matches out again."""
    declared = mapping(repository.toml(join(folder, _MANIFEST)), "tool", "uv", "workspace")
    if not declared:
        return None
    return [*texts(declared, "members"), *(f"!{pattern}" for pattern in texts(declared, "exclude"))]


def _members(repository: Repository, root: str, paths: list[str]) -> Iterator[Member]:
    """Yield the members; a dependency means one of them where `tool.uv.sources` says so, there or in the root."""
    shared = _sources(repository, root)
    for path in paths:
        data = repository.toml(join(root, join(path, _MANIFEST))) or {}
        if path == "." and not isinstance(dig(data, "project", "name"), str):
            continue
        sources = {**shared, **_sources(repository, join(root, path))}
        local = {name for name, found in sources.items() if any(dig(one.entry, "workspace") is True for one in found)}
        yield Member(
            name=canonical(str(dig(data, "project", "name"))),
            path=path,
            needs=_named(local, dependencies(data)),
            builds_with=_named(local, [*extras(data), *groups(data)]),
            options={
                "extras": {name: _named(local, wanted) for name, wanted in extras_by_name(data).items()},
                "groups": {name: _named(local, wanted) for name, wanted in groups_by_name(data).items()},
            },
        )


def _named(known: set[str], requirements: Iterable[str]) -> frozenset[str]:
    return frozenset(known.intersection(map(requirement_name, requirements)))


def _package(repository: Repository, root: str, member: Member, runs: bool) -> dict[str, Any] | None:
    """Give a member that a service needs, which ships if it runs with it; None for one that is no package."""
    data = repository.toml(join(root, f"{member.path}/{_MANIFEST}")) or {}
    if not is_package(data, [_PACKAGE_SWITCH]):
        return None
    return {"name": member.name, "path": member.path, "artifacts": ["."] if runs else []}


def locked(installation: Installation, lock: str, python: str) -> Iterator[LockedPackage]:
    """Yield the packages of the lock file, for a version of Python."""
    repository, merged = installation.repository, installation.service.merged
    project = project_name(repository.toml(installation.service.in_service(_MANIFEST)))
    chosen = {canonical(one) for key in ("extras", "groups") for one in texts(merged, key)}

    @cache
    def needed() -> frozenset[str] | None:
        return reached(repository, lock, project, chosen)

    return in_toml(repository, lock, python, lambda table: (names := needed()) is None or table.name in names)


def check_lock(installation: Installation, lock: str, _: str) -> Iterator[Finding]:
    """Report a lock file whose `tool.uv.environments` leave Linux out."""
    head = lock_text(installation.repository, lock).partition("[[package]]")[0]
    _, _, rest = f"\n{head}".partition("\nsupported-markers = [\n")
    markers = re.findall(r'"([^"\n]*)"', rest.partition("\n]")[0])
    of_others = r"(?:sys_platform|platform_system|os_name) == '(?!linux|Linux|posix)"
    if markers and all(re.search(of_others, one) for one in markers):
        what = "add \"sys_platform == 'linux'\" to tool.uv.environments, then run"
        yield elsewhere(installation, lock, "supported-markers", f"{what}: {installation.fact('refresh')}")


MANAGER = Manager(
    runtimes=("python",),
    required_facts=("manifest", "lock", "version", "tool"),
    find_unlocked=find_unlocked,
    workspace=WorkspaceKind(
        manifest=_MANIFEST,
        heading="[tool.uv.workspace]",
        member_list="members of [tool.uv.workspace]",
        member_manifest=_MANIFEST,
        patterns=_patterns,
        members=_members,
        package=_package,
    ),
    find_local=find_local,
    check_lock=check_lock,
    locked=locked,
    options=_options,
    check_options=_check_options,
    index_key=("tool", "uv", "index"),
    version_key=("tool", "uv", "required-version"),
    package_switch=_PACKAGE_SWITCH,
)
