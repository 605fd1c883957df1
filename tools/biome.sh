#!/usr/bin/env bash
# Biome with these arguments, on the scripts that run in builds. Its wheel is for Linux on x86-64; elsewhere this says so
# and leaves them to a machine that has it.
set -euo pipefail
biome=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/.venv/bin/biome

if [[ ! -e $biome ]]; then
  echo "SKIPPED: there is no wheel of Biome for this machine; templates/dockerfile/scripts/*.cjs are not looked at" >&2
  exit 0
fi
exec "$biome" "$@"
