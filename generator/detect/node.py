"""What a Node service is made of: its build script, its files, and the settings of its package manager."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.detect.settings import find_settings
from generator.detect.subject import Subject
from generator.text.files import dig, join, mapping

_NO_SOURCES = frozenset(
    {"node_modules", "dist", "build", "out", "coverage", "test", "tests", "__tests__", "e2e", "docs"}
)
_CODE = (".js", ".mjs", ".cjs", ".ts", ".mts", ".tsx", ".jsx")
_BUILD_INPUT = (*_CODE, ".json", ".html", ".css", ".vue", ".svelte")
_LOCKS = frozenset({"package.json", "package-lock.json", "npm-shrinkwrap.json"})


def find_node_project(subject: Subject) -> None:
    """`build`, `sources` and `install.config` where the service names none; a build script that does not exist."""
    _settings(subject)
    _public(subject)
    manifest = subject.here("package.json")
    data = subject.repository.json(manifest)
    if data is None:
        return
    scripts = mapping(data, "scripts")
    build = subject.own.get("build", subject.merged.get("build"))
    if "build" not in subject.own and build is None and "build" in scripts and subject.runtime == "node":
        build = "build"
        subject.found.set(("build",), build, subject.repository.locate(manifest, '"scripts"', '"build"'))
    if isinstance(build, str) and build not in scripts:
        fix = (
            f"add it to scripts, or name another one: {', '.join(sorted(scripts))}" if scripts else "add it to scripts"
        )
        subject.found.problem(subject.locate("build"), f"{manifest} has no script {build!r}", fix)
    if "sources" not in subject.own:
        sources = [*_sources(subject, isinstance(build, str))]
        if sources and sources != subject.merged.get("sources"):
            subject.found.set(("sources",), sources, subject.repository.locate(manifest))


def _public(subject: Subject) -> None:
    """Next.js leaves `public` out of its standalone server, so it ships beside it where the folder exists."""
    artifacts = subject.merged.get("artifacts")
    ships = subject.merged.get("output") == "standalone" and "artifacts" not in subject.own
    if ships and subject.has("public/") and isinstance(artifacts, list) and "public" not in artifacts:
        subject.found.set(("artifacts",), [*artifacts, "public"], subject.repository.locate(subject.here("public")))


def _settings(subject: Subject) -> None:
    """Files that change what the manager does. A token belongs into none of them."""
    for name in find_settings(subject):
        text = subject.repository.text(subject.above(name)) or ""
        token = re.search(r"_(?:authToken|auth|password)\s*=\s*[^\s$]|npmAuthToken:\s*[^\s$\"]", text)
        if token:
            location = subject.repository.locate(subject.above(name), token[0])
            fix = "put ${VARIABLE} there and give the variable as a secret, or mount the file as a secret"
            subject.found.problem(location, f"{subject.name} would send a token to the builder", fix)
        if subject.manager == "yarn":
            _yarn_variables(subject, subject.above(name), text)
    if subject.manager == "yarn" and not dig(subject.own, "install", "linker"):
        _linker(subject)


def _yarn_variables(subject: Subject, file: str, text: str) -> None:
    """Yarn refuses every command, offline ones too, where a variable of its settings is not set."""
    for variable in dict.fromkeys(re.findall(r"^[^#\n]*\$\{(\w+)\}", text, re.MULTILINE)):
        location = subject.repository.locate(file, f"${{{variable}}}")
        message = f"Yarn needs {variable} for every command, and only the steps that fetch packages see secrets"
        subject.found.problem(location, message, f"give it a default, as ${{{variable}:-}}")


def _linker(subject: Subject) -> None:
    file = subject.above(".yarnrc.yml")
    linker = dig(subject.repository.yaml(file), "nodeLinker")
    if linker in ("pnp", "node-modules"):
        if linker != subject.fact("linker"):
            subject.found.set(("install", "linker"), linker, subject.repository.locate(file, "nodeLinker"))
    elif linker is not None:
        location = subject.repository.locate(file, "nodeLinker")
        subject.found.problem(location, f"nodeLinker {linker} is not supported", "use node-modules or pnp")


def _sources(subject: Subject, build: bool) -> Iterator[str]:
    """`src` with the files that a build reads, or everything that looks like code."""
    names = subject.repository.names(subject.path)
    if "src/" in names and not build:
        yield "src"
        return
    for name in sorted(names):
        plain = name.removesuffix("/")
        if not re.fullmatch(r"[A-Za-z0-9_][\w.@-]*|\.babelrc|\.swcrc|\.browserslistrc", plain):
            continue
        if plain in _NO_SOURCES | _LOCKS or re.search(r"\.(test|spec)\.\w+$", plain):
            continue
        if name.endswith("/"):
            if build or any(entry.endswith(_CODE) for entry in subject.repository.names(join(subject.path, plain))):
                yield plain
        elif plain.endswith(_BUILD_INPUT if build else _CODE) and (build or ".config." not in plain):
            yield plain
