"""`python -m …`: the same as `entra-emulator`."""

from entra_emulator.cli import run

if __name__ == "__main__":
    run()
