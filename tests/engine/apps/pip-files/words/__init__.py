"""Found through a link in the folder of the service."""

EXTRA = "and what a link leads to"
