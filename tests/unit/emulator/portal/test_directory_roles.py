"""The list of directory roles and the page of one, whole."""

from collections.abc import Callable

import pytest
from starlette.responses import Response

from entra_emulator.portal import directory_roles
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
        pytest.param(directory_roles.show_list, "held=yes", {}, """
list.html 200 at directory-roles
words: Directory roles
listing: 3 of 3 of 15 page 1 q=&held=yes filtered
  Application Administrator <~/directory-roles/Application%20Administrator> (template:Application
    Administrator) code | 2 people | Can add secrets to any application risk high
  Global Administrator <~/directory-roles/Global%20Administrator> (template:Global Administrator) code | 1
    person | Can do everything in this tenant risk high
  Made up <~/directory-roles/Made%20up> code | 1 person |
columns: [Role | Who has it | What it allows here]
choices: [Show held=yes of all=all, yes=those that somebody has]
searched: Name or template id
nothing: There is no directory role.
remark: Given by the seed or a snapshot file alone: the emulator’s Graph shows directory roles, and changes
    none (501)
""", id="held by somebody"),
        pytest.param(directory_roles.show_list, "q=privileged#listing", {}, """
listing: 1 of 1 of 15 page 1 q=privileged&held=all filtered
  Privileged Role Administrator <~/directory-roles/Privileged%20Role%20Administrator> (template:Privileged
    Role Administrator) code | nobody | Can give anybody any directory role risk high
""", id="of a name"),
        pytest.param(directory_roles.show_list, "q=62e90394#listing", {}, """
listing: 1 of 1 of 15 page 1 q=62e90394&held=all filtered
  Global Administrator <~/directory-roles/Global%20Administrator> (template:Global Administrator) code | 1
    person | Can do everything in this tenant risk high
""", id="of a template"),
        pytest.param(directory_roles.show_list, "#listing", {}, """
listing: 15 of 15 of 15 page 1 q=&held=all
  Application Administrator <~/directory-roles/Application%20Administrator> (template:Application
    Administrator) code | 2 people | Can add secrets to any application risk high
  Global Administrator <~/directory-roles/Global%20Administrator> (template:Global Administrator) code | 1
    person | Can do everything in this tenant risk high
  Made up <~/directory-roles/Made%20up> code | 1 person |
  Application Developer <~/directory-roles/Application%20Developer> (template:Application Developer) code |
    nobody | Register applications, whatever the authorization policy says
  Cloud Application Administrator <~/directory-roles/Cloud%20Application%20Administrator> (template:Cloud
    Application Administrator) code | nobody | Can add secrets to any application risk high
  Directory Readers <~/directory-roles/Directory%20Readers> (template:Directory Readers) code | nobody |
  Global Reader <~/directory-roles/Global%20Reader> (template:Global Reader) code | nobody | Read the audit
    log
  Groups Administrator <~/directory-roles/Groups%20Administrator> (template:Groups Administrator) code |
    nobody | Change groups and their members
  Intune Administrator <~/directory-roles/Intune%20Administrator> code | nobody | Register and change
    devices
  Privileged Role Administrator <~/directory-roles/Privileged%20Role%20Administrator> (template:Privileged
    Role Administrator) code | nobody | Can give anybody any directory role risk high
  Reports Reader <~/directory-roles/Reports%20Reader> code | nobody | Read the audit log
  Security Administrator <~/directory-roles/Security%20Administrator> code | nobody | Change what every
    application is held to (app management policies); Read the audit log
  Security Reader <~/directory-roles/Security%20Reader> (template:Security Reader) code | nobody | Read the
    audit log
  User Administrator <~/directory-roles/User%20Administrator> (template:User Administrator) code | nobody |
    Change groups and their members; Change, disable and delete people
  Windows 365 Administrator <~/directory-roles/Windows%20365%20Administrator> code | nobody | Register and
    change devices
""", id="the first of all"),
        pytest.param(directory_roles.show, "", {"id": "Application Administrator"}, """
directory_role.html 200 at directory-roles
name: Application Administrator
template_id: template:Application Administrator
graph: curl
    'https://localhost:8443/v1.0/roleManagement/directory/roleAssignments?$filter=roleDefinitionId%20eq%20'"'"'template:Application
    Administrator'"'"'' ~/directory-roles/Application%20Administrator?graph=curl#graph
strong: Can add secrets to any application
allowed:
  Change, delete and restore every application, and add secrets to it
  Assign and take away app roles
  Give and withdraw consents by Graph
  Change permission grant policies and classifications
  Change home realm discovery policies
  Consent for everybody at sign-in
  Register applications, whatever the authorization policy says
people:
  [Alice Archer <~/users/user:Alice Archer> (alice@contoso.com) | row user:Alice Archer]
  [Frank Fischer <~/users/user:Frank Fischer> (frank@contoso.com) | row user:Frank Fischer]
number: 2
more: -98
origin: Given by the seed or a snapshot file alone: the emulator’s Graph shows directory roles, and changes
    none (501)
""", id="one that people have"),
        pytest.param(directory_roles.show, "", {"id": "Made up"}, """
directory_role.html 200 at directory-roles
name: Made up
people:
  [Frank Fischer <~/users/user:Frank Fischer> (frank@contoso.com) | row user:Frank Fischer]
number: 1
more: -99
origin: Given by the seed or a snapshot file alone: the emulator’s Graph shows directory roles, and changes
    none (501)
""", id="one that is made up"),
        pytest.param(directory_roles.show, "", {"id": "Cloud Application Administrator"}, """
directory_role.html 200 at directory-roles
name: Cloud Application Administrator
template_id: template:Cloud Application Administrator
graph: curl
    'https://localhost:8443/v1.0/roleManagement/directory/roleAssignments?$filter=roleDefinitionId%20eq%20'"'"'template:Cloud
    Application Administrator'"'"'' ~/directory-roles/Cloud%20Application%20Administrator?graph=curl#graph
strong: Can add secrets to any application
allowed:
  Change, delete and restore every application, and add secrets to it
  Assign and take away app roles
  Give and withdraw consents by Graph
  Change permission grant policies and classifications
  Change home realm discovery policies
  Consent for everybody at sign-in
  Register applications, whatever the authorization policy says
number: 0
more: -100
origin: Given by the seed or a snapshot file alone: the emulator’s Graph shows directory roles, and changes
    none (501)
""", id="one that nobody has"),
        pytest.param(directory_roles.show, "", {"id": "Nothing"}, """
missing.html 404 at directory-roles
what: directory role
name: Nothing
""", id="not there"),
    ],
)  # fmt: skip
def test_a_page_of_directory_roles_says_all(
    browser: Browser, handler: Callable[[Visit], Response], address: str, path: dict[str, str], page: str
) -> None:
    """Hold each value of the page: who has it, and what it allows."""
    assert shown(browser, handler, address, **path) == page.strip("\n")
