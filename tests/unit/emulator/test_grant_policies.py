"""Which permissions a permission grant policy covers, and what Microsoft's own policies have."""

from __future__ import annotations

from typing import Any

import pytest

from entra_emulator import grant_policies
from entra_emulator.callers import GRAPH_APP_ID
from entra_emulator.grant_policies import ANYTHING, LEGACY, TABLE, ConsentRequest
from entra_emulator.tenant import Tenant

REQUEST = ConsentRequest(
    client_id="client",
    client_tenant="elsewhere",
    publisher="",
    resource_id="api",
    permission_id="read",
    classification="",
    needs_administrator=False,
)
LOW, APPS, COMPANY = "microsoft-user-default-low", "microsoft-application-admin", "microsoft-company-admin"


def covered(policies: list[str], more: dict[str, Any], *own: dict[str, Any]) -> bool:
    """Tell whether a tenant's policies cover a request with these properties; `own` are its rows."""
    tenant = Tenant("home", "T", ["t.example"])
    for row in own:
        tenant.tables[TABLE].put(row)
    return grant_policies.covered(tenant, policies, ConsentRequest(**{**vars(REQUEST), **more}))


@pytest.mark.parametrize(
    ("policies", "more", "allowed"),
    [
        ([], {}, False),
        (["nobody's"], {}, False),
        ([LEGACY], {}, True),
        ([LEGACY.upper()], {}, True),
        (["nobody's", LEGACY], {}, True),
        ([LEGACY], {"needs_administrator": True}, False),
        ([LEGACY], {"classification": "high"}, True),
        ([LOW], {"client_tenant": "home"}, False),
        ([LOW], {"classification": "low"}, False),
        ([LOW], {"classification": "medium", "client_tenant": "home"}, False),
        ([LOW], {"classification": "low", "client_tenant": "home"}, True),
        ([LOW], {"classification": "low", "client_tenant": "HOME"}, True),
        ([LOW], {"classification": "low", "publisher": "p"}, True),
        ([LOW], {"classification": "low", "client_tenant": "home", "needs_administrator": True}, True),
        ([COMPANY], {"needs_administrator": True}, True),
        ([APPS], {"needs_administrator": True, "resource_id": GRAPH_APP_ID}, True),
        ([LOW, LEGACY], {}, True),
    ],
)
def test_what_microsoft_s_policies_cover(policies: list[str], more: dict[str, Any], *, allowed: bool) -> None:
    """What needs no administrator; or what is low, of the same tenant or of a verified publisher."""
    assert covered(policies, more) is allowed


@pytest.mark.parametrize(
    ("conditions", "allowed"),
    [
        ({}, True),
        ({"permissionType": "application"}, False),
        ({"permissionType": "delegatedUserConsentable"}, False),
        ({"permissions": ["write", "READ"]}, True),
        ({"permissions": ["write"]}, False),
        ({"permissions": []}, False),
        ({"clientApplicationIds": ["other", "Client"]}, True),
        ({"clientApplicationIds": ["other"]}, False),
        ({"clientApplicationTenantIds": ["Elsewhere"]}, True),
        ({"clientApplicationTenantIds": ["home"]}, False),
        ({"clientApplicationPublisherIds": ["P"]}, True),
        ({"clientApplicationPublisherIds": ["q"]}, False),
        ({"clientApplicationPublisherIds": ["q", "ALL"]}, True),
        ({"clientApplicationsFromVerifiedPublisherOnly": True}, True),
        ({"resourceApplication": "API"}, True),
        ({"resourceApplication": "Any"}, True),
        ({"resourceApplication": "other"}, False),
        ({"permissionClassification": "low"}, True),
        ({"permissionClassification": "medium"}, False),
    ],
)
def test_all_conditions_of_a_set_have_to_be_met(conditions: dict[str, Any], *, allowed: bool) -> None:
    """Case does not count; `all` and `any` mean what they say."""
    more = {"publisher": "p", "classification": "low", "needs_administrator": True}
    own: dict[str, Any] = {"id": "own", "includes": [{**ANYTHING, **conditions}], "excludes": []}
    assert covered(["own"], more, own) is allowed
    other = {**ANYTHING, "permissions": ["nothing"]}
    assert covered(["own"], more, {**own, "includes": [other, {**ANYTHING, **conditions}]}) is allowed
    excluding = {"id": "own", "includes": [ANYTHING], "excludes": [other, {**ANYTHING, **conditions}]}
    assert covered(["own"], more, excluding) is not allowed


@pytest.mark.parametrize(
    "conditions",
    [{"clientApplicationsFromVerifiedPublisherOnly": True}, {"clientApplicationPublisherIds": [""]}],
)
def test_a_client_without_publisher_is_of_no_publisher(conditions: dict[str, Any]) -> None:
    """Not even of one without id."""
    own = {"id": "own", "includes": [{**ANYTHING, **conditions}], "excludes": []}
    assert not covered(["own"], {}, own)


def conditions(number: int, **changes: Any) -> dict[str, Any]:
    """Return a built-in condition set."""
    return {**ANYTHING, "id": f"00000000-0000-4000-8000-00000000000{number}", **changes}


def test_the_policies_that_are_built_in() -> None:
    """What their pages show; an application administrator does not consent to Graph's own roles."""
    low = {"permissionClassification": "low"}
    roles, delegated = conditions(3, permissionType="application"), conditions(4)
    graph = conditions(5, permissionType="application", resourceApplication=GRAPH_APP_ID)
    expected = {
        LEGACY: ([conditions(6, permissionType="delegatedUserConsentable")], []),
        LOW: (
            [
                conditions(1, **low, clientApplicationTenantIds=["home"]),
                conditions(2, **low, clientApplicationsFromVerifiedPublisherOnly=True),
            ],
            [],
        ),
        APPS: ([roles, delegated], [graph]),
        COMPANY: ([roles, delegated], []),
    }
    found = grant_policies.built_in(Tenant("home", "T", ["t.example"]))
    assert {name: (each["includes"], each["excludes"]) for name, each in found.items()} == expected
    assert [each["id"] for each in found.values()] == list(found)
    assert all(each["displayName"] == each["description"] != "" for each in found.values())
