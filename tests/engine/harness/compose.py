"""A Compose project in tests: start and stop it, and inspect its services."""

import json
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any, NamedTuple

from .command import COMMAND_SECONDS, CommandFailed
from .container import host_port
from .engine import Engine

STOP_SECONDS = 30.0  # for a command that is interrupted
# The file names that docker compose looks for, in its order.
_FILE_NAMES = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")
_OVERRIDE_NAMES = ("compose.override.yaml", "compose.override.yml")


class StopResult(NamedTuple):
    """How a service stopped: the seconds it took, and its exit code (137 after SIGKILL)."""

    seconds: float
    exit_code: int


@dataclass(frozen=True)
class ServiceContainer:
    """A container of a project, as ``docker compose ps`` lists it.

    Attributes:
        service: The name of the service.
        container: The name of the container.
        state: ``running``, ``exited``, …
        health: ``healthy``, ``starting``, ``unhealthy``, or empty if there is no health check.
        exit_code: The exit code; 0 while the container runs.
    """

    service: str
    container: str
    state: str
    health: str
    exit_code: int


class Compose:
    """A Compose project with a unique name, so that tests do not share containers.

    The fixture ``compose`` creates one, and removes it after the test.
    """

    def __init__(
        self,
        engine: Engine,
        project_dir: Path,
        project_name: str,
        *,
        files: Sequence[Path] = (),
        ephemeral_ports: Mapping[str, int | Sequence[int]] | None = None,
        environment: Mapping[str, str] | None = None,
        profiles: Sequence[str] = (),
    ) -> None:
        """Describe a project; nothing is started yet.

        Args:
            engine: The engine on which it runs.
            project_dir: The directory of the Compose file.
            project_name: The name of the project, unique on the engine.
            files: The Compose files, lowest first; empty for the files that Compose reads by default.
            ephemeral_ports: Container ports by service, to publish on free ports of the loopback interface instead of
                the ports in the Compose file.
            environment: Variables for interpolation and build secrets.
            profiles: The profiles to activate.

        Raises:
            FileNotFoundError: There is no Compose file.
        """
        self.engine = engine
        self.project_dir = project_dir
        self.project_name = project_name
        self.environment = dict(environment or {})
        self._scratch = tempfile.TemporaryDirectory(prefix="compose-")
        chosen = [*(files or _default_files(project_dir))]
        if ephemeral_ports:
            override = Path(self._scratch.name) / "ephemeral-ports.yaml"
            override.write_text(_ports_override(ephemeral_ports), encoding="utf-8")
            chosen.append(override)
        self._argv = [
            "compose",
            f"--project-name={project_name}",
            f"--project-directory={project_dir}",
            *(f"--file={file}" for file in chosen),
            *(f"--profile={profile}" for profile in profiles),
        ]

    def run(self, *argv: str, check: bool = True, timeout: float = COMMAND_SECONDS) -> CompletedProcess[str]:
        """Run ``docker compose argv…`` on the project.

        Args:
            argv: The arguments after ``docker compose``.
            check: Whether an exit code other than 0 is an error.
            timeout: How long the command may take, in seconds.

        Raises:
            CommandFailed: The command failed and ``check`` is set.
            subprocess.TimeoutExpired: The command took too long.
        """
        return self.engine.run(
            *self._argv,
            *argv,
            check=check,
            cwd=self.project_dir,
            extra_environment=self.environment,
            timeout=timeout,
        )

    def config(self) -> dict[str, Any]:
        """Return the project as Compose reads it: merged, interpolated, with defaults."""
        model: dict[str, Any] = json.loads(self.run("config", "--format=json").stdout)
        return model

    def build(self, *services: str, no_cache: bool = False) -> str:
        """Build the images of some services, or of all; return the build log."""
        options = ["--no-cache"] if no_cache else []
        done = self.run("--progress=plain", "build", *options, *services)
        return done.stdout + done.stderr

    def up(self, *services: str, wait: bool = True, build: bool = False, wait_timeout: int = 120) -> None:
        """Start some services, or all.

        Args:
            services: Names; empty for all.
            wait: Whether to wait until every service runs, and is healthy if it has a health check.
            build: Whether to build the images first.
            wait_timeout: How long to wait, in seconds.

        Raises:
            CommandFailed: A service does not start or does not become healthy; the message has its logs.
        """
        options = ["--detach"]
        options += ["--wait", f"--wait-timeout={wait_timeout}"] if wait else []
        options += ["--build"] if build else []
        try:
            self.run("up", *options, *services)
        except CommandFailed as error:
            error.add_note(f"{self.state()}\n{self.logs()}")
            raise

    @contextmanager
    def watching(self) -> Iterator[Callable[[], str]]:
        """Run ``docker compose watch`` during the block; yield a function that returns what it has printed so far.

        It builds and starts all services first. They run on after the block. The function raises CommandFailed if
        the command has ended.
        """
        log = Path(self._scratch.name) / "watch.log"
        with log.open("wb") as output:
            process = self.engine.start(
                *self._argv, "watch", cwd=self.project_dir, extra_environment=self.environment, output=output
            )

        def printed() -> str:
            text = log.read_text(encoding="utf-8", errors="replace")
            if (exit_code := process.poll()) is not None:
                raise CommandFailed([*self._argv, "watch"], exit_code, text)
            return text

        try:
            yield printed
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def down(self, *, volumes: bool = True, images: bool = False) -> None:
        """Remove the containers and networks, and optionally the volumes and the images of the project."""
        options = ["--volumes"] if volumes else []
        options += ["--rmi=local"] if images else []
        self.run("down", "--remove-orphans", "--timeout=5", *options)

    def close(self) -> None:
        """Remove everything that the project has left; never fail."""
        self.run("down", "--remove-orphans", "--timeout=1", "--volumes", "--rmi=local", check=False)
        self._scratch.cleanup()

    def ps(self) -> dict[str, list[ServiceContainer]]:
        """List the containers of each service, including stopped ones."""
        containers: dict[str, list[ServiceContainer]] = {}
        for line in self.run("ps", "--all", "--format=json").stdout.splitlines():
            entry = json.loads(line)
            container = ServiceContainer(
                entry["Service"], entry["Name"], entry["State"], entry["Health"], entry["ExitCode"]
            )
            containers.setdefault(container.service, []).append(container)
        return containers

    def container(self, service: str) -> ServiceContainer:
        """Return the only container of a service.

        Raises:
            LookupError: The service has no container, or more than one.
        """
        containers = self.ps().get(service, [])
        if len(containers) != 1:
            raise LookupError(f"{service} has {len(containers)} containers")
        return containers[0]

    def inspect(self, service: str) -> dict[str, Any]:
        """Return the result of ``docker inspect`` for the only container of a service."""
        return self.engine.inspect(self.container(service).container)

    def logs(self, *services: str) -> str:
        """Return the logs of some services, or of all."""
        done = self.run("logs", "--no-color", "--timestamps", *services, check=False)
        return done.stdout + done.stderr

    def state(self) -> str:
        """Return the containers of the project as a table for the reports of failed tests."""
        return self.run("ps", "--all", check=False).stdout

    def exec(self, service: str, argv: Sequence[str], *, check: bool = True) -> CompletedProcess[str]:
        """Run a command in the container of a running service.

        Raises:
            CommandFailed: The command failed and ``check`` is set.
        """
        return self.run("exec", "--no-TTY", service, *argv, check=check)

    def stop(self, service: str) -> StopResult:
        """Stop a service with Compose, within its grace period.

        Raises:
            LookupError: The service has no container, or more than one.
        """
        container = self.container(service).container
        started = time.monotonic()
        self.run("stop", service)
        elapsed = time.monotonic() - started
        return StopResult(elapsed, int(self.engine.inspect(container)["State"]["ExitCode"]))

    def port(self, service: str, port: int) -> int:
        """Return the host port on which a container port of a service is published.

        Raises:
            CommandFailed: The port is not published.
        """
        return host_port(self.run("port", service, str(port)).stdout)

    def url(self, service: str, port: int, path: str = "/") -> str:
        """Return the URL of a published port."""
        return f"http://127.0.0.1:{self.port(service, port)}{path}"


def _default_files(project_dir: Path) -> list[Path]:
    """Return the files that docker compose reads by default."""
    for name in _FILE_NAMES:
        if (project_dir / name).is_file():
            overrides = (project_dir / override for override in _OVERRIDE_NAMES)
            return [project_dir / name, *(file for file in overrides if file.is_file())]
    raise FileNotFoundError(f"no Compose file in {project_dir}")


def _ports_override(ephemeral_ports: Mapping[str, int | Sequence[int]]) -> str:
    lines = ["services:"]
    for service, ports in ephemeral_ports.items():
        lines += [f"  {json.dumps(service)}:", "    ports: !override"]
        numbers = [ports] if isinstance(ports, int) else ports
        lines += [f'      - "127.0.0.1::{number}"' for number in numbers]
    return "\n".join(lines) + "\n"
