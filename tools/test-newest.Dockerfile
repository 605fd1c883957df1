# Tests of all that reads, checks and renders, in the newest Python: `make test-newest`. `make test` has the others.
FROM python:3.14-slim-trixie
RUN apt-get update \
 && apt-get install --yes --no-install-recommends git \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY requirements/dev.txt requirements/
RUN --mount=type=cache,id=gen-dockerfiles-newest,target=/root/.cache/pip \
    pip install --quiet --root-user-action ignore --require-hashes --requirement requirements/dev.txt
COPY . .
# Left out: what quotes the words of an older Python, and what fails otherwise in this image.
RUN python -W error::SyntaxWarning -m compileall -q generator tests \
 && python -m pytest -n 2 -m "not engine" tests/detect tests/presets tests/render tests/rules tests/spec \
      tests/test_cli.py tests/test_explain.py tests/test_golden.py tests/test_invalid.py \
      --deselect 'tests/test_invalid.py::test_the_mistake_is_explained_and_nothing_is_written[bad-timestamp]' \
      --deselect 'tests/presets/test_remote.py::test_a_repository_of_presets_that_cannot_be_made[arguments1]' \
      --deselect tests/presets/test_transport.py::test_a_certificate_that_git_does_not_trust
