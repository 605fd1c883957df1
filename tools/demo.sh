#!/usr/bin/env bash
# What `make demo` shows: a project from nothing, its files, the check and, where Docker is usable, the running
# services. It works in a temporary folder and removes that and every container again.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
eval "$("$root/tests/engine/engine.sh" env)" # the tests' own engine, where it runs
PATH=$root/.venv/bin:$PATH

work=$(mktemp -d)
project=gen-dockerfiles-demo-$$
started=

say() { printf '\n== %s\n' "$*"; }
run() { printf '$ %s\n' "$*"; "$@"; }
compose() { docker compose --project-name "$project" "$@"; }

tidy_up() {
  if [[ $started ]]; then
    say "taking it down"
    cd "$work/demo" && compose down --volumes --rmi local --remove-orphans --timeout 10 || true
  fi
  rm -rf "$work"
}
trap tidy_up EXIT
trap 'exit 130' INT TERM

# docker_problem prints why the services cannot be run here, and nothing when they can.
docker_problem() {
  local server
  command -v docker >/dev/null || { echo "there is no docker command"; return; }
  server=$(timeout 20 docker version --format '{{.Server.Version}}' 2>/dev/null) || { echo "no Docker engine answers"; return; }
  [[ ${server%%.*} -ge 28 ]] || { echo "the Docker engine is $server, 28 or newer is needed"; return; }
  docker compose version >/dev/null 2>&1 || echo "docker compose is missing"
}

say "a new project (copier asks three or four questions; --defaults answers them)"
cd "$work"
# HEAD, since Copier takes the latest tag of a git checkout otherwise. It warns of changes that are not committed.
export PYTHONWARNINGS=ignore
run copier copy --quiet --defaults --vcs-ref HEAD --data project_name=demo "$root" demo
cd demo
find . -type f | sort | sed 's|^\./|  |'

say "its spec"
cat services.yaml

say "services/api/Dockerfile, written from it"
cat services/api/Dockerfile

say "is everything as the spec says?"
run gen-dockerfiles --check && echo "exit 0: yes"

say "a change of the spec: one more port"
sed -i.old 's/ports: \[8000\]/ports: [8000, 8001]/' services.yaml && rm services.yaml.old
run gen-dockerfiles --check || echo "exit $?: stale"
run gen-dockerfiles

say "building and running it"
problem=$(docker_problem)
if [[ $problem ]]; then
  echo "SKIPPED: $problem. Not shown: the build, the start and the health of the three services."
  exit 0
fi
# Ports that are free: the demo must not collide with what runs here.
printf 'services:\n  api: {ports: !override ["127.0.0.1::8000"]}\n  web: {ports: !override ["127.0.0.1::3000"]}\n' \
  >compose.override.yaml
started=1
run docker compose --project-name "$project" up --build --wait --wait-timeout 180
run docker compose --project-name "$project" ps --format 'table {{.Service}}\t{{.Status}}'
for service in api:8000 web:3000; do
  address=$(compose port "${service%:*}" "${service#*:}")
  printf '\n%s at http://%s/healthz: ' "${service%:*}" "$address"
  python -c 'import sys, urllib.request as u; print(u.urlopen(sys.argv[1], timeout=10).read().decode())' \
    "http://$address/healthz"
done
