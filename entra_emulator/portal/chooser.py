"""As whom changes are made: chosen once, remembered by the browser."""

from starlette.responses import Response

from entra_emulator.portal.visit import Visit


def choose(visit: Visit) -> Response:
    """Remember a person of the tenant, and go back to the page."""
    response = visit.go(back(visit))
    person = visit.form.get("as", "")
    if person in visit.tenant.users:
        response.set_cookie(
            visit.actor_cookie, person, path="/", secure=True, httponly=True, samesite="strict"
        )
    return response


def back(visit: Visit) -> str:
    """Return the page of the portal that a form came from; never an address beyond it."""
    address = visit.form.get("back", "")
    own = address.startswith("/portal/") and not {"\\", "\r", "\n", "\t"} & set(address)
    return address if own else visit.path()
