"""`entra-emulator`: run one command, and turn every failure into a message and an exit code."""

import os
import sys
from collections.abc import Sequence
from typing import Any

import typer

from entra_emulator.cli import commands, extra, output

PROGRAM = "entra-emulator"

app = commands.make_app(PROGRAM)
_HELP: dict[str, Any] = {"help_option_names": ["-h", "--help"], "max_content_width": 110}


def main(arguments: Sequence[str]) -> int:
    """Run one command and return the exit code: 0 done, 1 error, 2 differences found."""
    app.rich_markup_mode = None
    command: Any = typer.main.get_command(app)
    try:
        code = command.main(list(arguments), prog_name=PROGRAM, standalone_mode=False, **_HELP)
    except BrokenPipeError:
        # The reader has enough: `entra-emulator env | head`.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except ModuleNotFoundError as error:
        if error.name not in extra.MODULES:
            raise
        output.report_error(extra.explain_missing())
        return 1
    except OSError as error:
        if error.filename is None:
            raise
        output.report_error(f"{error.filename}: {error.strerror}")
        return 1
    except _click_exception() as error:
        error.show()  # type: ignore[attr-defined]  # of click's exceptions
        return 1  # usage errors too: 2 means that something differs
    if code == 130:  # typer's code for Ctrl-C
        output.report_error("interrupted")
        return 1
    return int(code or 0)


def run() -> None:
    """Run the command line and exit."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # a terminal may lack a character
    sys.exit(main(sys.argv[1:]))


def _click_exception() -> type[Exception]:
    """Return the base of click's errors, wherever this version of typer keeps it."""
    return next(base for base in typer.BadParameter.__mro__ if base.__name__ == "ClickException")
