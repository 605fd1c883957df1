#!/usr/bin/python3 -IS
"""Runs runc, and has the steps of builds trust the certificate authorities of the host.

A host behind a TLS proxy has the authority of that proxy, without which no step of a build can fetch anything. It must
not be in the images: what an image brings is what the tests are about. So it is mounted into the step, below /dev,
which is a file system in memory that no layer has. Containers that are no build steps are started as they are.

`engine.sh` puts this file before the real runc on the PATH of the engine.
"""

import json
import os
import shutil
import sys
from pathlib import Path

AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")
IN_STEP = "/dev/certificate-authorities.crt"
# What the package managers in builds read, each by its own documentation.
VARIABLES = {
    "NODE_EXTRA_CA_CERTS": IN_STEP,
    "NPM_CONFIG_CAFILE": IN_STEP,
    "PIP_CERT": IN_STEP,
    "REQUESTS_CA_BUNDLE": IN_STEP,
    "SSL_CERT_FILE": IN_STEP,
    "UV_SYSTEM_CERTS": "1",
}


def trust(configuration: Path) -> None:
    """Add the mount and the variables to the configuration of a container; variables that it has stay."""
    container = json.loads(configuration.read_text(encoding="utf-8"))
    options = ["bind", "ro", "nosuid", "nodev", "noexec"]
    container["mounts"].append({"destination": IN_STEP, "type": "bind", "source": str(AUTHORITIES), "options": options})
    environment = container["process"].setdefault("env", [])
    known = {variable.partition("=")[0] for variable in environment}
    environment += [f"{name}={value}" for name, value in VARIABLES.items() if name not in known]
    configuration.write_text(json.dumps(container), encoding="utf-8")


def main() -> None:
    """Change the configuration if it is that of a build step, then become runc."""
    words = sys.argv[1:]
    if "run" in words and "--bundle" in words and AUTHORITIES.exists():
        bundle = Path(words[words.index("--bundle") + 1])
        if "buildkit" in bundle.parts:
            trust(bundle / "config.json")
    here = Path(__file__).resolve().parent
    others = [folder for folder in os.get_exec_path() if Path(folder).resolve() != here]
    runc = shutil.which("runc", path=os.pathsep.join(others))
    if runc is None:
        sys.exit("runc_in_builds.py: there is no other runc on PATH")
    os.execv(runc, ["runc", *words])


if __name__ == "__main__":
    main()
