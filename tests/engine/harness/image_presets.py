"""Services on the presets of existing images, and a client in Python and one in Node that talk to each of them."""

import json
from typing import Any

SECRETS = {
    "POSTGRES_PASSWORD": 'it\'s "p" \\ $1',
    "MARIADB_PASSWORD": 'it\'s "m" \\ $1',
    "MARIADB_ROOT_PASSWORD": 'it\'s "root" \\ $1',
    "RABBITMQ_DEFAULT_PASS": 'it\'s "r" \\ $1',
}
PORTS = {"valkey": 6379, "redis": 6379, "postgres": 5432, "postgres17": 5432, "mariadb": 3306, "rabbitmq": 5672}
FRONTS = {"nginx": 8081, "caddy": 8080}
PROBED = (*PORTS, *FRONTS)

# One function for each protocol: it stores a text under the name "kept", or returns what is stored there.
_STORE = """\
import os, sys

import pg8000.dbapi, pika, pymysql, redis


def key_value(host, text):
    store = redis.Redis(host)
    return store.get("kept").decode() if text is None else store.set("kept", text)


def sql(connection, text):
    cursor = connection.cursor()
    if text is None:
        cursor.execute("SELECT value FROM kept")
        return cursor.fetchone()[0]
    cursor.execute("CREATE TABLE kept (value TEXT)")
    cursor.execute("INSERT INTO kept VALUES (%s)", (text,))
    connection.commit()


def postgres(host, text):
    names = dict(user="shopper", database="shop") if host == "postgres" else dict(user="app", database="app")
    return sql(pg8000.dbapi.connect(host=host, password=os.environ["POSTGRES_PASSWORD"], **names), text)


def mariadb(host, text, user="shopper", password="MARIADB_PASSWORD"):
    return sql(pymysql.connect(host=host, user=user, password=os.environ[password], database="shop"), text)


def rabbitmq(host, text):
    login = pika.PlainCredentials("courier", os.environ["RABBITMQ_DEFAULT_PASS"])
    with pika.BlockingConnection(pika.ConnectionParameters(host, virtual_host="orders", credentials=login)) as broker:
        channel = broker.channel()
        channel.queue_declare("kept", durable=True)
        if text is not None:
            channel.confirm_delivery()
            persistent = pika.BasicProperties(delivery_mode=2)
            return channel.basic_publish("", "kept", text.encode(), persistent, mandatory=True)
        return channel.basic_get("kept")[2].decode()


CLIENTS = {"valkey": key_value, "redis": key_value, "postgres": postgres, "postgres17": postgres}
CLIENTS |= {"mariadb": mariadb, "rabbitmq": rabbitmq}

if __name__ == "__main__":
    for host in sys.argv[2:]:
        found = CLIENTS[host](host, f"in {host}" if sys.argv[1] == "write" else None)
        print(host, found if sys.argv[1] == "read" else "written")
"""
# What each server says first, or answers: the version of MariaDB, the first method of AMQP, PONG, the N of no TLS.
_PING = """\
import { createConnection } from "node:net";

const sent = {
  valkey: "PING\\r\\n", redis: "PING\\r\\n", mariadb: "", rabbitmq: "AMQP\\0\\0\\x09\\x01",
  postgres: "\\0\\0\\0\\x08\\x04\\xd2\\x16\\x2f", postgres17: "\\0\\0\\0\\x08\\x04\\xd2\\x16\\x2f",
};
for (const one of process.argv.slice(2)) {
  const [host, port] = one.split(":");
  await new Promise((resolve, reject) => {
    const socket = createConnection(Number(port), host, () => socket.write(Buffer.from(sent[host], "latin1")));
    socket.once("error", reject).once("data", (data) => {
      console.log(host, data.toString("latin1").replace(/[^\\w.+]+/g, " ").trim());
      socket.destroy();
      resolve();
    });
  });
}
"""
_MANIFEST: dict[str, Any] = {"name": "pinger", "version": "0.1.0", "type": "module"}
_LOCK = {"name": "pinger", "version": "0.1.0", "lockfileVersion": 3, "packages": {"": _MANIFEST}}
_NGINX = """\
server {
    listen 8081;
    location / {
        proxy_pass http://caddy:8080;
    }
    location /gone/ {
        return 404;
    }
}
"""
_CADDY = """\
:8080 {
	respond "from {http.request.host}"
}
"""


def files() -> dict[str, str]:
    """Return the files of the repository."""
    return {
        "services/client/requirements.txt": "pg8000==1.31.6\npika==1.4.4\npymysql==1.2.4\nredis==8.1.0\n",
        "services/client/src/store.py": _STORE,
        "services/pinger/package.json": json.dumps(_MANIFEST),
        "services/pinger/package-lock.json": json.dumps(_LOCK),
        "services/pinger/src/ping.js": _PING,
        "nginx/default.conf": _NGINX,
        "caddy/Caddyfile": _CADDY,
    }


def services() -> dict[str, dict[str, Any]]:
    """Return the services; each that is probed has the name of its preset, but for a second PostgreSQL."""
    named: dict[str, dict[str, Any]] = {
        "postgres": {"database": "shop", "user": "shopper"},
        "mariadb": {"database": "shop", "user": "shopper"},
        "rabbitmq": {"user": "courier", "vhost": "orders"},
        "nginx": {"port": FRONTS["nginx"]},
    }
    presets = {name: {"preset": name, "with": named.get(name, {})} for name in PROBED if name != "postgres17"}
    presets["postgres17"] = {"preset": "postgres", "with": {"version": "17"}}
    client = {
        "kind": "worker",
        "healthcheck": {"command": ["true"]},
        "networks": ["backend"],
        "environment": {name: {"variable": name} for name in SECRETS},
    }
    images: dict[str, dict[str, Any]] = {name: {"kind": "image", "presets": [one]} for name, one in presets.items()}
    images["nginx"]["depends_on"] = {"caddy": "healthy"}  # it ends where a name of its configuration is not known
    return {
        **images,
        "client": {**client, "runtime": "python", "command": ["sleep", "infinity"]},
        "pinger": {**client, "runtime": "node", "command": ["sleep", "infinity"]},
    }
