"""Symbolic links among what instructions read, and inside of it.

BuildKit follows a link that an instruction names, if it leads to something that the builder is sent. So its target is
sent too, from a build context that holds both. A link inside of a folder is copied as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from generator.detect.detected import Piece, Value
from generator.detect.local_dependencies import moved_workspace
from generator.detect.paths.named_paths import NamedPath, named_paths
from generator.detect.service_folder import Installation, Values, is_there
from generator.detect.workspace_folders import parents
from generator.model.confidential import looks_secret
from generator.model.names import is_folder
from generator.text.errors import Finding, Location
from generator.text.files import dig, is_below, join, mapping, relative_to, texts
from generator.text.tracked import links_below

_MAX_TOLD = 100
_NOT_COPIED = ("ignore", "secrets")


def detect_links(installation: Installation, detected: Values) -> Iterator[Piece]:
    """Yield `workspace` with what links lead to, and what is wrong with links.

    Args:
        installation: The service.
        detected: What was detected of it so far.
    """
    values = _values(installation, detected)
    targets, sent = dict[str, Location](), list[str]()
    for path, place in dict(_read(installation, detected, values)).items():
        if not (link := _link_in(installation, path)):
            sent.append(path)
            continue
        target = _target(installation, path)
        wrong = _wrong(installation, path, link, target, place)
        if wrong is not None:
            yield wrong
        elif target is not None:
            targets.setdefault(target, place)
    links = [path for path in targets if not any(is_below(path, one) for one in (*sent, *(targets.keys() - {path})))]
    if links:
        value = moved_workspace(installation, (), links)
        yield Value(path=("workspace",), value=value, place=targets[links[0]])
    yield from islice(_inside(installation, values), _MAX_TOLD)


def _read(installation: Installation, detected: Values, values: Values) -> Iterator[tuple[str, Location]]:
    """Yield the paths of the repository that instructions read, each with its place."""
    service = installation.service
    root = installation.context
    for key in ("manifest", "lock"):
        if isinstance(name := dig(detected, "install", key) or installation.fact(key), str):
            path = installation.beside_lock(name)
            yield path, Location(file=path)
    for one in named_paths(values, service.path, root, installation.lock_folder):
        if one.keys[0] not in _NOT_COPIED and is_folder(one.said):
            yield one.path, _place(installation, one)


def _values(installation: Installation, detected: Values) -> dict[str, Any]:
    """Give the values that hold paths: what the service says, or else what was detected."""
    service = installation.service
    keys = ("sources", "extra_sources", "steps", "ssh")
    said = {key: service.merged[key] for key in keys if key in service.merged}
    install = {**mapping(detected, "install"), **mapping(service.merged, "install")}
    values = {**said, "install": install, "workspace": installation.workspace}
    if "sources" not in service.own and "sources" in detected:
        values["sources"] = detected["sources"]
    return values


def _place(installation: Installation, one: NamedPath) -> Location:
    """Give the place of a path in the spec, or the path itself where nobody has written it."""
    if dig(installation.service.own, *one.keys[:1]) is None:
        return Location(file=one.path)
    return installation.service.locate(*one.keys)


def _link_in(installation: Installation, path: str) -> str:
    """Give the first part of a path that is a symbolic link; empty without one.

    The folder of the service may be behind one itself: the build context is then opened through it.
    """
    folder = installation.service.path
    heads = [head for head in (*reversed([*parents(path)]), path) if not is_below(folder, head)]
    return next((head for head in heads if installation.repository.is_link(head)), "")


def _target(installation: Installation, path: str) -> str | None:
    """Give where a path leads, by the name that the service's folder has in the spec."""
    target, folder = installation.repository.led_to(path), installation.service.path
    real = installation.repository.led_to(folder)
    if target is None or real is None or real == folder or not is_below(target, real):
        return target
    return join(folder, relative_to(real, target))


def _wrong(installation: Installation, path: str, link: str, target: str | None, place: Location) -> Finding | None:
    """Give what is wrong with a link that leads from a path to `target`, if anything is."""
    service, what = installation.service, path if path == link else f"{path} behind {link}"
    if target is None:
        if not is_there(installation.repository, link):
            return None
        message = f"{service.name} reads {what}, a link that leads to nothing, or out of the repository"
        return Finding(location=place, message=message, fix=f"replace {link} by what it leads to", code="file-outside")
    if is_below(service.path, target):
        message = f"{service.name} reads {what}, a link to {target}, which has {service.name} itself inside it"
        fix = "move what both need into a folder of its own, beside or below the service"
        return Finding(location=place, message=message, fix=fix, code="dependency-around")
    if target in service.secret_files or looks_secret(target):
        message = f"{service.name} reads {what}, a link to {target}, which looks like a secret"
        fix = "name the link under ignore, and mount what it leads to under secrets"
        return Finding(location=place, message=message, fix=fix, code="secret-linked")
    return None


def _inside(installation: Installation, values: Values) -> Iterator[Finding]:
    """Warn of links inside of folders that ship: they are copied as they are, so that what they lead to has to ship."""
    service = installation.service
    sources = [service.in_service(path) for path in (*texts(values, "sources"), *texts(values, "extra_sources"))]
    for source in sources:
        for link in links_below(installation.repository, source):
            target = _target(installation, link)
            if target is not None and any(is_below(target, one) for one in sources):
                continue
            leads = f"a link to {target}, which" if target else "a link whose target"
            yield Finding(
                location=Location(file=link),
                message=f"{service.name} ships {link}, {leads} is not in the image",
                fix=f"put the link at the top of {join(service.path, '.')}, or replace it by what it leads to",
                code="link-not-shipped",
                level="warn",
            )
