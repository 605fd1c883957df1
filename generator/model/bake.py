"""How a whole fleet is built: what docker-bake.hcl says beside its targets, and where build caches are kept."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from generator.model import types as t

OWN_GROUPS = ("default", "check")
"""The groups that every Bake file has: all images, and the build checks of all Dockerfiles."""

OWN_VARIABLES: dict[str, tuple[str, str]] = {
    "REGISTRY": (
        "",
        "Host and path in front of the images' names; without one, they are named as by Compose",
    ),
    "TAG": ("latest", "Tags of the images, separated by commas"),
    "REVISION": ("", "The commit that is built, for a label and an annotation"),
    "SOURCE": ("", "URL of the repository, for a label and an annotation"),
    "CREATED": ("", "Time of the build in the form of RFC 3339, for a label and an annotation"),
    "CACHE_WRITE": ("", "Anything but an empty text exports the cache, as builds of the main branch should"),
    "CACHE_SCOPE": ("", "End of the caches' names, as -arm64 where each platform has a builder of its own"),
}
"""The variables that a Bake file has besides those of the spec: their defaults, and what they are for."""

CACHE_VARIABLES = ("CACHE_WRITE", "CACHE_SCOPE")
"""Those that only a file with caches has."""


class RegistryCache(t.Model):
    """A cache in a registry, which every builder can read: one tag of a repository for each image."""

    ref: Annotated[str, StringConstraints(pattern=t.REPOSITORY)]
    """The repository, without a tag, as registry.example.com/shop/cache."""


class GhaCache(t.Model):
    """The cache of GitHub Actions: a scope for each image, since one scope would hold the last image alone."""

    prefix: t.CacheName | None = None
    """Beginning of the scopes' names, where several specs share a repository."""


class S3Cache(t.Model):
    """A bucket of S3 or of what speaks its protocol; the builder needs the credentials."""

    bucket: t.CacheName
    """Name of the bucket."""
    region: t.CacheName
    """Region of the bucket."""
    prefix: t.CacheName | None = None
    """Beginning of the objects' names."""
    endpoint_url: t.CacheAddress | None = None
    """Address of another service than Amazon's."""


class AzblobCache(t.Model):
    """Azure Blob Storage; the builder needs the credentials."""

    account_url: t.CacheAddress
    """Address of the storage account."""
    prefix: t.CacheName | None = None
    """Beginning of the blobs' names."""


class LocalCache(t.Model):
    """A folder on the machine that runs the build: one folder in it for each image."""

    path: t.RelativePath
    """The folder, below the repository; .gitignore should name it."""


class Cache(t.Model):
    """Where builders keep and find what other builders have made, beside their own disks.

    Every build reads it. It is written where the variable `CACHE_WRITE` is not empty: by builds of the main branch, and
    not by those of pull requests. All layers of all stages are kept (`mode=max`), and a cache that cannot be written
    fails no build.
    """

    registry: RegistryCache | None = None
    """In a registry."""
    gha: GhaCache | None = None
    """In the cache of GitHub Actions."""
    s3: S3Cache | None = None
    """In a bucket of S3."""
    azblob: AzblobCache | None = None
    """In Azure Blob Storage."""
    local: LocalCache | None = None
    """In a folder of this machine."""
    inline: Literal[True] | None = None
    """In the images themselves, where `bake` pushes them; layers of the last stage alone."""

    @model_validator(mode="after")
    def _one_place(self) -> Cache:
        given = [name for name in ("registry", "gha", "s3", "azblob", "local", "inline") if getattr(self, name)]
        if len(given) != 1:
            said = " and ".join(given) or "none"
            raise ValueError(f"a cache has exactly one of registry, gha, s3, azblob, local and inline; here: {said}")
        return self


class Bake(t.Model):
    """Asks for docker-bake.hcl, which builds all images at once; `bake: {}` is enough."""

    registry: Annotated[str, StringConstraints(pattern=t.REGISTRY)] | None = None
    """Host and path in front of the images' names, which `REGISTRY` overrides."""
    platforms: t.Platforms | None = None
    """Platforms of every image that has no `platforms` of its own; that of the builder without."""
    groups: dict[t.Name, Annotated[t.Unique[t.Name], Field(min_length=1)]] | None = None
    """Groups of services to build together, by a name of their own; `default` has all images."""
    provenance: Literal["min", "max", "none"] | None = None
    """How much of the build the image tells of; BuildKit decides without."""
    sbom: bool | None = None
    """Whether the image has a list of the packages in it."""
