"""Tokens for calls to Graph that this process makes itself."""

from entra_emulator.callers import Caller
from entra_emulator.login.service import SignIn


def sign_for(service: SignIn, caller: Caller) -> str:
    """Return a Graph token of a caller, for one call in this process; it is valid for 60 seconds."""
    now = int(service.now().timestamp())
    return service.keys.sign({**caller.claims(), "iat": now, "nbf": now, "exp": now + 60, "iss": "portal"})
