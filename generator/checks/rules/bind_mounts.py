"""Files of the repository that Compose mounts: settings of an image, and neither its sources nor a secret."""

from __future__ import annotations

from collections.abc import Iterator

from generator.checks.rules.hidden_files import shipped_paths
from generator.model.confidential import looks_secret
from generator.model.images import OwnImage
from generator.model.project import Project
from generator.model.services import Service
from generator.text.errors import Finding, KeyPath


def impossible_mounts(project: Project) -> Iterator[Finding]:
    """Find bind mounts over what an image ships, at the place of a volume, and of what looks like a secret."""
    for service in project.services.values():
        for target, source in (service.bind_mounts or {}).items():
            path: KeyPath = ("services", service.name, "bind_mounts", target)
            if taken := next((name for name, place in service.volumes.items() if place == target), None):
                message = f"{service.name} mounts {source} at {target}, where the volume {taken} is mounted"
                yield project.finding(path, message, "mount it elsewhere, or leave one out", "mount-taken")
            if what := _hidden(service, target):
                yield project.finding(
                    path,
                    f"{service.name} mounts {source} at {target}, over {what}, which its image ships",
                    "remove it: sources are copied into the image; for development, watch them: "
                    "compose: {develop: {watch: [{path: ., action: sync, target: /src}]}}",
                    "mount-hides",
                )
            if looks_secret(source):
                yield project.finding(
                    path,
                    f"{service.name} mounts {source}, whose name says that it is a secret",
                    f"write runtime_secrets: {{name: {{file: {source}}}}}: it is the file /run/secrets/name",
                    "mount-secret",
                )


def _hidden(service: Service, target: str) -> str | None:
    if not isinstance(service, OwnImage):
        return None
    shipped = shipped_paths(service)
    inside = (what for path, what in shipped if target == path or target.startswith(f"{path}/"))
    return next((what for path, what in shipped_paths(service) if path.startswith(f"{target}/")), next(inside, None))
