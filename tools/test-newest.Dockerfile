# Tests of all that reads, checks and renders, in the newest Python: `make test-newest`. `make test` has the others.
FROM python:3.14-slim-trixie
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates git \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY requirements/dev.txt requirements/
RUN --mount=type=cache,id=gen-dockerfiles-newest,target=/root/.cache/pip \
    pip install --quiet --root-user-action ignore --require-hashes --requirement requirements/dev.txt
COPY . .
RUN python -W error::SyntaxWarning -m compileall -q generator tests \
 && python -m pytest -n 2 -m "not engine" tests/detect tests/presets tests/render tests/rules tests/spec \
      tests/test_cli.py tests/test_explain.py tests/test_golden.py tests/test_invalid.py
