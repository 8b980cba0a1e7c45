"""How many objects a tenant takes, and what it may not do without a licence."""

import pytest

from tests.conformance.graph_client import Graph, refused, role

fact = pytest.mark.fact


@fact(
    "the tenant's quota of objects", source="service-limits documentation, AAD Graph documentation", grade="D"
)
def test_quota(admin: Graph) -> None:
    """A tenant that is full takes no object more; a deleted one counts as a quarter; beta tells how full
    it is.
    """
    app = admin.application()

    def quota() -> dict[str, int]:
        found = admin.get("/beta/organization?$select=id,directorySizeQuota").json()["value"]
        return dict(found[0]["directorySizeQuota"])

    names = ("applications", "servicePrincipals", "groups", "users", "devices")
    used = sum(len(admin.get(f"/{name}?$top=999").json()["value"]) for name in names)
    assert quota() == {"used": used, "total": 300_000}
    for _ in range(9):
        admin.delete(f"/applications/{admin.application()['id']}")
    used += 2
    for total in (0, 50):
        admin.send("PATCH", "/_emulator/choices", {"*": {"objectQuota": total}})
        assert quota() == {"used": used, "total": total}
    full = {"*": {"objectQuota": used}}
    assert admin.send("PATCH", "/_emulator/choices", full).status_code == 200
    text = "The directory object quota limit for the Tenant has been exceeded."
    for path, body in (
        ("/applications", {"displayName": "x"}),
        ("/servicePrincipals", {"appId": app["appId"]}),
        ("/groups", {"displayName": "g", "mailEnabled": False, "mailNickname": "g", "securityEnabled": True}),
        ("/users", {"accountEnabled": True, "displayName": "u", "mailNickname": "u",
                    "userPrincipalName": "u@contoso.com", "passwordProfile": {"password": "Conform-1-P"}}),
    ):  # fmt: skip
        refused(admin.post(path, body), 403, "Directory_QuotaExceeded", text)
    refused(admin.get("/organization?$select=directorySizeQuota"), 400, "BadRequest", "directorySizeQuota")
    assert admin.delete(f"/applications/{app['id']}").status_code == 204
    assert admin.post("/applications", {"displayName": "x"}).status_code == 201


@fact(
    "groups are assigned with a licence only",
    source="assign-user-or-group-access-portal documentation; the refusal was not seen",
    grade="D",
    verdict="uncertain",
)
def test_plan(admin: Graph) -> None:
    """Without Entra ID P1 a group gets no role, a person still does; subscribedSkus tells which."""
    api = admin.principal(admin.application(appRoles=[role()]))
    group = admin.group()
    body = {"principalId": group["id"], "resourceId": api["id"], "appRoleId": api["appRoles"][0]["id"]}
    plans = [
        plan["servicePlanName"]
        for sku in admin.get("/subscribedSkus").json()["value"]
        for plan in sku["servicePlans"]
    ]
    assert plans == ["AAD_PREMIUM"]
    assert admin.send("PATCH", "/_emulator/choices", {"*": {"entraPlan": "free"}}).status_code == 200
    assert admin.get("/subscribedSkus").json()["value"] == []
    path = f"/servicePrincipals/{api['id']}/appRoleAssignedTo"
    refused(admin.post(path, body), 403, "Authorization_RequestDenied", "license")
    (user,) = admin.get("/users?$filter=userPrincipalName eq 'bob@contoso.com'").json()["value"]
    assert admin.post(path, {**body, "principalId": user["id"]}).status_code == 201
