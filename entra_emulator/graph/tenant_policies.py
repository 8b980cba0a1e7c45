"""Whether people may ask an administrator for consent: read here, and chosen by the tenant's choices."""

from entra_emulator.graph import permissions
from entra_emulator.graph.call import Call, CollectionResponse
from entra_emulator.graph.routing import Route, Routes


def consent_requests(call: Call) -> CollectionResponse:
    """Answer GET /policies/adminConsentRequestPolicy (adminconsentrequestpolicy-get); it has no id."""
    enabled = call.tenant.choices.users_may_request_consent
    body = {
        "@odata.context": call.context("policies/adminConsentRequestPolicy/$entity"),
        "isEnabled": enabled,
        "version": 0,
        "notifyReviewers": enabled,
        "remindersEnabled": enabled,
        "requestDurationInDays": 30 if enabled else 0,
        "reviewers": [],
    }
    return CollectionResponse(200, body)


ROUTES: Routes = {
    ("GET", "policies/adminConsentRequestPolicy"): Route(consent_requests, permissions.TENANT_POLICY_READ),
}
