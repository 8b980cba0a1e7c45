"""When a client last got a token, and an API last had one made for it: what the report of sign-in
activities is made of.
"""

from datetime import datetime

from entra_emulator.clock import seconds_stamp
from entra_emulator.login.claims import AccessTokenInput


def note(access: AccessTokenInput, now: datetime) -> None:
    """Write down an access token: by client and resource, with a person in it or without."""
    type_ = "delegated" if access.who is not None else "applicationAuthentication"
    for party, side in ((access.client, "Client"), (access.resource, "Resource")):
        access.tenant.activity.setdefault(party.app_id, {})[f"{type_}{side}SignInActivity"] = seconds_stamp(
            now
        )
