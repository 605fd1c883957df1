"""Looks into the folder of a service: its package manager, versions, sources, and whether its lock file is fresh.

Where the folder does not exist yet, nothing is found and nothing is wrong.
"""

from __future__ import annotations

from generator.detect.freshness import find_stale_lock
from generator.detect.managers import find_manager
from generator.detect.node import find_node_project
from generator.detect.patches import find_patches
from generator.detect.python import find_python_project
from generator.detect.requirements import find_requirements
from generator.detect.subject import Subject
from generator.detect.versions import find_node, find_package_manager, find_python, find_required_version
from generator.detect.workspace_node import find_node_workspace
from generator.detect.workspace_uv import find_uv_workspace


def discover(subject: Subject) -> None:
    """Fill `subject.found`.

    Raises:
        SpecError: a file that has to be read is malformed.
    """
    if not subject.repository.names(subject.path):
        return
    look = _python if subject.runtime == "python" else _node
    look(subject)
    if not subject.found.problems:
        find_stale_lock(subject)


def _python(subject: Subject) -> None:
    if subject.own.get("manager", "uv") == "uv":
        find_uv_workspace(subject)
    if subject.found.problems:
        return
    find_manager(subject)
    find_python_project(subject)
    find_python(subject)
    find_required_version(subject)
    if subject.manager == "pip":
        find_requirements(subject)


def _node(subject: Subject) -> None:
    find_node_workspace(subject)
    if subject.found.problems:
        return
    find_manager(subject)
    find_node_project(subject)
    find_patches(subject)
    if subject.runtime == "node":
        find_node(subject)
    find_package_manager(subject)
