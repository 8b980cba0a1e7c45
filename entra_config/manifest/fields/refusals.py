"""Why a field does not fit a type of application, in the words that a person is told."""

from __future__ import annotations

from entra_config.manifest.fields.field import Refused

NO_API = "a client offers no API; declare an application of type `api`"
NO_SECRET = "it runs where a secret cannot be kept"  # noqa: S105  # a sentence
NO_SIGN_IN = "nobody signs in to it; register the client of its own"
NO_SESSION = "it keeps no browser session to end"
CLIENTS = ("spa", "publicClient", "daemon")


def refuse(why: str, *kinds: str) -> dict[str, Refused]:
    """Return the types that a field does not fit, each with the reason."""
    return {kind: Refused(why) for kind in kinds}
