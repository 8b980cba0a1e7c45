"""What Microsoft recommends to a tenant, of credentials that end soon: a list that only the beta endpoint
has.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from entra_emulator.graph import permissions
from entra_emulator.graph.call import Call, CollectionResponse
from entra_emulator.graph.errors import no_segment, not_found
from entra_emulator.graph.routing import Route, Routes
from entra_emulator.table import Row

_PATH = "directory/recommendations"
_SOON = timedelta(days=30)


def list_all(call: Call) -> CollectionResponse:
    """Answer GET /directory/recommendations (directory-list-recommendations): those that are about
    something here.
    """
    _only_beta(call)
    value = [_recommendation(call)] if any(_impacted(call)) else []
    return CollectionResponse(200, {"@odata.context": call.context(_PATH), "value": value})


def impacted(call: Call) -> CollectionResponse:
    """Answer GET /directory/recommendations/{id}/impactedResources
    (recommendation-list-impactedresources).
    """
    _only_beta(call)
    if str(call.params[0]) != _id(call):
        raise not_found(str(call.params[0]))
    rows = [_resource(row) for row in _impacted(call)]
    return CollectionResponse(
        200, {"@odata.context": call.context(f"{_PATH}('{_id(call)}')/impactedResources"), "value": rows}
    )


def _only_beta(call: Call) -> None:
    if call.version != "beta":
        raise no_segment("recommendations")


def _id(call: Call) -> str:
    return f"{call.tenant.tenant_id}_Microsoft.Identity.IAM.Insights.ApplicationCredentialExpiry"


def _recommendation(call: Call) -> dict[str, Any]:
    return {
        "id": _id(call),
        "recommendationType": "applicationCredentialExpiry",
        "displayName": "Renew expiring application credentials",
        "priority": "high",
        "status": "active",
        "impactType": "apps",
    }


def _impacted(call: Call) -> Iterator[Row]:
    """Yield the applications with a credential that ends within a month and has not ended yet."""
    for row in call.tenant.tables["applications"]:
        ends = [
            each.get("endDateTime")
            for name in ("passwordCredentials", "keyCredentials")
            for each in row[name]
        ]
        moments = (datetime.fromisoformat(end) for end in ends if end)
        if any(call.now <= moment <= call.now + _SOON for moment in moments):
            yield row


def _resource(row: Row) -> dict[str, Any]:
    return {
        "id": row["appId"],
        "subjectId": row["appId"],
        "displayName": row["displayName"],
        "resourceType": "app",
        "status": "active",
    }


ROUTES: Routes = {
    ("GET", _PATH): Route(list_all, permissions.RECOMMENDATION_READ),
    ("GET", f"{_PATH}/*/impactedResources"): Route(impacted, permissions.RECOMMENDATION_READ),
}
