"""The background jobs of the shop."""
