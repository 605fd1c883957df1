"""Steps at every point: when they run, what they can read, and what is in the image."""

import hashlib
import re
import uuid
from dataclasses import dataclass
from pathlib import Path

import pytest

from .harness import BuildResult, Engine, http_get
from .harness.image_search import image_contains
from .harness.repository import write_files, write_spec
from .harness.step_services import FILES, api, site, web
from .test_quoting import HOSTILE

pytestmark = pytest.mark.xdist_group("steps")

HARDENED = ["--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges", "--tmpfs=/tmp", "--init"]
BEFORE_BUILD = ["before_packages", "after_packages", "before_dependencies", "after_dependencies"]
BUILD = [*BEFORE_BUILD, "before_build", "after_build"]
RUNTIME = ["before_runtime", "before_packages", "after_packages", "after_runtime"]
PORTS = {"api": 8000, "web": 3000, "site": 8080}
WORDS = [*HOSTILE.values(), "--mount=type=secret,id=login", "-n", "&& false", "> /nowhere"]


@dataclass
class BuiltServices:
    """The services and their images, and the values of the secrets of their builds."""

    engine: Engine
    root: Path
    run_id: str
    login: str
    token: str

    def build(self, service: str, target: str = "runtime", *, secrets: bool = True, check: bool = True) -> BuildResult:
        """Build a stage of a service."""
        (self.root / "login").write_text(self.login, "utf-8")
        values = [f"id=login,src={self.root}/login", "id=token,env=STEPS_TOKEN"] if secrets else []
        return self.engine.build(
            self.root / "services" / service,
            tag=self.image(service, target),
            target=target,
            secrets=values if service == "api" else [],
            extra_environment={"STEPS_TOKEN": self.token},
            check=check,
        )

    def image(self, service: str, target: str = "runtime") -> str:
        """Return the image reference of a stage."""
        return f"gen-dockerfiles-test/steps-{service}-{target}:{self.run_id}"

    def read(self, service: str, target: str, *commands: str) -> str:
        """Run shell commands in a stage with the options of production; return their output."""
        options = ["run", "--rm", "--network=none", "--entrypoint=", *HARDENED]
        return self.engine.run(*options, self.image(service, target), "sh", "-c", " && ".join(commands)).stdout

    def set_nonce(self) -> str:
        """Change the file that steps bind; return its content."""
        nonce = uuid.uuid4().hex
        (self.root / "services/api/nonce").write_text(nonce, "utf-8")
        return nonce


@pytest.fixture(scope="module")
def built(engine: Engine, run_id: str, tmp_path_factory: pytest.TempPathFactory) -> BuiltServices:
    """Build the three services, and the stages of each that tests read from."""
    root = tmp_path_factory.mktemp("steps")
    write_files(root, FILES)
    (root / "services/api/deploy/tools/run").chmod(0o755)
    write_spec(root, {"api": api(run_id, HOSTILE_VARIABLES, WORDS), "web": web(), "site": site()})
    built = BuiltServices(engine, root, run_id, uuid.uuid4().hex, uuid.uuid4().hex)
    built.set_nonce()
    for service, stages in STAGES.items():
        for stage in stages:
            built.build(service, stage)
    return built


HOSTILE_VARIABLES = {f"STEP_{name.upper()}": value for name, value in HOSTILE.items()}
STAGES = {
    "api": {"app": BUILD, "dev": BEFORE_BUILD, "runtime": RUNTIME},
    "web": {"prod-deps": BEFORE_BUILD, "build": BUILD, "dev": BUILD[:-1], "runtime": RUNTIME},
    "site": {"build": BUILD, "runtime": RUNTIME},
}


@pytest.mark.parametrize(("service", "stage"), [(service, stage) for service in STAGES for stage in STAGES[service]])
def test_each_step_runs_at_its_point_as_root(built: BuiltServices, service: str, stage: str) -> None:
    """In this order. Each step checks itself that it runs between the right instructions of the template."""
    assert built.read(service, stage, "cat /steps").splitlines() == [f"{point} 0" for point in STAGES[service][stage]]


@pytest.mark.parametrize("service", PORTS)
def test_the_service_runs_without_root(built: BuiltServices, service: str) -> None:
    """As its own user, on a read-only root. The page has the value that a step sets for the build."""
    image = built.image(service)
    with built.engine.container(image, options=HARDENED, ports=[PORTS[service]]) as container:
        page = http_get(f"http://127.0.0.1:{container.port(PORTS[service])}/").text
        users = built.engine.run("exec", container.id, "sh", "-c", "cat /proc/[0-9]*/status").stdout
    assert page == ("api" if service == "api" else "from a step")
    user = "101" if service == "site" else "10001"
    assert set(re.findall(r"^Uid:\s+(.+)$", users, re.MULTILINE)) == {"\t".join([user] * 4)}


def test_values_are_literal(built: BuiltServices) -> None:
    """The image has the variables of a step, and neither the shell nor Docker expands the words of a command."""
    config = built.engine.inspect(built.image("api"), "image")["Config"]
    variables = dict(line.split("=", 1) for line in config["Env"])
    assert {name: variables.get(name) for name in HOSTILE_VARIABLES} == HOSTILE_VARIABLES
    assert built.read("api", "runtime", "cat /words").split("\n") == [*WORDS, ""]


def test_a_copied_file_belongs_to_root(built: BuiltServices) -> None:
    """It has the mode of the file in the repository, and no other file is in the build context."""
    names = "stat -c '%u:%g %a %n' $(find /etc/demo -type f | sort)"
    assert built.read("api", "runtime", names, "cat /etc/demo/note", "/etc/demo/tools/run").splitlines() == [
        "0:0 644 /etc/demo/note",
        "0:0 644 /etc/demo/tools/data/deep",
        "0:0 755 /etc/demo/tools/run",
        "a note",
        "ran",
    ]
    ignored = (built.root / "services/api/Dockerfile.dockerignore").read_text("utf-8").splitlines()
    assert {"!deploy/note", "!deploy/tools", "!nonce"} <= set(ignored)
    assert not {"!deploy", "!deploy/unused"} & set(ignored)


def test_a_step_can_read_its_mounts(built: BuiltServices) -> None:
    """Secrets as a file and as a variable, a missing optional secret, and a step with and without a network."""
    sums = built.read("api", "app", "cut -c -64 /login.sum /token.sum").split()
    assert sums == [hashlib.sha256(value.encode()).hexdigest() for value in (built.login, built.token)]
    assert built.read("api", "app", "cat /net").split() == ["eth0", "lo"]
    assert built.read("api", "app", "cat /no-net").split() == ["lo"]


@pytest.mark.parametrize("stage", ["app", "runtime"])
def test_mounted_files_are_in_no_layer(built: BuiltServices, stage: str) -> None:
    """Neither secrets, nor bound files, nor the files of cache and tmpfs mounts."""
    image = built.image("api", stage)
    nonce = (built.root / "services/api/nonce").read_text("utf-8")
    assert image_contains(built.engine, image, "/steps"), "the search works"
    assert [text for text in (built.login, built.token, nonce) if image_contains(built.engine, image, text)] == []
    assert built.read("api", stage, "find /mnt /run -mindepth 1 ! -name lock").split() == []


@pytest.mark.parametrize("given", ["missing", "empty file", "empty variable"])
def test_a_build_stops_without_a_required_secret(built: BuiltServices, given: str) -> None:
    """The step stops before its first command, with a message, and there is no image."""
    built.set_nonce()
    attempt = BuiltServices(
        built.engine, built.root, f"{built.run_id}-{given.replace(' ', '-')}", built.login, built.token
    )
    if given != "missing":
        setattr(attempt, "login" if given == "empty file" else "token", "")
    failed = attempt.build("api", secrets=given != "missing", check=False)
    secret = "token" if given == "empty variable" else "login"
    message = f"secret {secret}: not found" if given == "missing" else f"build secret {secret} is empty"
    assert not failed.ok
    assert message in failed.log
    [step] = [step for step in failed.steps if step.error and step.name.startswith("[deps ")]
    assert "login.sum" in step.name
    assert built.engine.run("image", "inspect", attempt.image("api"), check=False).returncode


def test_after_a_source_change_earlier_steps_are_cached(built: BuiltServices) -> None:
    """Steps around the dependencies and before the runtime are cached. Steps around the build run again."""
    source = built.root / "services/api/src/main.py"
    source.write_text(source.read_text("utf-8") + f"# {uuid.uuid4().hex}\nNONCE = '{uuid.uuid4().hex}'\n", "utf-8")
    built.build("api")
    source.write_text(source.read_text("utf-8") + f"NONCE = '{uuid.uuid4().hex}'\n", "utf-8")
    again = built.build("api")
    for point in (*BEFORE_BUILD, "before_runtime"):
        assert again.cached(f"echo {point} "), again.log
    for point in ("before_build", "after_build", "after_runtime"):
        assert not again.cached(f"echo {point} "), again.log


def test_a_cache_mount_is_kept_between_builds(built: BuiltServices) -> None:
    """The next build has the files of earlier builds in the cache mount, and they are in no image."""
    before = int(built.read("api", "runtime", "cat /opt/venv/kept"))
    nonce = built.set_nonce()
    built.build("api")
    assert int(built.read("api", "runtime", "cat /opt/venv/kept")) == before + 1
    assert not image_contains(built.engine, built.image("api"), nonce)
