"""The engine as tests use it: builds, containers, and what is inside an image."""

import json
import shlex
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from .archive import Layer, files_of, layers_of
from .buildlog import BuildLog, BuildResult

COMMAND_SECONDS = 600.0  # longer than any build of the examples takes on two cores


class CommandFailed(AssertionError):
    """A docker command failed; the message has the command, its exit code and its output."""

    def __init__(self, argv: Sequence[str], exit_code: int, output: str) -> None:
        """Keeps the exit code and the output for tests that expect the failure."""
        super().__init__(f"{shlex.join(argv)}\nexit code {exit_code}\n{output}")
        self.exit_code = exit_code
        self.output = output


@dataclass(frozen=True)
class Engine:
    """The Docker engine, through its command line.

    Attributes:
        environment: The environment of every command.
        label: A label ``key=value`` that marks what this test run makes, so that it can be removed.
    """

    environment: Mapping[str, str] = field(repr=False)
    label: str = "gen-dockerfiles.test=1"

    def run(
        self,
        *argv: str,
        check: bool = True,
        cwd: Path | None = None,
        stdin: str | None = None,
        extra_environment: Mapping[str, str] | None = None,
        timeout: float = COMMAND_SECONDS,
    ) -> subprocess.CompletedProcess[str]:
        """Runs ``docker argv…`` and captures both output streams.

        Args:
            argv: The arguments after ``docker``.
            check: Whether an exit code other than 0 is an error.
            cwd: The working directory.
            stdin: Text for the standard input; None closes it.
            extra_environment: Variables over those of the engine.
            timeout: How long the command may take, in seconds.

        Raises:
            CommandFailed: The command failed and ``check`` is set.
            subprocess.TimeoutExpired: The command took too long.
        """
        command = ["docker", *argv]
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            errors="replace",
            cwd=cwd,
            input=stdin if stdin is not None else "",
            env={**self.environment, **(extra_environment or {})},
            timeout=timeout,
            check=False,
        )
        if check and done.returncode:
            raise CommandFailed(command, done.returncode, done.stdout + done.stderr)
        return done

    @property
    def version(self) -> tuple[int, ...]:
        """The server's version as numbers, such as ``(28, 5, 2)``."""
        text = self.run("version", "--format", "{{.Server.Version}}").stdout.strip()
        return tuple(int(part) for part in text.split("+")[0].split("-")[0].split("."))

    def build(
        self,
        context: Path,
        dockerfile: Path | None = None,
        *,
        tag: str = "",
        target: str | None = None,
        secrets: Sequence[str] = (),
        ssh: Sequence[str] = (),
        build_args: Mapping[str, str] | None = None,
        build_contexts: Mapping[str, str] | None = None,
        no_cache: bool = False,
        builder: str | None = None,
        output: str | None = None,
        extra_environment: Mapping[str, str] | None = None,
        check: bool = True,
        timeout: float = COMMAND_SECONDS,
    ) -> BuildResult:
        """Builds an image and reads what each step did.

        Args:
            context: The build context's directory.
            dockerfile: The Dockerfile; None for the context's own.
            tag: The reference of the image; empty for none.
            target: The stage to build; None for the last one.
            secrets: Values of ``--secret``, such as ``id=netrc,src=/path`` or ``id=token,env=TOKEN``.
            ssh: Values of ``--ssh``, such as ``default=/path/of/agent.sock``.
            build_args: Values of ``ARG`` by name.
            build_contexts: Additional named contexts.
            no_cache: Whether every step runs again.
            builder: The builder instance; None for the current one.
            output: A value of ``--output``; None loads the image into the engine.
            extra_environment: Variables over those of the engine.
            check: Whether a failed build is an error.
            timeout: How long the build may take, in seconds.

        Raises:
            CommandFailed: The build failed and ``check`` is set.
            subprocess.TimeoutExpired: The build took too long.
        """
        argv = [
            "buildx",
            "build",
            "--progress=rawjson",
            "--provenance=false",
            f"--label={self.label}",
        ]
        argv += ["--load"] if output is None else [f"--output={output}"]
        options: list[tuple[str, str | None]] = [
            ("tag", tag or None),
            ("file", str(dockerfile) if dockerfile else None),
            ("target", target),
            ("builder", builder),
            *(("secret", secret) for secret in secrets),
            *(("ssh", agent) for agent in ssh),
            *(("build-arg", f"{name}={value}") for name, value in (build_args or {}).items()),
            *(("build-context", f"{name}={value}") for name, value in (build_contexts or {}).items()),
        ]
        argv += [f"--{name}={value}" for name, value in options if value is not None]
        argv += ["--no-cache"] if no_cache else []
        started = time.monotonic()
        done = self.run(*argv, str(context), check=False, extra_environment=extra_environment, timeout=timeout)
        log = BuildLog()
        log.read(done.stderr.splitlines())
        result = log.result(tag=tag, exit_code=done.returncode, seconds=time.monotonic() - started)
        if check and not result.ok:
            raise CommandFailed(["docker", *argv, str(context)], done.returncode, result.log)
        return result

    def inspect(self, reference: str, kind: str = "container") -> dict[str, Any]:
        """What the engine knows about a container, or about an ``image``, ``volume`` or ``network``.

        Raises:
            CommandFailed: There is no such thing.
        """
        found: list[dict[str, Any]] = json.loads(self.run(kind, "inspect", reference).stdout)
        return found[0]

    @contextmanager
    def container(
        self, image: str, *argv: str, options: Sequence[str] = (), ports: Sequence[int] = ()
    ) -> Iterator["Container"]:
        """Runs a container in the background and removes it, with its anonymous volumes, at the end.

        Args:
            image: The image to run.
            argv: The command; empty for the image's own.
            options: Further options of ``docker run``.
            ports: Container ports to publish on free ports of the loopback interface.

        Raises:
            CommandFailed: The container does not start.
        """
        published = [f"--publish=127.0.0.1::{port}" for port in ports]
        created = self.run("create", f"--label={self.label}", *published, *options, image, *argv)
        container = Container(self, created.stdout.strip())
        try:
            self.run("start", container.id)
            yield container
        finally:
            self.run("rm", "--force", "--volumes", container.id, check=False)

    def image_layers(self, reference: str, known: Collection[str] = ()) -> list[Layer]:
        """The layers of an image, lowest first; those with a known ``diff_id`` are left out.

        Raises:
            CommandFailed: There is no such image.
        """
        with tempfile.TemporaryFile() as file:
            self._stream(["image", "save", reference], file)
            file.seek(0)
            with tarfile.open(fileobj=file) as archive:
                return layers_of(archive, known)

    def new_bytes(self, new: str, old: str) -> int:
        """How many bytes of layers one image has that another lacks: what a pull of it transfers."""
        known = self.inspect(old, "image")["RootFS"]["Layers"]
        return sum(layer.size for layer in self.image_layers(new, known))

    def files_of_image(self, reference: str) -> dict[str, tuple[int, str]]:
        """The files of an image: absolute path to permission bits and SHA-256 of the content.

        A symbolic link counts as a file whose content is ``-> target``; directories are left out. A hard
        link has the content of the file it links to.

        Raises:
            CommandFailed: There is no such image.
        """
        # The command is never run; images without one need something here.
        container = self.run("create", f"--label={self.label}", reference, "-").stdout.strip()
        try:
            with tempfile.TemporaryFile() as file:
                self._stream(["container", "export", container], file)
                file.seek(0)
                with tarfile.open(fileobj=file) as archive:
                    return files_of(archive)
        finally:
            self.run("rm", "--force", "--volumes", container, check=False)

    def remove_leftovers(self) -> None:
        """Removes the containers and tagged images that carry this run's label."""
        selection = f"--filter=label={self.label}"
        for listing, removal in (
            (["ps", "--all", "--quiet", selection], ["rm", "--force", "--volumes"]),
            (["image", "ls", "--quiet", selection], ["image", "rm", "--force"]),
        ):
            if found := sorted(set(self.run(*listing, check=False).stdout.split())):
                self.run(*removal, *found, check=False)

    def _stream(self, argv: Sequence[str], file: IO[bytes]) -> None:
        """Runs a docker command with its output in a file, for output too large for memory."""
        command = ["docker", *argv]
        done = subprocess.run(
            command,
            stdout=file,
            stderr=subprocess.PIPE,
            env=dict(self.environment),
            timeout=COMMAND_SECONDS,
            check=False,
        )
        if done.returncode:
            raise CommandFailed(command, done.returncode, done.stderr.decode(errors="replace"))


@dataclass(frozen=True)
class Container:
    """A container that a test started."""

    engine: Engine = field(repr=False)
    id: str

    def inspect(self) -> dict[str, Any]:
        """What the engine knows about the container."""
        return self.engine.inspect(self.id)

    def port(self, port: int) -> int:
        """The host's port under which a container port is published.

        Raises:
            CommandFailed: The port is not published.
        """
        return host_port(self.engine.run("port", self.id, f"{port}/tcp").stdout)

    def logs(self) -> str:
        """Both output streams so far, the standard output first."""
        done = self.engine.run("logs", self.id)
        return done.stdout + done.stderr

    def stop(self, grace: int = 10) -> tuple[float, int]:
        """Stops the container, with SIGKILL after ``grace`` seconds: seconds it took, and its exit code."""
        started = time.monotonic()
        self.engine.run("stop", f"--timeout={grace}", self.id)
        elapsed = time.monotonic() - started
        return elapsed, int(self.inspect()["State"]["ExitCode"])


def host_port(text: str) -> int:
    """The port of the first line of ``docker port`` or ``docker compose port``."""
    return int(text.splitlines()[0].rpartition(":")[2])
