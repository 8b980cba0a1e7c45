"""A state folder in; the emulator that runs on it and what it answers, or why there is none, out."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from entra_config.cli.output import Output
from entra_config.emulator_state.state_files import DEFAULT_FOLDER, FOLDER_VARIABLE

if TYPE_CHECKING:
    from entra_config.emulator_state.records import Run

DEFAULT_STATE = DEFAULT_FOLDER
State = Annotated[
    Path,
    typer.Option(
        "--state",
        envvar=FOLDER_VARIABLE,
        help="Folder of its directory, keys and certificates.",
        show_default=str(DEFAULT_STATE),
    ),
]


def fail(message: str) -> NoReturn:
    """End with an error."""
    Output().failed(*message.splitlines())
    raise typer.Exit(1)


def running_on(state: Path) -> "Run":
    """Return the emulator that runs on a folder."""
    from entra_config.emulator_state import runs

    found = runs.find(state)
    if found is None:
        fail(runs.explain_absence(state))
    return found


def call(found: "Run", state: Path, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """Send one request to its control."""
    from entra_config.emulator import background

    try:
        return background.control(found, state, path, body)
    except background.ControlError as error:
        fail(str(error))
