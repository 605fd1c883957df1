"""The tag of an image is one when `{version}` and `{distribution}` are filled in, and not empty."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.layers.images import images
from generator.model.project import Project
from generator.text.errors import Finding

_LONGEST = 128
_TAG = re.compile(rf"[A-Za-z0-9_][A-Za-z0-9_.-]{{0,{_LONGEST - 1}}}")


def impossible_tags(project: Project) -> Iterator[Finding]:
    """Find tags that no registry has, since nothing is there to fill in or they are too long."""
    for service in project.services.values():
        values = service.model_dump(by_alias=True, exclude_unset=True)
        for use in images(values):
            tag = use.reference.rpartition("/")[2].partition(":")[2]
            if not _TAG.fullmatch(tag):
                problem = f"becomes {tag!r}, which is no tag" if len(tag) <= _LONGEST else "is too long"
                yield project.finding(
                    ("services", service.name, *use.path, "tag"),
                    f"the tag of {use.name} in {service.name} {problem}",
                    'write the tag itself, as tag: "1.2", without what nothing fills in',
                    "tag-malformed",
                )
