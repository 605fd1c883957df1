"""Talking to docker and buildx."""
