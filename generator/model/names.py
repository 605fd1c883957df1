"""Names and patterns that need no Pydantic, so that reading a repository does not have to load it."""

from __future__ import annotations

import re
import unicodedata
from typing import TypeGuard

OUTPUTS = ("server", "bundle", "standalone", "static")
RUNTIMES = ("python", "node", "bun")
NOT_BUILT = ("image", "dockerfile")
"""The kinds of services that nothing is generated for, so that they have no runtime."""
WRITTEN = "dockerfile"
"""The kind of services whose Dockerfile the team writes."""
ASSETS = "assets"
"""The kind of services that have no image, and are built in the Dockerfiles of others."""
BY_RUNTIME = ("worker", "scheduler", "job", "assets")
"""The kinds of services that name their runtime, if they have an image of their own."""

HEARTBEAT_VARIABLE = "WORKER_HEARTBEAT_FILE"
"""The variable that tells a worker which file its health check looks at."""

WORKERS = {
    "python": ("celery", "rq", "dramatiq", "arq", "taskiq", "huey", "none"),
    **dict.fromkeys(("node", "bun"), ("bullmq", "none")),
}
"""What a worker can be built on, by runtime."""
SCHEDULERS = {
    "python": ("celery", "rq", "arq", "taskiq", "none"),
    **dict.fromkeys(("node", "bun"), ("none",)),
}
"""What a scheduler can be built on, by runtime. The jobs of BullMQ and the periodic tasks of Huey need none."""

OF_IMAGE = frozenset(
    {
        "artifacts",
        "assets",
        "beside",
        "build",
        "build_network",
        "bun",
        "dev_command",
        "dockerfile",
        "env",
        "extra_sources",
        "extras",
        "groups",
        "ignore",
        "image",
        "install",
        "interpreter",
        "labels",
        "manager",
        "node",
        "output",
        "package",
        "packages",
        "path",
        "precompile_stdlib",
        "python",
        "rebuild",
        "runtime",
        "runtime_image",
        "secrets",
        "sources",
        "ssh",
        "steps",
        "syntax",
        "task_runner",
        "variables",
        "versions",
        "workspace",
    }
)
"""Keys of a service that say how its image is built: of one with `image_of`, they are those of the other service."""

VERSION = r"[0-9]+(?:\.[0-9]+)*"

# A segment may not be . or .. and not start with a dash; no blanks and nothing that Docker, sh or an ignore file reads.
SEGMENT = r"(?:[\w@+][\w@+.%-]*|\.[\w@+-][\w@+.-]*)"
PATH = rf"{SEGMENT}(?:/{SEGMENT})*"

# Docker's own names, as Dockerfile.gpu and gpu.Dockerfile; never one of an ignore file.
DOCKERFILE = r"(?:[A-Za-z0-9_][A-Za-z0-9_.-]*\.)?Dockerfile(?:\.[A-Za-z0-9_][A-Za-z0-9_-]*)*"

# Of a package index, without credentials and without what a shell would read.
INDEX_ADDRESS = r"https?://[A-Za-z0-9][A-Za-z0-9._~:/%+-]*"


def is_folder(path: object) -> TypeGuard[str]:
    """Tell whether a value can be the folder of a service: a path in the repository, or `.` for all of it."""
    return path == "." or (isinstance(path, str) and is_path(path))


def is_path(path: str) -> bool:
    """Tell whether a text is a path that can stand in a Dockerfile and an ignore file."""
    return re.fullmatch(PATH, with_letters(path)) is not None


def dockerfile_name(name: object) -> str:
    """Return the name of a service's Dockerfile, by the value of `dockerfile`; `Dockerfile` where that has none."""
    return name if isinstance(name, str) else "Dockerfile"


def is_archive(path: str) -> bool:
    """Tell whether a path is that of a package in one file, by its extension: a wheel, an sdist, or what npm packs.

    https://packaging.python.org/en/latest/specifications/ has wheels and .tar.gz; installers also take older forms.
    """
    return re.search(r"\.(?:whl|zip|tgz|tar\.(?:gz|bz2|xz))$", path, re.IGNORECASE) is not None


def with_letters(text: str) -> str:
    r"""Return the text with a letter for each mark, as an accent of its own or a vowel of Thai.

    They belong to a word, and `\w` of Python takes them for none, unlike that of the models.
    """
    if text.isascii():
        return text
    return "".join("a" if unicodedata.category(one).startswith("M") else one for one in text)


def secret_variable(secret_id: str) -> str:
    """Return the variable that Compose takes a build secret from, where the secret names no source."""
    return secret_id.upper().replace("-", "_").replace(".", "_")


def image_reference(name: str, tag: str, *, registry: str | None, version: str, distribution: str | None) -> str:
    """Return the reference of an image without a digest, with `{version}` and `{distribution}` of its tag filled in."""
    tag = tag.replace("{version}", version).replace("{distribution}", distribution or "")
    return f"{registry}/{name}:{tag}" if registry else f"{name}:{tag}"
