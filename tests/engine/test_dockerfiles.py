"""Two images over one folder, with extras that exclude each other, and an image that the team builds itself."""

from __future__ import annotations

from pathlib import Path

import yaml

from .conftest import ComposeFactory
from .harness.repository import write_files, write_spec

SERVICES = """\
index:
  kind: dockerfile
  path: index
  dockerfile: build.Dockerfile
  target: server
  variables: {RELEASE: {default: "0.0.0"}}
  environment: {PLACE: /var/lib/index}
  volumes: {data: /var/lib/index}
  healthcheck: {command: [test, -e, /var/lib/index/filled]}
fill:
  kind: job
  image_of: index
  command: [sh, -c, "cp /release /var/lib/index/filled"]
  volumes: {data: /var/lib/index}
light:
  kind: job
  runtime: python
  path: models
  manager: pip
  extras: [light]
  command: [python, -m, models]
  depends_on: {index: healthy, fill: completed}
heavy:
  kind: job
  runtime: python
  path: models
  manager: pip
  dockerfile: heavy.Dockerfile
  extras: [heavy]
  command: [python, -m, models]
"""
FILES = {
    "index/build.Dockerfile": """\
FROM debian:trixie-slim AS build
ARG RELEASE=none
RUN echo "$RELEASE" >/release

FROM debian:trixie-slim AS server
COPY --from=build /release /release
RUN install -d -o 10001 -g 10001 /var/lib/index
USER 10001:10001
HEALTHCHECK CMD ["false"]
CMD ["sleep", "1000"]

FROM server AS other
CMD ["false"]
""",
    "models/pyproject.toml": """\
[project]
name = "models"
version = "1.0"
requires-python = ">=3.13"
dependencies = []

[project.optional-dependencies]
light = ["packaging==24.2"]
heavy = ["packaging==25.0"]
""",
    "models/models/__main__.py": "import packaging\n\nprint(packaging.__version__)\n",
}


def test_images_of_one_folder_and_of_the_team(compose: ComposeFactory, tmp_path: Path) -> None:
    write_files(tmp_path, FILES)
    write_spec(tmp_path, yaml.safe_load(SERVICES))
    project = compose(tmp_path, environment={"RELEASE": "1.4.0"})
    project.up("light", build=True, wait=False)
    project.run("wait", "light")
    project.run("build", "heavy")

    logs = project.run("logs", "--no-log-prefix", "light").stdout
    assert logs.split() == ["24.2"]
    assert project.run("run", "--rm", "heavy").stdout.split() == ["25.0"]
    assert project.run("exec", "index", "cat", "/var/lib/index/filled").stdout.split() == ["1.4.0"]
    assert project.container("index").health == "healthy"
    done = project.container("fill")
    assert (done.state, done.exit_code, done.health) == ("exited", 0, "")
