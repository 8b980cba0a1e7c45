"""How many people, roles and links a question names, and that it counts the others."""

import pytest

from entra_emulator import seed
from entra_emulator.portal import app_roles, effects, enterprise, groups, people
from entra_emulator.portal.proposal import (
    Input,
    NotThereError,
    application_of,
    applications,
    group_of,
    person_of,
    principal_of,
    row_of,
)
from entra_emulator.portal.proposal import groups as groups_field
from entra_emulator.portal.proposal import people as people_field
from tests.conformance.login.login_world import World
from tests.unit.emulator.portal import example
from tests.unit.emulator.portal.browsing import Browser
from tests.unit.emulator.portal.showing import names, plain, shown, visit


@pytest.fixture
def browser() -> Browser:
    """Give the portal of the example tenant."""
    return example.browser()


def crowd(world: World, number: int) -> dict[str, str]:
    """Return a group of so many people who have no role otherwise."""
    row = seed.add_group(world.tenant, "Crowd")
    for each in range(number):
        user = seed.add_user(world.tenant, f"p{each}@contoso.com", f"P{each}")
        world.tenant.members.add(row["id"], user["id"])
    return row


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "Admin reaches nobody: the group has no direct member."),
        (1, "Admin reaches P0."),
        (5, "Admin reaches P0, P1, P2, P3, P4."),
        (6, "Admin reaches P0, P1, P2, P3, P4 and 1 more."),
        (8, "Admin reaches P0, P1, P2, P3, P4 and 3 more."),
    ],
)
def test_five_people_are_named(browser: Browser, number: int, words: str) -> None:
    """Hold that the others are counted."""
    group = crowd(browser.world, number)

    assert effects.reached(visit(browser), group, "Admin") == (words,)


@pytest.mark.parametrize(
    ("number", "more"), [(20, ""), (21, "1 more application"), (23, "3 more applications")]
)
def test_roles_at_twenty_applications_are_named(browser: Browser, number: int, more: str) -> None:
    """Hold that they stand by name, and that the others are counted."""
    world = browser.world
    group = crowd(world, 1)
    for each in range(number):
        app = seed.add_application(world.tenant, f"App {each:02}")
        seed.assign(world.tenant, {**group, "type": "Group"}, seed.add_service_principal(world.tenant, app))

    assert effects.gives(visit(browser), group) == (
        *(f"Gains Default access at App {each:02}." for each in range(20)),
        *([f"Gains roles at {more}."] if more else []),
    )


def test_several_roles_at_one_application_stand_together(browser: Browser) -> None:
    """Hold that they stand by name, and that an application that is gone has no name."""
    world = browser.world
    row = crowd(world, 1)
    assert effects.gives(visit(browser), row) == ("Gains no role.",)
    assert effects.without_members(visit(browser), row) == (("Nobody loses a role.",), ())
    for label in ("Writer", "Admin", "Reader"):
        world.assign("group:Crowd", "api", label)
    (group,) = world.tenant.groups.find("displayName", "crowd")
    heidi = world.user("heidi")

    assert effects.gives(visit(browser), group) == ("Gains Admin, Reader, Writer at Api.",)
    assert effects.without_person(visit(browser), heidi) == (
        "Each sign-in is refused.",
        "Heidi Hoffmann loses Reader at Api.",
        "Heidi Hoffmann loses Default access at a removed application.",
    )


@pytest.mark.parametrize(
    ("number", "more"), [(4, ()), (5, ("1 other likewise.",)), (7, ("3 others likewise.",))]
)
def test_five_links_that_come_back_are_named(browser: Browser, number: int, more: tuple[str, ...]) -> None:
    """Hold that the others are counted; the person's own role is the first of them."""
    world = browser.world
    for each in range(number):
        app = seed.add_application(world.tenant, f"App {each}")
        principal = seed.add_service_principal(world.tenant, app)
        seed.assign(world.tenant, {**world.user("oscar"), "type": "User"}, principal)
    world.assign("user:oscar", "api", "Writer")
    oscar = world.user("oscar")["id"]
    example.change(browser, "DELETE", f"/users/{oscar}")
    back, lost = effects.restored(visit(browser), world.tenant.deleted_items.rows[oscar])

    named = [line for line in back if line.startswith("Role ")]
    assert (len(named), back[len(named) : -1], lost) == (5, more, ())
    assert back[-1] == "As it was: its place in 1 group."


def test_a_long_list_on_a_page_has_its_first_and_a_number(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hold for each page which part of a list stands on it."""
    for module in (people, groups, enterprise):
        monkeypatch.setattr(module, "LISTED", 1)
    monkeypatch.setattr(people, "SIZE", 1)
    world = browser.world
    for label in ("Admin", "Reader"):
        world.assign("group:MyApp Writers", "api", label)
    world.grant("web", "api", "user.write", user="bob")
    known = names(world)
    ids = {name: row_id for row_id, name in known.items()}
    writers = example.group(world, "MyApp Writers")

    assert shown(browser, groups.show, "#more", id=writers) == "more: 2"
    assert shown(browser, groups.show, "#gives", id=writers).count("\n") == 1
    assert shown(browser, enterprise.show, "#held", id="sp:Daemon").count("\n") == 1
    assert shown(browser, people.show, "#more_consents", id="user:Bob Baker") == "more_consents: 1"
    assert shown(browser, people.show, "#consents", id="user:Oscar Olsen") == ""
    assert shown(browser, people.show, "#more_consents", id="user:Oscar Olsen") == "more_consents: 0"
    (group,) = [one for one in people.groups_of(visit(browser), world.user("erin")) if one.gives and one.more]
    assert (plain(group.name, known), group.more, group.members) == (
        "MyApp Writers <~/groups/group:MyApp Writers>",
        2,
        3,
    )
    assert shown(browser, app_roles.show, "#traffic", id="sp:Api", role=ids["role:Api/Admin"])


class Given(dict[str, str]):
    """What a form names, with names for ids."""


@pytest.mark.parametrize(
    ("find", "text", "name"),
    [
        (person_of, "", None),
        (person_of, "  ", None),
        (person_of, " bob@contoso.com ", "Bob Baker"),
        (person_of, "user:Bob Baker", "Bob Baker"),
        (person_of, "sp:Api", "Api"),
        (person_of, "On call", "On call"),
        (person_of, "x@contoso.com", "There is no x@contoso.com in Contoso."),
        (group_of, "", None),
        (group_of, " On CALL ", "On call"),
        (group_of, "group:On call", "On call"),
        (group_of, "user:Bob Baker", "There is no group user:Bob Baker in Contoso."),
        (group_of, "Twins", "There are several groups Twins: give the object id of one."),
        (application_of, "", None),
        (application_of, "sp:Api", "Api"),
        (application_of, "client:Microsoft Graph", "Microsoft Graph"),
        (application_of, " aPI ", "Api"),
        (application_of, "nothing", "There is no application nothing in Contoso."),
        (principal_of, "user:Bob Baker", "Bob Baker"),
        (principal_of, "group:On call", "On call"),
        (principal_of, "sp:Api", "Api"),
        (principal_of, "app:Api", "There is no such thing any more."),
        (principal_of, "", "There is no such thing any more."),
    ],
)
def test_a_form_names_what_it_means(browser: Browser, find: object, text: str, name: str | None) -> None:
    """Hold an id, a UPN, or a name that one alone has; nobody where nothing is said, else the reason."""
    for row_id in ("b", "c"):
        seed.add_group(browser.world.tenant, "Twins", row_id=seed.fixed_id(row_id))
    known = names(browser.world)
    ids = {label: row_id for row_id, label in known.items()}
    assert callable(find)
    try:
        found = find(visit(browser), Given(thing=ids.get(text, text)), "thing")
        called = found and found["displayName"]
    except NotThereError as error:
        called = plain(str(error), known)

    assert called == name


def test_a_row_that_a_form_names_is_there(browser: Browser) -> None:
    """Hold the table that it is of, and why it is none else."""
    bob = browser.world.user("bob")

    assert row_of(visit(browser), "users", {"who": bob["id"]}, "who") == bob
    with pytest.raises(NotThereError, match=r"^There is no such who any more\.$"):
        row_of(visit(browser), "groups", {"who": bob["id"]}, "who")


def test_names_to_choose_from_stand_once(browser: Browser) -> None:
    """Hold that two applications of one name are offered as one."""
    for row_id in ("a", "b"):
        app = seed.add_application(browser.world.tenant, "Twin", app_id=seed.fixed_id(row_id))
        seed.add_service_principal(browser.world.tenant, app)
    offered = applications(visit(browser), "api", "API")

    assert (offered.name, offered.words, offered.known.count("Twin")) == ("api", "API", 1)


def test_nothing_is_offered_where_one_has_no_name(browser: Browser) -> None:
    """Hold that whoever looks for a group, a person or an application types then."""
    tenant, seen = browser.world.tenant, visit(browser)
    for table in (tenant.groups, tenant.users, tenant.service_principals):
        (row, *_) = table
        table.put({**row, "displayName": None})

    fields = (
        groups_field(seen, "a", "A"),
        people_field(seen, "b", "B", "first"),
        applications(seen, "c", "C"),
    )
    assert fields == (Input("a", "A"), Input("b", "B", known=("first",), value="first"), Input("c", "C"))
