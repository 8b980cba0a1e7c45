"""`entra-emulator …`: a local Entra to start, stop, point clients at and trust."""


def run() -> None:
    """Run the command line and exit."""
    from entra_emulator.cli import main

    main.run()
