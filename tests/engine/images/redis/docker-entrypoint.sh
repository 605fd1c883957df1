#!/bin/sh
# Runs the command as the user redis when started as root. A server listens to other containers, as the official
# image's does, unless it is told otherwise.
set -eu
case ${1:-} in -* | *.conf) set -- redis-server "$@" ;; esac
if [ "$1" = redis-server ]; then
  case " $* " in *" --protected-mode "*) ;; *) set -- "$@" --protected-mode no ;; esac
  if [ "$(id -u)" = 0 ]; then
    chown -R redis:redis .
    set -- setpriv --reuid=redis --regid=redis --clear-groups "$@"
  fi
fi
exec "$@"
