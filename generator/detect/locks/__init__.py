"""Lock files: which there are, whether the package manager of the build reads them, and whether they are fresh."""
