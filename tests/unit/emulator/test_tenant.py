"""A tenant's tables, links and domains: what is found under which word, and what a fork keeps to itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from entra_emulator.choices import Choices
from entra_emulator.table import Links, Table
from entra_emulator.tenant import LINKS, TABLES, Tenant

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def made() -> Tenant:
    """Return an empty tenant."""
    return Tenant("t", "T", ["t.onmicrosoft.com", "t.example"])


@pytest.mark.parametrize(
    ("host", "verified"),
    [
        ("t.example", True),
        ("t.onmicrosoft.com", True),
        ("a.b.t.example", True),
        ("xt.example", False),
        ("example", False),
        ("other.example", False),
    ],
)
def test_hosts_that_a_tenant_verifies(host: str, *, verified: bool) -> None:
    """A domain, and whatever lies below one."""
    assert made().verifies(host) is verified
    assert made().initial_domain == "t.onmicrosoft.com"


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


def test_names_of_tables() -> None:
    """Each is the one of its name."""
    tenant = made()
    names = {
        "applications": tenant.applications,
        "servicePrincipals": tenant.service_principals,
        "groups": tenant.groups,
        "users": tenant.users,
        "appRoleAssignments": tenant.app_role_assignments,
        "oauth2PermissionGrants": tenant.oauth2_permission_grants,
        "federatedIdentityCredentials": tenant.federated_identity_credentials,
        "deletedItems": tenant.deleted_items,
    }
    assert all(table is tenant.tables[name] for name, table in names.items())
    assert set(tenant.tables) == set(TABLES)


def test_users_by_id_and_by_name() -> None:
    """Whichever is given."""
    tenant = made()
    user = {"id": "u", "userPrincipalName": "U@t"}
    tenant.users.put(user)
    assert [tenant.user_by_name(name) for name in ("u", "u@T", "v")] == [user, user, None]


def test_groups_of_an_object() -> None:
    """Direct ones, and those around them once, though they go round; what is no group is none."""
    tenant = made()
    for name in ("a", "b", "c", "d"):
        tenant.groups.put({"id": name})
    for group, member in (
        ("a", "u"),
        ("gone", "u"),
        ("b", "a"),
        ("c", "b"),
        ("a", "c"),
        ("d", "b"),
        ("d", "u"),
    ):
        tenant.members.add(group, member)
    assert [each["id"] for each in tenant.direct_groups("u")] == ["a", "d"]
    assert sorted(each["id"] for each in tenant.all_groups("u")) == ["a", "b", "c", "d"]
    assert tenant.all_groups("v") == []


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


def test_a_row_that_is_removed_is_given_back_and_found_no_more() -> None:
    """Not in the other half of a fork, which keeps it."""
    table = Table(TABLES["users"])
    row = {"id": "u", "displayName": "Uma B", "userPrincipalName": "u@t"}
    table.put(row)
    twin = table.fork()
    assert table.remove("u") == row
    assert (table.get("u"), "u" in table, len(table), table.with_word("b")) == (None, False, 0, [])
    assert table.find("userPrincipalName", "u@t") == []
    assert (twin.get("u"), "u" in twin, twin.order, twin.with_word("b")) == (row, True, ["u"], ["u"])
    assert twin.find("userPrincipalName", "u@t") == [row]


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


def test_lists_of_ids_are_in_order() -> None:
    """Under a name, the beginning of one, and a word of it."""
    table = Table(TABLES["groups"])
    for row_id, name in (("3", "Aa"), ("1", "Ab x"), ("2", "x Ab"), ("4", "Aa")):
        table.put({"id": row_id, "displayName": name})
    assert table.with_prefix("a") == ["1", "3", "4"]
    assert table.with_word("ab") == ["1", "2"]
    assert list(table.ids("displayName", "aa")) == ["3", "4"]
    assert [row["id"] for row in table.by_name(0, 3) or []] == ["3", "4", "1"]
    table.put({"id": "5", "displayName": None})
    assert table.by_name(0, 3) is None
    assert table.with_prefix("") == ["1", "2", "3", "4"]


def test_links_read_from_both_ends_and_come_back_from_plain_data() -> None:
    """In the order of linking; an object that is dropped is gone at both."""
    links = Links()
    assert [links.add("a", "x"), links.add("a", "y"), links.add("b", "x"), links.add("a", "x")] == [
        True,
        True,
        True,
        False,
    ]
    assert (links.targets("a"), links.sources("x"), links.targets("c")) == (["x", "y"], ["a", "b"], [])
    twin = links.fork()
    again = Links()
    again.load(links.dump())
    assert again.dump() == {"a": ["x", "y"], "b": ["x"]}
    assert again.sources("x") == ["a", "b"]
    assert [links.remove("a", "y"), links.remove("a", "y"), links.remove("c", "x")] == [True, False, False]
    links.drop("x")
    assert links.dump() == {}
    assert twin.dump() == {"a": ["x", "y"], "b": ["x"]}
    twin.drop("a")
    assert twin.dump() == {"b": ["x"]}


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
