"""When each application was last signed in to, or with: a report that only the beta endpoint has."""

from typing import Any

from entra_config.emulator.graph import permissions
from entra_config.emulator.graph.call import Answer, Call
from entra_config.emulator.graph.errors import no_segment
from entra_config.emulator.graph.routing import Route, Routes

_NAME = "servicePrincipalSignInActivities"
_SORTS = (
    "delegatedClientSignInActivity",
    "delegatedResourceSignInActivity",
    "applicationAuthenticationClientSignInActivity",
    "applicationAuthenticationResourceSignInActivity",
)


def list_all(call: Call) -> Answer:
    """Answer GET /reports/servicePrincipalSignInActivities (reportroot-list-serviceprincipalsigninactivities): of who has any."""
    if call.version != "beta":
        raise no_segment(_NAME)
    rows = [_shown(app_id, times) for app_id, times in sorted(call.tenant.activity.items())]
    return Answer(200, {"@odata.context": call.context(f"reports/{_NAME}"), "value": rows})


def _shown(app_id: str, times: dict[str, str]) -> dict[str, Any]:
    return {
        "id": app_id,
        "appId": app_id,
        "lastSignInActivity": _moment(max(times.values())),
        **{sort: _moment(times.get(sort)) for sort in _SORTS},
    }


def _moment(time: str | None) -> dict[str, Any]:
    return {"lastSignInDateTime": time, "lastSignInRequestId": None}


ROUTES: Routes = {("GET", f"reports/{_NAME}"): Route(list_all, permissions.REGISTRATION_READ)}
