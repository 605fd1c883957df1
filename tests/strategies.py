"""Hypothesis strategies for valid specs, as the plain mappings that a YAML file would hold.

`specs()` covers every kind and most fields, and puts hostile text wherever the spec takes free text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from generator.detect.managers import managers_of
from generator.model.names import ASSETS, BY_RUNTIME, SCHEDULERS, WORKERS
from generator.text.printing import BIDIRECTIONAL

Values = dict[str, Any]
Texts = SearchStrategy[str]

HOSTILE = (
    "", " ", "x", "it's", 'say "hi"', "$HOME", "${HOME:-x}", "$$", "a\\b", "\\", "trailing \\", "# not a comment",
    "a # b", "--flag", "-", "- item", "key: value", "no", "null", "~", "1e3", "010", "3.10", "2024-01-01", "[a]",
    "{a: b}", "<<", "<<EOF", "&a", "*a", "!tag", "%d", "@x", "`id`", "$(id)", "; rm -rf /", "| cat", "{{ 7 * 7 }}",
    "{% raw %}", "{# x #}", "jalapeño", "日本語", "🦊", "a,b=c", "}", "}}", "%PATH%", "\\n", "'", '"', "'''",
)  # fmt: skip


def _allowed(character: str) -> bool:
    code = ord(character)
    return not (character in "\u2028\u2029\ufeff" or character in BIDIRECTIONAL or code & 0xFFFE == 0xFFFE)


CHARACTERS = st.characters(exclude_categories=["Cc", "Cs"]).filter(_allowed)
HOSTILE_TEXTS: Texts = st.sampled_from(HOSTILE) | st.text(CHARACTERS, max_size=12)

_NAMES = st.from_regex(r"[a-z][a-z0-9]{0,5}(-[a-z0-9]{1,3})?", fullmatch=True) | st.sampled_from(["on", "null", "y"])
_PATHS = st.sampled_from(["src", "app/main.py", "lib", ".config", "données", "tsconfig.json", "a_b/c+d/e@f"])
BACKGROUND = [kind for kind in BY_RUNTIME if kind != ASSETS]
"""The kinds of services that run and answer nobody."""
_PORTS = st.integers(1, 65535)
# What a service may have instead of its kind's own probe; a worker has no port to ask.
PROBES = {None: [], "http": ["http", "heartbeat"], "heartbeat": ["heartbeat"]}
_DURATIONS = st.sampled_from(["500ms", "1s", "30s", "2m", "1h"])
_VARIABLES = st.sampled_from(["GREETING", "TZ", "_x", "Y", "no", "null", "ON", "HOME", "A1", "LOG_LEVEL"])
_ENDING = ("no", "on-failure:3")
_RESTARTS = (*_ENDING, "always")
_LABELS = st.sampled_from(["org.opencontainers.image.title", "com.example.team", "a-b.c_d", "x"])
_BUILD_PACKAGES = st.lists(st.sampled_from(["gcc", "libpq-dev=17.*", "libc6-dev:amd64", "g++=4:14.*"]), unique=True)
_COMPILERS = ["g++", "make", "python3"]
_RUNTIME_PACKAGES = st.lists(st.sampled_from(["libpq5=17.*", "tini", "ca-certificates=2025*"]), unique=True)
_SECRETS: SearchStrategy[Values] = st.dictionaries(
    st.sampled_from(["netrc", "npm-token", "index.url", "PIP_TOKEN", "id-123"]),
    st.builds(
        lambda mount, required, source: {**mount, **required, **source},
        st.sampled_from([{"target": "/root/.netrc"}, {"target": "/run/a+b/c"}, {"env": "INDEX_URL"}, {"env": "_t"}]),
        st.sampled_from([{}, {"required": True}, {"required": False}]),
        st.sampled_from([{}, {"variable": "NO"}, {"file": "secrets/token.txt"}]),
    ),
    max_size=2,
)


_BUILD_POINTS = ["before_dependencies", "after_dependencies"]
_POINTS = ["before_packages", "after_packages", *_BUILD_POINTS, "before_runtime"]
_MOUNTS = st.sampled_from(
    [
        {"type": "cache", "id": "c", "target": "/c"},
        {"type": "bind", "source": "a/b", "target": "/b"},
        {"type": "tmpfs", "target": "/t"},
    ]
)
_STEP: SearchStrategy[Values] = (
    st.fixed_dictionaries(
        {"run": st.sampled_from([[["true"]], [["echo", "it's", "$HOME"], ["b"]]])},
        optional={"mounts": st.lists(_MOUNTS, max_size=2), "network": st.just("none")},
    )
    | st.fixed_dictionaries({"copy": _PATHS, "to": st.just("/etc/x")}, optional={"description": HOSTILE_TEXTS})
    | st.fixed_dictionaries({"env": st.dictionaries(_VARIABLES, HOSTILE_TEXTS, min_size=1, max_size=2)})
)


def _steps(points: list[str]) -> SearchStrategy[Values]:
    named = st.dictionaries(st.sampled_from(["one", "two"]), _STEP, max_size=2)
    return st.dictionaries(st.sampled_from(points), named, max_size=2)


def _sometimes(draw: DrawFn, values: Values, **options: SearchStrategy[Any]) -> None:
    """Set each key from its strategy, or leave it to the presets."""
    for key, strategy in options.items():
        if draw(st.booleans()):
            values[key] = draw(strategy)


def _environment(texts: Texts) -> SearchStrategy[Values]:
    host = st.fixed_dictionaries(
        {"variable": _VARIABLES}, optional={"default": texts.filter(lambda text: "}" not in text)}
    )
    # A text in which Compose would fill something in is told to be one.
    text = texts.map(lambda text: {"literal": text} if "$" in text else text)
    return st.dictionaries(_VARIABLES, text | host, max_size=3)


def _command(texts: Texts) -> SearchStrategy[list[str]]:
    return st.lists(texts, min_size=1, max_size=4)


def _header(texts: Texts) -> SearchStrategy[str]:
    return texts.map(lambda text: text.encode("ascii", "ignore").decode().strip() or "x")


def _timing() -> SearchStrategy[Values]:
    return st.fixed_dictionaries({}, optional={"interval": _DURATIONS, "retries": st.integers(1, 9)})


def _container(texts: Texts, restarts: Sequence[str]) -> SearchStrategy[Values]:
    options: dict[str, SearchStrategy[Any]] = {
        "init": st.booleans(),
        "cap_add": st.just(["NET_BIND_SERVICE"]),
        "security_opt": st.lists(texts.filter(bool), max_size=1),
        "tmpfs": st.lists(st.just("/t") | texts.filter(bool).map("/t:".__add__), max_size=1),
        "restart": st.sampled_from(restarts),
        "cpus": st.sampled_from([0.5, 2.0]),
        "mem_limit": st.sampled_from(["64m", "1g"]),
        "shm_size": st.just("128m"),
    }
    return st.fixed_dictionaries({}, optional=options)


def _probe(draw: DrawFn, default: str | None, texts: Texts) -> Values | None:
    """Draw a health check that overrides `default`, the probe of the service's kind."""
    probe = draw(st.sampled_from([*PROBES[default], "command", "off"]))
    if probe == "off":
        return None
    values: Values = dict(draw(_timing()))
    if default and default != probe:
        values[default] = None
    if probe == "command":
        values["command"] = draw(_command(texts))
    elif probe == "http":
        values["http"] = draw(st.sampled_from(["/", "/healthz", "/a-b/c?d=e&f=%20+~"]))
        _sometimes(draw, values, headers=st.dictionaries(st.sampled_from(["Host", "X-A"]), _header(texts), max_size=2))
    else:
        values["heartbeat"] = {"file": "/tmp/alive", "max_age": draw(st.integers(1, 999))}
    return values


def _built(draw: DrawFn, texts: Texts, secrets: Values, hardened: bool) -> Values:
    """Draw a service with a Dockerfile; `hardened` says that the whole project has that preset."""
    kind = draw(st.sampled_from(["python", "node", *BACKGROUND]))
    runtimes = {"python": ["python"], "node": ["node", "bun"]}
    runtime = draw(st.sampled_from(runtimes.get(kind, ["python", "node", "bun"])))
    values: Values = {"kind": kind, "command": draw(_command(texts))}
    if kind in BY_RUNTIME or runtime == "bun":
        values["runtime"] = runtime
    if kind == "worker":
        _sometimes(draw, values, replicas=st.integers(1, 4))
    if draw(st.booleans()):
        values["presets"] = ["hardened"]
    if runtime == "python":
        _python(draw, values)
    else:
        _javascript(draw, values, runtime)
    distroless = runtime == "node" and (hardened or "presets" in values)
    packages: dict[str, SearchStrategy[Any]] = {"build": _BUILD_PACKAGES}
    if not distroless:
        packages["runtime"] = _RUNTIME_PACKAGES
        _sometimes(draw, values, user=st.just({"name": "www_1", "uid": 20001, "create": True}))
    _sometimes(draw, values, packages=st.fixed_dictionaries({}, optional=packages))
    if draw(st.integers(0, 3)) == 0:
        values["ssh"] = {"known_hosts": "deploy/known_hosts"}
        values["packages"] = {**values.get("packages", {}), "build": ["git=1:2.*", "openssh-client"]}
    if values.get("rebuild"):
        packages_now = values.get("packages", {})
        values["packages"] = {**packages_now, "build": [*packages_now.get("build", []), *_COMPILERS]}
    if secrets:
        _sometimes(draw, values, secrets=st.just(secrets))
    _sometimes(
        draw,
        values,
        dev_command=_command(texts),
        entrypoint=_command(texts),
        working_dir=st.sampled_from(["/app", "/app/books", "/srv/a-b"]),
        volumes=st.dictionaries(_NAMES, st.sampled_from(["/data", "/var/lib/a/b"]), max_size=1),
        env=st.dictionaries(_VARIABLES, texts, max_size=3),
        labels=st.dictionaries(_LABELS, texts, max_size=3),
        sources=st.lists(_PATHS | st.just("."), min_size=1, max_size=3, unique=True),
        extra_sources=st.lists(_PATHS, max_size=2),
        steps=_steps(_BUILD_POINTS if distroless else _POINTS),
        ignore=st.lists(st.sampled_from(["**/*.log", "docs", "**/[ab]?.txt"]), max_size=2),
        stop_signal=st.sampled_from(["SIGINT", "SIGRTMIN"]),
        syntax=st.sampled_from(["docker/dockerfile:1.19", "docker/dockerfile:1"]),
        image=st.sampled_from([{"registry": "mirror.example.com:5000/hub"}, {"digest": "sha256:" + "a1" * 32}]),
    )
    _variables(draw, values, texts)
    return values


def _variables(draw: DrawFn, values: Values, texts: Texts) -> None:
    """Draw what differs from build to build, for what the service has: a build, labels or the environment."""
    builds = "build" in values or values.get("package") is True
    given = st.fixed_dictionaries({"variable": _VARIABLES}, optional={"default": st.sampled_from(["", "a b"])})
    drawn = draw(st.dictionaries(st.sampled_from(["RELEASE", "SHA", "URL"]), texts | given, max_size=2))
    for name in drawn:
        use = draw(st.sampled_from(["env", "labels", *(["build"] if builds else [])]))
        if use != "build":
            key = draw(_VARIABLES if use == "env" else _LABELS)
            values[use] = {**values.get(use, {}), key: {"variable": name}}
    named = [
        one["variable"] for key in ("env", "labels") for one in values.get(key, {}).values() if isinstance(one, dict)
    ]
    if kept := {name: value for name, value in drawn.items() if builds or name in named}:
        values["variables"] = kept


def _python(draw: DrawFn, values: Values) -> None:
    _sometimes(draw, values, python=st.sampled_from(["3.11", "3.14", "3.13.1"]), precompile_stdlib=st.booleans())
    _sometimes(draw, values, manager=st.sampled_from(managers_of("python")), package=st.booleans())
    if values.get("manager") not in ("pip", "pipenv"):
        _sometimes(draw, values, extras=st.just(["fast"]), groups=st.just(["web", "db"]))
    if values.get("manager") == "pip" and values.get("package"):
        values["install"] = {"manifest": "pyproject.toml"}
    if values["kind"] == "worker":
        _sometimes(draw, values, framework=st.sampled_from(WORKERS["python"]))
    if values["kind"] == "scheduler":
        _sometimes(draw, values, framework=st.sampled_from(SCHEDULERS["python"]))
    if values.get("framework") == "arq":  # its probe names it
        values["app"] = "shop.tasks.Settings"


def _javascript(draw: DrawFn, values: Values, runtime: str) -> None:
    _sometimes(draw, values, build_network=st.sampled_from(["none", "default"]))
    _sometimes(draw, values, build=st.sampled_from(["build", "build:prod", "b_1.x"]))
    _sometimes(draw, values, artifacts=st.lists(_PATHS, min_size=1, max_size=1))
    if runtime == "bun":
        _sometimes(draw, values, bun=st.sampled_from(["1.4.5", "1.3"]))
        return
    _sometimes(draw, values, node=st.sampled_from(["22", "24.1", "24.1.0"]))
    _sometimes(draw, values, manager=st.sampled_from(["npm", "pnpm", "yarn", "yarn-classic", "bun"]))
    if values.get("manager") == "yarn":
        values["install"] = {"linker": draw(st.sampled_from(["node-modules", "pnp"]))}
    if values.get("install") != {"linker": "pnp"}:
        _sometimes(draw, values, rebuild=st.lists(st.sampled_from(["bcrypt", "@scope/native"]), max_size=1))


def _image(draw: DrawFn, texts: Texts) -> tuple[Values, bool]:
    """Draw a service from an existing image, and whether it has a health check."""
    preset = draw(st.sampled_from([None, "redis", "postgres"]))
    values: Values = {"kind": "image"}
    if preset:
        values["presets"] = [preset, *draw(st.sampled_from([[], ["hardened"]]))]
    else:
        values["image"] = {"name": "library/nginx", "tag": "1.29", "registry": "docker.io"}
        _sometimes(draw, values, command=_command(texts), user=st.just({"uid": 101, "gid": 101}))
        _sometimes(draw, values, entrypoint=_command(texts), working_dir=st.just("/srv"))
    _sometimes(draw, values, volumes=st.dictionaries(_NAMES, st.sampled_from(["/srv/data", "/var/x"]), max_size=1))
    return values, preset is not None


@st.composite
def _service(
    draw: DrawFn, texts: Texts, secrets: Values, hardened: bool, port: Callable[[], Any]
) -> tuple[Values, bool]:
    """Draw a service without dependencies, and whether others can wait until it is healthy."""
    if draw(st.integers(0, 3)) == 0:
        values, healthy = _image(draw, texts)
        default = None
        overrides = not healthy
    else:
        values = _built(draw, texts, secrets, hardened)
        healthy = overrides = values["kind"] != "job"
        default = {"worker": "heartbeat", "scheduler": "heartbeat", "job": None}.get(values["kind"], "http")
    if values["kind"] not in BY_RUNTIME and (default == "http" or draw(st.booleans())):
        values["ports"] = [port() for _ in range(draw(st.integers(1, 2)))]
        values["networks"] = ["edge", "backend"]
    if overrides and draw(st.booleans()):
        probe = _probe(draw, default, texts)
        if default is None and probe is not None:
            probe |= {"interval": "10s", "timeout": "3s", "start_period": "5s", "start_interval": "1s", "retries": 3}
        values["healthcheck"] = probe
        healthy = probe is not None
    container = _container(texts, _ENDING if values["kind"] == "job" else _RESTARTS)
    _sometimes(draw, values, environment=_environment(texts), container=container, stop_grace_period=_DURATIONS)
    return values, healthy


def _shared(draw: DrawFn, texts: Texts, owner: str) -> Values:
    """Draw a process of its own, in the image of another service."""
    values: Values = {"kind": draw(st.sampled_from(BACKGROUND)), "image_of": owner}
    values["command"] = draw(_command(texts))
    volumes = st.dictionaries(_NAMES, st.sampled_from(["/data", "/var/lib/a/b"]), max_size=1)
    _sometimes(draw, values, environment=_environment(texts), volumes=volumes)
    _sometimes(draw, values, stop_signal=st.just("SIGINT"))
    if values["kind"] == "worker":
        _sometimes(draw, values, replicas=st.integers(1, 4))
    return values


@st.composite
def specs(draw: DrawFn, texts: Texts = HOSTILE_TEXTS, max_services: int = 3) -> Values:
    """Draw a valid spec of one to `max_services` services, with free text drawn from `texts`."""
    presets = draw(st.sampled_from([None, [], ["base"], ["hardened"], ["base", "hardened"]]))
    secrets = draw(_SECRETS)
    used: set[int] = set()

    def port() -> Any:
        number = draw(_PORTS.filter(lambda candidate: candidate not in used))
        used.add(number)
        return draw(st.sampled_from([number, {"target": draw(_PORTS), "published": number}]))

    services: Values = {}
    healthy: dict[str, bool] = {}
    for name in draw(st.lists(_NAMES, min_size=1, max_size=max_services, unique=True)):
        own, has_check = draw(_service(texts, secrets, "hardened" in (presets or []), port))
        if draw(st.booleans()) and healthy:
            other = draw(st.sampled_from(sorted(healthy)))
            ends = services[other]["kind"] == "job" or services[other].get("container", {}).get("restart") in _ENDING
            conditions = ["started", *(["completed"] if ends else []), *(["healthy"] if healthy[other] else [])]
            own["depends_on"] = {other: draw(st.sampled_from(conditions))}
        services[name], healthy[name] = own, has_check
    alone = sorted(name for name, own in services.items() if own["kind"] != "image")
    with_another: bool = draw(st.booleans())
    if alone and with_another:
        services["of-another"] = _shared(draw, texts, draw(st.sampled_from(alone)))
    for own in services.values():
        if own["kind"] == "image" and "image" in own and "user" not in own and alone and draw(st.booleans()):
            own["image_of"] = draw(st.sampled_from(alone))
            own["volumes"] = services[own["image_of"]].get("volumes", {})
            del own["image"]
    if draw(st.booleans()) and alone:
        services[draw(st.sampled_from(alone))]["path"] = draw(st.sampled_from([".", "apps/one", "app_2"]))
    spec: Values = {"version": 1, "project": draw(_NAMES), "services": services}
    return {**spec, "presets": presets} if presets is not None else spec
