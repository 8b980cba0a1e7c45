"""When each application was last signed in to, or with: a report that only the beta endpoint has."""

from typing import Any

from entra_emulator.graph import permissions
from entra_emulator.graph.call import Call, CollectionResponse
from entra_emulator.graph.errors import no_segment
from entra_emulator.graph.routing import Route, Routes
from entra_emulator.table import Row

_NAME, _KEYS = "servicePrincipalSignInActivities", "appCredentialSignInActivities"
_TYPES = (
    "delegatedClientSignInActivity",
    "delegatedResourceSignInActivity",
    "applicationAuthenticationClientSignInActivity",
    "applicationAuthenticationResourceSignInActivity",
)


def list_all(call: Call) -> CollectionResponse:
    """Answer GET /reports/servicePrincipalSignInActivities
    (reportroot-list-serviceprincipalsigninactivities): of who has any.
    """
    if call.version != "beta":
        raise no_segment(_NAME)
    rows = [_shown(app_id, times) for app_id, times in sorted(call.tenant.activity.items())]
    return CollectionResponse(200, {"@odata.context": call.context(f"reports/{_NAME}"), "value": rows})


def of_keys(call: Call) -> CollectionResponse:
    """Answer GET /reports/appCredentialSignInActivities (reportroot-list-appcredentialsigninactivities)."""
    if call.version != "beta":
        raise no_segment(_KEYS)
    rows = []
    for origin, table in (
        ("application", call.tenant.applications),
        ("servicePrincipal", call.tenant.service_principals),
    ):
        for owner in table:
            rows += [
                _used(call, owner, key, origin)
                for key in owner["passwordCredentials"]
                if key["keyId"] in call.tenant.key_uses
            ]
    return CollectionResponse(200, {"@odata.context": call.context(f"reports/{_KEYS}"), "value": rows})


def _used(call: Call, owner: Row, key: Row, origin: str) -> dict[str, Any]:
    return {
        "id": key["keyId"],
        "keyId": key["keyId"],
        "keyType": "clientSecret",
        "keyUsage": "verify",
        "appId": owner["appId"],
        "credentialOrigin": origin,
        "createdDateTime": key.get("startDateTime"),
        "expirationDateTime": key.get("endDateTime"),
        "signInActivity": _moment(call.tenant.key_uses[key["keyId"]]),
    }


def _shown(app_id: str, times: dict[str, str]) -> dict[str, Any]:
    return {
        "id": app_id,
        "appId": app_id,
        "lastSignInActivity": _moment(max(times.values())),
        **{type_: _moment(times.get(type_)) for type_ in _TYPES},
    }


def _moment(time: str | None) -> dict[str, Any]:
    return {"lastSignInDateTime": time, "lastSignInRequestId": None}


ROUTES: Routes = {
    ("GET", f"reports/{_NAME}"): Route(list_all, permissions.REGISTRATION_READ),
    ("GET", f"reports/{_KEYS}"): Route(of_keys, permissions.REGISTRATION_READ),
}
