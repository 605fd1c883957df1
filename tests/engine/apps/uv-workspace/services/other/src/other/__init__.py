"""Another service."""
