"""Find the emulator that runs on a state folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from entra_config.graph.endpoint import Endpoint


def find_endpoint(state: Path | None = None) -> Endpoint:
    """Return the emulator that runs on a folder, as the engine reaches it; SignInError if none can be used.

    Without a folder it is the one that the environment names, else the one in the working directory.
    """
    from entra_config.errors import SignInError
    from entra_config.graph import endpoint
    from entra_emulator import api

    state = state or api.state_folder()
    with api.use_program_name("entra-config emulator"):
        try:
            run = api.find_run(state)
            if run is None:
                raise SignInError(api.explain_absence(state))
            ca = api.find_ca(state)
        except api.StateError as error:
            raise SignInError(str(error)) from error
    return endpoint.Endpoint(endpoint.cloud(run.origin), ca, run.tenant_id, run.client_id, run.client_secret)
