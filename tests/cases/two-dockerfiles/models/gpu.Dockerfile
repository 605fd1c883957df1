# Written by gen-dockerfiles from services.yaml. Edit the spec or its presets, not this file.

# uv is the pinned binary, mounted for single steps and never copied into an image.
FROM ghcr.io/astral-sh/uv:0.13.9 AS uv

# base is the interpreter of every stage, so that paths inside the virtual environment are valid in all of them.
FROM python:3.13-slim-trixie AS base
# The standard library ships without bytecode, and a read-only container cannot write any.
RUN python -m compileall -q -j 0 --invalidation-mode unchecked-hash \
      -x 'site-packages|dist-packages|ensurepip|idlelib|tkinter|turtledemo|/test/' \
      "$(python -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')"

# lock keeps only what affects installed packages, so that a version bump or a tool setting reinstalls nothing.
FROM base AS lock
WORKDIR /src
RUN --network=none \
    --mount=type=bind,from=uv,source=/uv,target=/usr/local/bin/uv \
    --mount=type=bind,source=pyproject.toml,target=pyproject.toml \
    --mount=type=bind,source=uv.lock,target=uv.lock \
    uv export --locked --offline --no-cache --no-default-groups --extra cuda --no-emit-project \
      --no-header --format pylock.toml --output-file /pylock.toml \
 || { echo 'uv.lock may be stale; refresh it with: uv lock' >&2; exit 1; }

# deps is the locked third-party environment, in a layer of its own: a code change does not ship it again.
FROM base AS deps
# Compile now, since a read-only container cannot; hash-based .pyc files hold no timestamps.
ENV UV_COMPILE_BYTECODE=1 \
    PYC_INVALIDATION_MODE=UNCHECKED_HASH \
    # Copy, since the cache is mounted for single steps only.
    UV_LINK_MODE=copy \
    # Leave out installation times, so that two builds are identical.
    UV_NO_INSTALLER_METADATA=1 \
    # Use the interpreter of the image, and never download another.
    UV_PYTHON_DOWNLOADS=never
WORKDIR /src
RUN --mount=type=bind,from=uv,source=/uv,target=/usr/local/bin/uv \
    --mount=type=bind,from=lock,source=/pylock.toml,target=/tmp/pylock.toml \
    --mount=type=cache,id=uv-python3.13-trixie,target=/root/.cache/uv \
    uv venv --no-config /opt/venv \
 && uv pip sync --no-config --python /opt/venv/bin/python /tmp/pylock.toml \
    # uv leaves a world-writable lock file behind.
 && rm -f /opt/venv/.lock

# app is the project without dependencies, in a prefix of its own.
FROM deps AS app
COPY pyproject.toml pyproject.toml
COPY . .
RUN --mount=type=bind,from=uv,source=/uv,target=/usr/local/bin/uv \
    --mount=type=cache,id=uv-python3.13-trixie,target=/root/.cache/uv \
    uv pip install --python /opt/venv/bin/python --no-deps --target /opt/app . \
    # uv leaves a world-writable lock file behind.
 && rm -f /opt/app/.lock

# dev has the development dependencies and a writable source tree, for tests and live reload.
FROM deps AS dev
COPY --chown=10001:10001 pyproject.toml pyproject.toml
COPY --chown=10001:10001 uv.lock uv.lock
COPY --chown=10001:10001 . .
# Have uv sync add to the environment of the stage deps.
ENV UV_PROJECT_ENVIRONMENT=/opt/venv
RUN --mount=type=bind,from=uv,source=/uv,target=/usr/local/bin/uv \
    --mount=type=cache,id=uv-python3.13-trixie,target=/root/.cache/uv \
    uv sync --locked --extra cuda
ENV PATH=/opt/venv/bin:$PATH \
    WORKER_HEARTBEAT_FILE="/tmp/worker-heartbeat" \
    HOME="/tmp" \
    PYTHONDONTWRITEBYTECODE="1" \
    PYTHONFAULTHANDLER="1" \
    PYTHONUNBUFFERED="1"
USER 10001:10001
CMD ["python", "-m", "models.train"]

# runtime is the shipped image: rarely changing layers first, the application last.
FROM base AS runtime
RUN groupadd --gid 10001 app \
 && useradd --uid 10001 --gid 10001 --no-log-init --no-create-home \
      --home-dir /nonexistent --shell /usr/sbin/nologin app
# A running container does not need pip, and scanners report the packages that are vendored in it.
RUN python -m pip uninstall --yes --quiet --root-user-action ignore pip \
 && rm -rf "$(python -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')/ensurepip" \
    # The official images link it to pip3, outside of what pip has on record.
 && rm -f "$(python -c 'import sysconfig; print(sysconfig.get_path("scripts"))')/pip"
COPY --link --from=deps /opt/venv /opt/venv
COPY --link --from=app /opt/app /opt/app
ENV PATH=/opt/app/bin:/opt/venv/bin:$PATH \
    PYTHONPATH=/opt/app \
    WORKER_HEARTBEAT_FILE="/tmp/worker-heartbeat" \
    HOME="/tmp" \
    PYTHONDONTWRITEBYTECODE="1" \
    PYTHONFAULTHANDLER="1" \
    PYTHONUNBUFFERED="1"
WORKDIR /app
USER 10001:10001
STOPSIGNAL SIGTERM
# The worker touches the file after each turn of its loop.
# Run by the service's own interpreter, so that the image needs no curl.
COPY --link <<"PROBE" /opt/healthcheck/heartbeat.py
"""Healthy while the file that the worker touches, or the newest in a folder, is not older than the given seconds."""

import pathlib
import sys
import time

path, max_age = pathlib.Path(sys.argv[1]), int(sys.argv[2])
newest = max(file.stat().st_mtime for file in (path.iterdir() if path.is_dir() else [path]))
sys.exit(time.time() - newest > max_age)
PROBE

HEALTHCHECK --interval=30s --timeout=3s --start-period=60s --start-interval=2s --retries=3 \
  CMD ["python", "-IS", "/opt/healthcheck/heartbeat.py", "/tmp/worker-heartbeat", "60"]
CMD ["python", "-m", "models.train"]
