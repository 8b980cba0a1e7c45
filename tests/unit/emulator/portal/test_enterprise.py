"""The list of enterprise applications and the page of one, whole."""

from collections.abc import Callable

import pytest
from starlette.responses import Response

from entra_emulator.portal import enterprise
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
        pytest.param(enterprise.show_list, "", {}, """
list.html 200 at enterprise
words: Enterprise applications
listing: 18 of 18 of 18 page 1 q=&home=all
  Api <~/enterprise/sp:Api> (client:Api) code | mark myapp/prod api | this tenant | not required | 10
    assignments | enabled
  Azure Service Management <~/enterprise/sp:Azure Service Management> (client:Azure Service Management) code
    | mark | another tenant | not required | 0 assignments | enabled
  Emulator admin <~/enterprise/sp:Emulator admin> (client:Emulator admin) code | mark | this tenant | not
    required | 0 assignments | enabled
  Emulator deployer <~/enterprise/sp:Emulator deployer> (client:Emulator deployer) code | mark | this tenant
    | not required | 0 assignments | enabled
  Emulator reader <~/enterprise/sp:Emulator reader> (client:Emulator reader) code | mark | this tenant | not
    required | 0 assignments | enabled
  Foreign <~/enterprise/sp:Foreign> (client:Foreign) code | mark | this tenant | not required | 0
    assignments | enabled
  Microsoft Azure CLI <~/enterprise/sp:Microsoft Azure CLI> (client:Microsoft Azure CLI) code | mark |
    another tenant | not required | 0 assignments | enabled
  Microsoft Graph <~/enterprise/sp:Microsoft Graph> (client:Microsoft Graph) code | mark | another tenant |
    not required | 30 assignments | enabled
  Middle <~/enterprise/sp:Middle> (client:Middle) code | mark | this tenant | not required | 0 assignments |
    enabled
  MyApp Writer (dev) <~/enterprise/sp:MyApp Writer (dev)> (client:MyApp Writer (dev)) code | mark | this
    tenant | not required | 0 assignments | enabled
  MyApp Writer (prod) <~/enterprise/sp:MyApp Writer (prod)> (client:MyApp Writer (prod)) code | mark | this
    tenant | not required | 0 assignments | enabled
  Nightly <~/enterprise/sp:Nightly> (client:Nightly) code | mark | this tenant | not required | 0
    assignments | enabled
  Office 365 SharePoint Online <~/enterprise/sp:Office 365 SharePoint Online> (client:Office 365 SharePoint
    Online) code | mark | another tenant | not required | 0 assignments | enabled
  Other <~/enterprise/sp:Other> (client:Other) code | mark | this tenant | not required | 2 assignments |
    enabled
  Public <~/enterprise/sp:Public> (client:Public) code | mark | this tenant | not required | 0 assignments |
    enabled
  Spa <~/enterprise/sp:Spa> (client:Spa) code | mark myapp/prod spa | this tenant | not required | 0
    assignments | enabled
  Web <~/enterprise/sp:Web> (client:Web) code | mark | this tenant | not required | 0 assignments | enabled
  Windows Azure Active Directory <~/enterprise/sp:Windows Azure Active Directory> (client:Windows Azure
    Active Directory) code | mark | another tenant | not required | 0 assignments | enabled
columns: [Name | Declared by | At home in | Assignment | Held by | Sign-in]
choices: [At home home=all of all=anywhere, here=here, elsewhere=elsewhere]
searched: Name, client id, object id or URI
nothing: There is no enterprise application.
""", id="all"),
        pytest.param(enterprise.show_list, "home=here&q=API://#listing", {}, """
listing: 3 of 3 of 18 page 1 q=API://&home=here filtered
  Api <~/enterprise/sp:Api> (client:Api) code | mark myapp/prod api | this tenant | not required | 10
    assignments | enabled
  Middle <~/enterprise/sp:Middle> (client:Middle) code | mark | this tenant | not required | 0 assignments |
    enabled
  Other <~/enterprise/sp:Other> (client:Other) code | mark | this tenant | not required | 2 assignments |
    enabled
""", id="at home here, by a URI"),
        pytest.param(enterprise.show_list, "home=elsewhere#listing", {}, """
listing: 5 of 5 of 18 page 1 q=&home=elsewhere filtered
  Azure Service Management <~/enterprise/sp:Azure Service Management> (client:Azure Service Management) code
    | mark | another tenant | not required | 0 assignments | enabled
  Microsoft Azure CLI <~/enterprise/sp:Microsoft Azure CLI> (client:Microsoft Azure CLI) code | mark |
    another tenant | not required | 0 assignments | enabled
  Microsoft Graph <~/enterprise/sp:Microsoft Graph> (client:Microsoft Graph) code | mark | another tenant |
    not required | 30 assignments | enabled
  Office 365 SharePoint Online <~/enterprise/sp:Office 365 SharePoint Online> (client:Office 365 SharePoint
    Online) code | mark | another tenant | not required | 0 assignments | enabled
  Windows Azure Active Directory <~/enterprise/sp:Windows Azure Active Directory> (client:Windows Azure
    Active Directory) code | mark | another tenant | not required | 0 assignments | enabled
""", id="at home elsewhere"),
        pytest.param(enterprise.show_list, "q=middel#listing", {}, """
listing: 0 of 0 of 18 page 1 q=middel&home=all filtered
  near ('Middle', '~/enterprise/sp:Middle')
""", id="none of this name"),
        pytest.param(enterprise.show, "#roles", {"id": "sp:Other"}, """
roles:
  id=role:Other/Reader; value=Reader; description=Reader; types=users and applications; declared=not
    declared; holdings=[who=Bob Baker <~/users/user:Bob Baker> (bob@contoso.com);
    since=2025-01-01T00:00:00.1234567Z; assignment=Bob Baker→Other/Reader; kind=direct; declared=not
    declared]; people=1; assignments=1; address=~/roles/sp:Other/role:Other/Reader
  id=role:Other/Writer; value=Writer; description=Writer; types=users and applications; declared=not
    declared; address=~/roles/sp:Other/role:Other/Writer
  id=role:Other/Admin; value=Admin; description=Admin; types=users and applications; declared=not declared;
    address=~/roles/sp:Other/role:Other/Admin
  id=role:Other/Retired; value=Retired; description=Retired; types=users and applications; enabled=False;
    declared=not declared; address=~/roles/sp:Other/role:Other/Retired
  id=role:Other/NoValue; value=NoValue; description=NoValue; types=users and applications; declared=not
    declared; holdings=[who=Nightly <~/enterprise/sp:Nightly>; since=2025-01-01T00:00:00.1234567Z;
    assignment=Nightly→Other/NoValue; kind=application; declared=not declared]; applications=1;
    assignments=1; address=~/roles/sp:Other/role:Other/NoValue
""", id="an API"),
        pytest.param(enterprise.show, "#declared", {"id": "sp:Api"}, """
declared: api.yaml:30
""", id="where it is declared"),
        pytest.param(enterprise.show, "#required_at", {"id": "sp:Api"}, """
required_at: api.yaml:31
""", id="where a property is"),
        pytest.param(enterprise.show, "#holds", {"id": "sp:Spa"}, """
holds: 3
""", id="how much it holds"),
        pytest.param(enterprise.show, "", {"id": "sp:Nightly"}, """
enterprise.html 200 at enterprise
app: row app:Nightly
principal: row sp:Nightly
name: Nightly
mark: mark
consents: rows=[]; total=0; scopes=[]
permissions:
  client=Nightly <~/enterprise/sp:Nightly>; resource=Microsoft Graph <~/enterprise/sp:Microsoft Graph>;
    scopes=[openid | profile | offline_access | email]; by=tenant-wide consent; who=everybody; declared=not
    declared; id=grant:Nightly/Microsoft Graph; address=~/grants/grant:Nightly/Microsoft Graph
  client=Nightly <~/enterprise/sp:Nightly>; resource=Api <~/enterprise/sp:Api>; scopes=[user.read];
    by=tenant-wide consent; who=everybody; declared=not declared; id=grant:Nightly/Api;
    address=~/grants/grant:Nightly/Api; given=2026-01-02T00:00:00Z Add delegated permission grant: Api,
    Nightly by Emulator admin
held:
  [NoValue | Other <~/enterprise/sp:Other> | row Nightly→Other/NoValue | not declared]
  [Writer | Api <~/enterprise/sp:Api> | row Nightly→Api/Writer | not declared]
owners: shown=[]
policies: shown=[]
holds: 4
declared: not declared
required_at: not declared
sign_ins:
  Nightly · the API has no enterprise application in this tenant <~/traffic?open=5>
  Nightly · api://api/.default Writer <~/traffic?open=4>
trail:
  2026-01-02T00:00:00Z Add delegated permission grant: Api, Nightly by Emulator admin
  2026-01-02T00:00:00Z Update service principal: Nightly by Emulator admin
graph: curl https://localhost:8443/v1.0/servicePrincipals/sp:Nightly
    ~/enterprise/sp:Nightly?graph=curl#graph
""", id="a client"),
        pytest.param(enterprise.show, "#held", {"id": "sp:Public"}, """
held:
  [Default access | Ghost | row Public→?/default | ]
""", id="a role at what is gone"),
        pytest.param(enterprise.show, "#permissions", {"id": "sp:Public"}, """
permissions:
  client=Public <~/enterprise/sp:Public>; resource=Microsoft Graph <~/enterprise/sp:Microsoft Graph>;
    scopes=[openid | profile | offline_access | email]; by=tenant-wide consent; who=everybody; declared=not
    declared; id=grant:Public/Microsoft Graph; address=~/grants/grant:Public/Microsoft Graph
  client=Public <~/enterprise/sp:Public>; resource=a removed object; scopes=[all]; by=tenant-wide consent;
    who=everybody; declared=; id=ghost; address=~/grants/ghost
""", id="consents to what is gone"),
        pytest.param(enterprise.show, "#roles", {"id": "sp:Microsoft Graph"}, """
roles:
  id=9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30; value=Application.Read.All; description=Application.Read.All;
    types=applications only; declared=not declared; holdings=[who=Emulator reader <~/enterprise/sp:Emulator
    reader>; since=2025-01-01T00:00:00.1234567Z; assignment=Emulator reader→Microsoft
    Graph/Application.Read.All; kind=application; declared=not declared]; applications=1; assignments=1;
    address=~/roles/sp:Microsoft Graph/9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30
  id=1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9; value=Application.ReadWrite.All;
    description=Application.ReadWrite.All; types=applications only; declared=not declared;
    holdings=[who=Emulator admin <~/enterprise/sp:Emulator admin>; since=2025-01-01T00:00:00.1234567Z;
    assignment=Emulator admin→Microsoft Graph/Application.ReadWrite.All; kind=application; declared=not
    declared | who=Emulator deployer <~/enterprise/sp:Emulator deployer>;
    since=2025-01-01T00:00:00.1234567Z; assignment=Emulator deployer→Microsoft
    Graph/Application.ReadWrite.All; kind=application; declared=not declared | who=MyApp Writer (dev)
    <~/enterprise/sp:MyApp Writer (dev)>; since=2025-01-01T00:00:00.1234567Z; assignment=MyApp Writer
    (dev)→Microsoft Graph/Application.ReadWrite.All; kind=application; declared=not declared | who=MyApp
    Writer (prod) <~/enterprise/sp:MyApp Writer (prod)>; since=2025-01-01T00:00:00.1234567Z;
    assignment=MyApp Writer (prod)→Microsoft Graph/Application.ReadWrite.All; kind=application; declared=not
    declared]; applications=4; assignments=4; address=~/roles/sp:Microsoft
    Graph/1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9
  id=06b708a9-e830-4db3-a914-8e69da51d44f; value=AppRoleAssignment.ReadWrite.All;
    description=AppRoleAssignment.ReadWrite.All; types=applications only; declared=not declared;
    holdings=[who=Emulator admin <~/enterprise/sp:Emulator admin>; since=2025-01-01T00:00:00.1234567Z;
    assignment=Emulator admin→Microsoft Graph/AppRoleAssignment.ReadWrite.All; kind=application;
    declared=not declared | who=Emulator deployer <~/enterprise/sp:Emulator deployer>;
    since=2025-01-01T00:00:00.1234567Z; assignment=Emulator deployer→Microsoft
    Graph/AppRoleAssignment.ReadWrite.All; kind=application; declared=not declared | who=MyApp Writer (dev)
    <~/enterprise/sp:MyApp Writer (dev)>; since=2025-01-01T00:00:00.1234567Z; assignment=MyApp Writer
    (dev)→Microsoft Graph/AppRoleAssignment.ReadWrite.All; kind=application; declared=not declared |
    who=MyApp Writer (prod) <~/enterprise/sp:MyApp Writer (prod)>; since=2025-01-01T00:00:00.1234567Z;
    assignment=MyApp Writer (prod)→Microsoft Graph/AppRoleAssignment.ReadWrite.All; kind=application;
    declared=not declared]; applications=4; assignments=4; address=~/roles/sp:Microsoft
    Graph/06b708a9-e830-4db3-a914-8e69da51d44f
  id=b0afded3-3588-46d8-8b3d-9842eff778da; value=AuditLog.Read.All; description=AuditLog.Read.All;
    types=applications only; declared=not declared; holdings=[who=Emulator admin <~/enterprise/sp:Emulator
    admin>; since=2025-01-01T00:00:00.1234567Z; assignment=Emulator admin→Microsoft Graph/AuditLog.Read.All;
    kind=application; declared=not declared | who=Emulator deployer <~/enterprise/sp:Emulator deployer>;
    since=2025-01-01T00:00:00.1234567Z; assignment=Emulator deployer→Microsoft Graph/AuditLog.Read.All;
    kind=application; declared=not declared | who=Emulator reader <~/enterprise/sp:Emulator reader>;
    since=2025-01-01T00:00:00.1234567Z; assignment=Emulator reader→Microsoft Graph/AuditLog.Read.All;
    kind=application; declared=not declared]; applications=3; assignments=3; address=~/roles/sp:Microsoft
    Graph/b0afded3-3588-46d8-8b3d-9842eff778da
  id=8e8e4742-1d95-4f68-9d56-6ee75648c72a; value=DelegatedPermissionGrant.ReadWrite.All;
    description=DelegatedPermissionGrant.ReadWrite.All; types=applications only; declared=not declared;
    holdings=[who=Emulator admin <~/enterprise/sp:Emulator admin>; since=2025-01-01T00:00:00.1234567Z;
    assignment=Emulator admin→Microsoft Graph/DelegatedPermissionGrant.ReadWrite.All; kind=application;
    declared=not declared | who=Emulator deployer <~/enterprise/sp:Emulator deployer>;
    since=2025-01-01T00:00:00.1234567Z; assignment=Emulator deployer→Microsoft
    Graph/DelegatedPermissionGrant.ReadWrite.All; kind=application; declared=not declared | who=MyApp Writer
    (dev) <~/enterprise/sp:MyApp Writer (dev)>; since=2025-01-01T00:00:00.1234567Z; assignment=MyApp Writer
    (dev)→Microsoft Graph/DelegatedPermissionGrant.ReadWrite.All; kind=application; declared=not declared |
    who=MyApp Writer (prod) <~/enterprise/sp:MyApp Writer (prod)>; since=2025-01-01T00:00:00.1234567Z;
    assignment=MyApp Writer (prod)→Microsoft Graph/DelegatedPermissionGrant.ReadWrite.All; kind=application;
    declared=not declared]; applications=4; assignments=4; address=~/roles/sp:Microsoft
    Graph/8e8e4742-1d95-4f68-9d56-6ee75648c72a
  id=7ab1d382-f21e-4acd-a863-ba3e13f7da61; value=Directory.Read.All; description=Directory.Read.All;
    types=applications only; declared=not declared; holdings=[who=Emulator admin <~/enterprise/sp:Emulator
    admin>; since=2025-01-01T00:00:00.1234567Z; assignment=Emulator admin→Microsoft
    Graph/Directory.Read.All; kind=application; declared=not declared | who=Emulator deployer
    <~/enterprise/sp:Emulator deployer>; since=2025-01-01T00:00:00.1234567Z; assignment=Emulator
    deployer→Microsoft Graph/Directory.Read.All; kind=application; declared=not declared | who=Emulator
    reader <~/enterprise/sp:Emulator reader>; since=2025-01-01T00:00:00.1234567Z; assignment=Emulator
    reader→Microsoft Graph/Directory.Read.All; kind=application; declared=not declared | who=MyApp Writer
    (dev) <~/enterprise/sp:MyApp Writer (dev)>; since=2025-01-01T00:00:00.1234567Z; assignment=MyApp Writer
    (dev)→Microsoft Graph/Directory.Read.All; kind=application; declared=not declared | who=MyApp Writer
    (prod) <~/enterprise/sp:MyApp Writer (prod)>; since=2025-01-01T00:00:00.1234567Z; assignment=MyApp
    Writer (prod)→Microsoft Graph/Directory.Read.All; kind=application; declared=not declared];
    applications=5; assignments=5; address=~/roles/sp:Microsoft Graph/7ab1d382-f21e-4acd-a863-ba3e13f7da61
  id=19dbc75e-c2e2-444c-a770-ec69d8559fc7; value=Directory.ReadWrite.All;
    description=Directory.ReadWrite.All; types=applications only; declared=not declared;
    holdings=[who=Emulator admin <~/enterprise/sp:Emulator admin>; since=2025-01-01T00:00:00.1234567Z;
    assignment=Emulator admin→Microsoft Graph/Directory.ReadWrite.All; kind=application; declared=not
    declared]; applications=1; assignments=1; address=~/roles/sp:Microsoft
    Graph/19dbc75e-c2e2-444c-a770-ec69d8559fc7
  id=62a82d76-70ea-41e2-9197-370581804d09; value=Group.ReadWrite.All; description=Group.ReadWrite.All;
    types=applications only; declared=not declared; holdings=[who=Emulator admin <~/enterprise/sp:Emulator
    admin>; since=2025-01-01T00:00:00.1234567Z; assignment=Emulator admin→Microsoft
    Graph/Group.ReadWrite.All; kind=application; declared=not declared]; applications=1; assignments=1;
    address=~/roles/sp:Microsoft Graph/62a82d76-70ea-41e2-9197-370581804d09
  id=246dd0d5-5bd0-4def-940b-0421030a5b68; value=Policy.Read.All; description=Policy.Read.All;
    types=applications only; declared=not declared; holdings=[who=Emulator admin <~/enterprise/sp:Emulator
    admin>; since=2025-01-01T00:00:00.1234567Z; assignment=Emulator admin→Microsoft Graph/Policy.Read.All;
    kind=application; declared=not declared | who=Emulator deployer <~/enterprise/sp:Emulator deployer>;
    since=2025-01-01T00:00:00.1234567Z; assignment=Emulator deployer→Microsoft Graph/Policy.Read.All;
    kind=application; declared=not declared | who=Emulator reader <~/enterprise/sp:Emulator reader>;
    since=2025-01-01T00:00:00.1234567Z; assignment=Emulator reader→Microsoft Graph/Policy.Read.All;
    kind=application; declared=not declared | who=MyApp Writer (dev) <~/enterprise/sp:MyApp Writer (dev)>;
    since=2025-01-01T00:00:00.1234567Z; assignment=MyApp Writer (dev)→Microsoft Graph/Policy.Read.All;
    kind=application; declared=not declared | who=MyApp Writer (prod) <~/enterprise/sp:MyApp Writer (prod)>;
    since=2025-01-01T00:00:00.1234567Z; assignment=MyApp Writer (prod)→Microsoft Graph/Policy.Read.All;
    kind=application; declared=not declared]; applications=5; assignments=5; address=~/roles/sp:Microsoft
    Graph/246dd0d5-5bd0-4def-940b-0421030a5b68
  id=9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8; value=RoleManagement.ReadWrite.Directory;
    description=RoleManagement.ReadWrite.Directory; types=applications only; declared=not declared;
    holdings=[who=Emulator admin <~/enterprise/sp:Emulator admin>; since=2025-01-01T00:00:00.1234567Z;
    assignment=Emulator admin→Microsoft Graph/RoleManagement.ReadWrite.Directory; kind=application;
    declared=not declared]; applications=1; assignments=1; address=~/roles/sp:Microsoft
    Graph/9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8
  id=741f803b-c850-494e-b5df-cde7c675a1ca; value=User.ReadWrite.All; description=User.ReadWrite.All;
    types=applications only; declared=not declared; holdings=[who=Emulator admin <~/enterprise/sp:Emulator
    admin>; since=2025-01-01T00:00:00.1234567Z; assignment=Emulator admin→Microsoft
    Graph/User.ReadWrite.All; kind=application; declared=not declared]; applications=1; assignments=1;
    address=~/roles/sp:Microsoft Graph/741f803b-c850-494e-b5df-cde7c675a1ca
""", id="an API of another tenant"),
        pytest.param(enterprise.show, "", {"id": "nothing"}, """
missing.html 404 at enterprise
what: enterprise application
name: nothing
""", id="not there"),
    ],
)  # fmt: skip
def test_a_page_of_enterprise_applications_says_all(
    browser: Browser, handler: Callable[[Visit], Response], address: str, path: dict[str, str], page: str
) -> None:
    """Hold each value of the page: roles, consents, what it holds itself, and what is linked."""
    assert shown(browser, handler, address, **path) == page.strip("\n")
