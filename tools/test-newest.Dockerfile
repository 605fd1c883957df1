# The fast tests in the newest Python: `make test-newest`. Arbitrary input and Copier are left to `make test`.
FROM python:3.14-slim-trixie
RUN apt-get update \
 && apt-get install --yes --no-install-recommends git \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY requirements/dev.txt requirements/
RUN --mount=type=cache,id=gen-dockerfiles-newest,target=/root/.cache/pip \
    pip install --quiet --root-user-action ignore --require-hashes --requirement requirements/dev.txt
COPY . .
RUN python -X dev -W error::SyntaxWarning -c 'import generator.cli.app' \
 && python -m pytest -n 2 -m "not engine" --ignore tests/attacks --ignore tests/contract --ignore tests/engine
