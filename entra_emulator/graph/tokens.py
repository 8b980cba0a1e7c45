"""Where a list goes on, in; an opaque token that is good for the same question only, out; and back."""

import base64
import binascii
import hashlib
import hmac

from entra_emulator.graph.call import Call
from entra_emulator.graph.routing import describe

_LENGTH = 12


def seal(call: Call, position: str, *query: str | None) -> str:
    """Write the token of a position in the list of a request's path; `requested` is what else decides about
    the rows.
    """
    return base64.urlsafe_b64encode(_mark(call, position, query) + position.encode()).decode().rstrip("=")


def unseal(call: Call, token: str, *query: str | None) -> str | None:
    """Read a token's position; none of one that was made up, or belongs to another path, question or
    tenant.
    """
    try:
        data = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        position = data[_LENGTH:].decode()
    except (binascii.Error, ValueError):
        return None
    return position if hmac.compare_digest(data[:_LENGTH], _mark(call, position, query)) else None


def _mark(call: Call, position: str, query: tuple[str | None, ...]) -> bytes:
    text = repr((call.tenant.tenant_id, describe(call.segments).casefold(), query, position))
    return hmac.digest(call.graph.directory.ids.seed.encode(), text.encode(), hashlib.sha256)[:_LENGTH]
