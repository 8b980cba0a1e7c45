"""The list of app roles and the page of one, whole."""

from collections.abc import Callable

import pytest
from starlette.responses import Response

from entra_emulator.portal import app_roles
from entra_emulator.portal.visit import Visit
from tests.unit.emulator.portal import example
from tests.unit.emulator.portal.browsing import Browser
from tests.unit.emulator.portal.showing import shown


@pytest.fixture(scope="module")
def browser() -> Browser:
    """Give the portal of the example tenant; nothing is changed in it."""
    return example.used()


@pytest.mark.parametrize(
    ("handler", "address", "path", "page"),
    [
        pytest.param(app_roles.show_list, "", {}, """
list.html 200 at roles
words: App roles
listing: 15 of 15 of 15 page 1 q=
  Admin <~/roles/sp:Api/role:Api/Admin> (Admin) | Api <~/enterprise/sp:Api> | mark myapp/prod api | User,
    Application | 2 assignments | enabled
  NoValue <~/roles/sp:Api/role:Api/NoValue> (NoValue) | Api <~/enterprise/sp:Api> | mark myapp/prod api |
    User, Application | 0 assignments | enabled
  Reader <~/roles/sp:Api/role:Api/Reader> (Reader) | Api <~/enterprise/sp:Api> | mark myapp/prod api | User,
    Application | 2 assignments | enabled
  Retired <~/roles/sp:Api/role:Api/Retired> (Retired) | Api <~/enterprise/sp:Api> | mark myapp/prod api |
    User, Application | 0 assignments | disabled
  Writer <~/roles/sp:Api/role:Api/Writer> (Writer) | Api <~/enterprise/sp:Api> | mark myapp/prod api | User,
    Application | 4 assignments | enabled
  Admin <~/roles/sp:Middle/role:Middle/Admin> (Admin) | Middle <~/enterprise/sp:Middle> | mark | User,
    Application | 0 assignments | enabled
  NoValue <~/roles/sp:Middle/role:Middle/NoValue> (NoValue) | Middle <~/enterprise/sp:Middle> | mark | User,
    Application | 0 assignments | enabled
  Reader <~/roles/sp:Middle/role:Middle/Reader> (Reader) | Middle <~/enterprise/sp:Middle> | mark | User,
    Application | 0 assignments | enabled
  Retired <~/roles/sp:Middle/role:Middle/Retired> (Retired) | Middle <~/enterprise/sp:Middle> | mark | User,
    Application | 0 assignments | disabled
  Writer <~/roles/sp:Middle/role:Middle/Writer> (Writer) | Middle <~/enterprise/sp:Middle> | mark | User,
    Application | 0 assignments | enabled
  Admin <~/roles/sp:Other/role:Other/Admin> (Admin) | Other <~/enterprise/sp:Other> | mark | User,
    Application | 0 assignments | enabled
  NoValue <~/roles/sp:Other/role:Other/NoValue> (NoValue) | Other <~/enterprise/sp:Other> | mark | User,
    Application | 1 assignment | enabled
  Reader <~/roles/sp:Other/role:Other/Reader> (Reader) | Other <~/enterprise/sp:Other> | mark | User,
    Application | 1 assignment | enabled
  Retired <~/roles/sp:Other/role:Other/Retired> (Retired) | Other <~/enterprise/sp:Other> | mark | User,
    Application | 0 assignments | disabled
  Writer <~/roles/sp:Other/role:Other/Writer> (Writer) | Other <~/enterprise/sp:Other> | mark | User,
    Application | 0 assignments | enabled
columns: [Role | Application | Declared by | For | Held by | State]
searched: Role or application
nothing: No application of this tenant offers roles. They are declared at applications.KEY.appRoles.
""", id="all"),
        pytest.param(app_roles.show_list, "q=retired#listing", {}, """
listing: 3 of 3 of 15 page 1 q=retired filtered
  Retired <~/roles/sp:Api/role:Api/Retired> (Retired) | Api <~/enterprise/sp:Api> | mark myapp/prod api |
    User, Application | 0 assignments | disabled
  Retired <~/roles/sp:Middle/role:Middle/Retired> (Retired) | Middle <~/enterprise/sp:Middle> | mark | User,
    Application | 0 assignments | disabled
  Retired <~/roles/sp:Other/role:Other/Retired> (Retired) | Other <~/enterprise/sp:Other> | mark | User,
    Application | 0 assignments | disabled
""", id="of a name"),
        pytest.param(app_roles.show_list, "q=MIDDLE#listing", {}, """
listing: 5 of 5 of 15 page 1 q=MIDDLE filtered
  Admin <~/roles/sp:Middle/role:Middle/Admin> (Admin) | Middle <~/enterprise/sp:Middle> | mark | User,
    Application | 0 assignments | enabled
  NoValue <~/roles/sp:Middle/role:Middle/NoValue> (NoValue) | Middle <~/enterprise/sp:Middle> | mark | User,
    Application | 0 assignments | enabled
  Reader <~/roles/sp:Middle/role:Middle/Reader> (Reader) | Middle <~/enterprise/sp:Middle> | mark | User,
    Application | 0 assignments | enabled
  Retired <~/roles/sp:Middle/role:Middle/Retired> (Retired) | Middle <~/enterprise/sp:Middle> | mark | User,
    Application | 0 assignments | disabled
  Writer <~/roles/sp:Middle/role:Middle/Writer> (Writer) | Middle <~/enterprise/sp:Middle> | mark | User,
    Application | 0 assignments | enabled
""", id="of an application"),
        pytest.param(app_roles.show_list, "q=nothing#listing", {}, """
listing: 0 of 0 of 15 page 1 q=nothing filtered
""", id="none"),
        pytest.param(app_roles.show, "", {"id": "sp:Api", "role": "role:Api/Reader"}, """
role.html 200 at roles
role: id=role:Api/Reader; value=Reader; description=Reader; types=users and applications; declared=not
    declared; holdings=[who=Dave Diaz <~/users/user:Dave Diaz> (dave@contoso.com);
    since=2026-01-02T00:00:00Z; assignment=Dave Diaz→Api/Reader; kind=direct; declared=not declared | who=On
    call <~/groups/group:On call>; since=2025-01-01T00:00:00.1234567Z; assignment=On call→Api/Reader;
    kind=group; people=6; declared=not declared]; nested=[[MyApp Deploy <~/groups/group:MyApp Deploy> | On
    call <~/groups/group:On call> | 2]]; missing=[[All Staff <~/groups/group:All Staff> | access.yaml:6]];
    people=6; assignments=2; address=~/roles/sp:Api/role:Api/Reader
principal: row sp:Api
app: row app:Api
application: Api
mark: mark myapp/prod api
listing: 2 of 2 of 2 page 1 q=
  Dave Diaz→Api/Reader
  On call→Api/Reader
size: 25
traffic: ~/traffic?q=Reader&kind=sign-in
trail: [2026-01-02T00:00:00Z Add app role assignment grant to user: Api, Dave Diaz by Emulator admin]
graph: curl 'https://localhost:8443/v1.0/servicePrincipals/sp:Api?$select=id,appId,displayName,appRoles'
    ~/roles/sp:Api/role:Api/Reader?graph=curl#graph
""", id="a role that lacks a holder"),
        pytest.param(app_roles.show, "#role", {"id": "sp:Api", "role": "role:Api/Writer"}, """
role: id=role:Api/Writer; value=Writer; description=Writer; types=users and applications;
    declared=api.yaml:16; holdings=[who=Carol Clark <~/users/user:Carol Clark> (carol@contoso.com);
    since=2025-01-01T00:00:00.1234567Z; assignment=Carol Clark→Api/Writer; kind=direct; disabled=True;
    declared=not declared | who=Nightly <~/enterprise/sp:Nightly>; since=2025-01-01T00:00:00.1234567Z;
    assignment=Nightly→Api/Writer; kind=application; declared=not declared | who=Bob Baker <~/users/user:Bob
    Baker> (bob@contoso.com); since=2025-01-01T00:00:00.1234567Z; assignment=Bob Baker→Api/Writer;
    kind=direct; declared=access.yaml:5 | who=Bob Baker <~/users/user:Bob Baker> (bob@contoso.com);
    since=2025-01-01T00:00:00.1234567Z; assignment=MyApp Writers→Api/Writer; kind=member; through=MyApp
    Writers <~/groups/group:MyApp Writers>; declared=access.yaml:4 | who=Erin Evans <~/users/user:Erin
    Evans> (erin@contoso.com); since=2025-01-01T00:00:00.1234567Z; assignment=MyApp Writers→Api/Writer;
    kind=member; through=MyApp Writers <~/groups/group:MyApp Writers>; declared=access.yaml:4 | who=Oscar
    Olsen <~/users/user:Oscar Olsen> (oscar@contoso.com); since=2025-01-01T00:00:00.1234567Z;
    assignment=MyApp Writers→Api/Writer; kind=member; through=MyApp Writers <~/groups/group:MyApp Writers>;
    declared=access.yaml:4]; people=4; applications=1; assignments=4; address=~/roles/sp:Api/role:Api/Writer
""", id="a role of people and applications"),
        pytest.param(app_roles.show, "q=DAVE#listing", {"id": "sp:Api", "role": "role:Api/Reader"}, """
listing: 1 of 1 of 2 page 1 q=DAVE filtered
  Dave Diaz→Api/Reader
""", id="holders of a name"),
        pytest.param(app_roles.show, "#role", {"id": "sp:Api", "role": "role:Api/Admin"}, """
role: id=role:Api/Admin; value=Admin; description=Admin; types=users and applications; declared=api.yaml:15;
    holdings=[who=Alice Archer <~/users/user:Alice Archer> (alice@contoso.com);
    since=2025-01-01T00:00:00.1234567Z; assignment=MyApp Admins→Api/Admin; kind=member; through=MyApp Admins
    <~/groups/group:MyApp Admins>; declared=not declared | who=Grace Green <~/users/user:Grace Green>
    (grace@contoso.com); since=2025-01-01T00:00:00.1234567Z; assignment=MyApp Admins→Api/Admin; kind=member;
    through=MyApp Admins <~/groups/group:MyApp Admins>; declared=not declared | who=Nobody
    <~/groups/group:Nobody>; since=2025-01-01T00:00:00.1234567Z; assignment=Nobody→Api/Admin; kind=group;
    people=0; declared=not declared]; nested=[[MyApp Leads <~/groups/group:MyApp Leads> | MyApp Admins
    <~/groups/group:MyApp Admins> | 1]]; people=2; assignments=2; address=~/roles/sp:Api/role:Api/Admin
""", id="a role of a group in a group"),
        pytest.param(
            app_roles.show, "#role", {"id": "sp:Api", "role": "00000000-0000-0000-0000-000000000000"},
            """
role: id=00000000-0000-0000-0000-000000000000; value=Default access; holdings=[who=Alice Archer
    <~/users/user:Alice Archer> (alice@contoso.com); since=2025-01-01T00:00:00.1234567Z; assignment=Alice
    Archer→Api/default; kind=direct; declared=not declared]; people=1; assignments=1;
    address=~/roles/sp:Api/00000000-0000-0000-0000-000000000000
""", id="default access"),
        pytest.param(app_roles.show, "#sign_ins", {"id": "sp:Api", "role": "role:Api/Writer"}, """
sign_ins:
  Bob Baker at Spa · user.read user.gone user.write Writer <~/traffic?open=7>
  Nightly · api://api/.default Writer <~/traffic?open=4>
  Bob Baker at Spa · user.read user.gone user.write Writer <~/traffic?open=3>
""", id="a role that tokens have"),
        pytest.param(app_roles.show, "#role", {"id": "sp:Api", "role": "role:gone"}, """
role: id=role:gone; value=removed role role:gone; holdings=[who=Frank Fischer <~/users/user:Frank Fischer>
    (frank@contoso.com); since=2025-01-01T00:00:00.1234567Z; assignment=Frank Fischer→Api/gone; kind=direct;
    declared=not declared]; people=1; assignments=1; address=~/roles/sp:Api/role:gone
""", id="a role that is gone"),
        pytest.param(app_roles.show, "", {"id": "sp:Api", "role": "nothing"}, """
missing.html 404 at roles
what: app role
name: nothing
""", id="no such role"),
        pytest.param(app_roles.show, "", {"id": "nothing", "role": "role:Api/Admin"}, """
missing.html 404 at roles
what: app role
name: role:Api/Admin
""", id="no such application"),
    ],
)  # fmt: skip
def test_a_page_of_app_roles_says_all(
    browser: Browser, handler: Callable[[Visit], Response], address: str, path: dict[str, str], page: str
) -> None:
    """Hold each value of the page: who has the role, through what, and what is linked."""
    assert shown(browser, handler, address, **path) == page.strip("\n")
