"""A member that only development needs."""
