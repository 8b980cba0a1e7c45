"""The list of what is deleted and the page of one, whole."""

from collections.abc import Callable

import pytest
from starlette.responses import Response

from entra_emulator.portal import deleted
from entra_emulator.portal.visit import Visit
from tests.unit.emulator.portal import example
from tests.unit.emulator.portal.browsing import Browser
from tests.unit.emulator.portal.showing import shown


@pytest.fixture(scope="module")
def browser() -> Browser:
    """Give the portal of the example tenant; nothing is changed in it."""
    return example.with_deleted()


@pytest.mark.parametrize(
    ("handler", "address", "path", "page"),
    [
        pytest.param(deleted.show_list, "", {}, """
list.html 200 at deleted
words: Deleted
listing: 5 of 5 of 5 page 1 q=&type=all
  Judy Jones <~/deleted/deleted user:Judy Jones> (deleted user:Judy Jones) code | user | 00:00:00 |
    2026-03-03 | Restore… <~/edit/restore?object=deleted user:Judy Jones>
  Web <~/deleted/deleted application:Web> (deleted application:Web) code | registration | 00:00:00 |
    2026-03-03 | Restore… <~/edit/restore?object=deleted application:Web>
  Web <~/deleted/deleted servicePrincipal:Web> (deleted servicePrincipal:Web) code | enterprise application
    | 00:00:00 | 2026-03-03 | Restore… <~/edit/restore?object=deleted servicePrincipal:Web>
  MyApp Admins <~/deleted/deleted group:MyApp Admins> (deleted group:MyApp Admins) code | group | 00:00:00 |
    2026-03-03 | Restore… <~/edit/restore?object=deleted group:MyApp Admins>
  Li Wei <~/deleted/deleted user:Li Wei> (deleted user:Li Wei) code | user | 2026-01-01 | 2026-01-31 (that
    is over) |
columns: [Name | Type | Deleted | Can be restored until | ]
choices:
  Type type=all of all=any, application=registration, servicePrincipal=enterprise application, group=group,
    user=user
searched: Name, UPN, client id or object id
nothing: Nothing is deleted. What is deleted stays here for 30 days of the emulator’s clock, and can be
    restored.
""", id="all"),
        pytest.param(deleted.show_list, "type=user#listing", {}, """
listing: 2 of 2 of 5 page 1 q=&type=user filtered
  Judy Jones <~/deleted/deleted user:Judy Jones> (deleted user:Judy Jones) code | user | 00:00:00 |
    2026-03-03 | Restore… <~/edit/restore?object=deleted user:Judy Jones>
  Li Wei <~/deleted/deleted user:Li Wei> (deleted user:Li Wei) code | user | 2026-01-01 | 2026-01-31 (that
    is over) |
""", id="of one type"),
        pytest.param(deleted.show_list, "q=judy@#listing", {}, """
listing: 1 of 1 of 5 page 1 q=judy@&type=all filtered
  Judy Jones <~/deleted/deleted user:Judy Jones> (deleted user:Judy Jones) code | user | 00:00:00 |
    2026-03-03 | Restore… <~/edit/restore?object=deleted user:Judy Jones>
""", id="by UPN"),
        pytest.param(deleted.show_list, "q=client:Web#listing", {}, """
listing: 2 of 2 of 5 page 1 q=9d3cb61e-d837-4339-96e7-2e66c89c6875&type=all filtered
  Web <~/deleted/deleted application:Web> (deleted application:Web) code | registration | 00:00:00 |
    2026-03-03 | Restore… <~/edit/restore?object=deleted application:Web>
  Web <~/deleted/deleted servicePrincipal:Web> (deleted servicePrincipal:Web) code | enterprise application
    | 00:00:00 | 2026-03-03 | Restore… <~/edit/restore?object=deleted servicePrincipal:Web>
""", id="by client id"),
        pytest.param(deleted.show, "", {"id": "deleted user:Judy Jones"}, """
deleted.html 200 at deleted
row: row deleted user:Judy Jones
name: Judy Jones
type: user
mark: mark
marked: False
until: 2026-03-03T00:00:00Z
over: False
by: 2026-02-01T00:00:00Z Delete user: Judy Jones by Emulator admin
kept: [its place in 2 groups]
returning:
  what=scopes user.write; ends=[Web <~/deleted/deleted servicePrincipal:Web> (deleted) | Api
    <~/enterprise/sp:Api>]; state=waits; why=until Web is restored too
more: -99
traffic: ~/traffic?q=deleted user:Judy Jones&kind=sign-in
trail: [2026-02-01T00:00:00Z Delete user: Judy Jones by Emulator admin]
graph: curl https://localhost:8443/v1.0/directory/deletedItems/deleted user:Judy Jones ~/deleted/deleted
    user:Judy Jones?graph=curl#graph
""", id="a person"),
        pytest.param(deleted.show, "", {"id": "deleted application:Web"}, """
deleted.html 200 at deleted
row: row deleted application:Web
name: Web
type: registration
mark: mark
marked: True
until: 2026-03-03T00:00:00Z
over: False
by: 2026-02-01T00:00:00Z Delete application: Web by Emulator admin
kept: [1 secret | 1 owner]
more: -100
other: Web <~/deleted/deleted servicePrincipal:Web> (deleted)
credentials:
  type=Secret; name=emulator; key=passwordCredentials of Web; since=2025-01-01T00:00:00Z;
    until=2026-01-20T00:00:00Z; used=; more=a-s…; risk=medium; ids=[passwordCredentials of Web | ]
traffic: ~/traffic?q=client:Web&kind=sign-in
trail: [2026-02-01T00:00:00Z Delete application: Web by Emulator admin]
graph: curl https://localhost:8443/v1.0/directory/deletedItems/deleted application:Web ~/deleted/deleted
    application:Web?graph=curl#graph
""", id="a registration"),
        pytest.param(deleted.show, "", {"id": "deleted servicePrincipal:Web"}, """
deleted.html 200 at deleted
row: row deleted servicePrincipal:Web
name: Web
type: enterprise application
mark: mark
marked: True
until: 2026-03-03T00:00:00Z
over: False
by: 2026-02-01T00:00:00Z Remove service principal: Web by Emulator admin
returning:
  what=scopes user.old; ends=[Api <~/enterprise/sp:Api> | Alice Archer <~/users/user:Alice Archer>
    (alice@contoso.com)]; state=comes back
  what=scopes openid profile offline_access email; ends=[Microsoft Graph <~/enterprise/sp:Microsoft Graph>];
    state=comes back
more: -98
other: Web <~/deleted/deleted application:Web> (deleted)
traffic: ~/traffic?q=client:Web&kind=sign-in
trail: [2026-02-01T00:00:00Z Remove service principal: Web by Emulator admin]
graph: curl https://localhost:8443/v1.0/directory/deletedItems/deleted servicePrincipal:Web
    ~/deleted/deleted servicePrincipal:Web?graph=curl#graph
""", id="an enterprise application"),
        pytest.param(deleted.show, "", {"id": "deleted group:MyApp Admins"}, """
deleted.html 200 at deleted
row: row deleted group:MyApp Admins
name: MyApp Admins
type: group
mark: mark
marked: False
until: 2026-03-03T00:00:00Z
over: False
by: 2026-02-01T00:00:00Z Delete group: MyApp Admins by Emulator admin
kept: [3 members]
returning:
  what=role Admin; ends=[Api <~/enterprise/sp:Api>]; state=comes back
more: -99
traffic: ~/traffic?kind=sign-in
trail:
  2026-02-01T00:00:00Z Delete group: MyApp Admins by Emulator admin
  2026-02-01T00:00:00Z Add a deletion-marked app role assignment grant to group as part of link removal:
    Api, MyApp Admins by Emulator admin
graph: curl https://localhost:8443/v1.0/directory/deletedItems/deleted group:MyApp Admins ~/deleted/deleted
    group:MyApp Admins?graph=curl#graph
""", id="a group"),
        pytest.param(deleted.show, "", {"id": "deleted user:Li Wei"}, """
deleted.html 200 at deleted
row: row deleted user:Li Wei
name: Li Wei
type: user
mark: mark
marked: False
until: 2026-01-31T00:00:00Z
over: True
by: 2026-01-01T00:00:00Z Delete user: Li Wei by Emulator admin
kept: [its place in 1 group]
more: -100
traffic: ~/traffic?q=deleted user:Li Wei&kind=sign-in
trail: [2026-01-01T00:00:00Z Delete user: Li Wei by Emulator admin]
""", id="who is gone for good"),
        pytest.param(deleted.show, "", {"id": "nothing"}, """
missing.html 404 at deleted
what: deleted object
name: nothing
""", id="not there"),
    ],
)  # fmt: skip
def test_a_page_of_deleted_objects_says_all(
    browser: Browser, handler: Callable[[Visit], Response], address: str, path: dict[str, str], page: str
) -> None:
    """Hold each value of the page: by whom, until when, and what comes back."""
    assert shown(browser, handler, address, **path) == page.strip("\n")
