"""What in the folder of a service is known to be for its developers, so that it is in no image unless it is named.

Names are compared without their case. What is not known here belongs to the application.
"""

from __future__ import annotations

import re
from functools import cache

_FOLDERS = (
    # Made by tools; `.gitignore` names most of them.
    *("node_modules", "bower_components", "dist", "build", "out", "coverage", "htmlcov"),
    *("venv", "env", "__pycache__", "*.egg-info"),
    *("test", "tests", "__tests__", "__mocks__", "__snapshots__", "e2e", "cypress", "playwright", "benchmarks"),
    *("doc", "docs", "example", "examples"),
    *("requirements", "ansible", "helm", "k8s", "kubernetes", "terraform"),
)
_FILES = (
    *("*.py[cod]", "*.log", "*.pid", "*.tsbuildinfo", "*.sw[op]", "*~", "db.sqlite3", "celerybeat-schedule*"),
    *("conftest.py", "pytest.ini", "tox.ini", "noxfile.py", "*.test.*", "*.spec.*", "codeowners", "mkdocs.y*ml"),
    *("*.md", "*.rst", "*.adoc"),
    *("dockerfile*", "*.dockerfile", "*.dockerfile.*", "containerfile*"),
    *("compose.y*ml", "compose.*.y*ml", "docker-compose*.y*ml"),
    *("docker-bake.*", "makefile", "gnumakefile", "justfile", "taskfile.y*ml", "procfile*", "jenkinsfile*"),
    *("vagrantfile", "tiltfile", "skaffold.y*ml", "fly.toml", "render.y*ml", "railway.*", "vercel.json"),
    *("netlify.toml", "nixpacks.toml", "heroku.yml", "cloudbuild.y*ml", "appveyor.yml", "azure-pipelines*.yml"),
    *("bitbucket-pipelines.yml", "codecov.yml", "sonar-project.properties", "renovate.json*", "*.tf", "*.tfvars"),
    *("mise.toml", "mise.*.toml"),
)
# With no suffix or that of a text.
_DOCUMENTS = (
    *("readme*", "license*", "licence*", "copying*", "notice", "authors", "changelog", "changes", "history", "todo"),
    *("contributing", "code_of_conduct", "maintainers", "security"),
)
_PYTHON_FILES = (
    *("pyproject.toml", "setup.py", "setup.cfg", "manifest.in", "pipfile", "*.lock", "environment.y*ml"),
    *("requirements*.txt", "requirements*.in", "constraints*.txt", "dev-requirements*", "pylock*.toml"),
    *("pdm.toml", "poetry.toml", "uv.toml"),
    *("mypy.ini", "pylintrc", "pylintrc.toml", "pyrightconfig.json", "ruff.toml", "pyre*.json"),
)
_NODE_FILES = (
    *("package.json", "package-lock.json", "npm-shrinkwrap.json", "*.lock", "bun.lockb"),
    *("pnpm-lock.yaml", "pnpm-workspace.yaml", "lerna.json", "nx.json", "turbo.json"),
    *("jest.config.*", "jest.setup.*", "vitest.*", "playwright*.config.*", "cypress.config.*", "cypress.json"),
    *("karma.conf.*", "eslint.config.*", "prettier.config.*", "stylelint.config.*", "commitlint.config.*"),
    *("lint-staged.config.*", "release.config.*", "knip.json*", "biome.json*", "deno.json*", "dprint.json"),
    *("tslint.json", "typedoc.json"),
)
# Hidden files are settings of tools. A build reads these.
_HIDDEN_INPUTS = (
    *(".babelrc*", ".browserslistrc", ".swcrc", ".postcssrc*", ".svgrrc*", ".sassrc*", ".parcelrc", ".linguirc*"),
    ".eslintrc*",
)
_NAMES = {
    "python": (*_FILES, *_PYTHON_FILES),
    "node": (*_FILES, *_NODE_FILES),
    "folders": _FOLDERS,
    "inputs": _HIDDEN_INPUTS,
    "documents": (*_DOCUMENTS, *(f"{name}.{suffix}" for name in _DOCUMENTS for suffix in ("txt", "html"))),
}


def is_development(name: str, runtime: str, *, build: bool = False) -> bool:
    """Say whether an entry of a service's folder is for its developers.

    Args:
        name: Its name; that of a folder ends with a slash.
        runtime: The runtime of the service.
        build: Whether a script of package.json builds the service, which reads the settings of tools.
    """
    plain = name.removesuffix("/").lower()
    if plain.startswith("."):
        return not (build and _matches("inputs", plain))
    if name.endswith("/"):
        return _matches("folders", plain) or (plain == "patches" and runtime != "python" and not build)
    # Without a build nothing reads `vite.config.ts`: what a program reads by itself is called otherwise.
    if runtime != "python" and not build and re.search(r"\.config\.[cm]?[jt]s$", plain):
        return True
    return _matches("python" if runtime == "python" else "node", plain) or _matches("documents", plain)


def _matches(which: str, name: str) -> bool:
    return _expression(which).fullmatch(name) is not None


@cache
def _expression(which: str) -> re.Pattern[str]:
    words = (re.escape(name).replace(r"\*", ".*").replace(r"\[", "[").replace(r"\]", "]") for name in _NAMES[which])
    return re.compile("|".join(words))
