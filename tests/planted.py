"""Files that no builder may be sent: examples of every pattern of the ignore files, and files that look like them."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.confidential import KEYS

EXAMPLES: dict[str, tuple[str, ...]] = {
    ".env*": (".env", ".env.local", ".env.production", ".envrc"),
    "*.env": ("prod.env",),
    ".git": (".git/config",),
    ".gitconfig": (".gitconfig",),
    ".git-credentials": (".git-credentials",),
    ".npmrc*": (".npmrc", ".npmrc.ci"),
    ".yarnrc*": (".yarnrc", ".yarnrc.yml"),
    ".netrc*": (".netrc",),
    "_netrc": ("_netrc",),
    ".pypirc*": (".pypirc",),
    "pip.conf": ("pip.conf",),
    "pip.ini": ("pip.ini",),
    ".htpasswd": (".htpasswd",),
    ".pgpass": (".pgpass",),
    ".aws": (".aws/credentials", ".aws/config"),
    ".azure": (".azure/accessTokens.json",),
    ".dockercfg": (".dockercfg",),
    ".dockerconfigjson": (".dockerconfigjson",),
    ".docker/config.json": (".docker/config.json",),
    ".gnupg": (".gnupg/secring.gpg",),
    ".kube": (".kube/config",),
    ".ssh": (".ssh/id_rsa", ".ssh/work"),
    ".config/gcloud": (".config/gcloud/access_tokens.db",),
    "kubeconfig": ("kubeconfig",),
    "kubeconfig.y*ml": ("kubeconfig.yaml", "kubeconfig.yml"),
    "*.kubeconfig": ("prod.kubeconfig",),
    ".vault-token": (".vault-token",),
    "*.key": ("server.key",),
    "*.pem": ("ca.pem",),
    "*.p12": ("client.p12",),
    "*.pfx": ("client.pfx",),
    "*.ppk": ("putty.ppk",),
    "*.jks": ("store.jks",),
    "*.keystore": ("app.keystore",),
    KEYS: ("id_rsa", "id_ed25519", "id_ed25519_sk", "id_work", "id_rsa_github"),
    "id_rsa": ("id_tools/id_rsa",),
    "id_dsa": ("id_tools/id_dsa",),
    "id_ecdsa": ("id_tools/id_ecdsa",),
    "id_ed25519": ("id_tools/id_ed25519",),
    "id_*.old": ("id_ecdsa.old",),
    "id_*.bak": ("id_rsa.bak",),
    "credentials*.json": ("credentials.json", "credentials-prod.json"),
    "*credentials.json": ("application_default_credentials.json",),
    "service-account*.json": ("service-account-prod.json",),
    "service_account*.json": ("service_account.json",),
    "*.tfstate": ("terraform.tfstate",),
    "*.tfstate.backup": ("terraform.tfstate.backup",),
    "*.tfvars": ("prod.tfvars",),
}
SECRETS = [name for names in EXAMPLES.values() for name in names]
SOURCES = [
    *("main.ts", "id_token.py", "id_map.ts", "ID_Map.ts", "id_work.pub", "id_tools/main.py", "keys.py", "tokens.json"),
    *("credentials.py", "env.ts", "environment.py", "kubeconfig.ts", "gitconfig.py", ".docker/app.conf", "pem.py"),
]


def in_any_case(name: str) -> Iterator[str]:
    """Yield the name as it is, in capitals, and with capitals at the beginnings of words."""
    yield from dict.fromkeys((name, name.upper(), name.title()))
