#!/usr/bin/env bash
# What `make wheel-test` does: build the wheel, install it into an environment of its own, scaffold a project from it and
# check that project. It works in a temporary folder and removes that again.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

.venv/bin/python -m build --wheel --no-isolation --outdir "$work/dist" >/dev/null
wheel=("$work"/dist/*.whl)
# The locked versions; without the hashes, which the wheel itself could not have.
sed -n 's/^\([a-z0-9-]*==[^ ]*\).*/\1/p' requirements/dev.txt >"$work/constraints.txt"
.venv/bin/python -m venv "$work/venv"
"$work/venv/bin/pip" --disable-pip-version-check -q -q install --constraint "$work/constraints.txt" "${wheel[0]}[copier]"

cd "$work"
bundle=$(venv/bin/python -c "import generator.text.assets as a; print(a.ROOT)")
venv/bin/copier copy --quiet --defaults "$bundle" scaffold
GEN_DOCKERFILES_NO_CACHE=1 venv/bin/gen-dockerfiles -C scaffold --check
# pip compiles the starter applications where it installs them; a new project must not get that.
[[ -z $(find scaffold -name __pycache__) ]] || { echo "the scaffold has compiled files" >&2; exit 1; }
echo "$(basename "${wheel[0]}"): the scaffold is what gen-dockerfiles writes"
