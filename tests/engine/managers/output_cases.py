"""What else than a server with its packages can ship."""

from .cases import Case

OUTPUTS: tuple[Case, ...] = ()
