"""How many hold a role in words, and each role of an application with its number of holders."""

import pytest

from entra_emulator import seed
from entra_emulator.portal import holders
from entra_emulator.portal.holders import RoleHeld, role_name, roles
from tests.unit.emulator.portal import example
from tests.unit.emulator.portal.showing import names, plain, visit


@pytest.mark.parametrize(
    ("people", "applications", "words"),
    [
        (0, 0, "0 people"),
        (1, 0, "1 person"),
        (2, 0, "2 people"),
        (0, 1, "1 application"),
        (0, 2, "2 applications"),
        (1, 2, "1 person, 2 applications"),
        (1234, 1, "1,234 people, 1 application"),
    ],
)
def test_how_many_hold_a_role(people: int, applications: int, words: str) -> None:
    """Hold that nobody is said where no application holds it either."""
    assert RoleHeld("r", "R", people=people, applications=applications).words == words


@pytest.mark.parametrize(("assignments", "more"), [(0, 0), (99, 0), (100, 0), (101, 1), (250, 150)])
def test_a_page_shows_a_hundred_assignments(assignments: int, more: int) -> None:
    """Hold how many it leaves out."""
    assert RoleHeld("r", "R", assignments=assignments).more == more


def test_each_role_has_its_name_its_holders_and_its_page() -> None:
    """Hold the value as the name, the display name where there is no value, and roles that are gone last."""
    browser = example.browser()
    api = browser.world.principal("api")
    reader, writer, *others = api["appRoles"]
    other = {**reader, "displayName": "Reads", "allowedMemberTypes": ["User"], "description": None}
    applications = {**writer, "allowedMemberTypes": ["Application"], "isEnabled": None}
    browser.world.set_principal("api", appRoles=[other, applications, *others])
    known = names(browser.world)
    found = roles(visit(browser), browser.world.principal("api"))

    assert [
        (
            plain(one.value, known),
            one.description,
            one.types,
            one.enabled,
            one.words,
            one.assignments,
            plain(one.address, known).removeprefix("~/roles/sp:Api/"),
        )
        for one in found
    ] == [
        ("Reader", "", "users only", True, "6 people", 1, "role:Api/Reads"),
        ("Writer", "Writer", "applications only", True, "3 people, 1 application", 4, "role:Api/Writer"),
        ("Admin", "Admin", "users and applications", True, "2 people", 2, "role:Api/Admin"),
        ("Retired", "Retired", "users and applications", False, "0 people", 0, "role:Api/Retired"),
        ("NoValue", "NoValue", "users and applications", True, "0 people", 0, "role:Api/NoValue"),
        ("Default access", "", "", True, "1 person", 1, seed.DEFAULT_ACCESS),
        ("removed role role:gone", "", "", True, "1 person", 1, "role:gone"),
    ]


def test_an_application_without_an_enterprise_application_has_roles_without_pages() -> None:
    """Hold the roles of a registration alone: nobody holds them."""
    browser = example.browser()
    found = roles(visit(browser), {"id": "", "appRoles": browser.world.application("other")["appRoles"]})

    assert {(one.words, one.address) for one in found} == {("0 people", "")}
    assert [one.value for one in found] == ["Reader", "Writer", "Admin", "Retired", "NoValue"]


@pytest.mark.parametrize(
    ("role", "name"),
    [
        (seed.DEFAULT_ACCESS, "Default access"),
        ("a", "A.Value"),
        ("b", "B"),
        ("c", "removed role c"),
    ],
)
def test_a_role_of_an_application_by_its_id(role: str, name: str) -> None:
    """Hold its value, its display name without one, and what stands for a role that is gone."""
    rows = [
        {"id": "a", "value": "A.Value", "displayName": "A"},
        {"id": "b", "value": None, "displayName": "B"},
    ]

    assert role_name({"appRoles": rows}, role) == name
    assert role_name(None, role) == (name if role == seed.DEFAULT_ACCESS else f"removed role {role}")


def test_small_groups_unfold_up_to_five_people(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hold that of six people one line stands, and of five each."""
    browser = example.browser()
    api = browser.world.principal("api")
    role = seed.fixed_id("api", "role", "Reader")

    def lines() -> list[tuple[str, int]]:
        seen = visit(browser)
        found = holders.role_of(seen, api, role)
        assert found
        shown, rows = found
        for row, place in rows:
            holders.hold(seen, shown, row, place)
        return [(one.kind, one.people) for one in shown.holdings]

    assert lines() == [("group", 6)]
    browser.world.tenant.members.remove(
        example.group(browser.world, "On call"), browser.world.user("ivan")["id"]
    )
    assert lines() == [("member", 1)] * 5
    monkeypatch.setattr(holders, "UNFOLDED", 4)
    assert lines() == [("group", 5)]
