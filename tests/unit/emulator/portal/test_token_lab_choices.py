"""What the token lab offers to choose from, and of what is chosen there it makes tokens."""

import pytest

from entra_emulator import seed
from entra_emulator.portal import token_lab
from tests.unit.emulator.portal import example
from tests.unit.emulator.portal.browsing import Browser
from tests.unit.emulator.portal.showing import Showing, names, plain, visit


@pytest.fixture
def browser() -> Browser:
    """Give the portal of the example tenant."""
    return example.browser()


def opened(browser: Browser, address: str) -> Showing:
    """Open the lab; names stand for ids in the address."""
    ids = {name: row_id for row_id, name in names(browser.world).items()}
    pairs = (pair.partition("=") for pair in address.split("&"))
    seen = visit(browser, "&".join(f"{name}={ids.get(value, value)}" for name, _, value in pairs))
    token_lab.show(seen)
    return seen


@pytest.mark.parametrize(
    ("listed", "people"),
    [
        (200, ["Alice Archer", "Bob Baker", "Carol Clark"]),
        (2, ["Alice Archer", "Bob Baker"]),
        (1, ["Bob Baker", "Alice Archer"]),
    ],
)
def test_what_is_chosen_is_offered_once(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, listed: int, people: list[str]
) -> None:
    """Hold that it stands first where the list would not have it."""
    monkeypatch.setattr(token_lab, "LISTED", listed)
    seen = opened(browser, "person=bob@contoso.com&client=client:Spa&api=client:Other")
    offered = {
        name: [words.partition(" · ")[0] for _, words in seen.values[name]]
        for name in ("people", "clients", "apis")
    }

    assert offered["people"][:3] == people
    assert [each.count("Bob Baker") for each in (offered["people"],)] == [1]
    assert (offered["clients"].count("Spa"), offered["apis"].count("Other")) == (1, 1)


def test_an_api_is_what_offers_scopes_or_roles(browser: Browser) -> None:
    """Hold one with scopes alone and one with roles alone; whose it is stands beside."""
    browser.world.set("other", appRoles=[])
    browser.world.set("middle", api={"oauth2PermissionScopes": []})
    example.applied(browser, **{"application.api": "api.yaml:3"})
    seen = opened(browser, "person=")

    assert [words for _, words in seen.values["apis"]] == [
        "Api · myapp/prod",
        "Middle",
        "Other",
    ]


def test_another_person_is_compared_where_that_is_asked_for(browser: Browser) -> None:
    """Hold that one who is named and not compared gets no token."""
    address = "person=bob@contoso.com&other=erin@contoso.com&client=client:Spa&api=client:Api"

    assert len(opened(browser, f"{address}&compare=nothing").values["columns"]) == 1
    assert len(opened(browser, f"{address}&compare=person").values["columns"]) == 2
    assert len(opened(browser, address).values["columns"]) == 2
    before = opened(browser, f"{address}&compare=before").values["columns"]
    assert [column.words.partition(":")[0] for column in before] == ["Before", "Now"]


def test_scopes_are_asked_for_by_name(browser: Browser) -> None:
    """Hold that one which the API has not is refused, and that none at all are all that were given."""
    address = "person=bob@contoso.com&client=client:Spa&api=client:Api"
    (unknown,) = opened(browser, f"{address}&scopes=nothing").values["columns"]
    (every,) = opened(browser, address).values["columns"]

    assert unknown.token.code == 650053
    assert plain(every.token.values["scp"].value, {}) == "user.read user.gone user.write"


def test_whoever_came_after_a_moment_is_named(browser: Browser) -> None:
    """Hold the words of both columns for a client itself, and that a tenant which was not there says so."""
    without = browser.world.directory.fork()
    del without.tenants[seed.CONTOSO]
    browser.emulator.snapshots.keep("without", without)
    before, now = opened(browser, "client=client:Daemon&api=client:Api&before=without").values["columns"]

    assert (before.who, now.who) == ("Without The client itself", "The client itself")
    assert before.token.refusal == "This tenant was not there."
    assert now.token.refusal == ""
