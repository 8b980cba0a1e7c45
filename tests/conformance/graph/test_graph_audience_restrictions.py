"""Which tenants may use an application of several tenants: a property of beta."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.conformance.graph_client import Graph, refused

fact = pytest.mark.fact
Make = Callable[..., Graph]
NAME = "signInAudienceRestrictions"
SOURCE = "allowedTenantsAudience, signInAudienceRestrictionsBase, application-update documentation"
SEVERAL = {"signInAudience": "AzureADMultipleOrgs"}
ONE, TWO = "818ce016-78c2-457c-91d7-c02c2faaa5fe", "c62670b0-53a1-4a38-b26c-4093cbaa510a"
ALL = {"@odata.type": "#microsoft.graph.unrestrictedAudience", "kind": "unrestricted"}


@pytest.fixture
def admin(as_app: Make) -> Graph:
    """Give an application that may write applications."""
    return as_app("Application.ReadWrite.All")


def only(*ids: str, **more: Any) -> dict[str, Any]:
    """Write the restriction to some tenants."""
    type_ = "#microsoft.graph.allowedTenantsAudience"
    return {NAME: {"@odata.type": type_, "allowedTenantIds": list(ids), **more}}


def shown(graph: Graph, app: dict[str, Any]) -> Any:
    """Read the restrictions of an application."""
    return graph.get(f"/beta/applications/{app['id']}?$select=id,{NAME}").json()[NAME]


@fact("signInAudienceRestrictions: given, changed, lifted with the audience", source=SOURCE, grade="D")
def test_life(admin: Graph) -> None:
    """Unrestricted by default; a list of tenants comes with its kind, and goes in the PATCH that makes the
    application one of a single tenant.
    """
    app = admin.application()
    path = f"/beta/applications/{app['id']}"
    assert shown(admin, app) == ALL
    assert admin.patch(path, {**SEVERAL, **only(ONE, TWO, isHomeTenantAllowed=True)}).status_code == 204
    assert shown(admin, app) == {
        "@odata.type": "#microsoft.graph.allowedTenantsAudience",
        "kind": "allowedTenants",
        "allowedTenantIds": [ONE, TWO],
        "isHomeTenantAllowed": True,
    }
    assert admin.patch(path, only(TWO)).status_code == 204
    assert shown(admin, app)["allowedTenantIds"] == [TWO]
    lifted = {"signInAudience": "AzureADMyOrg", NAME: {"@odata.type": ALL["@odata.type"]}}
    assert admin.patch(path, lifted).status_code == 204
    assert shown(admin, app) == ALL
    made = admin.post("/beta/applications", {"displayName": "x", **SEVERAL, **only(ONE)}).json()
    assert NAME not in made
    assert shown(admin, made)["allowedTenantIds"] == [ONE]


@fact("signInAudienceRestrictions: at beta alone, and only where it is selected", source=SOURCE, grade="D")
def test_beta(admin: Graph) -> None:
    """v1.0 neither takes nor tells it; beta tells it where it is asked for by name."""
    app = admin.application(**SEVERAL)
    path = f"/applications/{app['id']}"
    for response in (
        admin.patch(path, only(ONE)),
        admin.post("/applications", {"displayName": "x", **SEVERAL, **only(ONE)}),
    ):
        refused(response, 400, "Request_BadRequest", f"Invalid property '{NAME}'.")
    assert admin.get(f"{path}?$select={NAME}").status_code == 400
    assert NAME not in admin.get(path).json()
    assert NAME not in admin.get(f"/beta{path}").json()


@fact(
    "signInAudienceRestrictions: what is refused",
    source=f"{SOURCE}; code and text were not seen",
    grade="D",
    verdict="uncertain",
)
@pytest.mark.parametrize(
    "sent",
    [
        only(),
        only(*[ONE] * 21),
        only("contoso.com"),
        only(ONE, isHomeTenantAllowed=False),
        only(ONE, kind="unrestricted"),
        {NAME: {"allowedTenantIds": [ONE]}},
        {NAME: {**ALL, "allowedTenantIds": [ONE]}},
        {NAME: {**ALL, "kind": "allowedTenants"}},
        only(ONE, "x"),
        {NAME: only()[NAME] | {"allowedTenantIds": None}},
        {NAME: only()[NAME] | {"allowedTenantIds": ONE}},
    ],
)
def test_refused(admin: Graph, sent: dict[str, Any]) -> None:
    """One to twenty ids of tenants, the home tenant allowed, and a type that says what it is."""
    app = admin.application(**SEVERAL)
    assert admin.patch(f"/beta/applications/{app['id']}", sent).status_code == 400
    assert shown(admin, app) == ALL


@fact(
    "signInAudienceRestrictions: what is taken",
    source=f"{SOURCE}; the answers were not seen",
    grade="D",
    verdict="uncertain",
)
@pytest.mark.parametrize(
    ("sent", "count"),
    [
        ({NAME: None}, 0),
        ({NAME: {"@odata.type": "MICROSOFT.graph.unrestrictedAudience"}}, 0),
        ({NAME: {**ALL, "allowedTenantIds": []}}, 0),
        (only(*[ONE] * 20), 20),
        (only(ONE, isHomeTenantAllowed=None), 1),
        (only(ONE, **{"@odata.type": "microsoft.graph.ALLOWEDTENANTSAUDIENCE"}), 1),
    ],
)
def test_taken(admin: Graph, sent: dict[str, Any], count: int) -> None:
    """Names of types have no case, what is left out is completed, and an unrelated change leaves it alone."""
    app = admin.application(**SEVERAL)
    path = f"/beta/applications/{app['id']}"
    for change in (sent, {"notes": "n"}):
        assert admin.patch(path, change).status_code == 204
        found = shown(admin, app)
        assert (found == ALL, len(found.get("allowedTenantIds", []))) == (count == 0, count)
    assert found.get("isHomeTenantAllowed", True) is True


@fact(
    "signInAudienceRestrictions: with AzureADMultipleOrgs alone",
    source=f"{SOURCE}; code and text were not seen",
    grade="D",
    verdict="uncertain",
)
def test_other_audiences(admin: Graph) -> None:
    """Neither is it set beside another audience, nor is the audience changed beside it, at v1.0 either."""
    app = admin.application()
    refused(admin.patch(f"/beta/applications/{app['id']}", only(ONE)), 400, "Request_BadRequest", NAME)
    several = admin.application(**SEVERAL)
    assert admin.patch(f"/beta/applications/{several['id']}", only(ONE)).status_code == 204
    for version in ("", "/beta"):
        response = admin.patch(f"{version}/applications/{several['id']}", {"signInAudience": "AzureADMyOrg"})
        refused(response, 400, "Request_BadRequest", NAME)
