#!/usr/bin/env bash
# Runs tests in the newest Python that the package supports, in a container: few machines have it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
eval "$(tests/engine/engine.sh env)"
exec docker buildx build --progress=plain --output type=cacheonly --file tools/test-newest.Dockerfile .
