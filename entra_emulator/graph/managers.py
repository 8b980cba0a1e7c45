"""Whom a user answers to, who answers to a user, and the picture that nobody here has."""

from typing import Any

from entra_emulator.graph import lookup, permissions, references, render
from entra_emulator.graph.call import NO_CONTENT, Call, CollectionResponse
from entra_emulator.graph.errors import ODataError, bad_request, not_found
from entra_emulator.graph.expanding import Expand, Wanted
from entra_emulator.graph.routing import Route, Routes
from entra_emulator.graph.schema import ANY_OBJECT
from entra_emulator.graph.service_principals import groups_of
from entra_emulator.table import Row

_REFERENCE = "https://graph.microsoft.com/v2/{tenant}/directoryObjects/{id}/Microsoft.DirectoryServices.User"


def get(call: Call) -> CollectionResponse:
    """Answer GET …/manager: 404 without one."""
    row = _manager(call)
    names = render.selected(call, ANY_OBJECT)
    context = f"directoryObjects({','.join(names)})/$entity" if names else "directoryObjects/$entity"
    return CollectionResponse(
        200, {"@odata.context": call.context(context), **render.mixed(call, "user", row, names)}
    )


def get_reference(call: Call) -> CollectionResponse:
    """Answer GET …/manager/$ref."""
    link = _REFERENCE.format(tenant=call.tenant.tenant_id, id=_manager(call)["id"])
    return CollectionResponse(200, {"@odata.context": call.context("$ref"), "@odata.id": link})


def put(call: Call) -> CollectionResponse:
    """Answer PUT …/manager/$ref: the one before is no longer it."""
    row = lookup.user(call)
    manager = references.referenced(call, "manager")
    if manager == row["id"]:
        raise bad_request("One or more property values specified are invalid.")
    for before in call.tenant.managers.targets(row["id"]):
        call.tenant.managers.remove(row["id"], before)
    call.tenant.managers.add(row["id"], manager)
    return NO_CONTENT


def remove(call: Call) -> CollectionResponse:
    """Answer DELETE …/manager/$ref."""
    row = lookup.user(call)
    call.tenant.managers.remove(row["id"], _manager(call)["id"])
    return NO_CONTENT


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
    body = render.mixed(call, "user", found[0])
    if wanted.select is not None:
        body = {
            name: value
            for name, value in body.items()
            if name.casefold() in {"@odata.type", "id", *wanted.select}
        }
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


def _manager(call: Call) -> Row:
    found = call.tenant.managers.targets(lookup.user(call)["id"])
    row = call.view("users").get(found[0]) if found else None
    if row is None:
        raise not_found("manager")
    return row


# Managers that answer to each other must not go on for ever.
_HIGHEST = 100
EXPAND: Expand = {"manager": _expanded, "directReports": _reports_of, "memberOf": groups_of}
ROUTES: Routes = {
    key: route
    for base, read in (("users/*", permissions.USER_READ), ("me", permissions.MANAGER_READ))
    for key, route in (
        (("GET", f"{base}/manager"), Route(get, read)),
        (("GET", f"{base}/manager/$ref"), Route(get_reference, read)),
        (("PUT", f"{base}/manager/$ref"), Route(put, permissions.USER_WRITE)),
        (("DELETE", f"{base}/manager/$ref"), Route(remove, permissions.USER_WRITE)),
        (("GET", f"{base}/photo"), Route(no_picture, read)),
        (("GET", f"{base}/photo/$value"), Route(no_picture, read)),
    )
}
