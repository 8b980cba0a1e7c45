"""Find the emulator that runs on a state folder, and send requests to its control."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from entra_config.cli.output import Output
from entra_config.emulator.state.state_files import DEFAULT_FOLDER, FOLDER_VARIABLE

if TYPE_CHECKING:
    from entra_config.emulator.state.records import Run
    from entra_config.graph.endpoint import Endpoint

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
    from entra_config.emulator.state import runs

    found = runs.find_run(state)
    if found is None:
        fail(runs.explain_absence(state))
    return found


def find_endpoint(state: Path | None = None) -> "Endpoint":
    """Return the emulator that runs on a folder, as the engine reaches it; SignInError if none can be used.

    Without a folder it is the one that the environment names, else the one in the working directory.
    """
    from entra_config.emulator import api
    from entra_config.errors import SignInError
    from entra_config.graph import endpoint

    state = state or api.state_folder()
    try:
        run = api.find_run(state)
        if run is None:
            raise SignInError(api.explain_absence(state))
        ca = api.find_ca(state)
    except api.StateError as error:
        raise SignInError(str(error)) from error
    return endpoint.Endpoint(endpoint.cloud(run.origin), ca, run.tenant_id, run.client_id, run.client_secret)


def call(found: "Run", state: Path, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """Send one request to its control."""
    from entra_config.emulator import background

    try:
        return background.control(found, state, path, body)
    except background.ControlError as error:
        fail(str(error))
