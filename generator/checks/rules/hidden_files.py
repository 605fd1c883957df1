"""No volume over what an image ships: Docker fills a volume once, and no later image changes what is in it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from generator.model.images import OwnImage
from generator.model.project import Project
from generator.model.runtimes import JavaScript, Python
from generator.text.errors import Finding
from generator.text.files import relative_to


def hiding_volumes(project: Project) -> Iterator[Finding]:
    """Find volumes at or above the paths of what an image ships."""
    for service in project.built():
        shipped = dict(shipped_paths(service))
        for name, target in service.volumes.items():
            hidden = [what for path, what in shipped.items() if path == target or path.startswith(f"{target}/")]
            if hidden:
                message = (
                    f"{service.name} mounts {name} at {target}, over {hidden[0]}, which no later image could change"
                )
                fix = f"mount it at a folder that holds nothing but data, as /data/{name}"
                yield project.finding(("services", service.name, "volumes", name), message, fix, "volume-hides")


def shipped_paths(service: OwnImage) -> Iterator[tuple[str, str]]:
    """Yield the paths of what the image ships, as the templates copy it, each with what it is."""
    for taken in (service.assets or {}).values():
        yield from ((path, "its assets") for path in taken.values() if path.startswith("/"))
    workspace = service.workspace
    home = posixpath.normpath(f"/app/{relative_to(workspace.root, service.path)}") if workspace else "/app"
    if isinstance(service, JavaScript) and service.output == "static":
        yield "/usr/share/nginx/html", "the site"
        return
    if isinstance(service, JavaScript):
        if service.output != "standalone":
            yield f"{home}/{service.install.manifest}", "the application"
        if service.output == "server":
            yield "/app/node_modules", "its packages"
        yield from ((f"{home}/{path}", "what its build makes") for path in service.artifacts if service.build)
        if service.interpreter is not None:
            yield service.interpreter, "its interpreter"
    if isinstance(service, Python):
        if not service.package:
            yield "/app", "the application"
        yield from ((f"/app/{path}", "the application") for path in service.beside if service.package)
        if service.package or (workspace and workspace.packages):
            yield "/opt/app", "the application"
        yield "/opt/venv", "its packages"
        if not service.ships_own_interpreter:
            yield "/usr/local/bin/python", "its interpreter"
    yield "/opt/healthcheck", "its probe"
