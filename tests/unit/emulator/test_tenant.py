"""A tenant's tables, links and domains: what is found under which word, and what a fork keeps to itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from entra_emulator.choices import Choices
from entra_emulator.table import Table
from entra_emulator.tenant import LINKS, Tenant

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def made() -> Tenant:
    """Return an empty tenant."""
    return Tenant("t", "T", ["t.onmicrosoft.com", "t.example"])


@pytest.mark.parametrize(
    ("table", "row", "index", "key", "found"),
    [
        ("applications", {"appId": "A"}, "appId", "a", True),
        ("applications", {"appId": "A"}, "appId", "b", False),
        ("applications", {"appId": None}, "appId", "none", False),
        ("applications", {"identifierUris": ["api://X", "api://Y"]}, "identifierUris", "API://y", True),
        ("applications", {"identifierUris": None}, "identifierUris", "x", False),
        ("servicePrincipals", {"servicePrincipalNames": ["N"]}, "servicePrincipalNames", "n", True),
        ("users", {"userPrincipalName": "U@t"}, "userPrincipalName", "u@T", True),
        ("deletedItems", {"_type": "user"}, "type", "User", True),
    ],
)
def test_one_row_under_a_word(table: str, row: Any, index: str, key: str, *, found: bool) -> None:
    """Whatever its case."""
    tenant = made()
    given = {"id": "1", **row}
    tenant.tables[table].put(given)
    assert tenant.one(table, index, key) == (given if found else None)


def test_a_fork_goes_its_own_way() -> None:
    """In each part; what one of the two writes the other does not have."""
    tenant = made()
    tenant.users.put({"id": "u", "displayName": "U"})
    tenant.directory_roles["u"] = ["A"]
    tenant.activity["a"] = {"x": "1"}
    for name in LINKS:
        getattr(tenant, name).add("a", "b")
    before = tenant.dump()
    twin = tenant.fork()
    assert twin.dump() == before
    twin.users.remove("u")
    twin.directory_roles["u"].append("B")
    twin.activity["a"]["x"] = "2"
    twin.audit.append({})
    twin.secrets["k"] = "h"
    twin.organization["city"] = "C"
    twin.key_uses["k"] = "now"
    twin.sign_in["s"] = 1
    for name in LINKS:
        getattr(twin, name).remove("a", "b")
    assert tenant.dump() == before
    assert (tenant.activity, tenant.key_uses) == ({"a": {"x": "1"}}, {})
    assert Tenant.load(before).dump() == before


def test_what_was_is_kept_for_a_while_where_it_is_wanted() -> None:
    """Of each write the row before it, and when; forgotten up to a moment."""
    table = Table()
    table.put({"id": "a"}, NOW)
    table.remove("a", NOW)
    assert table.history == []
    table.put({"id": "a"})
    table.keep_history = True
    table.put({"id": "a", "n": 1}, NOW)
    table.put({"id": "b"})
    later = NOW + timedelta(seconds=1)
    table.put({"id": "c"}, later)
    table.remove("b")
    table.remove("a", later)
    assert table.history == [(NOW, "a", {"id": "a"}), (later, "c", None), (later, "a", {"id": "a", "n": 1})]
    assert table.fork().history == []
    assert not table.fork().keep_history
    table.forget_history(NOW)
    assert [at for at, *_ in table.history] == [later, later]
    table.forget_history(later)
    assert table.history == []


@pytest.mark.parametrize(
    ("verified", "domain", "expected"),
    [
        ((), "n.example", ("n.example",)),
        (("a",), "n.example", ("a", "n.example")),
        (("a", "b"), "n.example", ("a", "n.example", "b")),
        (("a", "b", "c"), "n.example", ("a", "b", "n.example", "c")),
        (("a", "b"), "b", ("a", "b")),
    ],
)
def test_one_more_domain(verified: tuple[str, ...], domain: str, expected: tuple[str, ...]) -> None:
    """The first and the default one stay that; it is unverified no more."""
    choices = Choices(verified, ("u.example", "n.example"))
    found = choices.with_domain(domain)
    assert found.verified_domains == expected
    assert found.unverified_domains == (("u.example", "n.example") if domain in verified else ("u.example",))


@pytest.mark.parametrize(
    "policy",
    [
        {},
        {
            "isEnabled": True,
            "applicationRestrictions": {
                "passwordCredentials": [
                    {"maxLifetime": "P1D", "restrictForAppsCreatedAfterDateTime": "2026-01-01T00:00:00Z"}
                ],
                "audiences": {"azureAdMultipleOrgs": None},
            },
            "servicePrincipalRestrictions": {},
        },
        {"servicePrincipalRestrictions": {"keyCredentials": [{"maxLifetime": None}]}},
    ],
)
def test_default_policies_that_can_be_chosen(policy: dict[str, Any]) -> None:
    """With all three parts, a moment and a length, or none of them."""
    assert Choices(("a",)).changed({"defaultAppManagementPolicy": policy}).app_management_policy == policy
