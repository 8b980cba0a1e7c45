"""Which of a tenant's people registered a second factor: a report, read here, and chosen by the tenant's
choices.
"""

from typing import Any

from entra_emulator.graph import lookup, permissions
from entra_emulator.graph.call import Call, CollectionResponse
from entra_emulator.graph.routing import Route, Routes
from entra_emulator.table import Row

_PATH = "reports/authenticationMethods/userRegistrationDetails"


def list_all(call: Call) -> CollectionResponse:
    """Answer GET …/userRegistrationDetails (authenticationmethodsroot-list-userregistrationdetails)."""
    rows = [_shown(call, row) for row in call.tenant.tables["users"]]
    return CollectionResponse(200, {"@odata.context": call.context(_PATH), "value": rows})


def get(call: Call) -> CollectionResponse:
    """Answer GET …/userRegistrationDetails/{id}: of a user, by object id."""
    row = lookup.find(call, "users", call.params[0])
    return CollectionResponse(200, {"@odata.context": call.context(f"{_PATH}/$entity"), **_shown(call, row)})


def _shown(call: Call, row: Row) -> dict[str, Any]:
    lacking = {name.casefold() for name in call.tenant.choices.users_without_mfa}
    registered = str(row["userPrincipalName"]).casefold() not in lacking
    return {
        "id": row["id"],
        "userPrincipalName": row["userPrincipalName"],
        "userDisplayName": row["displayName"],
        "userType": str(row.get("userType") or "Member").lower(),
        "isMfaRegistered": registered,
        "isMfaCapable": registered,
        "isPasswordlessCapable": False,
        "methodsRegistered": ["microsoftAuthenticatorPush"] if registered else [],
    }


ROUTES: Routes = {
    ("GET", _PATH): Route(list_all, permissions.REGISTRATION_READ),
    ("GET", f"{_PATH}/*"): Route(get, permissions.REGISTRATION_READ),
}
