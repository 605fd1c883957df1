#!/bin/bash
# Runs the command as the user rabbitmq when started as root. As in the official image, variables that older ones knew are
# refused, and RABBITMQ_DEFAULT_USER and RABBITMQ_DEFAULT_PASS are left to the server.
set -euo pipefail
if [[ $1 == rabbitmq* && $(id -u) == 0 ]]; then
  [[ $1 != rabbitmq-server ]] || find /var/lib/rabbitmq ! -user rabbitmq -exec chown rabbitmq {} +
  exec setpriv --reuid=rabbitmq --regid=rabbitmq --clear-groups "$0" "$@"
fi
for variable in RABBITMQ_DEFAULT_PASS_FILE RABBITMQ_DEFAULT_USER_FILE RABBITMQ_VM_MEMORY_HIGH_WATERMARK; do
  [[ -z ${!variable:-} ]] || { echo "error: $variable is set but deprecated" >&2; exit 1; }
done
exec "$@"
