"""`python -m entra_config`: the same program as `entra-config`."""

from entra_config.cli.main import run

if __name__ == "__main__":
    run()
