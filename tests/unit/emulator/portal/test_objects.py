"""The lists and pages of objects: what is linked to what, and names that are an attack."""

import pytest

from entra_emulator import seed
from entra_emulator.portal.listing import SIZE
from entra_emulator.table import Table
from tests.conformance.login.login_world import World
from tests.unit.emulator.portal.browsing import CONTOSO, Browser, text_of
from tests.unit.emulator.portal.labelling import put


@pytest.fixture
def browser() -> Browser:
    """Give a tenant with an API, its clients and a few assignments."""
    world = World()
    world.grant("spa", "api", "user.read")
    world.preauthorize("api", "spa", "user.write")
    world.assign("group:MyApp Admins", "api", "Admin")
    world.assign("group:All Staff", "api", "Reader")
    world.assign("user:bob", "api", "Writer")
    world.assign("user:alice", "api", "Admin")
    world.assign("app:daemon", "api", "Writer")
    world.assign("user:alice", "api", "default")
    browser = Browser(world)
    assert put(browser, {"application.api": "api.yaml:3"}).status_code == 200
    return browser


def test_the_first_page_is_that_of_the_tenant_that_the_address_names(browser: Browser) -> None:
    """By id or domain; of a tenant that is not there, and of none, the default one's."""
    directory = browser.world.directory
    default = directory.default

    def leads(query: str) -> str:
        response = browser.client.get(f"/{query}", follow_redirects=False)
        assert response.status_code == 307
        return response.headers["location"]

    assert leads("") == leads(f"?tenant={default.tenant_id}") == leads("?tenant=nowhere.example") == CONTOSO
    others = [tenant for tenant in directory.tenants.values() if tenant is not default]
    assert others
    for tenant in others:
        assert leads(f"?tenant={tenant.tenant_id}") not in ("", CONTOSO)


def test_what_is_not_there_says_where_it_is(browser: Browser) -> None:
    """A page that does not exist: in another tenant, deleted, or nowhere."""
    fabrikam = next(t for t in browser.world.directory.tenants.values() if t.display_name == "Fabrikam")
    there = next(iter(fabrikam.users))["id"]
    response = browser.get(f"users/{there}")
    assert (response.status_code, "It is in Fabrikam." in text_of(response.text)) == (404, True)
    assert "in no other tenant and not among the deleted" in text_of(browser.get("users/nobody").text)
    assert browser.client.get("/portal/nowhere.example").status_code == 404


def test_a_page_of_a_long_list_asks_for_the_rows_that_it_shows(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With two thousand applications more, an index is asked as often as without."""
    requested: list[str] = []
    ids = Table.ids
    monkeypatch.setattr(Table, "ids", lambda table, *key: (requested.append(key[0]), ids(table, *key))[1])
    browser.get("registrations")
    browser.get("enterprise")
    few = len(requested)
    for number in range(2_000):
        seed.add_service_principal(
            browser.world.tenant, seed.add_application(browser.world.tenant, f"Many {number:05}")
        )
    requested.clear()
    assert "976–1000 of 2,0" in text_of(browser.get("registrations?page=40").text)
    browser.get("enterprise")
    assert 0 < len(requested) <= few + 4 * SIZE
