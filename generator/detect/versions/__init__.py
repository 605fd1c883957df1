"""The versions of runtimes and package managers that files of a repository ask for."""
