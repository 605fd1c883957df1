#!/bin/bash
# Fills an empty PGDATA and then runs the server. POSTGRES_USER, POSTGRES_PASSWORD and POSTGRES_DB, or a file of
# theirs (POSTGRES_PASSWORD_FILE), and POSTGRES_HOST_AUTH_METHOD mean what they mean in the official image.
set -euo pipefail

setting() { # name default
  local file=$1_FILE
  if [[ -n ${!file:-} ]]; then printf '%s' "$(<"${!file}")"; else printf '%s' "${!1:-$2}"; fi
}

initialise() {
  local user password database method
  user=$(setting POSTGRES_USER postgres)
  password=$(setting POSTGRES_PASSWORD '')
  database=$(setting POSTGRES_DB "$user")
  method=${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}
  if [[ -z $password && $method != trust ]]; then
    echo "error: POSTGRES_PASSWORD is empty" >&2
    exit 1
  fi
  mkdir -p "$PGDATA" && chmod 700 "$PGDATA"
  local options=(--pgdata="$PGDATA" --username="$user" --auth-local=trust --auth-host=scram-sha-256)
  if [[ -n $password ]]; then initdb "${options[@]}" --pwfile=<(printf '%s\n' "$password"); else initdb "${options[@]}"; fi
  printf 'host all all all %s\n' "$method" >>"$PGDATA/pg_hba.conf"
  if [[ $database != postgres ]]; then
    # In single-user mode nothing listens yet, so a health check cannot pass too early.
    printf 'CREATE DATABASE "%s";\n' "${database//\"/\"\"}" | postgres --single -j -D "$PGDATA" template1 >/dev/null
  fi
}

if [[ ${1:-} == -* ]]; then set -- postgres "$@"; fi
if [[ ${1:-} == postgres ]]; then
  if [[ $(id -u) == 0 ]]; then
    chown -R postgres:postgres /var/lib/postgresql /run/postgresql
    exec setpriv --reuid=postgres --regid=postgres --init-groups "$0" "$@"
  fi
  [[ -s $PGDATA/PG_VERSION ]] || initialise
fi
exec "$@"
