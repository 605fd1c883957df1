#!/bin/bash
# Tests that are named, as the official image's: the server listens to a network, and InnoDB has recovered. It asks as the
# user healthcheck, whose password is in the data folder.
set -euo pipefail

ask() { mariadb --defaults-extra-file=/var/lib/mysql/.my-healthcheck.cnf --protocol=socket --skip-column-names --batch --execute "$1"; }

(($#)) || { echo "name at least one test" >&2; exit 1; }
for test in "$@"; do
  case $test in
    --connect) [[ $(ask 'SELECT @@skip_networking') == 0 ]] ;;
    --innodb_initialized)
      [[ $(ask "SELECT 1 FROM information_schema.ENGINES WHERE engine = 'innodb' AND support <> 'NO'") == 1 ]] ;;
    *) echo "healthcheck.sh: there is no test $test" >&2; exit 1 ;;
  esac
done
