"""What is asked before objects begin and end."""

import pytest

from entra_emulator.fault_plan import FaultPlan
from tests.unit.emulator.portal import example
from tests.unit.emulator.portal.asking import asked
from tests.unit.emulator.portal.browsing import Browser


@pytest.fixture(scope="module")
def browser() -> Browser:
    """Give the portal of the example tenant; nothing is changed in it."""
    return example.with_deleted()


@pytest.mark.parametrize(
    ("edit", "given", "question"),
    [
        pytest.param("register", {}, """
Register what? [ | Leave it] main
POST
field name= (Name)
field audience= (Who signs in) of AzureADMyOrg: This tenant only, AzureADMultipleOrgs: Any tenant,
  AzureADandPersonalMicrosoftAccount: Any tenant, and personal accounts
field preset= (As made by) of portal: the Azure portal: instance property lock on, User.Read
  requested, a service principal with two tags, az: `az ad app create`: nothing but the name, graph-
  explorer: a POST in Graph Explorer: nothing but the name, gallery: a custom application of the
  gallery: roles without a value, a template, a service principal
back to ~/registrations
""", id="nothing is said"),
        pytest.param("register", {"name": "Mine", "preset": "az"}, """
Register what? [ | Leave it] main
POST
field name= (Name)
field audience= (Who signs in) of AzureADMyOrg: This tenant only, AzureADMultipleOrgs: Any tenant,
  AzureADandPersonalMicrosoftAccount: Any tenant, and personal accounts
field preset= (As made by) of portal: the Azure portal: instance property lock on, User.Read
  requested, a service principal with two tags, az: `az ad app create`: nothing but the name, graph-
  explorer: a POST in Graph Explorer: nothing but the name, gallery: a custom application of the
  gallery: roles without a value, a template, a service principal
back to ~/registrations
""", id="who signs in is not said"),
        pytest.param("register", {"name": " ", "audience": "AzureADMyOrg", "preset": "az"}, """
Register what? [ | Leave it] main
POST
field name= (Name)
field audience= (Who signs in) of AzureADMyOrg: This tenant only, AzureADMultipleOrgs: Any tenant,
  AzureADandPersonalMicrosoftAccount: Any tenant, and personal accounts
field preset= (As made by) of portal: the Azure portal: instance property lock on, User.Read
  requested, a service principal with two tags, az: `az ad app create`: nothing but the name, graph-
  explorer: a POST in Graph Explorer: nothing but the name, gallery: a custom application of the
  gallery: roles without a value, a template, a service principal
back to ~/registrations
""", id="a name of spaces"),
        pytest.param("register", {"name": "Mine", "audience": "AzureADMyOrg", "preset": "nothing"}, """
Register what? [ | Leave it] main
POST
field name= (Name)
field audience= (Who signs in) of AzureADMyOrg: This tenant only, AzureADMultipleOrgs: Any tenant,
  AzureADandPersonalMicrosoftAccount: Any tenant, and personal accounts
field preset= (As made by) of portal: the Azure portal: instance property lock on, User.Read
  requested, a service principal with two tags, az: `az ad app create`: nothing but the name, graph-
  explorer: a POST in Graph Explorer: nothing but the name, gallery: a custom application of the
  gallery: roles without a value, a template, a service principal
back to ~/registrations
""", id="another tool"),
        pytest.param(
            "register",
            {"name": "Mine", "audience": "AzureADMyOrg", "preset": "portal"},
            """
Register Mine? [Register | Leave it] main
POST servicePrincipals {'appId': '{made}', 'tags': ['WindowsAzureActiveDirectoryIntegratedApp',
  'HideApp']}
first POST applications {'displayName': 'Mine', 'requiredResourceAccess': [{'resourceAppId':
  'client:Microsoft Graph', 'resourceAccess': [{'id': 'e1fe6dd8-ba31-4d61-89e7-88639da4683d',
  'type': 'Scope'}]}], 'servicePrincipalLockConfiguration': {'isEnabled': True, 'allProperties':
  True, 'credentialsWithUsageVerify': True, 'credentialsWithUsageSign': True, 'identifierUris':
  False, 'tokenEncryptionKeyId': True}, 'signInAudience': 'AzureADMyOrg'}
+ Grace Green owns it. The second request makes its enterprise application.
note: No configuration tool manages it, until one imports it.
back to ~/registrations, or to registrations/ID
""", id="as the portal does"),
        pytest.param("register", {"name": "Mine", "audience": "Everybody", "preset": "az"}, """
Register what? [ | Leave it] main
POST
field name= (Name)
field audience= (Who signs in) of AzureADMyOrg: This tenant only, AzureADMultipleOrgs: Any tenant,
  AzureADandPersonalMicrosoftAccount: Any tenant, and personal accounts
field preset= (As made by) of portal: the Azure portal: instance property lock on, User.Read
  requested, a service principal with two tags, az: `az ad app create`: nothing but the name, graph-
  explorer: a POST in Graph Explorer: nothing but the name, gallery: a custom application of the
  gallery: roles without a value, a template, a service principal
back to ~/registrations
""", id="another audience"),
        pytest.param(
            "register",
            {"name": " Mine ", "audience": "AzureADMultipleOrgs", "preset": "az"},
            """
Register Mine? [Register | Leave it] main
POST applications {'displayName': 'Mine', 'signInAudience': 'AzureADMultipleOrgs'}
+ Grace Green owns it. It has no enterprise application yet.
note: No configuration tool manages it, until one imports it.
back to ~/registrations, or to registrations/ID
""", id="an application"),
        pytest.param("add-principal", {"application": "app:Daemon"}, """
Make an enterprise application of Daemon? [Make | Leave it] main
POST servicePrincipals {'appId': 'client:Daemon'}
+ People sign in to it, and its roles can be assigned.
note: DRIFT
back to ~/registrations/app:Daemon, or to enterprise/ID
""", id="an enterprise application"),
        pytest.param("delete", {"application": "app:Api"}, """
Delete Api? [Delete | Keep it] destroys
DELETE applications/app:Api
− Nobody signs in to it any more.
− Lose Default access: Alice Archer.
− Lose Reader: Carol Clark, Dave Diaz, Erin Evans, Frank Fischer, Heidi Hoffmann and 1 more.
− Lose Writer: Bob Baker, Carol Clark, Daemon, Erin Evans.
− Lose removed role role:gone: Frank Fischer.
− 4 consents with it end.
− Its enterprise application goes with it.
= It can be restored for 30 days of the emulator’s clock.
note: DRIFT
back to ~/registrations
""", id="a registration with an enterprise application"),
        pytest.param("delete", {"application": "app:Alone"}, """
Delete Alone? [Delete | Keep it] destroys
DELETE applications/app:Alone
− Nobody signs in to it any more.
= It can be restored for 30 days of the emulator’s clock.
note: DRIFT
back to ~/registrations
""", id="a registration alone"),
        pytest.param("delete-principal", {"principal": "sp:Daemon"}, """
Delete the enterprise application Daemon? [Delete | Keep it] destroys
DELETE servicePrincipals/sp:Daemon
− Nobody signs in to it any more.
− Daemon loses Writer at Api.
− Daemon loses NoValue at Other.
− 1 consent with it ends.
= Its registration stays.
= It can be restored for 30 days of the emulator’s clock.
note: DRIFT
back to ~/enterprise
""", id="an enterprise application goes"),
        pytest.param("delete-principal", {"principal": "sp:Microsoft Azure CLI"}, """
Delete the enterprise application Microsoft Azure CLI? [Delete | Keep it] destroys
DELETE servicePrincipals/sp:Microsoft Azure CLI
− Nobody signs in to it any more.
= It can be restored for 30 days of the emulator’s clock.
note: DRIFT
back to ~/enterprise
""", id="an enterprise application of another tenant"),
        pytest.param("delete-user", {"user": "user:Bob Baker"}, """
Delete Bob Baker? [Delete | Keep it] destroys
DELETE users/user:Bob Baker
− Each sign-in is refused.
− Bob Baker loses Writer at Api.
− Bob Baker loses Reader at Other.
− 1 own consent of Bob Baker: lost.
= It can be restored for 30 days of the emulator’s clock.
note: DRIFT
back to ~/users
""", id="a person"),
        pytest.param("delete-user", {"user": "user:Oscar Olsen"}, """
Delete Oscar Olsen? [Delete | Keep it] destroys
DELETE users/user:Oscar Olsen
− Each sign-in is refused.
= It can be restored for 30 days of the emulator’s clock.
note: DRIFT
back to ~/users
""", id="a person who has nothing"),
        pytest.param("delete-group", {"group": "group:MyApp Writers"}, """
Delete MyApp Writers? [Delete | Keep it] destroys
DELETE groups/group:MyApp Writers
− Lose Writer at Api: Erin Evans.
= Keep Writer at Api by another way: Bob Baker.
= It can be restored for 30 days of the emulator’s clock.
note: DRIFT
back to ~/groups
""", id="a group whose role some keep"),
        pytest.param("delete-group", {"group": "group:Audit"}, """
Delete Audit? [Delete | Keep it] destroys
DELETE groups/group:Audit
− Nobody loses a role.
= It can be restored for 30 days of the emulator’s clock.
note: DRIFT
back to ~/groups
""", id="a group that gives nothing"),
        pytest.param("delete-group", {"group": "group:On call"}, """
Delete On call? [Delete | Keep it] destroys
DELETE groups/group:On call
− Lose Reader at Api: Carol Clark, Dave Diaz, Erin Evans, Frank Fischer, Heidi Hoffmann and 1 more.
= It can be restored for 30 days of the emulator’s clock.
note: DRIFT
back to ~/groups
""", id="a group that Microsoft 365 made"),
        pytest.param("restore", {"object": "user:Bob Baker"}, """
refused: There is no such object any more.
""", id="what is not deleted"),
        pytest.param("restore", {"object": "deleted user:Judy Jones"}, """
Restore Judy Jones? [Restore | Leave it] main
POST directory/deletedItems/deleted user:Judy Jones/restore {}
− Scopes user.write with Web, Api waits: until Web is restored too.
+ As it was: its place in 2 groups.
back to ~/deleted/deleted user:Judy Jones, or to users/ID
""", id="a person with what comes back"),
        pytest.param("restore", {"object": "deleted application:Web"}, """
Restore Web? [Restore | Leave it] main
POST directory/deletedItems/deleted servicePrincipal:Web/restore {}
first POST directory/deletedItems/deleted application:Web/restore {}
+ As it was: 1 secret, 1 owner.
+ Scopes user.old with Api, Alice Archer comes back.
+ Scopes openid profile offline_access email with Microsoft Graph comes back.
note: The second request restores its enterprise application.
back to ~/deleted/deleted application:Web, or to registrations/ID
""", id="a registration whose other half is deleted too"),
        pytest.param("restore", {"object": "deleted servicePrincipal:Web"}, """
Restore Web? [Restore | Leave it] main
POST directory/deletedItems/deleted servicePrincipal:Web/restore {}
+ Scopes user.old with Api, Alice Archer comes back.
+ Scopes openid profile offline_access email with Microsoft Graph comes back.
note: Web was deleted too, and is restored by itself.
back to ~/deleted/deleted servicePrincipal:Web, or to enterprise/ID
""", id="an enterprise application whose consent waits"),
        pytest.param("restore", {"object": "deleted group:MyApp Admins"}, """
Restore MyApp Admins? [Restore | Leave it] main
POST directory/deletedItems/deleted group:MyApp Admins/restore {}
+ Role Admin with Api comes back.
+ As it was: 3 members.
back to ~/deleted/deleted group:MyApp Admins, or to groups/ID
""", id="a group"),
        pytest.param("purge", {"object": "deleted servicePrincipal:Web"}, """
Delete Web for good? [Delete | Keep it] destroys
DELETE directory/deletedItems/deleted servicePrincipal:Web
− Nothing brings it back.
− 2 roles and consents that went with it: lost.
= Its names are free again.
back to ~/deleted
""", id="for good, with what went with it"),
        pytest.param("purge", {"object": "deleted group:MyApp Admins"}, """
Delete MyApp Admins for good? [Delete | Keep it] destroys
DELETE directory/deletedItems/deleted group:MyApp Admins
− Nothing brings it back.
− 1 role or consent that went with it: lost.
= Its names are free again.
back to ~/deleted
""", id="for good, with one that went with it"),
        pytest.param("purge", {"object": "deleted application:Web"}, """
Delete Web for good? [Delete | Keep it] destroys
DELETE directory/deletedItems/deleted application:Web
− Nothing brings it back.
= Its names are free again.
back to ~/deleted
""", id="for good, alone"),
        pytest.param("restore", {"object": "deleted user:Li Wei"}, """
refused: The 30 days of Li Wei are over: it is gone for good.
""", id="what is over"),
        pytest.param("purge", {"object": "deleted user:Li Wei"}, """
refused: The 30 days of Li Wei are over: it is gone for good.
""", id="for good what is over"),
    ],
)  # fmt: skip
def test_a_beginning_and_an_end_say_what_comes_of_it(
    browser: Browser, edit: str, given: dict[str, str], question: str
) -> None:
    """Hold the sentence, the request, who loses and keeps what, and the fields that lack."""
    assert asked(browser, edit, given) == question.strip("\n")


def test_a_group_that_cannot_be_restored_says_so() -> None:
    """Where the tenant deletes security groups for good."""
    made = example.browser()
    made.emulator.faults.set(FaultPlan(groups_soft_delete=False))
    assert "− A security group cannot be restored" in asked(made, "delete-group", {"group": "group:Audit"})
