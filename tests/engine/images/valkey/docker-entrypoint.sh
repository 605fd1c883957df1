#!/bin/sh
# Runs the command as the user valkey when started as root, and with the umask that the official image sets. Its server
# is compiled without protected mode; this one is told to do without, unless it is told otherwise.
set -eu
case ${1:-} in -* | *.conf) set -- valkey-server "$@" ;; esac
if [ "$1" = valkey-server ]; then
  if [ "$(id -u)" = 0 ]; then
    find . ! -user valkey -exec chown valkey {} +
    exec setpriv --reuid=valkey --regid=valkey --clear-groups "$0" "$@"
  fi
  case " $* " in *" --protected-mode "*) ;; *) set -- "$@" --protected-mode no ;; esac
fi
[ "$(umask)" != 0022 ] || umask 0077
exec "$@"
