#!/bin/bash
# Fills an empty data folder and then runs the server. Of the variables of the official image it knows those for the
# passwords, the database, the user and the hosts of root: without an answer for root's password it refuses to make a
# database, and a random one is printed. While the database is made, the server listens to its socket alone.
set -euo pipefail
readonly DATA=/var/lib/mysql SOCKET=/run/mysqld/mysqld.sock

text() { local escaped=${1//\\/\\\\}; printf "'%s'" "${escaped//\'/\\\'}"; }   # a literal of SQL
random() { head -c 24 /dev/urandom | base64 | tr -d '/+='; }

statements() { # password of root, of the probe
  local host=${MARIADB_ROOT_HOST-%} name database=${MARIADB_DATABASE:-} user=${MARIADB_USER:-}
  echo "DELETE FROM global_priv WHERE user = 'root' AND host <> 'localhost'; FLUSH PRIVILEGES;"
  for name in 127.0.0.1 ::1 localhost; do
    echo "CREATE USER healthcheck@'$name' IDENTIFIED BY $(text "$2");"
  done
  [[ -z $database ]] || echo "CREATE DATABASE IF NOT EXISTS \`$database\`;"
  if [[ -n $user && -n ${MARIADB_PASSWORD:-} ]]; then
    echo "CREATE USER $(text "$user")@'%' IDENTIFIED BY $(text "$MARIADB_PASSWORD");"
    [[ -z $database ]] || echo "GRANT ALL ON \`${database//_/\\_}\`.* TO $(text "$user")@'%';"
  fi
  if [[ -n $host && $host != localhost ]]; then
    echo "CREATE USER root@$(text "$host") IDENTIFIED BY $(text "$1");"
    echo "GRANT ALL ON *.* TO root@$(text "$host") WITH GRANT OPTION;"
  fi
  echo "SET PASSWORD FOR root@localhost = PASSWORD($(text "$1"));"
}

initialise() { # command...
  local root=${MARIADB_ROOT_PASSWORD:-} probe server
  if [[ -z $root && -z ${MARIADB_ALLOW_EMPTY_ROOT_PASSWORD:-} && -z ${MARIADB_RANDOM_ROOT_PASSWORD:-} ]]; then
    echo "[ERROR] [Entrypoint]: there is no database, and no password for root:" \
      "set MARIADB_ROOT_PASSWORD, MARIADB_ALLOW_EMPTY_ROOT_PASSWORD or MARIADB_RANDOM_ROOT_PASSWORD" >&2
    exit 1
  fi
  if [[ -n ${MARIADB_RANDOM_ROOT_PASSWORD:-} ]]; then
    root=$(random)
    echo "[Note] [Entrypoint]: GENERATED ROOT PASSWORD: $root"
  fi
  mariadb-install-db --datadir="$DATA" --rpm --auth-root-authentication-method=normal --skip-test-db >/dev/null
  probe=$(random)
  (umask 077; printf '[mariadb-client]\nuser=healthcheck\npassword=%s\n' "$probe" >"$DATA/.my-healthcheck.cnf")
  "$@" --skip-networking --socket="$SOCKET" &
  server=$!
  until mariadb --user=root --socket="$SOCKET" --execute='SELECT 1' >/dev/null 2>&1; do
    kill -0 "$server" || exit 1
    sleep 0.2
  done
  mariadb-tzinfo-to-sql --skip-write-binlog /usr/share/zoneinfo | mariadb --user=root --socket="$SOCKET" mysql
  statements "$root" "$probe" | mariadb --user=root --socket="$SOCKET" mysql
  local file
  for file in /docker-entrypoint-initdb.d/*.sql; do
    [[ ! -e $file ]] ||
      MYSQL_PWD=$root mariadb --user=root --socket="$SOCKET" ${MARIADB_DATABASE:+"$MARIADB_DATABASE"} <"$file"
  done
  kill "$server"
  wait "$server"
}

if [[ ${1:-} == -* ]]; then set -- mariadbd "$@"; fi
if [[ ${1:-} == mariadbd ]]; then
  if [[ $(id -u) == 0 ]]; then
    find "$DATA" ! -user mysql -exec chown mysql: {} +
    chown mysql: "${SOCKET%/*}"
    exec setpriv --reuid=mysql --regid=mysql --clear-groups "$0" "$@"
  fi
  [[ -d $DATA/mysql ]] || initialise "$@"
  unset "${!MARIADB_@}"
fi
exec "$@"
