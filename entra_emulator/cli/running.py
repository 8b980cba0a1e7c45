"""Find the emulator that runs on a state folder, and send requests to its control."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from entra_emulator.cli.output import fail
from entra_emulator.state.state_files import DEFAULT_FOLDER, FOLDER_VARIABLES

if TYPE_CHECKING:
    from entra_emulator.state.records import Run

DEFAULT_STATE = DEFAULT_FOLDER
State = Annotated[
    Path,
    typer.Option(
        "--state",
        envvar=list(FOLDER_VARIABLES),
        help="Folder of its directory, keys and certificates.",
        show_default=str(DEFAULT_STATE),
    ),
]


def running_on(state: Path) -> "Run":
    """Return the emulator that runs on a folder."""
    from entra_emulator.state import runs

    found = runs.find_run(state)
    if found is None:
        fail(runs.explain_absence(state))
    return found


def call(found: "Run", state: Path, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """Send one request to its control."""
    from entra_emulator import background

    try:
        return background.control(found, state, path, body)
    except background.ControlError as error:
        fail(str(error))
