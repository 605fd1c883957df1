#!/bin/sh
# Gives to bun what is an option of it or no command.
set -e
case $1 in
  -*) exec bun "$@" ;;
esac
command -v "$1" >/dev/null || exec bun "$@"
exec "$@"
