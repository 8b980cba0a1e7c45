"""What is asked before members, assignments and consents are changed."""

import pytest

from tests.unit.emulator.portal import example
from tests.unit.emulator.portal.asking import asked
from tests.unit.emulator.portal.browsing import Browser


@pytest.fixture(scope="module")
def browser() -> Browser:
    """Give the portal of the example tenant; nothing is changed in it."""
    return example.browser()


@pytest.mark.parametrize(
    ("edit", "given", "question"),
    [
        pytest.param("take-out", {"group": "group:MyApp Writers", "member": "user:Bob Baker"}, """
Take Bob Baker out of MyApp Writers? [Take out | Keep in] destroys
DELETE groups/group:MyApp Writers/members/user:Bob Baker/$ref
= keeps Writer at Api.
= keeps Reader at Other.
note: DRIFT
back to ~/groups/group:MyApp Writers
""", id="who has the role by himself too"),
        pytest.param("take-out", {"group": "group:MyApp Writers", "member": "user:Erin Evans"}, """
Take Erin Evans out of MyApp Writers? [Take out | Keep in] destroys
DELETE groups/group:MyApp Writers/members/user:Erin Evans/$ref
− Erin Evans loses Writer at Api.
= keeps Reader at Api.
note: DRIFT
back to ~/groups/group:MyApp Writers
""", id="who has the role by the group alone"),
        pytest.param("take-out", {"group": "group:MyApp Writers", "member": "sp:Daemon"}, """
Take Daemon out of MyApp Writers? [Take out | Keep in] destroys
DELETE groups/group:MyApp Writers/members/sp:Daemon/$ref
= Daemon is no person: nobody’s role comes by it.
note: DRIFT
back to ~/groups/group:MyApp Writers
""", id="a member that is no person"),
        pytest.param("take-out", {"group": "group:MyApp Writers", "member": "user:Oscar Olsen"}, """
refused: Oscar Olsen is not in MyApp Writers.
""", id="somebody who is no member"),
        pytest.param("add-owner", {"kind": "groups", "object": "group:Audit"}, """
Make whom an owner of Audit? [Make | Leave it] main
POST groups/group:Audit/owners/$ref {'@odata.id': ''}
note: DRIFT
field owner= (Person or application: UPN or object id) of alice@contoso.com, bob@contoso.com,
  carol@contoso.com, dave@contoso.com, erin@contoso.com, frank@contoso.com, grace@contoso.com,
  heidi@contoso.com, ivan@contoso.com, judy@contoso.com, li@contoso.com, mallory@contoso.com,
  oscar@contoso.com
back to ~/groups/group:Audit
""", id="an owner who is not said"),
        pytest.param("add-owner",
                     {"kind": "groups", "object": "group:Audit", "owner": "oscar@contoso.com"}, """
Make Oscar Olsen an owner of Audit? [Make | Leave it] main
POST groups/group:Audit/owners/$ref {'@odata.id':
  'https://localhost:8443/v1.0/directoryObjects/user:Oscar Olsen'}
+ Oscar Olsen can change its members without a directory role.
note: DRIFT
back to ~/groups/group:Audit
""", id="an owner of a group"),
        pytest.param("add-owner",
                     {"kind": "applications", "object": "app:Api", "owner": "bob@contoso.com"}, """
refused: Bob Baker owns Api already.
""", id="who is an owner already"),
        pytest.param("add-owner", {"kind": "users", "object": "user:Bob Baker"}, """
refused: Only applications and groups have owners.
""", id="people have no owners"),
        pytest.param("remove-owner",
                     {"kind": "applications", "object": "app:Api", "owner": "user:Bob Baker"}, """
Remove Bob Baker as an owner of Api? [Remove | Keep it] destroys
DELETE applications/app:Api/owners/user:Bob Baker/$ref
− Bob Baker can no longer change it and add a secret to it, unless a directory role allows it.
= Owned by Alice Archer.
note: DRIFT
back to ~/registrations/app:Api
""", id="one of two owners"),
        pytest.param("remove-owner",
                     {"kind": "groups", "object": "group:Audit", "owner": "user:Bob Baker"}, """
Remove Bob Baker as an owner of Audit? [Remove | Keep it] destroys
DELETE groups/group:Audit/owners/user:Bob Baker/$ref
− Bob Baker can no longer change its members, unless a directory role allows it.
= Nobody owns it then.
note: DRIFT
back to ~/groups/group:Audit
""", id="the only owner"),
        pytest.param("remove-owner",
                     {"kind": "groups", "object": "group:Audit", "owner": "user:Erin Evans"}, """
refused: Erin Evans does not own Audit.
""", id="who is no owner"),
        pytest.param("take-out", {"group": "nothing", "member": "sp:Daemon"}, """
refused: There is no such group any more.
""", id="a group that is not there"),
        pytest.param("take-out", {"group": "group:MyApp Writers", "member": "nobody"}, """
refused: There is no such member any more.
""", id="a member that is not there"),
        pytest.param("put-in", {"person": "bob@contoso.com"}, """
Put Bob Baker into which group? [ | Leave it] main
POST
field group= (Group) of All Staff, Audit, MyApp Admins, MyApp Deploy, MyApp Developers, MyApp Leads,
  MyApp Writers, Nobody, On call
back to ~/users/user:Bob Baker
""", id="into a group that is not said"),
        pytest.param("put-in", {"group": "group:MyApp Writers"}, """
Put whom into MyApp Writers? [Put in | Leave it] main
POST groups/group:MyApp Writers/members/$ref {'@odata.id': ''}
note: DRIFT
field person= (Person: UPN or object id) of alice@contoso.com, bob@contoso.com, carol@contoso.com,
  dave@contoso.com, erin@contoso.com, frank@contoso.com, grace@contoso.com, heidi@contoso.com,
  ivan@contoso.com, judy@contoso.com, li@contoso.com, mallory@contoso.com, oscar@contoso.com
back to ~/groups/group:MyApp Writers
""", id="whom is not said"),
        pytest.param("put-in", {"group": "MyApp Writers", "person": "user:Oscar Olsen"}, """
Put Oscar Olsen into MyApp Writers? [Put in | Leave it] main
POST groups/group:MyApp Writers/members/$ref {'@odata.id':
  'https://localhost:8443/v1.0/directoryObjects/user:Oscar Olsen'}
+ Gains Writer at Api.
note: DRIFT
back to ~/groups/group:MyApp Writers
""", id="a person into a group by its name"),
        pytest.param("put-in", {"group": "Nothing"}, """
refused: There is no group Nothing in Contoso.
""", id="into a group that is not there"),
        pytest.param("put-in", {}, """
refused: There is no such group any more.
""", id="neither is said"),
        pytest.param("put-in", {"group": "MyApp Writers", "person": "x@contoso.com"}, """
refused: There is no x@contoso.com in Contoso.
""", id="somebody who is not there"),
        pytest.param("take-away", {"assignment": "Bob Baker→Api/Writer"}, """
Take Writer at Api away from Bob Baker? [Take away | Keep it] destroys
DELETE servicePrincipals/sp:Api/appRoleAssignedTo/Bob Baker→Api/Writer
− Nobody loses it.
= Keep it by another way: Bob Baker.
note: DRIFT
back to ~/enterprise/sp:Api
""", id="who keeps the role by a group"),
        pytest.param("take-away", {"assignment": "MyApp Writers→Api/Writer"}, """
Take Writer at Api away from MyApp Writers? [Take away | Keep it] destroys
DELETE servicePrincipals/sp:Api/appRoleAssignedTo/MyApp Writers→Api/Writer
− Lose it: Erin Evans.
= Keep it by another way: Bob Baker.
note: DRIFT
back to ~/enterprise/sp:Api
""", id="of a group"),
        pytest.param("take-away", {"assignment": "Carol Clark→Api/Writer"}, """
Take Writer at Api away from Carol Clark? [Take away | Keep it] destroys
DELETE servicePrincipals/sp:Api/appRoleAssignedTo/Carol Clark→Api/Writer
− Lose it: Carol Clark.
note: DRIFT
back to ~/enterprise/sp:Api
""", id="who keeps nothing"),
        pytest.param("take-away", {}, """
refused: There is no such assignment any more.
""", id="an assignment that is not there"),
        pytest.param("assign", {"holder": "bob@contoso.com"}, """
Give Bob Baker a role at which application? [ | Leave it] main
POST
field resource= (Application: name or client id) of Api, Azure Service Management, Daemon, Emulator
  admin, Emulator deployer, Emulator reader, Foreign, Microsoft Azure CLI, Microsoft Graph, Middle,
  MyApp Writer (dev), MyApp Writer (prod), Office 365 SharePoint Online, Other, Public, Spa, Web,
  Windows Azure Active Directory
back to ~/users/user:Bob Baker
""", id="where is not said"),
        pytest.param("assign", {"resource": "Other"}, """
Give which role at Other to whom? [Give | Leave it] main
POST servicePrincipals/sp:Other/appRoleAssignedTo {'principalId': '', 'resourceId': 'sp:Other',
  'appRoleId': None}
note: DRIFT
field role= (Role) of role:Other/Reader: Reader, role:Other/Writer: Writer, role:Other/Admin: Admin,
  role:Other/NoValue: NoValue
field holder= (Person or group: UPN, name or object id) of alice@contoso.com, bob@contoso.com,
  carol@contoso.com, dave@contoso.com, erin@contoso.com, frank@contoso.com, grace@contoso.com,
  heidi@contoso.com, ivan@contoso.com, judy@contoso.com, li@contoso.com, mallory@contoso.com,
  oscar@contoso.com
back to ~/enterprise/sp:Other
""", id="which role to whom is not said"),
        pytest.param("assign", {"resource": "Other", "holder": "MyApp Writers"}, """
Give which role at Other to MyApp Writers? [Give | Leave it] main
POST servicePrincipals/sp:Other/appRoleAssignedTo {'principalId': 'group:MyApp Writers',
  'resourceId': 'sp:Other', 'appRoleId': None}
note: DRIFT
field role= (Role) of role:Other/Reader: Reader, role:Other/Writer: Writer, role:Other/Admin: Admin,
  role:Other/NoValue: NoValue
back to ~/enterprise/sp:Other
""", id="which role is not said"),
        pytest.param("assign", {"resource": "Other", "role": "no such role"}, """
Give which role at Other to whom? [Give | Leave it] main
POST servicePrincipals/sp:Other/appRoleAssignedTo {'principalId': '', 'resourceId': 'sp:Other',
  'appRoleId': 'no such role'}
note: DRIFT
field role= (Role) of role:Other/Reader: Reader, role:Other/Writer: Writer, role:Other/Admin: Admin,
  role:Other/NoValue: NoValue
field holder= (Person or group: UPN, name or object id) of alice@contoso.com, bob@contoso.com,
  carol@contoso.com, dave@contoso.com, erin@contoso.com, frank@contoso.com, grace@contoso.com,
  heidi@contoso.com, ivan@contoso.com, judy@contoso.com, li@contoso.com, mallory@contoso.com,
  oscar@contoso.com
back to ~/enterprise/sp:Other
""", id="to whom is not said"),
        pytest.param(
            "assign",
            {"resource": "sp:Api", "holder": "MyApp Writers", "role": "role:Api/NoValue"},
            """
Give NoValue at Api to MyApp Writers? [Give | Leave it] main
POST servicePrincipals/sp:Api/appRoleAssignedTo {'principalId': 'group:MyApp Writers', 'resourceId':
  'sp:Api', 'appRoleId': 'role:Api/NoValue'}
+ NoValue reaches Bob Baker, Erin Evans.
note: DRIFT
back to ~/enterprise/sp:Api
""", id="a role to a group"),
        pytest.param("assign", {"resource": "Nothing"}, """
refused: There is no application Nothing in Contoso.
""", id="a role at what is not there"),
        pytest.param("assign", {"holder": " "}, """
refused: There is no such application any more.
""", id="at nothing to nobody"),
        pytest.param("withdraw", {"grant": "grant:Spa/Api"}, """
Withdraw user.read user.gone from Spa? [Withdraw | Keep it] destroys
DELETE oauth2PermissionGrants/grant:Spa/Api
− It gets no token with user.read user.gone of Api by this consent.
= Tokens that were handed out last until they end; what the API authorizes itself stays.
note: DRIFT
back to ~/grants
""", id="a consent for everybody"),
        pytest.param("withdraw", {"grant": "x"}, """
refused: There is no such grant any more.
""", id="a consent that is not there"),
    ],
)  # fmt: skip
def test_a_change_of_access_says_what_comes_of_it(
    browser: Browser, edit: str, given: dict[str, str], question: str
) -> None:
    """Hold the sentence, the request, who loses, gains and keeps what, and the fields that lack."""
    assert asked(browser, edit, given) == question.strip("\n")
