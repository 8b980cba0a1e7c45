"""Which tenants may use an application of several tenants: what is sent, and what is then held."""

from __future__ import annotations

from typing import Any

import pytest

from entra_emulator.graph import audience_restrictions as rules
from entra_emulator.graph.entities.application import UNRESTRICTED
from entra_emulator.graph.errors import ODataError
from tests.unit.emulator.graph.sending import refusal

ONE = "aaaaaaaa-0000-4000-8000-000000000001"
ALLOWED = {"@odata.type": "#microsoft.graph.allowedTenantsAudience", "allowedTenantIds": [ONE]}
WHOLE = {**ALLOWED, "kind": "allowedTenants", "isHomeTenantAllowed": True}
INVALID = (
    "400 Request_BadRequest: Invalid value specified for property 'signInAudienceRestrictions' of resource "
    "'Application'."
)
SINGLE = (
    "400 Request_BadRequest: Property 'signInAudienceRestrictions' can only be set when 'signInAudience' is "
    "'AzureADMultipleOrgs'."
)


def finished(old: Any, sent: Any, audience: str = "AzureADMultipleOrgs", *, named: bool = True) -> Any:
    """Return what an application then has, or the refusal."""
    new = {"signInAudience": audience, "signInAudienceRestrictions": UNRESTRICTED}
    body = {"signInAudienceRestrictions": sent} if named else {}
    try:
        rules.finish(old, new, body)
    except ODataError as error:
        return refusal(error)
    return new["signInAudienceRestrictions"]


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (None, UNRESTRICTED),
        ({"@odata.type": "MICROSOFT.graph.unrestrictedAudience"}, UNRESTRICTED),
        ({**UNRESTRICTED, "allowedTenantIds": []}, UNRESTRICTED),
        ({**UNRESTRICTED, "kind": "allowedTenants"}, INVALID),
        ({**UNRESTRICTED, "allowedTenantIds": [ONE]}, INVALID),
        (ALLOWED, WHOLE),
        ({**ALLOWED, "@odata.type": "microsoft.graph.ALLOWEDTENANTSAUDIENCE"}, WHOLE),
        (WHOLE, WHOLE),
        ({**WHOLE, "kind": "unrestricted"}, INVALID),
        ({**WHOLE, "isHomeTenantAllowed": False}, INVALID),
        ({**WHOLE, "isHomeTenantAllowed": None}, WHOLE),
        ({**WHOLE, "allowedTenantIds": []}, INVALID),
        ({**WHOLE, "allowedTenantIds": None}, INVALID),
        ({**WHOLE, "allowedTenantIds": ONE}, INVALID),
        ({**WHOLE, "allowedTenantIds": [ONE, "x"]}, INVALID),
        ({**WHOLE, "allowedTenantIds": [ONE, 1]}, INVALID),
        ({**WHOLE, "allowedTenantIds": [ONE] * 20}, {**WHOLE, "allowedTenantIds": [ONE] * 20}),
        ({**WHOLE, "allowedTenantIds": [ONE] * 21}, INVALID),
        ({"allowedTenantIds": [ONE]}, INVALID),
    ],
)
def test_what_may_be_sent(sent: Any, expected: Any) -> None:
    """Hold that one to twenty tenants are named, and the home tenant is one of them."""
    assert finished(None, sent) == expected


@pytest.mark.parametrize(
    ("old", "audience", "expected"),
    [
        (None, "AzureADMultipleOrgs", UNRESTRICTED),
        ({"signInAudienceRestrictions": WHOLE}, "AzureADMultipleOrgs", WHOLE),
        ({}, "AzureADMultipleOrgs", UNRESTRICTED),
        ({"signInAudienceRestrictions": WHOLE}, "AzureADMyOrg", SINGLE),
        ({"signInAudienceRestrictions": UNRESTRICTED}, "AzureADMyOrg", UNRESTRICTED),
    ],
)
def test_what_stays(old: Any, audience: str, expected: Any) -> None:
    """Hold that what is not sent stays, beside the audience that it belongs to alone."""
    assert finished(old, None, audience, named=False) == expected
    assert finished(old, ALLOWED, "AzureADMyOrg") == SINGLE
