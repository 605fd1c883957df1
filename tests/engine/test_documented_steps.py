"""The preset in docs/presets.md, "Steps of your own", builds as documented."""

import json
import re
import ssl
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import trustme

from .harness import Engine
from .harness.image_search import image_contains
from .harness.repository import generate, write_files

DOCS = Path(__file__).parents[2] / "docs/presets.md"
LOCK = {"name": "demo", "version": "0.1.0", "lockfileVersion": 3, "packages": {"": {"name": "demo"}}}
FETCH = """\
import pathlib, sys
target = pathlib.Path(sys.argv[2])
target.mkdir(parents=True)
(target / "model").write_text(str(len(pathlib.Path("/root/.netrc").read_text())))
pathlib.Path("/root/.cache/models/kept").touch()
"""
# Commands that print the certificates that a runtime trusts, as PEM.
PRINT_TRUSTED = {
    "python": (
        "import ssl; trusted = ssl.create_default_context().get_ca_certs(binary_form=True);"
        "print(*map(ssl.DER_cert_to_PEM_cert, trusted))"
    ),
    "node": 'console.log(require("node:tls").getCACertificates("extra").join("\\n"))',
}


def _documented_preset() -> str:
    section = DOCS.read_text("utf-8").split("## Steps of your own")[1]
    [preset] = re.findall(r"```yaml\n(.*?)```", section.split("\n## ")[0], re.DOTALL)
    return str(preset)


def _write_service(root: Path, runtime: str) -> str:
    """Write a service with the preset and the files it uses; return the certificate of the preset."""
    keys: dict[str, Any] = {"kind": "node", "sources": ["src"]} if runtime == "node" else {"kind": "python"}
    service = {**keys, "path": ".", "command": ["true"], "ports": [8000], "presets": ["./team.yaml"]}
    spec = {"version": 1, "project": "documented", "services": {"demo": service}}
    locks = {"package.json": '{"name": "demo"}', "package-lock.json": json.dumps(LOCK)}
    files = {"python": {"requirements.txt": ""}, "node": locks}[runtime]
    files |= {
        "services.yaml": json.dumps(spec),
        "team.yaml": _documented_preset(),
        "src/main": "",
        "tools/fetch.py": FETCH,
    }
    write_files(root, files)
    certificate = trustme.CA(organization_name="acme").cert_pem.bytes().decode()
    write_files(root, {"certs/acme.crt": certificate})
    generate(root)
    return ssl.DER_cert_to_PEM_cert(ssl.PEM_cert_to_DER_cert(certificate))


@pytest.mark.parametrize("runtime", PRINT_TRUSTED)
def test_its_certificate_is_trusted(engine: Engine, tmp_path: Path, tag: Callable[[str], str], runtime: str) -> None:
    """In the stage that fetches packages and in the image. The image has the model, and no secret."""
    certificate = _write_service(tmp_path, runtime)
    secret = tmp_path / "netrc"
    secret.write_text(uuid.uuid4().hex, "utf-8")
    flag = {"python": "-c", "node": "-e"}[runtime]
    for stage in ("deps", "runtime"):
        image = tag(stage)
        engine.build(tmp_path, tag=image, target=stage, secrets=[f"id=netrc,src={secret}"])
        trusted = engine.run("run", "--rm", image, runtime, flag, PRINT_TRUSTED[runtime]).stdout
        assert certificate.strip() in trusted.replace("\n ", "\n"), stage
        if runtime == "python":
            assert engine.run("run", "--rm", image, "cat", "/opt/venv/share/models/model").stdout == "32"
        assert not image_contains(engine, image, secret.read_text("utf-8"))
