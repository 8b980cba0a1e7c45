"""Who may ask for the scopes of an API: the first of a long list, and clients that the API authorizes."""

import pytest

from entra_emulator import seed
from entra_emulator.portal import consents
from entra_emulator.portal.consents import authorized, clients_of
from tests.unit.emulator.portal import example
from tests.unit.emulator.portal.browsing import Browser
from tests.unit.emulator.portal.showing import names, plain, visit


@pytest.fixture
def browser() -> Browser:
    """Give the example tenant: two clients are authorized, four consents are given at the API."""
    return example.browser()


@pytest.mark.parametrize(
    ("listed", "shown", "more"),
    [(100, 6, 0), (6, 6, 0), (5, 5, 1), (3, 3, 3), (2, 2, 4), (1, 2, 4)],
)
def test_the_first_of_a_long_list_are_shown(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, listed: int, shown: int, more: int
) -> None:
    """Hold that authorized clients come first and are all there, and that the scopes are those of all."""
    monkeypatch.setattr(consents, "LISTED", listed)
    world = browser.world
    found = clients_of(visit(browser), world.application("api"), world.principal("api"))

    assert (len(found.rows), found.total, found.more) == (shown, 6, more)
    assert [one.by for one in found.rows[:2]] == ["authorized client"] * 2
    assert found.scopes == {"user.read", "user.write", "user.admin", "user.gone", "user.old"}


def test_half_an_application_has_half_of_the_consents(browser: Browser) -> None:
    """Hold what a registration alone and an enterprise application alone have."""
    world = browser.world

    assert clients_of(visit(browser), world.application("api"), None).total == 2
    assert clients_of(visit(browser), None, world.principal("api")).total == 4
    assert clients_of(visit(browser), None, None).total == 0


def test_an_api_authorizes_clients_of_every_sort(browser: Browser) -> None:
    """Hold one with an enterprise application, one with a registration alone, and one that nobody knows; and
    that a scope which is gone is told.
    """
    world = browser.world
    alone = seed.add_application(world.tenant, "Alone")
    scope = seed.fixed_id("api", "user.read")
    ids = (world.app_ids["spa"], alone["appId"], "unknown", seed.GRAPH_APP_ID)
    clients = [{"appId": each, "delegatedPermissionIds": [scope, "gone"]} for each in ids]
    world.set("api", api={"preAuthorizedApplications": clients})
    example.applied(
        browser, **{"authorizedClient.unknown/api/user.read": "a", "authorizedClient.spa/api/user.read": "b"}
    )
    app, known = world.application("api"), names(world)

    def told(only: str = "") -> list[str]:
        return [
            f"{plain(one.client, known)}: {' '.join(one.scopes)}; {plain(one.declared, known)}"
            for one in authorized(visit(browser), app, only)
        ]

    every = [
        "Spa <~/registrations/app:Spa>: user.read removed scope; b (removed scope)",
        "Alone <~/registrations/app:Alone>: user.read removed scope; not declared",
        "unknown: user.read removed scope; a (removed scope)",
        "Microsoft Graph <~/enterprise/sp:Microsoft Graph>: user.read removed scope; not declared",
    ]
    assert told() == every
    assert [told(each) for each in ids] == [[each] for each in every]
    assert told("nothing") == []
