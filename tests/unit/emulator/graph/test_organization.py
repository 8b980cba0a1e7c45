"""The tenant's quota and domains, as Graph shows them."""

from __future__ import annotations

import pytest

from entra_emulator import seed
from entra_emulator.graph.call import CollectionResponse
from entra_emulator.table import Row
from tests.unit.emulator.graph.sending import V1, World

CONTEXT = f"{V1}/$metadata#"
HERE = f"/organization/{seed.CONTOSO}"


def found(response: CollectionResponse) -> Row:
    """Return the body of a response that is no refusal."""
    assert response.status == 200, response.body
    return response.body or {}


@pytest.mark.parametrize(("quota", "total"), [(None, 300_000), (50, 50), (0, 0)])
def test_its_quota(quota: int | None, total: int) -> None:
    """Hold that beta alone shows it, with what is used of it: a deleted object is a quarter."""
    made = World()
    made.tenant.choices = made.tenant.choices.changed({"objectQuota": quota})
    names = ("applications", "servicePrincipals", "groups", "users", "devices")
    used = sum(len(made.tenant.tables[name]) for name in names)
    for number in range(9):
        made.tenant.deleted_items.put({"id": str(number)})
    assert found(made.get(HERE, version="beta"))["directorySizeQuota"] == {"used": used + 2, "total": total}
    assert "directorySizeQuota" not in found(made.get(HERE))


def domain(name: str, *, default: bool = False, initial: bool = False, verified: bool = True) -> Row:
    """Return a domain as reads show it."""
    return {
        "authenticationType": "Managed",
        "availabilityStatus": None,
        "id": name,
        "isAdminManaged": True,
        "isDefault": default,
        "isInitial": initial,
        "isRoot": True,
        "isVerified": verified,
        "supportedServices": ["Email", "OfficeCommunicationsOnline"] if verified else [],
        "passwordValidityPeriodInDays": 2147483647,
        "passwordNotificationWindowInDays": 14,
        "state": None,
    }


def test_domains() -> None:
    """Verified domains come first."""
    made = World()
    made.tenant.choices = made.tenant.choices.changed({"unverifiedDomains": ["contoso.net"]})
    rows = [
        domain("contoso.onmicrosoft.com", initial=True),
        domain("contoso.com", default=True),
        domain("contoso.net", verified=False),
    ]
    assert found(made.get("/domains")) == {"@odata.context": f"{CONTEXT}domains", "value": rows}
    for row in rows:
        shown = {"@odata.context": f"{CONTEXT}domains/$entity", **row}
        assert found(made.get(f"/domains/{row['id'].upper()}")) == shown
    assert made.short("GET", "/domains/fabrikam.com").startswith(
        "404 Request_ResourceNotFound: Resource 'fabrikam"
    )
