"""The list of users and the page of one, whole."""

from collections.abc import Callable

import pytest
from starlette.responses import Response

from entra_emulator.portal import people
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
        pytest.param(people.show_list, "", {}, """
list.html 200 at users
words: Users
listing: 13 of 13 of 13 page 1 q=&enabled=all
  Alice Archer <~/users/user:Alice Archer> (alice@contoso.com) code | 3 groups | 1 directly | Application
    Administrator risk high | enabled
  Bob Baker <~/users/user:Bob Baker> (bob@contoso.com) code | 3 groups | 2 directly | none | enabled
  Carol Clark <~/users/user:Carol Clark> (carol@contoso.com) code | 3 groups | 1 directly | none | disabled
  Dave Diaz <~/users/user:Dave Diaz> (dave@contoso.com) code | 2 groups | 1 directly | none | enabled
  Erin Evans <~/users/user:Erin Evans> (erin@contoso.com) code | 3 groups | 0 directly | none | enabled
  Frank Fischer <~/users/user:Frank Fischer> (frank@contoso.com) code | 2 groups | 1 directly | Made up,
    Application Administrator risk high | enabled
  Grace Green <~/users/user:Grace Green> (grace@contoso.com) code | 3 groups | 0 directly | Global
    Administrator risk high | enabled
  Heidi Hoffmann <~/users/user:Heidi Hoffmann> (heidi@contoso.com) code | 3 groups | 1 directly | none |
    enabled
  Ivan Ivanov <~/users/user:Ivan Ivanov> (ivan@contoso.com) code | 3 groups | 0 directly | none | enabled
  Judy Jones <~/users/user:Judy Jones> (judy@contoso.com) code | 2 groups | 0 directly | none | enabled
  Li Wei <~/users/user:Li Wei> (li@contoso.com) code | 1 group | 0 directly | none | enabled
  Mallory Moore <~/users/user:Mallory Moore> (mallory@contoso.com) code | 1 group | 0 directly | none |
    enabled
  Oscar Olsen <~/users/user:Oscar Olsen> (oscar@contoso.com) code | 2 groups | 0 directly | none | enabled
columns: [Name | Groups | Roles | Directory roles | Sign-in]
choices: [Sign-in enabled=all of all=any, yes=enabled, no=disabled]
searched: Name, UPN, mail or object id
nothing: There is nobody yet: make a person.
add: [New user… | ~/edit/new-user]
""", id="all"),
        pytest.param(people.show_list, "enabled=no#listing", {}, """
listing: 1 of 1 of 13 page 1 q=&enabled=no filtered
  Carol Clark <~/users/user:Carol Clark> (carol@contoso.com) code | 3 groups | 1 directly | none | disabled
""", id="those who are disabled"),
        pytest.param(people.show_list, "enabled=yes&q=BOB@#listing", {}, """
listing: 1 of 1 of 13 page 1 q=BOB@&enabled=yes filtered
  Bob Baker <~/users/user:Bob Baker> (bob@contoso.com) code | 3 groups | 2 directly | none | enabled
""", id="those who are enabled, by mail"),
        pytest.param(people.show_list, "q=alcie#listing", {}, """
listing: 0 of 0 of 13 page 1 q=alcie&enabled=all filtered
  near ('Alice Archer', '~/users/user:Alice Archer')
""", id="nobody of this name"),
        pytest.param(people.show, "", {"id": "user:Bob Baker"}, """
person.html 200 at users
user: row user:Bob Baker
name: Bob Baker
roles:
  value=Writer; resource=Api <~/enterprise/sp:Api>; through=None; since=2025-01-01T00:00:00.1234567Z;
    assignment=Bob Baker→Api/Writer; declared=access.yaml:5; address=~/roles/sp:Api/role:Api/Writer
  value=Writer; resource=Api <~/enterprise/sp:Api>; through=MyApp Writers <~/groups/group:MyApp Writers>;
    since=2025-01-01T00:00:00.1234567Z; assignment=MyApp Writers→Api/Writer; declared=access.yaml:4;
    address=~/roles/sp:Api/role:Api/Writer
  value=Reader; resource=Other <~/enterprise/sp:Other>; through=None; since=2025-01-01T00:00:00.1234567Z;
    assignment=Bob Baker→Other/Reader; declared=not declared; address=~/roles/sp:Other/role:Other/Reader
listing: 3 of 3 of 3 page 1 q=
  Bob Baker→Api/Writer
  MyApp Writers→Api/Writer
  Bob Baker→Other/Reader
size: 25
why: value=Writer; resource=Api <~/enterprise/sp:Api>; through=None; since=2025-01-01T00:00:00.1234567Z;
    assignment=Bob Baker→Api/Writer; declared=access.yaml:5; address=~/roles/sp:Api/role:Api/Writer
ways:
  value=Writer; resource=Api <~/enterprise/sp:Api>; through=MyApp Writers <~/groups/group:MyApp Writers>;
    since=2025-01-01T00:00:00.1234567Z; assignment=MyApp Writers→Api/Writer; declared=access.yaml:4;
    address=~/roles/sp:Api/role:Api/Writer
applications: 2
groups:
  name=All Staff <~/groups/group:All Staff>; members=12; gives=[]
  name=MyApp Developers <~/groups/group:MyApp Developers>; members=3; gives=[]
  name=MyApp Writers <~/groups/group:MyApp Writers>; members=4; gives=[[Writer | Api <~/enterprise/sp:Api>]]
owned: shown=[Api <~/registrations/app:Api> | Audit <~/groups/group:Audit>]
consents:
  client=Spa <~/enterprise/sp:Spa>; resource=Api <~/enterprise/sp:Api>; scopes=[user.write]; by=own consent;
    who=Bob Baker <~/users/user:Bob Baker> (bob@contoso.com); declared= (a person’s own);
    id=grant:Spa/Api/Bob Baker; address=~/grants/grant:Spa/Api/Bob Baker
more_consents: 0
sign_ins:
  Bob Baker at Spa · user.read user.gone user.write Writer <~/traffic?open=7>
  Bob Baker at Spa · user.read user.gone user.write Writer <~/traffic?open=3>
graph: curl https://localhost:8443/v1.0/users/user:Bob Baker ~/users/user:Bob Baker?graph=curl#graph
""", id="a role by oneself and by a group"),
        pytest.param(people.show, "why=MyApp Writers→Api/Writer#why", {"id": "user:Bob Baker"}, """
why: value=Writer; resource=Api <~/enterprise/sp:Api>; through=MyApp Writers <~/groups/group:MyApp Writers>;
    since=2025-01-01T00:00:00.1234567Z; assignment=MyApp Writers→Api/Writer; declared=access.yaml:4;
    address=~/roles/sp:Api/role:Api/Writer
""", id="another role is why"),
        pytest.param(people.show, "why=MyApp Writers→Api/Writer#ways", {"id": "user:Bob Baker"}, """
ways:
  value=Writer; resource=Api <~/enterprise/sp:Api>; through=None; since=2025-01-01T00:00:00.1234567Z;
    assignment=Bob Baker→Api/Writer; declared=access.yaml:5; address=~/roles/sp:Api/role:Api/Writer
""", id="the other way then"),
        pytest.param(people.show, "q=READER#listing", {"id": "user:Bob Baker"}, """
listing: 1 of 1 of 3 page 1 q=READER filtered
  Bob Baker→Other/Reader
""", id="a role of a name"),
        pytest.param(people.show, "q=other#listing", {"id": "user:Bob Baker"}, """
listing: 1 of 1 of 3 page 1 q=other filtered
  Bob Baker→Other/Reader
""", id="roles at an application of a name"),
        pytest.param(people.show, "#powers", {"id": "user:Alice Archer"}, """
powers:
  [Application Administrator | Can add secrets to any application]
""", id="a directory role"),
        pytest.param(people.show, "#groups", {"id": "user:Grace Green"}, """
groups:
  name=All Staff <~/groups/group:All Staff>; members=12; gives=[]
  name=MyApp Admins <~/groups/group:MyApp Admins>; members=3; gives=[[Admin | Api <~/enterprise/sp:Api>]]
  name=MyApp Deploy <~/groups/group:MyApp Deploy>; members=2; gives=[]
  name=On call <~/groups/group:On call>; members=7; gives=[[Reader | Api <~/enterprise/sp:Api>]];
    nested=through a group inside it: what is assigned to it does not reach so far
""", id="groups around a group"),
        pytest.param(people.show, "", {"id": "user:Oscar Olsen"}, """
person.html 200 at users
user: row user:Oscar Olsen
name: Oscar Olsen
roles:
  value=Writer; resource=Api <~/enterprise/sp:Api>; through=MyApp Writers <~/groups/group:MyApp Writers>;
    since=2025-01-01T00:00:00.1234567Z; assignment=MyApp Writers→Api/Writer; declared=access.yaml:4;
    address=~/roles/sp:Api/role:Api/Writer
listing: 1 of 1 of 1 page 1 q=
  MyApp Writers→Api/Writer
size: 25
why: value=Writer; resource=Api <~/enterprise/sp:Api>; through=MyApp Writers <~/groups/group:MyApp Writers>;
    since=2025-01-01T00:00:00.1234567Z; assignment=MyApp Writers→Api/Writer; declared=access.yaml:4;
    address=~/roles/sp:Api/role:Api/Writer
applications: 1
groups:
  name=MyApp Deploy <~/groups/group:MyApp Deploy>; members=2; gives=[]
  name=MyApp Writers <~/groups/group:MyApp Writers>; members=4; gives=[[Writer | Api <~/enterprise/sp:Api>]]
  name=On call <~/groups/group:On call>; members=7; gives=[[Reader | Api <~/enterprise/sp:Api>]];
    nested=through a group inside it: what is assigned to it does not reach so far
owned: shown=[]
more_consents: 0
trail: [2026-01-02T00:00:00Z Add member to group: Oscar Olsen, MyApp Writers by Emulator admin]
graph: curl https://localhost:8443/v1.0/users/user:Oscar Olsen ~/users/user:Oscar Olsen?graph=curl#graph
""", id="nothing and a trail"),
        pytest.param(people.show, "#roles", {"id": "user:Frank Fischer"}, """
roles:
  value=Reader; resource=Api <~/enterprise/sp:Api>; through=On call <~/groups/group:On call>;
    since=2025-01-01T00:00:00.1234567Z; assignment=On call→Api/Reader; declared=not declared;
    address=~/roles/sp:Api/role:Api/Reader
  value=removed role role:gone; resource=Api <~/enterprise/sp:Api>; through=None;
    since=2025-01-01T00:00:00.1234567Z; assignment=Frank Fischer→Api/gone; declared=not declared;
    address=~/roles/sp:Api/role:gone
""", id="a role that is gone"),
        pytest.param(people.show, "#roles", {"id": "user:Heidi Hoffmann"}, """
roles:
  value=Reader; resource=Api <~/enterprise/sp:Api>; through=On call <~/groups/group:On call>;
    since=2025-01-01T00:00:00.1234567Z; assignment=On call→Api/Reader; declared=not declared;
    address=~/roles/sp:Api/role:Api/Reader
  value=Default access; resource=Ghost; through=None; since=2025-01-01T00:00:00.1234567Z; assignment=Heidi
    Hoffmann→?/default;
    address=~/roles/9eb47c68-0d25-4527-b6c2-081718a67243/00000000-0000-0000-0000-000000000000
""", id="a role at what is gone"),
        pytest.param(people.show, "", {"id": "nobody"}, """
missing.html 404 at users
what: user
name: nobody
""", id="not there"),
        pytest.param(people.show, "", {"id": "Fabrikam Bob Baker"}, """
missing.html 404 at users
what: user
name: Fabrikam Bob Baker
others: [Fabrikam]
""", id="somebody of another tenant"),
    ],
)  # fmt: skip
def test_a_page_of_people_says_all(
    browser: Browser, handler: Callable[[Visit], Response], address: str, path: dict[str, str], page: str
) -> None:
    """Hold each value of the page: who, which roles through what, and what is linked."""
    assert shown(browser, handler, address, **path) == page.strip("\n")
