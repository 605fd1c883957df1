"""Nothing that the api needs."""

NAME = "unrelated"
