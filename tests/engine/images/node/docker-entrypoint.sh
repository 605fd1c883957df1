#!/bin/sh
# Gives to node what is an option of it or no command.
set -e
case $1 in
  -*) exec node "$@" ;;
esac
command -v "$1" >/dev/null || exec node "$@"
exec "$@"
