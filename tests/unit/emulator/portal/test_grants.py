"""The list of grants and the page of one, whole."""

from collections.abc import Callable

import pytest
from starlette.responses import Response

from entra_emulator.portal import grants
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
        pytest.param(grants.show_list, "", {}, """
list.html 200 at grants
words: Grants
listing: 14 of 14 of 14 page 1 q=
  Api <~/grants/grant:Api/Microsoft Graph> | Microsoft Graph <~/enterprise/sp:Microsoft Graph> | (openid
    profile offline_access email) code | tenant-wide consent | everybody | Withdraw…
    <~/edit/withdraw?grant=grant:Api/Microsoft Graph>
  Other <~/grants/grant:Other/Microsoft Graph> | Microsoft Graph <~/enterprise/sp:Microsoft Graph> | (openid
    profile offline_access email) code | tenant-wide consent | everybody | Withdraw…
    <~/edit/withdraw?grant=grant:Other/Microsoft Graph>
  Middle <~/grants/grant:Middle/Microsoft Graph> | Microsoft Graph <~/enterprise/sp:Microsoft Graph> |
    (openid profile offline_access email) code | tenant-wide consent | everybody | Withdraw…
    <~/edit/withdraw?grant=grant:Middle/Microsoft Graph>
  Spa <~/grants/grant:Spa/Microsoft Graph> | Microsoft Graph <~/enterprise/sp:Microsoft Graph> | (openid
    profile offline_access email) code | tenant-wide consent | everybody | Withdraw…
    <~/edit/withdraw?grant=grant:Spa/Microsoft Graph>
  Public <~/grants/grant:Public/Microsoft Graph> | Microsoft Graph <~/enterprise/sp:Microsoft Graph> |
    (openid profile offline_access email) code | tenant-wide consent | everybody | Withdraw…
    <~/edit/withdraw?grant=grant:Public/Microsoft Graph>
  Web <~/grants/grant:Web/Microsoft Graph> | Microsoft Graph <~/enterprise/sp:Microsoft Graph> | (openid
    profile offline_access email) code | tenant-wide consent | everybody | Withdraw…
    <~/edit/withdraw?grant=grant:Web/Microsoft Graph>
  Foreign <~/grants/grant:Foreign/Microsoft Graph> | Microsoft Graph <~/enterprise/sp:Microsoft Graph> |
    (openid profile offline_access email) code | tenant-wide consent | everybody | Withdraw…
    <~/edit/withdraw?grant=grant:Foreign/Microsoft Graph>
  Nightly <~/grants/grant:Nightly/Microsoft Graph> | Microsoft Graph <~/enterprise/sp:Microsoft Graph> |
    (openid profile offline_access email) code | tenant-wide consent | everybody | Withdraw…
    <~/edit/withdraw?grant=grant:Nightly/Microsoft Graph>
  Spa <~/grants/grant:Spa/Api> | Api <~/enterprise/sp:Api> | (user.read user.gone) code | tenant-wide
    consent | everybody | Withdraw… <~/edit/withdraw?grant=grant:Spa/Api>
  Middle <~/grants/empty> | Api <~/enterprise/sp:Api> | code | tenant-wide consent | everybody | Withdraw…
    <~/edit/withdraw?grant=empty>
  Spa <~/grants/grant:Spa/Api/Bob Baker> | Api <~/enterprise/sp:Api> | (user.write) code | own consent | Bob
    Baker <~/users/user:Bob Baker> | Withdraw… <~/edit/withdraw?grant=grant:Spa/Api/Bob Baker>
  Web <~/grants/grant:Web/Api/Alice Archer> | Api <~/enterprise/sp:Api> | (user.old) code | own consent |
    Alice Archer <~/users/user:Alice Archer> | Withdraw… <~/edit/withdraw?grant=grant:Web/Api/Alice Archer>
  Public <~/grants/ghost> | a removed object | (all) code | tenant-wide consent | everybody | Withdraw…
    <~/edit/withdraw?grant=ghost>
  Nightly <~/grants/grant:Nightly/Api> | Api <~/enterprise/sp:Api> | (user.read) code | tenant-wide consent
    | everybody | Withdraw… <~/edit/withdraw?grant=grant:Nightly/Api>
columns: [Client | API | Scopes | By | For | ]
searched: Client, API, person or scope
nothing: Nobody consented to anything yet.
remark: Clients that an API authorizes itself stand on the API’s page
add: [Consent… | ~/edit/consent]
""", id="all"),
        pytest.param(grants.show_list, "q=BAKER#listing", {}, """
listing: 1 of 1 of 14 page 1 q=BAKER filtered
  Spa <~/grants/grant:Spa/Api/Bob Baker> | Api <~/enterprise/sp:Api> | (user.write) code | own consent | Bob
    Baker <~/users/user:Bob Baker> | Withdraw… <~/edit/withdraw?grant=grant:Spa/Api/Bob Baker>
""", id="of a person"),
        pytest.param(grants.show_list, "q=user.old#listing", {}, """
listing: 1 of 1 of 14 page 1 q=user.old filtered
  Web <~/grants/grant:Web/Api/Alice Archer> | Api <~/enterprise/sp:Api> | (user.old) code | own consent |
    Alice Archer <~/users/user:Alice Archer> | Withdraw… <~/edit/withdraw?grant=grant:Web/Api/Alice Archer>
""", id="of a scope"),
        pytest.param(grants.show, "", {"id": "grant:Spa/Api"}, """
grant.html 200 at grants
grant: client=Spa <~/enterprise/sp:Spa>; resource=Api <~/enterprise/sp:Api>; scopes=[user.read | user.gone];
    by=tenant-wide consent; who=everybody; declared=clients.yaml:11 (user.gone); id=grant:Spa/Api;
    address=~/grants/grant:Spa/Api
marks: [mark myapp/prod spa | mark myapp/prod api]
scopes:
  value=user.read; allows=user.read; consent=people; state=; declared=clients.yaml:11
  value=user.gone; allows=; consent=; state=not offered; declared=not declared
besides:
  client=Spa <~/registrations/app:Spa>; resource=Api <~/registrations/app:Api>; scopes=[user.write];
    by=authorized client; who=everybody; declared=api.yaml:40
  client=Spa <~/enterprise/sp:Spa>; resource=Api <~/enterprise/sp:Api>; scopes=[user.write]; by=own consent;
    who=Bob Baker <~/users/user:Bob Baker> (bob@contoso.com); declared= (a person’s own);
    id=grant:Spa/Api/Bob Baker; address=~/grants/grant:Spa/Api/Bob Baker
sign_ins:
  Bob Baker at Spa · user.read user.gone user.write Writer <~/traffic?open=7>
  Bob Baker at Spa · user.read user.gone user.write Writer <~/traffic?open=3>
traffic: ~/traffic?q=client:Spa&kind=sign-in
graph: curl https://localhost:8443/v1.0/oauth2PermissionGrants/grant:Spa/Api
    ~/grants/grant:Spa/Api?graph=curl#graph
""", id="for everybody"),
        pytest.param(grants.show, "", {"id": "grant:Spa/Api/Bob Baker"}, """
grant.html 200 at grants
grant: client=Spa <~/enterprise/sp:Spa>; resource=Api <~/enterprise/sp:Api>; scopes=[user.write]; by=own
    consent; who=Bob Baker <~/users/user:Bob Baker> (bob@contoso.com); declared= (a person’s own);
    id=grant:Spa/Api/Bob Baker; address=~/grants/grant:Spa/Api/Bob Baker
marks: [mark myapp/prod spa | mark myapp/prod api]
scopes:
  value=user.write; allows=user.write; consent=people; state=; declared= (a person’s own)
besides:
  client=Spa <~/registrations/app:Spa>; resource=Api <~/registrations/app:Api>; scopes=[user.write];
    by=authorized client; who=everybody; declared=api.yaml:40
  client=Spa <~/enterprise/sp:Spa>; resource=Api <~/enterprise/sp:Api>; scopes=[user.read | user.gone];
    by=tenant-wide consent; who=everybody; declared=clients.yaml:11 (user.gone); id=grant:Spa/Api;
    address=~/grants/grant:Spa/Api
sign_ins:
  Bob Baker at Spa · user.read user.gone user.write Writer <~/traffic?open=7>
  Bob Baker at Spa · user.read user.gone user.write Writer <~/traffic?open=3>
traffic: ~/traffic?q=client:Spa&kind=sign-in
graph: curl https://localhost:8443/v1.0/oauth2PermissionGrants/grant:Spa/Api/Bob Baker
    ~/grants/grant:Spa/Api/Bob Baker?graph=curl#graph
""", id="for one"),
        pytest.param(grants.show, "#given", {"id": "grant:Nightly/Api"}, """
given: 2026-01-02T00:00:00Z Add delegated permission grant: Api, Nightly by Emulator admin
""", id="given by hand"),
        pytest.param(grants.show, "#besides", {"id": "grant:Web/Api/Alice Archer"}, """
besides:
  client=Web <~/registrations/app:Web>; resource=Api <~/registrations/app:Api>; scopes=[user.read |
    user.admin]; by=authorized client; who=everybody; declared=not declared
""", id="an API that lists the client"),
        pytest.param(grants.show, "#scopes", {"id": "grant:Web/Api/Alice Archer"}, """
scopes:
  value=user.old; allows=user.old; consent=people; state=disabled; declared= (a person’s own)
""", id="scopes of the states"),
        pytest.param(grants.show, "", {"id": "ghost"}, """
grant.html 200 at grants
grant: client=Public <~/enterprise/sp:Public>; resource=a removed object; scopes=[all]; by=tenant-wide
    consent; who=everybody; declared=; id=ghost; address=~/grants/ghost
marks: [mark | mark]
scopes:
  value=all; allows=; consent=; state=not offered; declared=
traffic: ~/traffic?q=client:Public&kind=sign-in
graph: curl https://localhost:8443/v1.0/oauth2PermissionGrants/ghost ~/grants/ghost?graph=curl#graph
""", id="an API that is gone"),
        pytest.param(grants.show, "#grant", {"id": "empty"}, """
grant: client=Middle <~/enterprise/sp:Middle>; resource=Api <~/enterprise/sp:Api>; scopes=[]; by=tenant-wide
    consent; who=everybody; declared=; id=empty; address=~/grants/empty
""", id="no scope"),
        pytest.param(grants.show, "", {"id": "nothing"}, """
missing.html 404 at grants
what: grant
name: nothing
""", id="not there"),
    ],
)  # fmt: skip
def test_a_page_of_grants_says_all(
    browser: Browser, handler: Callable[[Visit], Response], address: str, path: dict[str, str], page: str
) -> None:
    """Hold each value of the page: both ends, each scope, and what else lets the client ask."""
    assert shown(browser, handler, address, **path) == page.strip("\n")
