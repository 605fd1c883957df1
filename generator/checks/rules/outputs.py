"""What a JavaScript service ships has to come from somewhere, and to fit its kind."""

from __future__ import annotations

from collections.abc import Iterator

from generator.checks.rules.finding import Finding
from generator.model.project import JAVASCRIPT, NodeService, Project


def check(project: Project) -> Iterator[Finding]:
    """A bundle, a standalone server or a static site without a build; a static site that nobody can ask for."""
    for service in project.built():
        if not isinstance(service, JAVASCRIPT) or service.output == "server":
            continue
        name, output = service.name, service.output
        path = ("services", name, "output")
        if service.build is None:
            fix = "name the script of package.json that makes it, as build: build, or take output: server"
            yield Finding(path, f"{name} ships a {output} output, but has no build", fix)
        if output == "static" and not isinstance(service, NodeService):
            fix = "take kind: node without runtime, or another output"
            yield Finding(path, f"{name} is a static site, which only kind: node on Node can be", fix)
        elif output == "static" and not service.ports:
            fix = "add the port that nginx listens on, as ports: [8080]"
            yield Finding(("services", name, "ports"), f"{name} is a static site, but has no port", fix)
