"""What somebody who comes from Compose types, and what it is here: the fix has the typed value in its new form.

`_SERVICE` has what stands in a service and `_FILE` what stands beside the services. A pattern names a path in it,
with `*` for any one step, and its function makes the fix. None leaves the fix to `generator.checks.words`.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from generator.text.errors import KeyPath
from generator.text.files import dig
from generator.text.quote import fits, quoted


class Typed(NamedTuple):
    """A value that does not fit, with what is around it.

    Attributes:
        service: The name of the service; empty for what stands beside the services.
        path: Where the value is in the service, or in the file.
        value: The value.
        values: All values of the service, or of the file.
    """

    service: str
    path: KeyPath
    value: Any
    values: Mapping[str, Any]

    @property
    def key(self) -> str:
        """The last key of the path."""
        return str(self.path[-1])

    @property
    def whole(self) -> Any:
        """The value of the first key of the path."""
        return dig(self.values, self.path[0])

    @property
    def built(self) -> bool:
        """Whether the service has a Dockerfile."""
        return "runtime" in self.values or self.values.get("kind") in ("python", "node")


Fix = Callable[[Typed], "str | None"]
_SHELL = re.compile(r"[|&;<>$`*?\n]")
_TIME = {"s": 1, "m": 60, "h": 3600}
_SECRET = re.compile(r"key|pass|pwd|secret|token|credential", re.IGNORECASE)
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_MANY_PORTS = 5


def fix_of(typed: Typed) -> str | None:
    """Return the fix of a value that Compose would take; None for any other value, or one too long for a fix."""
    for pattern, fix in (_SERVICE if typed.service else _FILE).items():
        steps = pattern.split(".")
        same = len(steps) == len(typed.path) and all(
            step in ("*", str(key)) for step, key in zip(steps, typed.path, strict=True)
        )
        if same:
            text = fix(typed)
            return text if text is not None and fits(text) else _without_value(typed, text)
    if not typed.service and typed.key.startswith("x-"):
        return "remove it: what services share is in a preset (docs/presets.md)"
    return None


def kind_of(values: Mapping[str, Any]) -> str | None:
    """Return the fix of a service without a kind that is written in Compose's words."""
    image = _image(values.get("image"))
    if isinstance(values.get("image"), str) and image:
        return f"write kind: image, image: {image}"
    if (folder := _folder(values.get("build"))) is not None:
        return f"name what it is made with and its folder: kind: python, path: {quoted(folder)} (or node, worker)"
    return None


def command_for(values: Mapping[str, Any]) -> str:
    """Return the fix of a command that is missing."""
    examples = {"python": "[python, -m, app]", "node": "[node, dist/server.js]", "bun": "[bun, src/server.ts]"}
    return f"add the program and its arguments, as command: {examples.get(str(values.get('runtime')), '[serve]')}"


def _without_value(typed: Typed, text: str | None) -> str | None:
    return f"see {typed.path[0]} in docs/spec.md: the value is too long to be shown here" if text else None


def _override(typed: Typed) -> str:
    key = typed.path[0]
    value = typed.whole if key in typed.values else typed.value
    return _beside({"services": {typed.service: {key: value}}} if typed.service else {key: value})


def _network(typed: Typed) -> str:
    networks, name, option = typed.path
    return _beside({networks: {name: {option: typed.value}}})


def _beside(there: Mapping[str | int, Any]) -> str:
    advice = (
        "not supported; keep it in a compose.override.yaml beside the generated file, which Compose reads by itself"
    )
    shown = quoted(dict(there))[1:-1]
    return f"{advice}: {shown}" if fits(f"{advice}: {shown}") else advice


def _words(value: Any) -> list[str] | None:
    """Return a command as words; a text with operators of a shell is left to one."""
    if isinstance(value, list):
        return [str(word) for word in value]
    if not isinstance(value, str) or not value.strip():
        return None
    if _SHELL.search(value):
        return ["sh", "-c", value]
    try:
        return shlex.split(value)
    except ValueError:
        return ["sh", "-c", value]


def _command(typed: Typed) -> str | None:
    words = _words(typed.value)
    return f"write {typed.key}: {quoted(words)}" if words else None


def _entrypoint(typed: Typed) -> str | None:
    if not typed.built:
        return _override(typed)
    words, more = _words(typed.value), _words(typed.values.get("command")) or []
    return f"write both as one: command: {quoted([*words, *more])}" if words else "write it as command"


def _image(value: Any) -> str | None:
    if not isinstance(value, str) or not value:
        return None
    plain, _, digest = value.partition("@")
    head, slash, last = plain.rpartition("/")
    name, _, tag = last.partition(":")
    parts: dict[str, str] = {}
    first, _, rest = head.partition("/")
    if slash and ("." in first or ":" in first or first == "localhost"):
        parts["registry"], head = first, rest
    parts["name"] = f"{head}/{name}" if head else name
    if "$" in value or not name:
        return None
    return quoted(parts | {"tag": tag or "latest"} | ({"digest": digest} if digest else {}))


def _image_form(typed: Typed) -> str | None:
    image = _image(typed.value)
    return f"write image: {image}" if image else 'write image: {name: nginx, tag: "1.29"}, without a variable'


def _name_with_tag(typed: Typed) -> str | None:
    value, tag = typed.value, dig(typed.values, *typed.path[:-1], "tag")
    if not isinstance(value, str) or not re.search(r":|\.[a-z]+/", value):
        return None
    parsed = _image(value if ":" in value.rpartition("/")[2] else f"{value}:{tag or 'latest'}")
    return f"write {typed.path[-2]}: {parsed}" if parsed else None


def _folder(value: Any) -> str | None:
    folder = value.get("context", ".") if isinstance(value, dict) else value
    if not isinstance(folder, str):
        return None
    return folder.removeprefix("./").rstrip("/") or "."


def _build(typed: Typed) -> str | None:
    if not typed.built:
        return "remove it: kind: image builds nothing; use kind: python, node or worker for an image of its own"
    if (folder := _folder(typed.whole)) is None:
        return None
    if isinstance(typed.whole, str) and re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9:_-]*", folder):
        return None if typed.values.get("runtime") in ("node", "bun") else f"write path: {quoted(folder)}"
    return f"write path: {quoted(folder)}; the Dockerfile is generated there"


def _variables(value: Any) -> dict[str, Any] | None:
    """Return Compose's list of variables, or a mapping with values that are no texts, in the form of `environment`."""
    entries: list[tuple[str, Any]] = []
    if isinstance(value, str):
        value = [value]
    if isinstance(value, list):
        for entry in value:
            if not isinstance(entry, (str, dict)):
                return None
            if isinstance(entry, dict):
                entries += entry.items()
            else:
                name, given, text = entry.partition("=")
                entries.append((name.strip(), text if given else None))
    return {name: _variable(name, text) for name, text in entries} if entries else None


def _variable(name: str, value: Any) -> Any:
    if value is None or _SECRET.search(name):
        return {"variable": name}
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if found := re.fullmatch(r"\$\{(\w+)(?::?-([^}]*))?\}|\$(\w+)", text):
        default = {} if found[2] is None else {"default": found[2]}
        return {"variable": found[1] or found[3], **default}
    return text


def _environment(typed: Typed) -> str | None:
    found = _variables(typed.value)
    return f"write {typed.path[0]}: {quoted(found)}" if found else None


def _environment_value(typed: Typed) -> str | None:
    return f"to take it from the shell: {typed.key}: {{variable: {typed.key}}}" if typed.value is None else None


def _env(typed: Typed) -> str | None:
    if typed.built:
        return _pairs(typed)
    values = typed.value if isinstance(typed.value, dict) else _variables(typed.value)
    return f"write environment: {quoted(values)}" if values else None


def _pairs(typed: Typed) -> str | None:
    """Make a mapping of a list of `key=value`."""
    if not isinstance(typed.value, list) or not all(isinstance(entry, str) for entry in typed.value):
        return None
    return f"write {typed.path[0]}: {quoted(dict(_pair(entry) for entry in typed.value))}"


def _pair(entry: str) -> tuple[str, str]:
    key, _, value = entry.partition("=")
    return key, value


def _labels(typed: Typed) -> str | None:
    return _pairs(typed) if typed.built else _override(typed)


def _port(value: Any) -> Any:
    """Return a port of Compose as one of the spec, a list of them for a range; None for one that it cannot have."""
    if isinstance(value, dict):
        target, published = _number(value.get("target")), _number(value.get("published"))
        if target is None or value.get("protocol", "tcp") != "tcp":
            return None
        return target if published in (None, target) else {"target": target, "published": published}
    if not isinstance(value, (str, int)) or isinstance(value, bool):
        return None
    plain, _, protocol = str(value).partition("/")
    if protocol not in ("", "tcp"):
        return None
    *before, inside = plain.rsplit(":", 2)
    outside = before[-1] if before else inside
    targets, published_range = _range(inside), _range(outside or inside)
    if not targets or not published_range or len(targets) != len(published_range) or len(targets) > _MANY_PORTS:
        return None
    found: list[Any] = [
        target if target == host else {"target": target, "published": host}
        for target, host in zip(targets, published_range, strict=True)
    ]
    return found[0] if len(found) == 1 else found


def _number(value: Any) -> int | None:
    return int(value) if re.fullmatch(r"[1-9][0-9]{0,4}", str(value)) and not isinstance(value, bool) else None


def _range(text: str) -> list[int] | None:
    first, _, last = text.partition("-")
    low, high = _number(first), _number(last or first)
    return list(range(low, high + 1)) if low is not None and high is not None and low <= high else None


def _port_form(typed: Typed) -> str | None:
    index = typed.path[1]
    value = typed.whole[index] if isinstance(typed.whole, list) and isinstance(index, int) else typed.value
    if isinstance(value, (int, float)):
        return None
    port = _port(value)
    if port is None:
        simple = isinstance(value, str) and re.search(r"/udp|/sctp|-", value)
        return _override(typed) if isinstance(value, dict) or simple else None
    note = ", which is published on 127.0.0.1" if isinstance(value, str) and value.count(":") > 1 else ""
    shown = quoted(port)[1:-1] if isinstance(port, list) else quoted(port)
    return f"write {shown}{note}"


def _ports(typed: Typed) -> str | None:
    port = _port(typed.value)
    return f"write ports: {quoted(port if isinstance(port, list) else [port])}" if port is not None else None


_CONDITIONS = {
    "service_started": "started",
    "service_healthy": "healthy",
    "service_completed_successfully": "completed",
    "completed_successfully": "completed",
}


def _condition(value: Any) -> str:
    said = value.get("condition") if isinstance(value, dict) else value
    return _CONDITIONS.get(str(said), "started")


def _depends(typed: Typed) -> str | None:
    names = [typed.value] if isinstance(typed.value, str) else typed.value
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
        return None
    return f"write depends_on: {quoted(dict.fromkeys(names, 'started'))}"


def _dependency(typed: Typed) -> str | None:
    if typed.value is not None and not isinstance(typed.value, dict) and str(typed.value) not in _CONDITIONS:
        return None
    return f"write depends_on: {quoted({typed.path[1]: _condition(typed.value)})}"


def _dependency_part(typed: Typed) -> str | None:
    return _dependency(typed._replace(value=dig(typed.values, *typed.path[:2])))


def _volumes(typed: Typed) -> str | None:
    value = [typed.value] if isinstance(typed.value, str) else typed.value
    if not isinstance(value, list):
        return None
    found: dict[str, str] = {}
    for entry in value:
        source, target = _volume(entry)
        if source is None or not _NAME.fullmatch(source) or not target.startswith("/"):
            return _override(typed)
        found[source] = target
    return f"write volumes: {quoted(found)}"


def _volume(entry: Any) -> tuple[str | None, str]:
    if isinstance(entry, dict):
        source = entry.get("source") if entry.get("type") == "volume" else None
        return (str(source).replace("_", "-") if source else None), str(entry.get("target", ""))
    source, _, rest = str(entry).partition(":")
    if not rest and source.startswith("/"):
        return source.rpartition("/")[2].lower(), source
    named = source and source[0] not in "./~$"
    return source.replace("_", "-") if named else None, rest.partition(":")[0]


def _networks(typed: Typed) -> str | None:
    if isinstance(typed.value, dict) and typed.value:
        note = "" if not any(typed.value.values()) else "; its options are not supported"
        return f"write networks: {quoted(list(typed.value))}{note}"
    return f"write networks: {quoted([typed.value])}" if isinstance(typed.value, str) else None


def _size(value: Any) -> Any:
    """Return a size of Compose with one of the units k, m and g."""
    found = re.fullmatch(r"([1-9][0-9]*)\s*([kmg])(?:i?b)?", str(value).lower())
    if found:
        return f"{found[1]}{found[2]}"
    if isinstance(value, int) and value >= 1024:  # bytes, as kibibytes
        return f"{value // 1024}k"
    return value


def _contained(value: Any, key: str) -> Any:
    """Return a value of Compose in the type that it has in `container`."""
    match key:
        case "mem_limit" | "shm_size":
            return _size(value)
        case "cpus" if isinstance(value, str) and re.fullmatch(r"[0-9]+(\.[0-9]+)?", value):
            return float(value)
        case "tmpfs" | "cap_add" | "cap_drop" | "security_opt" if isinstance(value, str):
            return [value]
        case "restart" if value is False:
            return "no"
        case "init" | "read_only" if isinstance(value, str):
            return value.lower() in ("true", "yes", "on")
    return value


def _container(typed: Typed) -> str:
    return f"write container: {quoted({typed.key: _contained(typed.value, typed.key)})}"


def _container_form(typed: Typed) -> str | None:
    value = _contained(typed.value, typed.key)
    return f"write {typed.key}: {quoted(value)}" if value != typed.value or value is False else None


def _renamed(name: str) -> Fix:
    """Make the fix of a key that has another name in the same mapping."""
    return lambda typed: f"write {name}: {quoted(_contained(typed.value, name))}"


def _deploy(typed: Typed) -> str | None:
    limits = dig(typed.value, "resources", "limits")
    found: dict[str, Any] = {}
    if isinstance(limits, dict):
        names = {"cpus": "cpus", "memory": "mem_limit", "pids": "pids_limit"}
        found = {names[key]: _contained(value, names[key]) for key, value in limits.items() if key in names}
    parts = [f"container: {quoted(found)}"] if found else []
    replicas = dig(typed.value, "replicas")
    if replicas is not None and typed.values.get("kind") == "worker":
        parts.insert(0, f"replicas: {quoted(replicas)}")
    return f"write {' and '.join(parts)}" if parts else _override(typed)


def _scale(typed: Typed) -> str:
    return f"write replicas: {quoted(typed.value)}" if typed.values.get("kind") == "worker" else _override(typed)


def _replicas(typed: Typed) -> str | None:
    if typed.values.get("kind") == "worker":
        return None
    advice = "only a worker has replicas; give it its number in a compose.override.yaml"
    there = {"services": {typed.service: {"scale": typed.value}}}
    return f"{advice} beside the generated file, which Compose reads by itself: {quoted(there)[1:-1]}"


def _test(typed: Typed) -> str | None:
    value = typed.value
    if isinstance(value, list) and value[:1] == ["NONE"]:
        return "write healthcheck: null"
    text = " ".join(map(str, value)) if isinstance(value, list) else str(value)
    url = re.search(r"https?://(?:localhost|127\.0\.0\.1|0\.0\.0\.0)(?::\d+)?(/[\w./-]*)?", text)
    if typed.built and typed.values.get("ports") and url:
        return f"write healthcheck: {{http: {quoted(url[1] or '/')}}}"
    if isinstance(value, list) and value[:1] == ["CMD"]:
        words: list[str] | None = [str(word) for word in value[1:]]
    elif isinstance(value, list) and value[:1] == ["CMD-SHELL"]:
        words = ["sh", "-c", *map(str, value[1:])]
    else:
        words = _words(value)
    if not words:
        return None
    other = {key: None for key in ("http", "heartbeat") if dig(typed.values, "healthcheck", key) is not None}
    return f"write healthcheck: {quoted({**other, 'command': words})}"


def _disable(typed: Typed) -> str:
    return "write healthcheck: null" if typed.value in (True, "true") else "remove it"


def _duration(typed: Typed) -> str | None:
    text = f"{typed.value}".strip().lower()
    if isinstance(typed.value, bool):
        return None
    if re.fullmatch(r"[1-9][0-9]*", text):
        return f'write {typed.key}: "{text}s"' if len(text) <= 6 else None  # as t.DURATION
    if found := re.fullmatch(r"([1-9][0-9]*) *(s|m|h)(?:ec|in|our)?(?:ond|ute)?s?", text):
        return f'write {typed.key}: "{found[1]}{found[2]}"' if len(found[1]) <= 6 else None  # the same
    parts = re.findall(r"([0-9]{1,6})([hms])", text)
    if parts and "".join(f"{number}{unit}" for number, unit in parts) == text:
        return f'write {typed.key}: "{sum(int(number) * _TIME[unit] for number, unit in parts)}s"'
    return None


def _user(typed: Typed) -> str | None:
    if not isinstance(typed.value, (str, int)) or isinstance(typed.value, bool):
        return None
    found = re.fullmatch(r"([1-9][0-9]*)(?::([1-9][0-9]*))?", str(typed.value))
    if found:
        return f"write user: {{uid: {found[1]}, gid: {found[2] or found[1]}}}"
    if str(typed.value).partition(":")[0] in ("0", "root"):
        return "leave it out: no service runs as root"
    name = quoted(str(typed.value))
    return f"write user: {{name: {name}}}" if typed.built else "write its numbers, as user: {uid: 1000, gid: 1000}"


def _signal(typed: Typed) -> str | None:
    names = {"1": "HUP", "2": "INT", "3": "QUIT", "9": "KILL", "10": "USR1", "12": "USR2", "15": "TERM"}
    text = str(typed.value).upper()
    name = names.get(text, text.removeprefix("SIG"))
    return f"write stop_signal: SIG{name}" if re.fullmatch(r"[A-Z][A-Z0-9]*", name) else None


def _stop_signal(typed: Typed) -> str | None:
    return _signal(typed) if typed.built else _override(typed)


def _secrets(typed: Typed) -> str | None:
    given = typed.value if isinstance(typed.value, (list, dict)) else ()
    names = [one.get("source") if isinstance(one, dict) else one for one in given]
    if not names or not all(isinstance(name, str) for name in names):
        return None
    variables = {str(name): re.sub(r"\W", "_", str(name)).upper() for name in names}
    running = quoted({variable: {"variable": variable} for variable in variables.values()})
    if not typed.built:
        return f"write environment: {running}: secrets here are for builds"
    building = quoted({name: {"env": variable} for name, variable in variables.items()})
    return f"for the build write secrets: {building}, for the container environment: {running}"


def _env_file(_: Typed) -> str:
    return (
        "write each variable as environment: {NAME: {variable: NAME}}; Compose fills them in from .env beside its file"
    )


def _expose(_: Typed) -> str:
    return "remove it: services of one network reach all ports of each other"


def _extends(_: Typed) -> str:
    return "write what services share as a preset: presets: [./presets/team.yaml]"


def _privileged(typed: Typed) -> str:
    if not typed.value:
        return "remove it: no container is privileged"
    return f"name the capabilities that it needs, as container: {{cap_add: [NET_ADMIN]}}, or: {_override(typed)}"


def _project(typed: Typed) -> str | None:
    if not isinstance(typed.value, (str, int)):
        return None
    name = re.sub(r"[^a-z0-9]+", "-", str(typed.value).lower()).strip("-")
    return f"write project: {quoted(name or 'shop')}"


def _version(typed: Typed) -> str | None:
    if isinstance(typed.value, int):
        return None
    return "write version: 1, which is that of this format; Compose needs none"


def _volumes_of_file(typed: Typed) -> str:
    name = str(next(iter(typed.value), "data")) if isinstance(typed.value, (dict, list)) else "data"
    form = quoted({"volumes": {name.replace("_", "-"): "/path"}})[1:-1]
    return f"remove it: the service that mounts a volume declares it, as {form}"


def _secrets_of_file(_: Typed) -> str:
    return "remove it: a service declares its build secrets, as secrets: {token: {env: TOKEN, variable: TOKEN}}"


_CONTAINED = [
    "init",
    "read_only",
    "cap_drop",
    "cap_add",
    "security_opt",
    "tmpfs",
    "restart",
    "cpus",
    "mem_limit",
    "pids_limit",
    "shm_size",
]
_DURATIONS = ["healthcheck.interval", "healthcheck.timeout", "healthcheck.start_period", "healthcheck.start_interval"]
_FOREIGN = [
    "annotations",
    "attach",
    "blkio_config",
    "cgroup",
    "cgroup_parent",
    "configs",
    "container_name",
    "cpu_count",
    "cpu_percent",
    "cpu_period",
    "cpu_quota",
    "cpu_rt_period",
    "cpu_rt_runtime",
    "cpu_shares",
    "cpuset",
    "credential_spec",
    "develop",
    "device_cgroup_rules",
    "devices",
    "dns",
    "dns_opt",
    "dns_search",
    "domainname",
    "external_links",
    "extra_hosts",
    "gpus",
    "group_add",
    "hostname",
    "ipc",
    "isolation",
    "label_file",
    "links",
    "logging",
    "mac_address",
    "mem_reservation",
    "mem_swappiness",
    "memswap_limit",
    "models",
    "network_mode",
    "oom_kill_disable",
    "oom_score_adj",
    "pid",
    "platform",
    "post_start",
    "pre_start",
    "pre_stop",
    "profiles",
    "provider",
    "pull_policy",
    "pull_refresh_after",
    "stdin_open",
    "storage_opt",
    "sysctls",
    "tty",
    "ulimits",
    "umask",
    "use_api_socket",
    "userns_mode",
    "uts",
    "volumes_from",
    "working_dir",
]

_SERVICE: dict[str, Fix] = {
    "image": _image_form,
    "image.name": _name_with_tag,
    "build": _build,
    "command": _command,
    "dev_command": _command,
    "healthcheck.command": _command,
    "entrypoint": _entrypoint,
    "env_file": _env_file,
    "environment": _environment,
    "environment.*": _environment_value,
    "env": _env,
    "expose": _expose,
    "ports": _ports,
    "ports.*": _port_form,
    "ports.*.*": _port_form,
    "volumes": _volumes,
    "depends_on": _depends,
    "depends_on.*": _dependency,
    "depends_on.*.*": _dependency_part,
    "networks": _networks,
    "labels": _labels,
    "secrets": _secrets,
    "user": _user,
    "deploy": _deploy,
    "scale": _scale,
    "replicas": _replicas,
    "healthcheck.test": _test,
    "healthcheck.disable": _disable,
    "stop_signal": _stop_signal,
    "stop_grace_period": _duration,
    "extends": _extends,
    "privileged": _privileged,
    "memory": lambda typed: f"write container: {quoted({'mem_limit': _size(typed.value)})}",
    "container.memory": _renamed("mem_limit"),
    "container.mem": _renamed("mem_limit"),
    "container.cpu": _renamed("cpus"),
    **dict.fromkeys(_DURATIONS, _duration),
    **dict.fromkeys(_CONTAINED, _container),
    **{f"container.{key}": _container_form for key in _CONTAINED},
    **dict.fromkeys(_FOREIGN, _override),
}
_FILE: dict[str, Fix] = {
    "name": _project,
    "project": _project,
    "version": _version,
    "volumes": _volumes_of_file,
    "secrets": _secrets_of_file,
    "configs": _override,
    "include": _override,
    "models": _override,
    "jobs": _override,
    "networks.*.*": _network,
}
