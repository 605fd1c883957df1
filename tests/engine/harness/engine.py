"""The Docker engine in tests: build images, run containers, and look into images."""

import json
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
from .command import COMMAND_SECONDS, CommandFailed, run_docker, stream_docker
from .container import Container


@dataclass(frozen=True)
class Engine:
    """The Docker engine, through its command line.

    Attributes:
        environment: The environment of every command.
        label: A label ``key=value`` for everything that this test run creates, so that it can be removed.
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
        """Run ``docker argv…`` and capture both output streams.

        Args:
            argv: The arguments after ``docker``.
            check: Whether an exit code other than 0 is an error.
            cwd: The working directory.
            stdin: Text for the standard input; None gives it no input.
            extra_environment: Variables that override those of the engine.
            timeout: How long the command may take, in seconds.

        Raises:
            CommandFailed: The command failed and ``check`` is set.
            subprocess.TimeoutExpired: The command took too long.
        """
        return run_docker(
            argv,
            environment={**self.environment, **(extra_environment or {})},
            check=check,
            cwd=cwd,
            stdin=stdin,
            timeout=timeout,
        )

    def start(
        self, *argv: str, cwd: Path, extra_environment: Mapping[str, str], output: IO[bytes]
    ) -> subprocess.Popen[bytes]:
        """Start ``docker argv…`` and leave it running, with both output streams in a file.

        Args:
            argv: The arguments after ``docker``.
            cwd: The working directory.
            extra_environment: Variables that override those of the engine.
            output: The file, open for writing.
        """
        return subprocess.Popen(
            ["docker", *argv],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=cwd,
            env={**self.environment, **extra_environment},
        )

    @property
    def version(self) -> tuple[int, ...]:
        """The version of the server as numbers, such as ``(28, 5, 2)``."""
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
        """Build an image, and read from the build log what each step did.

        Args:
            context: The directory of the build context.
            dockerfile: The Dockerfile; None for the one in the context.
            tag: The reference of the image; empty to leave it untagged.
            target: The stage to build; None for the last one.
            secrets: Values of ``--secret``, such as ``id=netrc,src=/path`` or ``id=token,env=TOKEN``.
            ssh: Values of ``--ssh``, such as ``default=/path/of/agent.sock``.
            build_args: Values of ``ARG`` by name.
            build_contexts: Additional named contexts.
            no_cache: Whether every step runs again.
            builder: The builder instance; None for the current one.
            output: A value of ``--output``; None loads the image into the engine.
            extra_environment: Variables that override those of the engine.
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
        """Return the result of ``docker inspect`` for a container, ``image``, ``volume`` or ``network``.

        Raises:
            CommandFailed: It does not exist.
        """
        results: list[dict[str, Any]] = json.loads(self.run(kind, "inspect", reference).stdout)
        return results[0]

    @contextmanager
    def container(
        self, image: str, *argv: str, options: Sequence[str] = (), ports: Sequence[int] = ()
    ) -> Iterator["Container"]:
        """Run a container in the background, and remove it with its anonymous volumes at the end.

        Args:
            image: The image to run.
            argv: The command; empty for the image's CMD.
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
        """List the layers of an image, lowest first, without those that have a known ``diff_id``.

        Raises:
            CommandFailed: There is no such image.
        """
        with tempfile.TemporaryFile() as file:
            stream_docker(["image", "save", reference], file, environment=self.environment)
            file.seek(0)
            with tarfile.open(fileobj=file) as archive:
                return layers_of(archive, known)

    def new_bytes(self, new: str, old: str) -> int:
        """Return the bytes that a pull of ``new`` transfers where ``old`` is present: the layers that differ."""
        known = self.inspect(old, "image")["RootFS"]["Layers"]
        return sum(layer.size for layer in self.image_layers(new, known))

    def files_of_image(self, reference: str) -> dict[str, tuple[int, str]]:
        """Map the absolute path of each file in an image to its permission bits and the SHA-256 of its content.

        Directories are left out. A symbolic link counts as a file with the content ``-> target``, and a hard link has
        the content of the file it links to.

        Raises:
            CommandFailed: There is no such image.
        """
        # The command never runs, but an image without CMD needs one to create a container.
        container = self.run("create", f"--label={self.label}", reference, "-").stdout.strip()
        try:
            with tempfile.TemporaryFile() as file:
                stream_docker(["container", "export", container], file, environment=self.environment)
                file.seek(0)
                with tarfile.open(fileobj=file) as archive:
                    return files_of(archive)
        finally:
            self.run("rm", "--force", "--volumes", container, check=False)

    def remove_leftovers(self) -> None:
        """Remove the containers and tagged images that have the label of this test run."""
        selection = f"--filter=label={self.label}"
        for listing, removal in (
            (["ps", "--all", "--quiet", selection], ["rm", "--force", "--volumes"]),
            (["image", "ls", "--quiet", selection], ["image", "rm", "--force"]),
        ):
            if ids := sorted(set(self.run(*listing, check=False).stdout.split())):
                self.run(*removal, *ids, check=False)
