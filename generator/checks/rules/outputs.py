"""The output of a JavaScript service needs a build, and the output has to fit its kind."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.project import Project
from generator.model.roles import Http
from generator.model.runtimes import JavaScript, Node
from generator.text.errors import Finding


def impossible_outputs(project: Project) -> Iterator[Finding]:
    """Find outputs without a build, and static sites of the wrong kind or without a port."""
    for service in project.built():
        if not isinstance(service, JavaScript):
            continue
        name, output = service.name, service.output
        if output == "server":
            continue
        path = ("services", name, "output")
        if service.build is None:
            fix = "name the script of package.json that makes it, as build: build, or take output: server"
            yield project.finding(path, f"{name} ships a {output} output, but has no build", fix, "build-missing")
        if output == "static" and not (isinstance(service, Http) and isinstance(service, Node)):
            fix = "take kind: node without runtime, or another output"
            yield project.finding(
                path, f"{name} is a static site, which only kind: node on Node can be", fix, "output-unsupported"
            )
        elif output == "static" and not service.ports:
            fix = "add the port that nginx listens on, as ports: [8080]"
            yield project.finding(
                ("services", name, "ports"), f"{name} is a static site, but has no port", fix, "port-missing"
            )
