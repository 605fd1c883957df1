#!/bin/sh
# Edits the configuration at start, as the official image does, and says what it cannot edit.
set -e
conf=/etc/nginx/conf.d/default.conf
if [ "$1" = nginx ]; then
  if [ -w "$conf" ]; then
    sed -i 's/listen 8080;/listen 8080; listen [::]:8080;/' "$conf"
  else
    echo "docker-entrypoint.sh: can not modify $conf (read-only file system?)"
  fi
fi
exec "$@"
