"""Find the sinks of declared secrets, and ask each which credential it keeps."""

from __future__ import annotations

import os
from collections.abc import Callable

from entra_config import characters
from entra_config.credentials.certificates import PairKeeper
from entra_config.credentials.estate import Estate
from entra_config.credentials.rotation import Rotating
from entra_config.errors import EntraConfigError
from entra_config.manifest.sinks import InSink, Keeper, Session


def find_keeper(estate: Estate, subject: Rotating, cloud: str) -> Keeper:
    """Return what keeps the value of one declared secret, or the key pair of one certificate."""
    subject.sink.check_installed()
    keeper = subject.sink.open_keeper(Session(os.environ, cloud, estate.manifest.tenant_id))
    return PairKeeper(keeper) if subject.declared.type == "certificate" else keeper


async def read_kept(
    estate: Estate, cloud: str, say: Callable[[str], None], only: str = ""
) -> tuple[dict[tuple[str, str], InSink], dict[tuple[str, str], EntraConfigError]]:
    """Ask the sinks of all applications, or of one, what they keep; report those that could not, or must not,
    be asked.
    """
    found: dict[tuple[str, str], InSink] = {}
    failed: dict[tuple[str, str], EntraConfigError] = {}
    keys = [
        key
        for key, each in estate.manifest.applications.items()
        if each.rotating and key in estate.directory.live and only in {"", key}
    ]
    for subject in estate.subjects(keys):
        place = subject.key, subject.declared.label
        try:
            # Asking runs a program, or shows a token to whoever is there.
            estate.check_place(subject, frozenset())
            found[place] = (await find_keeper(estate, subject, cloud).content()).kept
        except EntraConfigError as error:
            failed[place] = error
            say(f"{subject.name}: what its sink keeps is not known: {characters.printed(str(error))}")
    return found, failed
