"""The list of registrations and the page of one, whole."""

from collections.abc import Callable

import pytest
from starlette.responses import Response

from entra_emulator.portal import registrations
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
        pytest.param(registrations.show_list, "", {}, """
list.html 200 at registrations
words: Registrations
listing: 14 of 14 of 14 page 1 q=&owner=&credentials=any&order=name
  Api <~/registrations/app:Api> (client:Api) code | mark myapp/prod api | API | none | 2025-01-01
  By hand <~/registrations/app:By hand> (client:By hand) code | mark | daemon | none | 00:00:00
  Emulator admin <~/registrations/app:Emulator admin> (client:Emulator admin) code | mark | daemon | 1
    secret (1 year old, ends in 74 years) | 2025-01-01
  Emulator deployer <~/registrations/app:Emulator deployer> (client:Emulator deployer) code | mark | daemon
    | 1 secret (1 year old, ends in 74 years) | 2025-01-01
  Emulator reader <~/registrations/app:Emulator reader> (client:Emulator reader) code | mark | daemon | 1
    secret (1 year old, ends in 74 years) | 2025-01-01
  Foreign <~/registrations/app:Foreign> (client:Foreign) code | mark | web | 1 secret (1 year old, ends in
    74 years) | 2025-01-01
  Middle <~/registrations/app:Middle> (client:Middle) code | mark | API | 1 secret (1 year old, ends in 74
    years) | 2025-01-01
  MyApp Writer (dev) <~/registrations/app:MyApp Writer (dev)> (client:MyApp Writer (dev)) code | mark |
    daemon | 1 secret, 1 federated (1 year old, ends in 74 years) | 2025-01-01
  MyApp Writer (prod) <~/registrations/app:MyApp Writer (prod)> (client:MyApp Writer (prod)) code | mark |
    daemon | 1 secret, 1 federated (1 year old, ends in 74 years) | 2025-01-01
  Nightly <~/registrations/app:Nightly> (client:Nightly) code | mark | daemon | 1 secret, 1 federated (1
    year old, ends in 74 years) | 00:00:00
  Other <~/registrations/app:Other> (client:Other) code | mark | API | none | 2025-01-01
  Public <~/registrations/app:Public> (client:Public) code | mark | public client | none | 2025-06-01
  Spa <~/registrations/app:Spa> (client:Spa) code | mark myapp/prod spa | SPA | none | 2025-01-01
  Web <~/registrations/app:Web> (client:Web) code | mark | web | 1 secret (1 year old, ends in 18 days) risk
    medium | 2025-01-01
columns: [Name | Declared by | Type | Credentials | Changed]
choices:
  Declared by owner= of =anybody, myapp/prod=myapp/prod, none=nobody
  Credentials credentials=any of any=any, some=some, ending=ending soon, none=none
  Order order=name of name=Name, newest=Newest, changed=Last change
searched: Name, client id, redirect URI or tag
nothing: No application is registered. They are declared at applications.
add: [Register… | ~/edit/register]
""", id="all"),
        pytest.param(registrations.show_list, "owner=myapp/prod#listing", {}, """
listing: 2 of 2 of 14 page 1 q=&owner=myapp/prod&credentials=any&order=name filtered
  Api <~/registrations/app:Api> (client:Api) code | mark myapp/prod api | API | none | 2025-01-01
  Spa <~/registrations/app:Spa> (client:Spa) code | mark myapp/prod spa | SPA | none | 2025-01-01
""", id="of an owner"),
        pytest.param(registrations.show_list, "owner=none&credentials=ending#listing", {}, """
listing: 1 of 1 of 14 page 1 q=&owner=none&credentials=ending&order=name filtered
  Web <~/registrations/app:Web> (client:Web) code | mark | web | 1 secret (1 year old, ends in 18 days) risk
    medium | 2025-01-01
""", id="of nobody, with what ends"),
        pytest.param(registrations.show_list, "credentials=some&order=changed&owner=none#listing", {}, """
listing: 9 of 9 of 14 page 1 q=&owner=none&credentials=some&order=changed filtered
  Nightly <~/registrations/app:Nightly> (client:Nightly) code | mark | daemon | 1 secret, 1 federated (1
    year old, ends in 74 years) | 00:00:00
  Emulator admin <~/registrations/app:Emulator admin> (client:Emulator admin) code | mark | daemon | 1
    secret (1 year old, ends in 74 years) | 2025-01-01
  Emulator deployer <~/registrations/app:Emulator deployer> (client:Emulator deployer) code | mark | daemon
    | 1 secret (1 year old, ends in 74 years) | 2025-01-01
  Emulator reader <~/registrations/app:Emulator reader> (client:Emulator reader) code | mark | daemon | 1
    secret (1 year old, ends in 74 years) | 2025-01-01
  Foreign <~/registrations/app:Foreign> (client:Foreign) code | mark | web | 1 secret (1 year old, ends in
    74 years) | 2025-01-01
  Middle <~/registrations/app:Middle> (client:Middle) code | mark | API | 1 secret (1 year old, ends in 74
    years) | 2025-01-01
  MyApp Writer (dev) <~/registrations/app:MyApp Writer (dev)> (client:MyApp Writer (dev)) code | mark |
    daemon | 1 secret, 1 federated (1 year old, ends in 74 years) | 2025-01-01
  MyApp Writer (prod) <~/registrations/app:MyApp Writer (prod)> (client:MyApp Writer (prod)) code | mark |
    daemon | 1 secret, 1 federated (1 year old, ends in 74 years) | 2025-01-01
  Web <~/registrations/app:Web> (client:Web) code | mark | web | 1 secret (1 year old, ends in 18 days) risk
    medium | 2025-01-01
""", id="with credentials, the last change first"),
        pytest.param(registrations.show_list, "credentials=none&order=newest#listing", {}, """
listing: 5 of 5 of 14 page 1 q=&owner=&credentials=none&order=newest filtered
  By hand <~/registrations/app:By hand> (client:By hand) code | mark | daemon | none | 00:00:00
  Public <~/registrations/app:Public> (client:Public) code | mark | public client | none | 2025-06-01
  Api <~/registrations/app:Api> (client:Api) code | mark myapp/prod api | API | none | 2025-01-01
  Other <~/registrations/app:Other> (client:Other) code | mark | API | none | 2025-01-01
  Spa <~/registrations/app:Spa> (client:Spa) code | mark myapp/prod spa | SPA | none | 2025-01-01
""", id="without credentials, the newest first"),
        pytest.param(registrations.show_list, "q=LOCALHOST:5173#listing", {}, """
listing: 1 of 1 of 14 page 1 q=LOCALHOST:5173&owner=&credentials=any&order=name filtered
  Spa <~/registrations/app:Spa> (client:Spa) code | mark myapp/prod spa | SPA | none | 2025-01-01
""", id="by a redirect URI"),
        pytest.param(registrations.show_list, "q=nihgtly#listing", {}, """
listing: 0 of 0 of 14 page 1 q=nihgtly&owner=&credentials=any&order=name filtered
  near ('Nightly', '~/registrations/app:Nightly')
""", id="none of this name"),
        pytest.param(registrations.show, "#roles", {"id": "app:Api"}, """
roles:
  id=role:Api/Reader; value=Reader; description=Reader; types=users and applications; declared=not declared;
    holdings=[who=Dave Diaz <~/users/user:Dave Diaz> (dave@contoso.com); since=2026-01-02T00:00:00Z;
    assignment=Dave Diaz→Api/Reader; kind=direct; declared=not declared | who=On call <~/groups/group:On
    call>; since=2025-01-01T00:00:00.1234567Z; assignment=On call→Api/Reader; kind=group; people=6;
    declared=not declared]; nested=[[MyApp Deploy <~/groups/group:MyApp Deploy> | On call <~/groups/group:On
    call> | 2]]; missing=[[All Staff <~/groups/group:All Staff> | access.yaml:6]]; people=6; assignments=2;
    address=~/roles/sp:Api/role:Api/Reader
  id=role:Api/Writer; value=Writer; description=Writer; types=users and applications; declared=api.yaml:16;
    holdings=[who=Carol Clark <~/users/user:Carol Clark> (carol@contoso.com);
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
  id=role:Api/Admin; value=Admin; description=Admin; types=users and applications; declared=api.yaml:15;
    holdings=[who=Alice Archer <~/users/user:Alice Archer> (alice@contoso.com);
    since=2025-01-01T00:00:00.1234567Z; assignment=MyApp Admins→Api/Admin; kind=member; through=MyApp Admins
    <~/groups/group:MyApp Admins>; declared=not declared | who=Grace Green <~/users/user:Grace Green>
    (grace@contoso.com); since=2025-01-01T00:00:00.1234567Z; assignment=MyApp Admins→Api/Admin; kind=member;
    through=MyApp Admins <~/groups/group:MyApp Admins>; declared=not declared | who=Nobody
    <~/groups/group:Nobody>; since=2025-01-01T00:00:00.1234567Z; assignment=Nobody→Api/Admin; kind=group;
    people=0; declared=not declared]; nested=[[MyApp Leads <~/groups/group:MyApp Leads> | MyApp Admins
    <~/groups/group:MyApp Admins> | 1]]; people=2; assignments=2; address=~/roles/sp:Api/role:Api/Admin
  id=role:Api/Retired; value=Retired; description=Retired; types=users and applications; enabled=False;
    declared=not declared; address=~/roles/sp:Api/role:Api/Retired
  id=role:Api/NoValue; value=NoValue; description=NoValue; types=users and applications; declared=not
    declared; address=~/roles/sp:Api/role:Api/NoValue
  id=00000000-0000-0000-0000-000000000000; value=Default access; holdings=[who=Alice Archer
    <~/users/user:Alice Archer> (alice@contoso.com); since=2025-01-01T00:00:00.1234567Z; assignment=Alice
    Archer→Api/default; kind=direct; declared=not declared]; people=1; assignments=1;
    address=~/roles/sp:Api/00000000-0000-0000-0000-000000000000
  id=role:gone; value=removed role role:gone; holdings=[who=Frank Fischer <~/users/user:Frank Fischer>
    (frank@contoso.com); since=2025-01-01T00:00:00.1234567Z; assignment=Frank Fischer→Api/gone; kind=direct;
    declared=not declared]; people=1; assignments=1; address=~/roles/sp:Api/role:gone
""", id="an API"),
        pytest.param(registrations.show, "#consents", {"id": "app:Api"}, """
consents: rows=[client=Spa <~/registrations/app:Spa>; resource=Api <~/registrations/app:Api>;
    scopes=[user.write]; by=authorized client; who=everybody; declared=api.yaml:40 | client=Web
    <~/registrations/app:Web>; resource=Api <~/registrations/app:Api>; scopes=[user.read | user.admin];
    by=authorized client; who=everybody; declared=not declared | client=Web <~/enterprise/sp:Web>;
    resource=Api <~/enterprise/sp:Api>; scopes=[user.old]; by=own consent; who=Alice Archer
    <~/users/user:Alice Archer> (alice@contoso.com); declared= (a person’s own); id=grant:Web/Api/Alice
    Archer; address=~/grants/grant:Web/Api/Alice Archer | client=Nightly <~/enterprise/sp:Nightly>;
    resource=Api <~/enterprise/sp:Api>; scopes=[user.read]; by=tenant-wide consent; who=everybody;
    declared=not declared; id=grant:Nightly/Api; address=~/grants/grant:Nightly/Api | client=Spa
    <~/enterprise/sp:Spa>; resource=Api <~/enterprise/sp:Api>; scopes=[user.read | user.gone];
    by=tenant-wide consent; who=everybody; declared=clients.yaml:11 (user.gone); id=grant:Spa/Api;
    address=~/grants/grant:Spa/Api | client=Spa <~/enterprise/sp:Spa>; resource=Api <~/enterprise/sp:Api>;
    scopes=[user.write]; by=own consent; who=Bob Baker <~/users/user:Bob Baker> (bob@contoso.com); declared=
    (a person’s own); id=grant:Spa/Api/Bob Baker; address=~/grants/grant:Spa/Api/Bob Baker | client=Middle
    <~/enterprise/sp:Middle>; resource=Api <~/enterprise/sp:Api>; scopes=[]; by=tenant-wide consent;
    who=everybody; declared=; id=empty; address=~/grants/empty]; total=7; scopes=[user.admin | user.gone |
    user.old | user.read | user.write]
""", id="consents at an API"),
        pytest.param(registrations.show, "#scopes", {"id": "app:Api"}, """
scopes:
  [row scope:Api/user.read | api.yaml:9]
  [row scope:Api/user.write | not declared]
  [row scope:Api/user.admin | not declared]
  [row scope:Api/user.old | not declared]
""", id="scopes of an API"),
        pytest.param(registrations.show, "#missing_uris", {"id": "app:Api"}, """
missing_uris:
  [https://declared.example/ | api.yaml:20]
""", id="URIs that lack"),
        pytest.param(registrations.show, "#identifiers", {"id": "app:Api"}, """
identifiers:
  [api://api | api.yaml:7]
""", id="identifiers"),
        pytest.param(registrations.show, "#unasked", {"id": "app:Other"}, """
unasked: [user.read | user.write | user.admin | user.old]
""", id="scopes that nobody may ask for"),
        pytest.param(registrations.show, "#sign_ins", {"id": "app:Api"}, """
sign_ins:
  Bob Baker at Spa · user.read user.gone user.write Writer <~/traffic?open=7>
  Nightly · api://api/.default Writer <~/traffic?open=4>
  Bob Baker at Spa · user.read user.gone user.write Writer <~/traffic?open=3>
""", id="sign-ins at an API"),
        pytest.param(registrations.show, "#uris", {"id": "app:Public"}, """
uris:
  [http://localhost | publicClient | not declared]
""", id="URIs"),
        pytest.param(registrations.show, "#made", {"id": "app:By hand"}, """
made: 2026-01-02T00:00:00Z Add application: By hand by Emulator admin
""", id="made by hand"),
        pytest.param(registrations.show, "#declared", {"id": "app:Spa"}, """
declared: clients.yaml:3
""", id="where it is declared"),
        pytest.param(registrations.show, "", {"id": "app:Nightly"}, """
application.html 200 at registrations
app: row app:Nightly
principal: row sp:Nightly
name: Nightly
mark: mark
consents: rows=[]; total=0; scopes=[]
platforms: web=web; spa=SPA; publicClient=public client
credentials:
  type=Secret; name=emulator; key=key:Nightly; since=2025-01-01T00:00:00Z; until=2099-12-31T00:00:00Z;
    used=2026-01-01T00:00:00Z; more=a-s…; ids=[key:Nightly | ]; declared=not declared
  type=Federated; name=pipeline; key=federated:pipeline; since=; until=; used=; more=https://issuer.example
    repo:x; ids=[federated:pipeline | pipeline]; declared=not declared
trail:
  2026-01-02T00:00:00Z Add delegated permission grant: Api, Nightly by Emulator admin
  2026-01-02T00:00:00Z Update service principal: Nightly by Emulator admin
  2026-01-02T00:00:00Z Update application: Nightly by Emulator admin
type: daemon
owners: shown=[]
policies: shown=[]
requested:
  value=user.read; api=Api <~/registrations/app:Api>; type=delegated; given=for everybody
  value=user.write; api=Api <~/registrations/app:Api>; type=delegated; given=no;
    act=~/edit/consent?client=sp:Nightly&api=sp:Api; verb=Consent…
  value=user.admin; api=Api <~/registrations/app:Api>; type=delegated; given=no;
    act=~/edit/consent?client=sp:Nightly&api=sp:Api; verb=Consent…
  value=Reader; api=Api <~/registrations/app:Api>; type=application; given=no;
    act=~/edit/assign?resource=sp:Api&role=role:Api/Reader&holder=sp:Nightly; verb=Assign…
  value=Writer; api=Api <~/registrations/app:Api>; type=application; given=yes
declared: not declared
sign_ins:
  Nightly · the API has no enterprise application in this tenant <~/traffic?open=5>
  Nightly · api://api/.default Writer <~/traffic?open=4>
graph: curl https://localhost:8443/v1.0/applications/app:Nightly
    ~/registrations/app:Nightly?graph=curl#graph
""", id="a client"),
        pytest.param(registrations.show, "", {"id": "nothing"}, """
missing.html 404 at registrations
what: registration
name: nothing
""", id="not there"),
    ],
)  # fmt: skip
def test_a_page_of_registrations_says_all(
    browser: Browser, handler: Callable[[Visit], Response], address: str, path: dict[str, str], page: str
) -> None:
    """Hold each value of the page: roles, consents, URIs, credentials, and what is linked."""
    assert shown(browser, handler, address, **path) == page.strip("\n")
