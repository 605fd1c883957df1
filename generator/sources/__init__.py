"""Where presets come from: their names, and fetching them from git and over HTTPS."""
