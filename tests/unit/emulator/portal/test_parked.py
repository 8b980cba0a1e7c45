"""What comes back with a deleted object, what waits and what is lost; and what is linked to what is there."""

import datetime as dt

import pytest

from entra_emulator import seed
from entra_emulator.portal import app_roles, linked, parked, powers
from entra_emulator.portal import deleted as pages_of_deleted
from entra_emulator.portal.parked import BACK, LOST, WAITS
from entra_emulator.portal.visit import Visit
from tests.conformance.login.login_world import World
from tests.unit.emulator.portal import example
from tests.unit.emulator.portal.browsing import Browser
from tests.unit.emulator.portal.showing import names, plain, shown, visit


@pytest.fixture
def browser() -> Browser:
    """Give the portal of the example tenant."""
    return example.browser()


def deleted(browser: Browser, table: str, object_id: str) -> dict[str, object]:
    """Delete an object by Graph; return it as it is kept."""
    example.change(browser, "DELETE", f"/{table}/{object_id}")
    return browser.world.tenant.deleted_items.rows[object_id]


def states(seen: Visit, row: dict[str, object]) -> list[tuple[str, str, str, str]]:
    """Return of each link what it is, with whom, and what becomes of it."""
    found = parked.returning(seen, row)
    return [(one.what, " ".join(end.name for end in one.ends), one.state, one.why) for one in found]


def test_a_link_comes_back_with_its_other_end(browser: Browser) -> None:
    """Hold that it waits for one that is deleted too, and is lost with one that is gone for good."""
    world = browser.world
    world.assign("user:oscar", "api", "Reader")
    world.assign("user:oscar", "other", "Writer")
    world.grant("spa", "api", "user.read", user="oscar")
    oscar = deleted(browser, "users", world.user("oscar")["id"])
    assert states(visit(browser), oscar) == [
        ("role Reader", "Api", BACK, ""),
        ("role Writer", "Other", BACK, ""),
        ("scopes user.read", "Spa Api", BACK, ""),
    ]
    for name in ("other", "spa"):
        deleted(browser, "servicePrincipals", world.principal(name)["id"])
    assert states(visit(browser), oscar) == [
        ("role Reader", "Api", BACK, ""),
        ("role Writer", "Other", WAITS, "until Other is restored too"),
        ("scopes user.read", "Spa Api", WAITS, "until Spa is restored too"),
    ]
    for row in list(world.tenant.deleted_items):
        if row["_type"] == "servicePrincipal":
            world.tenant.deleted_items.remove(row["id"])
    role = seed.fixed_id("other", "role", "Writer")
    assert states(visit(browser), oscar) == [
        ("role Reader", "Api", BACK, ""),
        (f"role removed role {role}", "Other", LOST, "Other is gone for good"),
        ("scopes user.read", "a removed object Api", LOST, "a removed object is gone for good"),
    ]


@pytest.mark.parametrize(
    ("name", "text"), [("Known once", "Known once"), ("", "a removed object"), (None, "a removed object")]
)
def test_whoever_is_gone_is_called_as_the_link_knew(browser: Browser, name: str | None, text: str) -> None:
    """Hold the name at either end of an assignment."""
    link = {
        "appRoleId": "r",
        "principalId": "p",
        "resourceId": "r",
        "principalDisplayName": name,
        "resourceDisplayName": name,
    }
    other = {**link, "principalId": "own"}
    row = {"id": "own", "_assignments": [{**link, "resourceId": "own"}, other]}

    assert [each[1] for each in states(visit(browser), row)] == [text, text]
    assert states(visit(browser), {"id": "own", "_assignments": None, "_grants": None}) == []
    empty = {
        "id": "own",
        "_grants": [{"clientId": "own", "resourceId": "r", "principalId": None, "scope": None}],
    }
    assert states(visit(browser), empty)[0][:2] == ("scopes ", "a removed object")


@pytest.mark.parametrize(("seconds", "over"), [(-1, False), (0, False), (1, True)])
def test_thirty_days_are_over_after_their_last_second(browser: Browser, seconds: int, over: bool) -> None:
    """Hold until when an object can be restored."""
    now = browser.world.clock.now()
    row = {"deletedDateTime": f"{now - dt.timedelta(days=30, seconds=seconds):%Y-%m-%dT%H:%M:%SZ}"}

    assert parked.until(row) == now - dt.timedelta(seconds=seconds)
    assert parked.is_over(visit(browser), row) is over


def test_what_stays_with_an_object_comes_back_whole(browser: Browser) -> None:
    """Hold each sort with its number."""
    tenant = browser.world.tenant
    row = {"id": "own", "passwordCredentials": [1, 2], "keyCredentials": [1]}
    for name in ("a", "b"):
        credential = {"id": name, "_application": "own", "name": name, "issuer": "i", "subject": "s"}
        tenant.federated_identity_credentials.put(credential)
    for each in ("x", "y", "z"):
        tenant.members.add("own", each)
    tenant.owners.add("own", "x")
    tenant.members.add("group", "own")

    assert parked.kept(visit(browser), row) == [
        "2 secrets",
        "1 certificate",
        "2 federated credentials",
        "3 members",
        "1 owner",
        "its place in 1 group",
    ]
    assert parked.kept(visit(browser), {"id": "nothing"}) == []


def test_policies_of_an_application_stand_once_and_are_there(browser: Browser) -> None:
    """Hold those of either half, and that one which is gone is not named."""
    world, known = browser.world, names(browser.world)
    ids = (world.application("api")["id"], world.principal("api")["id"])
    world.tenant.app_policies.add(ids[1], "no-secrets")
    world.tenant.app_policies.add(ids[1], "gone")
    world.tenant.policies.add(ids[1], "realm")

    assert plain(linked.policies_of(visit(browser), *ids), known) == {
        "shown": [
            "No secrets <~/policies/appManagementPolicies/no-secrets>",
            "Realm <~/policies/homeRealmDiscoveryPolicies/realm>",
        ]
    }


@pytest.mark.parametrize(("listed", "count", "more"), [(20, 2, 0), (2, 2, 0), (1, 1, 1)])
def test_the_first_of_many_linked_objects_are_named(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, listed: int, count: int, more: int
) -> None:
    """Hold how many more there are, of owners, of what is owned, and of policies."""
    monkeypatch.setattr(linked, "_NAMED", listed)
    world, seen = browser.world, visit(browser)
    api = world.application("api")["id"]
    world.tenant.app_policies.add(api, "unused")

    for found in (
        linked.owners_of(seen, api),
        linked.owned_by(seen, world.user("bob")["id"]),
        linked.policies_of(seen, api),
    ):
        assert (len(found.shown), found.more) == (count, more)


def test_an_app_role_is_called_by_its_value(browser: Browser) -> None:
    """Hold the display name where it has none, the description beside it, and the order of names."""
    roles = [
        {**role, "displayName": f"Shown {role['displayName']}", "description": None}
        for role in browser.world.principal("api")["appRoles"]
    ]
    browser.world.set_principal("api", appRoles=roles)
    listing = shown(browser, app_roles.show_list, "q=shown#listing").splitlines()

    firsts = [each.partition(" <")[0].strip() for each in listing[1:] if each[2] != " "]
    assert firsts == ["Admin", "Reader", "Retired", "Shown NoValue", "Writer"]
    assert "(" not in "".join(listing[1:])


def test_a_deleted_object_says_where_it_is_declared_and_who_signed_in(browser: Browser) -> None:
    """Hold the place of a registration alone, and the last sign-ins of a client and of a person."""
    world = browser.world
    example.applied(browser, **{"application.spa": "spa.yaml:3"})
    world.sign_in("spa", "bob", "openid api://api/user.read")
    spa, principal = world.application("spa")["id"], world.principal("spa")["id"]
    bob, audit = world.user("bob")["id"], example.group(world, "Audit")
    for table, row_id in (("applications", spa), ("users", bob), ("groups", audit)):
        deleted(browser, table, row_id)

    def values(row_id: str) -> tuple[str, list[str] | None]:
        opened = visit(browser, id=row_id)
        pages_of_deleted.show(opened)
        seen = opened.values["sign_ins"]
        return opened.values["declared"].text, seen and [each.words.partition(" · ")[0] for each in seen]

    assert values(spa) == ("spa.yaml:3", ["Bob Baker at " + world.app_ids["spa"]])
    assert values(principal) == ("", ["Bob Baker at " + world.app_ids["spa"]])
    assert values(bob) == ("", ["Bob Baker at " + world.app_ids["spa"]])
    assert values(audit) == ("", None)


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("Made up", []),
        ("Reports Reader", ["Read the audit log"]),
        ("Application Developer", ["Register applications, whatever the authorization policy says"]),
    ],
)
def test_what_a_directory_role_allows(role: str, allowed: list[str]) -> None:
    """Hold that a role without a word lets nobody do anything here."""
    assert powers.allowed(role) == allowed


def test_a_global_administrator_may_do_all_that_any_role_allows() -> None:
    """Hold each line once, what sign-in and Graph's own permissions give last."""
    found = powers.allowed("Global Administrator")

    assert len(found) == len(set(found)) == 15
    assert found[-3:] == [
        "Consent for everybody at sign-in",
        "Assign Microsoft Graph’s own application permissions",
        "Register applications, whatever the authorization policy says",
    ]
    others = {each for role in powers.names(World().tenant) for each in powers.allowed(role)}
    assert others == set(found)
