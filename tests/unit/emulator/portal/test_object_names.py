"""What objects, clients and the page that somebody came from are called, and where pages lead."""

import pytest

from entra_emulator import seed
from entra_emulator.clock import SystemClock
from entra_emulator.portal import chooser
from entra_emulator.portal.navigation import NavigationEntry, places
from entra_emulator.portal.objects import NamedObject, client, name_of, named
from tests.unit.emulator.portal import example
from tests.unit.emulator.portal.browsing import CONTOSO, Browser
from tests.unit.emulator.portal.showing import names, plain, visit


@pytest.fixture(scope="module")
def browser() -> Browser:
    """Give the portal of the example tenant after deletions, and an application of another tenant."""
    return example.with_deleted()


@pytest.mark.parametrize(
    ("row", "name"),
    [
        ({"displayName": "D", "userPrincipalName": "U", "appId": "A", "id": "I"}, "D"),
        ({"displayName": None, "userPrincipalName": "U", "appId": "A", "id": "I"}, "U"),
        ({"displayName": "", "appId": "A", "id": "I"}, "A"),
        ({"id": "I"}, "I"),
    ],
)
def test_a_row_is_called_by_the_first_name_that_it_has(row: dict[str, str | None], name: str) -> None:
    """Hold the order of its names."""
    assert name_of(row) == name


@pytest.mark.parametrize(
    ("wanted", "otherwise", "text"),
    [
        ("user:Bob Baker", "x", "Bob Baker <~/users/user:Bob Baker> (bob@contoso.com)"),
        ("group:On call", "x", "On call <~/groups/group:On call>"),
        ("sp:Api", "x", "Api <~/enterprise/sp:Api>"),
        ("app:Api", "x", "Api <~/registrations/app:Api>"),
        ("deleted user:Judy Jones", "x", "Judy Jones <~/deleted/deleted user:Judy Jones> (deleted)"),
        ("nothing", "x", "x"),
        ("nothing", "", "a removed object"),
    ],
)
def test_an_object_has_a_name_a_page_and_a_second_word(
    browser: Browser, wanted: str, otherwise: str, text: str
) -> None:
    """Hold that one that is gone is called by what was known of it."""
    known = names(browser.world)
    wanted_id = {name: row_id for row_id, name in known.items()}.get(wanted, wanted)
    found = named(visit(browser), wanted_id, otherwise)

    assert (plain(found, known), found.id) == (text, wanted_id)


@pytest.mark.parametrize(
    ("app_id", "text", "own"),
    [
        ("client:Api", "Api <~/registrations/app:Api>", "app:Api"),
        ("client:Microsoft Graph", "Microsoft Graph <~/enterprise/sp:Microsoft Graph>", "sp:Microsoft Graph"),
        ("nothing", "nothing", ""),
    ],
)
def test_a_client_is_its_registration_where_that_is_at_home(
    browser: Browser, app_id: str, text: str, own: str
) -> None:
    """Hold the enterprise application else, and the appId of what is not there."""
    known = names(browser.world)
    ids = {name: row_id for row_id, name in known.items()}
    # An application's appId is the name's of its last row.
    wanted = browser.world.app_ids.get(app_id.removeprefix("client:").casefold(), ids.get(app_id, app_id))
    found = client(visit(browser), wanted)

    assert (plain(found, known), plain(found.id, known)) == (text, own)
    assert found == NamedObject(found.name, found.address, "", found.id)


@pytest.mark.parametrize(
    ("person", "back", "leads", "chosen"),
    [
        ("alice", f"{CONTOSO}/users?q=a", f"{CONTOSO}/users?q=a", True),
        ("alice", "", CONTOSO, True),
        ("alice", "https://evil.example/portal/", CONTOSO, True),
        ("alice", "/portal/a\\b", CONTOSO, True),
        ("alice", "/portal/a\nb", CONTOSO, True),
        ("alice", "/portal/a\rb", CONTOSO, True),
        ("alice", "/portal/a\tb", CONTOSO, True),
        ("", "", CONTOSO, False),
    ],
)
def test_whoever_is_chosen_is_remembered(
    browser: Browser, person: str, back: str, leads: str, chosen: bool
) -> None:
    """Hold the cookie, that nobody who is not there gets one, and that no other site is led to."""
    who = browser.world.user(person)["id"] if person else "nobody"
    response = chooser.choose(visit(browser, "", {"as": who, "back": back}))

    assert (response.status_code, response.headers["location"]) == (303, leads)
    cookie = f"__Host-entra-emulator-8443-as={who}; HttpOnly; Path=/; SameSite=strict; Secure"
    assert response.headers.getlist("set-cookie") == ([cookie] if chosen else [])


def test_the_navigation_has_each_kind_with_its_number(browser: Browser) -> None:
    """Hold both headings, where each entry leads, and how many faults are on."""

    def entries(on: int) -> list[tuple[str, list[NavigationEntry]]]:
        return places(browser.world.tenant, lambda *parts: "/".join(("~", *parts)), on)

    work, objects = entries(2)
    assert work == (
        "Contoso",
        [
            NavigationEntry("start", "Start", "~"),
            NavigationEntry("changes", "Changes and snapshots", "~/changes"),
            NavigationEntry("traffic", "Traffic", "~/traffic"),
            NavigationEntry("token", "Token lab", "~/token"),
            NavigationEntry("faults", "Faults and clock", "~/faults", "2 on"),
        ],
    )
    assert entries(0)[0][1][-1].beside == ""
    assert (objects[0], objects[1][2]) == ("Objects", NavigationEntry("users", "Users", "~/users", "11"))


@pytest.mark.parametrize(
    ("query", "name", "known", "value"),
    [
        ("a=x", "a", (), "x"),
        ("a=%20x%20", "a", (), "x"),
        ("", "a", (), ""),
        ("a=x", "a", ("y", "x"), "x"),
        ("a=z", "a", ("y", "x"), "y"),
        ("", "a", ("y", "x"), "y"),
    ],
)
def test_a_parameter_of_the_address(
    browser: Browser, query: str, name: str, known: tuple[str, ...], value: str
) -> None:
    """Hold that it has no spaces around it, and is one of those that are known."""
    assert visit(browser, query).param(name, *known) == value


@pytest.mark.parametrize(
    ("parts", "query", "address"),
    [
        ((), {}, CONTOSO),
        (("users", "a/b c"), {}, f"{CONTOSO}/users/a%2Fb%20c"),
        (("users",), {"q": "a b", "page": 2, "none": None, "empty": ""}, f"{CONTOSO}/users?q=a+b&page=2"),
        (("users",), {"page": 0, "q": None}, f"{CONTOSO}/users?page=0"),
    ],
)
def test_the_address_of_a_page(
    browser: Browser, parts: tuple[str, ...], query: dict[str, object], address: str
) -> None:
    """Hold that names are quoted, and that what is empty is left out."""
    assert visit(browser).path(*parts, **query) == address


def test_a_page_knows_the_time_of_the_machine_and_of_the_emulator() -> None:
    """Hold that a clock that was moved on is told from the machine's; one that stands still is both."""
    shown = example.browser()
    assert visit(shown)._machine == shown.world.clock.now()
    clock = SystemClock()
    shown.emulator.clock = clock
    clock.advance(86400)
    assert abs((clock.now() - visit(shown)._machine).total_seconds() - 86400) < 60


def test_all_tenants_can_be_led_to(browser: Browser) -> None:
    """Hold both, and that what is in another one is said to be there."""
    other = browser.world.directory.tenants[seed.FABRIKAM]
    opened = visit(browser)

    assert opened.tenants == [browser.world.tenant, other]
    opened.missing("user", next(iter(other.users))["id"], "users")
    assert (opened.status, opened.values["others"], opened.values["parked"]) == (404, ["Fabrikam"], None)
