"""Only for development."""
