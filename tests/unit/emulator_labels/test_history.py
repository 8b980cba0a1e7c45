"""The page of changes with what the extension adds: risk, and the lines that declare a change."""

import pytest

from entra_emulator.portal import history
from tests.unit.emulator.portal import example
from tests.unit.emulator.portal.browsing import Browser
from tests.unit.emulator.portal.showing import shown


@pytest.fixture(scope="module")
def browser() -> Browser:
    """Give the portal of the example tenant; nothing is changed in it."""
    return example.changed()


@pytest.mark.parametrize(
    ("address", "page"),
    [
        pytest.param("since=then", """
changes.html 200 at changes
since: then
until: now
last: apply of myapp.prod
applied: source=myapp/prod; at=2026-01-01T00:00:00Z
kept: [then of 2026-01-02 | apply of myapp.prod of 2026-01-01]
beginning: beginning
total: 29
most: 300
groups:
  Spa <~/registrations/app:Spa> mark myapp/prod spa
    high + Carol Clark owns Spa on Spa spa; Add owner to application by Emulator admin; declared by
    ['applications:', '  spa:', '    owners: ["carol@contoso.com"]'] in clients.yaml
    high + redirect URI (spa) https://elsewhere.example/ on Spa spa; Add owner to application by Emulator
    admin; declared by ['applications:', '  spa:', '    platforms:', '      spa:
    ["https://elsewhere.example/"]'] in clients.yaml
    medium − redirect URI (spa) https://localhost:5173/ on Spa spa; Add owner to application by Emulator
    admin; It does not exist and is not declared: there is nothing to declare.
  Nightly <~/registrations/app:Nightly> mark
    high + secret by hand on Nightly; Update application by Emulator admin; Its application is not tagged as
    managed by a project: `entra-config import` writes its manifest.
    medium − federated credential pipeline on Nightly; Update application by Emulator admin; It does not
    exist and is not declared: there is nothing to declare.
  MyApp Writer (dev) <~/registrations/app:MyApp Writer (dev)> mark
    high ~ federated credential github on MyApp Writer (dev); no record; Its application is not tagged as
    managed by a project: `entra-config import` writes its manifest.
    high + federated credential new on MyApp Writer (dev); no record; Its application is not tagged as
    managed by a project: `entra-config import` writes its manifest.
  Api <~/registrations/app:Api> mark myapp/prod api
    high ~ Spa gets user.read user.admin of Api on Api api; Add delegated permission grant by Emulator
    admin; declared by ['applications:', '  spa:', '    apiPermissions:', '      api: { adminConsent: {
    delegated: ["user.admin", "user.read"] } }'] in clients.yaml
    high + Web gets user.write of Api on Api api; Add delegated permission grant by Emulator admin; Its
    application is not tagged as managed by a project: `entra-config import` writes its manifest.
    high + Judy Jones has Writer of Api on Api api; Add app role assignment grant to user by Emulator admin;
    declared by ['appRoleAssignments:', '  api:', '    "Writer":', '      users: ["judy@contoso.com"]'] in
    access.yaml
    medium − Carol Clark has Writer of Api on Api api; Remove app role assignment from user by Emulator
    admin; It does not exist and is not declared: there is nothing to declare.
    medium − scope user.old on Api api; Remove owner from application by Emulator admin; It does not exist
    and is not declared: there is nothing to declare.
    medium − Nightly gets user.read of Api on Api api; Remove delegated permission grant by Emulator admin;
    It does not exist and is not declared: there is nothing to declare.
    medium − Bob Baker owns Api on Api api; Remove owner from application by Emulator admin; It does not
    exist and is not declared: there is nothing to declare.
    medium ~ appRoleAssignmentRequired on Api api; Remove app role assignment from user by Emulator admin;
    declared by ['applications:', '  api:', '    enterpriseApplication:', '      assignmentRequired: true']
    in api.yaml
    medium + role Auditor on Api api; Remove owner from application by Emulator admin; declared by
    ['applications:', '  api:', '    appRoles:', '      "Auditor":', '        id:
    "a07bcf28-0447-4f31-9747-8f753afe6095"', '        displayName: "Auditor"', '        description:
    "Audits"', '        allowedMemberTypes: [User]'] in api.yaml
    low ~ role Reader on Api api; Remove owner from application by Emulator admin; declared by
    ['applications:', '  api:', '    appRoles:', '      "Reader":', '        id: "role:Api/Reader"', '
    displayName: "Reads"', '        description: "Reader"', '        allowedMemberTypes: [User,
    Application]'] in api.yaml
    low ~ notes on Api api; Remove owner from application by Emulator admin; declared by ['applications:', '
    api:', '    notes: "Changed by hand"'] in api.yaml
  Other <~/deleted/deleted application:Other> (deleted) mark
    high − registration Other on Other; Delete application by Emulator admin; It does not exist and is not
    declared: there is nothing to declare.
  Other <~/deleted/deleted servicePrincipal:Other> (deleted) mark
    high − enterprise application Other on Other; Remove service principal by Emulator admin; It does not
    exist and is not declared: there is nothing to declare.
    medium − Bob Baker has appRoles of Other of Other on Other; Add a deletion-marked app role assignment
    grant to user as part of link removal by Emulator admin; Its application does not exist any more.
    medium − Daemon has appRoles of Other of Other on Other; Add a deletion-marked app role assignment grant
    to service principal as part of link removal by Emulator admin; Its application does not exist any more.
  MyApp Writers <~/groups/group:MyApp Writers> mark
    medium − Bob Baker in MyApp Writers on MyApp Writers; Remove member from group by Emulator admin;
    Members of groups cannot be declared in a manifest.
  Microsoft Graph <~/enterprise/sp:Microsoft Graph> mark
    medium − Other gets openid profile offline_access email of Microsoft Graph on Microsoft Graph; no
    record; Its application does not exist any more.
  Judy Jones <~/users/user:Judy Jones> (judy@contoso.com) mark
    medium ~ accountEnabled on Judy Jones; Add app role assignment grant to user by Emulator admin; People
    cannot be declared in a manifest.
  Li Wei <~/deleted/deleted user:Li Wei> (deleted) mark
    medium − person Li Wei on Li Wei; Delete user by Emulator admin; People cannot be declared in a
    manifest.
  Audit <~/groups/group:Audit> mark
    medium + Carol Clark in Audit on Audit; Add member to group by Emulator admin; Members of groups cannot
    be declared in a manifest.
  New <~/registrations/app:New> mark
    low + registration New on New; no record; Its application is not tagged as managed by a project:
    `entra-config import` writes its manifest.
    low + enterprise application New on New; no record; Its application is not tagged as managed by a
    project: `entra-config import` writes its manifest.
level: all
way: object
ways: [object | time | person]
numbers: high=10; medium=15; low=4
rated: True
""", id="by object"),
        pytest.param("since=then&by=time&risk=high#groups", """
groups:
  None mark
    high ~ Spa gets user.read user.admin of Api on Api api; Add delegated permission grant by Emulator
    admin; declared by ['applications:', '  spa:', '    apiPermissions:', '      api: { adminConsent: {
    delegated: ["user.admin", "user.read"] } }'] in clients.yaml
    high + Web gets user.write of Api on Api api; Add delegated permission grant by Emulator admin; Its
    application is not tagged as managed by a project: `entra-config import` writes its manifest.
    high + Judy Jones has Writer of Api on Api api; Add app role assignment grant to user by Emulator admin;
    declared by ['appRoleAssignments:', '  api:', '    "Writer":', '      users: ["judy@contoso.com"]'] in
    access.yaml
    high + Carol Clark owns Spa on Spa spa; Add owner to application by Emulator admin; declared by
    ['applications:', '  spa:', '    owners: ["carol@contoso.com"]'] in clients.yaml
    high + redirect URI (spa) https://elsewhere.example/ on Spa spa; Add owner to application by Emulator
    admin; declared by ['applications:', '  spa:', '    platforms:', '      spa:
    ["https://elsewhere.example/"]'] in clients.yaml
    high − registration Other on Other; Delete application by Emulator admin; It does not exist and is not
    declared: there is nothing to declare.
    high − enterprise application Other on Other; Remove service principal by Emulator admin; It does not
    exist and is not declared: there is nothing to declare.
    high + secret by hand on Nightly; Update application by Emulator admin; Its application is not tagged as
    managed by a project: `entra-config import` writes its manifest.
    high ~ federated credential github on MyApp Writer (dev); no record; Its application is not tagged as
    managed by a project: `entra-config import` writes its manifest.
    high + federated credential new on MyApp Writer (dev); no record; Its application is not tagged as
    managed by a project: `entra-config import` writes its manifest.
""", id="by time, those of one level"),
        pytest.param("since=then&by=person&risk=low#groups", """
groups:
  nobody: no record mark
    low + registration New on New; no record; Its application is not tagged as managed by a project:
    `entra-config import` writes its manifest.
    low + enterprise application New on New; no record; Its application is not tagged as managed by a
    project: `entra-config import` writes its manifest.
  Emulator admin <~/enterprise/sp:Emulator admin> mark
    low ~ role Reader on Api api; Remove owner from application by Emulator admin; declared by
    ['applications:', '  api:', '    appRoles:', '      "Reader":', '        id: "role:Api/Reader"', '
    displayName: "Reads"', '        description: "Reader"', '        allowedMemberTypes: [User,
    Application]'] in api.yaml
    low ~ notes on Api api; Remove owner from application by Emulator admin; declared by ['applications:', '
    api:', '    notes: "Changed by hand"'] in api.yaml
""", id="by person"),
        pytest.param("since=apply of myapp.prod&until=then&risk=medium#groups", """
groups:
  Erin Evans <~/users/user:Erin Evans> (erin@contoso.com) mark
    medium ~ jobTitle on Erin Evans; Update user by Emulator admin; People cannot be declared in a manifest.
""", id="between two moments"),
    ],
)  # fmt: skip
def test_each_change_has_its_risk_and_its_lines(browser: Browser, address: str, page: str) -> None:
    """Next to its record."""
    assert shown(browser, history.show, address) == page.strip("\n")
