"""`python -m generator` is `gen-dockerfiles`."""

from generator.cli.app import run

if __name__ == "__main__":
    run()
