#!/bin/bash
# Fills an empty PGDATA and then runs the server. POSTGRES_USER, POSTGRES_PASSWORD and POSTGRES_DB, or a file of
# theirs (POSTGRES_PASSWORD_FILE), POSTGRES_INITDB_ARGS and POSTGRES_HOST_AUTH_METHOD mean what they mean in the
# official image: the one role is POSTGRES_USER, the loopback needs no password, and other hosts do. While the database
# is made, the server listens to its socket alone.
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
  # shellcheck disable=SC2206 # the variable holds words
  local options=(--pgdata="$PGDATA" --username="$user" ${POSTGRES_INITDB_ARGS:-})
  if [[ -n $password ]]; then initdb "${options[@]}" --pwfile=<(printf '%s\n' "$password"); else initdb "${options[@]}"; fi
  printf '\nhost all all all %s\n' "$method" >>"$PGDATA/pg_hba.conf"

  pg_ctl --pgdata="$PGDATA" --options="-c listen_addresses='' -p 5432" --wait start
  local query=(psql -v ON_ERROR_STOP=1 --username "$user" --no-password --no-psqlrc)
  if [[ $database != postgres ]]; then
    "${query[@]}" --dbname postgres --set db="$database" <<<'CREATE DATABASE :"db";'
  fi
  local file
  for file in /docker-entrypoint-initdb.d/*; do
    case $file in
      *.sh) bash "$file" ;;
      *.sql) "${query[@]}" --dbname "$database" --file "$file" ;;
    esac
  done
  pg_ctl --pgdata="$PGDATA" --mode=fast --wait stop
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
