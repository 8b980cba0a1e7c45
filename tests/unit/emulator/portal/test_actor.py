"""As whom the portal may change a tenant, in which order they are offered, and who is chosen."""

import pytest

from entra_emulator import seed
from entra_emulator.portal import actor
from entra_emulator.portal.actor import ChangesAs, actors, chosen
from entra_emulator.seed import CONTOSO
from entra_emulator.tenant import Tenant

PEOPLE = ("Alice", "bob", "Carol", "Dave", "Erin", "Frank")
IDS = {name.casefold(): seed.fixed_id(name) for name in PEOPLE}
NAMES = {row_id: name for name, row_id in IDS.items()}
GLOBAL = ("Global Administrator",)
FIRST = ChangesAs(IDS["bob"], "bob", GLOBAL)


@pytest.fixture
def tenant() -> Tenant:
    """Give six people: two global administrators, one with another role, one disabled of each sort."""
    made = seed.empty(CONTOSO, "Contoso", ["contoso.onmicrosoft.com"])
    for name in PEOPLE:
        alias = name.casefold()
        seed.add_user(made, f"{alias}@contoso.com", name, row_id=IDS[alias])
    made.directory_roles[IDS["frank"]] = ["Application Administrator"]
    made.directory_roles[IDS["dave"]] = ["Reports Reader", *GLOBAL]
    for name in ("bob", "erin"):
        made.directory_roles[IDS[name]] = [*GLOBAL]
    made.directory_roles["nobody"] = [*GLOBAL]
    for disabled in ("erin", "carol"):
        made.users.put({**made.users.rows[IDS[disabled]], "accountEnabled": False})
    return made


def test_those_who_may_most_come_first(tenant: Tenant) -> None:
    """Hold that global administrators come before other roles, then people by name; nobody disabled, nobody
    who is gone, nobody twice.
    """
    assert actors(tenant) == [
        FIRST,
        ChangesAs(IDS["dave"], "Dave", ("Reports Reader", *GLOBAL)),
        ChangesAs(IDS["frank"], "Frank", ("Application Administrator",)),
        ChangesAs(IDS["alice"], "Alice"),
    ]


@pytest.mark.parametrize(("listed", "left"), [(2, 2), (3, 3), (4, 4), (5, 4)])
def test_no_more_are_offered_than_can_be_read(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch, listed: int, left: int
) -> None:
    """Hold that the first of them stay."""
    monkeypatch.setattr(actor, "LISTED", listed)

    assert [NAMES[each.id] for each in actors(tenant)] == ["bob", "dave", "frank", "alice"][:left]


def test_people_are_offered_though_one_has_no_name(tenant: Tenant) -> None:
    """Hold that whoever has no name is called by the UPN, and that all others are there as before."""
    tenant.users.put({**tenant.users.rows[IDS["alice"]], "displayName": None})

    assert actors(tenant)[3:] == [ChangesAs(IDS["alice"], "alice@contoso.com")]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("alice", ChangesAs(IDS["alice"], "Alice")),
        ("frank", ChangesAs(IDS["frank"], "Frank", ("Application Administrator",))),
        ("carol", FIRST),
        ("nobody", FIRST),
        ("", FIRST),
    ],
    ids=["without a role", "with a role", "disabled", "gone", "none"],
)
def test_the_chosen_person_or_the_first_one_acts(tenant: Tenant, wanted: str, found: ChangesAs) -> None:
    """Hold that whoever is disabled or not there is not chosen."""
    assert chosen(tenant, IDS.get(wanted, wanted)) == found


def test_nobody_acts_where_there_is_nobody() -> None:
    """Hold the name of nobody."""
    empty = seed.empty(CONTOSO, "Contoso", ["contoso.onmicrosoft.com"])

    assert (actors(empty), chosen(empty, "x")) == ([], ChangesAs("", "nobody"))
