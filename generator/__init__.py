"""Dockerfiles, Compose files and ignore files from one typed description of a project's services."""

__version__ = "0.1.0"
