"""The base of the other packages: findings with places, YAML with line numbers, the files of a repository."""
