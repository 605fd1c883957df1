"""Sources of presets: parse their names, resolve relative references, and fetch them from git and over HTTPS."""
