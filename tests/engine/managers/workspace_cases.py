"""Workspaces: services of which only their closure may matter."""

from .cases import Case

WORKSPACES: tuple[Case, ...] = ()
