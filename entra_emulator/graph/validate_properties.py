"""Names of a new group in; nothing, or what is wrong with each, out."""

from typing import Any

from entra_emulator.graph import lookup, permissions
from entra_emulator.graph.call import NO_CONTENT, Call, CollectionResponse
from entra_emulator.graph.entities.group import GROUP
from entra_emulator.graph.entities.user import FORBIDDEN_IN_NICKNAMES
from entra_emulator.graph.errors import ODataError, bad_request, not_found
from entra_emulator.graph.routing import Route, Routes


def validate(call: Call) -> CollectionResponse:
    """Answer POST …/validateProperties: 204 where the names would do, else 422 with the reasons."""
    if str(call.segments[0]).casefold() == "groups":
        lookup.find(call, "groups", call.params[0])
        body = call.parameters("displayName", "mailNickname", "onBehalfOfUserId")
    else:
        body = call.parameters("entityType", "displayName", "mailNickname", "onBehalfOfUserId")
        if body.get("entityType") != "Group":
            raise bad_request("Invalid value specified for parameter 'entityType'.")
    user = body.get("onBehalfOfUserId")
    if user is not None and call.view("users").get(str(user).casefold()) is None:
        raise not_found(str(user))
    wrong = [
        *_wrong("displayName", body, ""),
        *_wrong("mailNickname", body, FORBIDDEN_IN_NICKNAMES),
    ]
    if wrong:
        text = "The values provided contain one or more validation errors."
        raise ODataError(422, "Request_UnprocessableEntity", text, details=wrong)
    return NO_CONTENT


def _wrong(name: str, body: dict[str, Any], forbidden: str) -> list[dict[str, Any]]:
    value = body.get(name)
    if value is None:
        return []
    if not isinstance(value, str):
        raise bad_request("Cannot convert a primitive value to the expected type 'Edm.String'.")
    if not value or len(value) > GROUP.properties[name].longest:
        return [
            {"target": name, "code": "InvalidLength", "message": f"Property {name} has an invalid length."}
        ]
    if set(value) & set(forbidden):
        return [
            {
                "target": name,
                "code": "InvalidCharacters",
                "message": f"Property {name} has characters that are not allowed.",
            }
        ]
    return []


ROUTES: Routes = {
    ("POST", "directoryObjects/validateProperties"): Route(validate, permissions.GROUP_READ),
    ("POST", "groups/*/validateProperties"): Route(validate, permissions.GROUP_READ),
}
