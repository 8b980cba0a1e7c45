"""The first page of a tenant and the search over everything, whole."""

from collections.abc import Callable

import pytest
from starlette.responses import Response

from entra_emulator.portal import start
from entra_emulator.portal.visit import Visit
from tests.unit.emulator.portal import example
from tests.unit.emulator.portal.browsing import Browser
from tests.unit.emulator.portal.showing import shown


@pytest.fixture(scope="module")
def browser() -> Browser:
    """Give the portal of the example tenant; nothing is changed in it."""
    return example.changed()


@pytest.mark.parametrize(
    ("handler", "address", "path", "page"),
    [
        pytest.param(start.show, "", {}, """
start.html 200 at start
counts:
  [registrations | Registrations | 14]
  [enterprise | Enterprise applications | 18]
  [users | Users | 12]
  [groups | Groups | 9]
  [roles | App roles | 10]
  [directory-roles | Directory roles | 15]
  [grants | Grants | 13]
  [policies | Policies | 11]
  [deleted | Deleted | 3]
changed: owner=myapp/prod; at=2026-01-01T00:00:00Z; snapshot=apply of myapp.prod; total=34; high=0; lines=[−
    Bob Baker has appRoles of Other of Other on Other; Add a deletion-marked app role assignment grant to
    user as part of link removal by Emulator admin;  | − Carol Clark has Writer of Api on Api api; Remove
    app role assignment from user by Emulator admin;  | − Daemon has appRoles of Other of Other on Other;
    Add a deletion-marked app role assignment grant to service principal as part of link removal by Emulator
    admin;  | + Dave Diaz has Reader of Api on Api api; Add app role assignment grant to user by Emulator
    admin; ]
audit:
  2026-01-03T02:00:00Z Remove app role assignment from user: Api, Carol Clark by Emulator admin
  2026-01-03T02:00:00Z Add app role assignment grant to user: Api, Judy Jones by Emulator admin
  2026-01-03T02:00:00Z Add delegated permission grant: Api, Web by Emulator admin
  2026-01-03T02:00:00Z Add delegated permission grant: Api, Spa by Emulator admin
  2026-01-03T02:00:00Z Remove delegated permission grant: Api, Nightly by Emulator admin
kept: [then of 2026-01-02 | apply of myapp.prod of 2026-01-01]
beginning: beginning
traffic:
  Emulator admin <~/traffic?open=30>
  Emulator admin <~/traffic?open=29>
  Emulator admin <~/traffic?open=28>
  Emulator admin <~/traffic?open=27>
  Emulator admin <~/traffic?open=26>
projects:
  [myapp/prod | 2]
  [ | 12]
addresses:
  [Graph | https://localhost:8443/v1.0]
  [Authority | https://localhost:8443/CONTOSO]
  [For a shell | eval "$(entra-emulator env)"]
""", id="the first page"),
        pytest.param(start.find, "q=BO", {}, """
found.html 200
text: BO
rows:
  [Bob Baker <~/users/user:Bob Baker> (bob@contoso.com) code | user]
  [Nobody <~/groups/group:Nobody> (group:Nobody) code | group]
most: 20
""", id="several of a name"),
        pytest.param(start.find, "q=localhost", {}, """
found.html 200
text: localhost
rows:
  [Middle <~/registrations/app:Middle> (client:Middle) code | registration]
  [Public <~/registrations/app:Public> (client:Public) code | registration]
  [Web <~/registrations/app:Web> (client:Web) code | registration]
  [Foreign <~/registrations/app:Foreign> (client:Foreign) code | registration]
most: 20
""", id="by a redirect URI"),
        pytest.param(start.find, "q=api://", {}, """
found.html 200
text: api://
rows:
  [Api <~/registrations/app:Api> (client:Api) code | registration]
  [Middle <~/registrations/app:Middle> (client:Middle) code | registration]
  [Other <~/deleted/deleted application:Other> (client:Other) code | deleted]
most: 20
""", id="by an identifier"),
        pytest.param(start.find, "q=nothing such", {}, """
found.html 200
text: nothing such
most: 20
""", id="nothing of a name"),
        pytest.param(start.find, "", {}, """
found.html 200
most: 20
""", id="nothing asked"),
    ],
)  # fmt: skip
def test_a_first_page_says_all(
    browser: Browser, handler: Callable[[Visit], Response], address: str, path: dict[str, str], page: str
) -> None:
    """Hold what the tenant holds, what happened last, and what a search finds."""
    assert shown(browser, handler, address, **path) == page.strip("\n")
