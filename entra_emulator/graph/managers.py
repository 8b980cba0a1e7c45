"""Whom a user answers to, who answers to a user, and the picture that nobody here has."""

from typing import Any

from entra_emulator.graph import expanding, lookup, permissions, render
from entra_emulator.graph.call import Call, CollectionResponse
from entra_emulator.graph.errors import ODataError, bad_request
from entra_emulator.graph.expanding import Expand, Wanted
from entra_emulator.graph.routing import Route, Routes
from entra_emulator.graph.service_principals import groups_of
from entra_emulator.table import Row


def check_manager(_call: Call, row: Row, manager: str) -> None:
    """Refuse a user as their own manager."""
    if manager == row["id"]:
        raise bad_request("One or more property values specified are invalid.")


def no_picture(call: Call) -> CollectionResponse:
    """Refuse GET …/photo: nobody here has one."""
    lookup.user(call)
    # What clients of every language quote.
    text = "Exception of type 'Microsoft.Fast.Profile.Core.Exception.ImageNotFoundException' was thrown."
    raise ODataError(404, "ImageNotFound", text)


def _expanded(call: Call, row: Row, wanted: Wanted) -> dict[str, Any] | None:
    """Give a user's manager, and above him as far as is asked for."""
    found = [call.tenant.users.get(each) for each in call.tenant.managers.targets(row["id"])]
    if not found or found[0] is None:
        return None
    body = expanding.cut(render.mixed(call, "user", found[0]), wanted)
    if wanted.levels > 1:
        above = _expanded(
            call, found[0], Wanted(wanted.name, wanted.select, min(wanted.levels, _HIGHEST) - 1)
        )
        if above is not None:
            body["manager"] = above
    return body


def _reports_of(call: Call, row: Row, _wanted: Wanted) -> list[dict[str, Any]]:
    rows = (call.tenant.users.get(each) for each in call.tenant.managers.sources(row["id"]))
    return [render.mixed(call, "user", each) for each in rows if each is not None]


# Managers that answer to each other must not go on for ever.
_HIGHEST = 100
EXPAND: Expand = {"manager": _expanded, "directReports": _reports_of, "memberOf": groups_of}
ROUTES: Routes = {
    ("GET", f"{base}/photo{tail}"): Route(no_picture, read)
    for base, read in (("users/*", permissions.USER_READ), ("me", permissions.MANAGER_READ))
    for tail in ("", "/$value")
}
