"""Permissions of Microsoft's APIs that give control of a tenant or access to everyone's data.

This is the only place that knows which permissions are dangerous. The names of tier 0 come from a kept copy
of a public list (`tier_0.json`, with source, commit, date and licence); each of them is dangerous, also if no
row below describes it. Microsoft documents what each permission allows:
https://learn.microsoft.com/graph/permissions-reference
"""

from __future__ import annotations

import json
import re
from functools import cache
from importlib import resources
from typing import Literal

Kind = Literal["delegated", "application"]

_TAKEOVER = "can make itself or anyone a Global Administrator"
_AS_APP = "can add a credential to any application and then act with that application's permissions"
_ANY_MAIL = "reads or writes the mail of everyone in the tenant"
_ANY_FILE = "reads or writes everyone's files and sites"
_SIGN_IN = "can change how people sign in, and so sign in as them"
_POLICY = "can weaken the policies that protect sign-in"
_DEVICES = "can run code on every managed device"
_MEMBERS = "can put anyone into a group, and so into whatever the group opens"
_LOCK_OUT = "can lock everyone out, administrators included"
_UNDESCRIBED = "leads to Global Administrator"

# What each can be abused for: by the application itself, or in the name of an administrator who signs in.
_TENANT: dict[str, str] = {
    "AdministrativeUnit.ReadWrite.All": "can take administrators out of the units that protect them",
    "AppRoleAssignment.ReadWrite.All": "can grant itself every other permission, without an administrator",
    "Application.ReadUpdate.All": _AS_APP,
    "Application.ReadWrite.All": _AS_APP,
    "DelegatedAdminRelationship.ReadWrite.All": "can take a partner's roles in the tenants of its customers",
    "DelegatedPermissionGrant.ReadWrite.All": "can consent in the name of everyone, without an administrator",
    "DeviceManagementApps.ReadWrite.All": _DEVICES,
    "DeviceManagementConfiguration.ReadWrite.All": _DEVICES,
    "DeviceManagementManagedDevices.PrivilegedOperations.All": _DEVICES,
    "DeviceManagementRBAC.ReadWrite.All": _DEVICES,
    "DeviceManagementScripts.ReadWrite.All": _DEVICES,
    "Directory.AccessAsUser.All": "does in the directory whatever the signed-in administrator may do",
    "Directory.ReadWrite.All": "writes most of the directory, groups that carry roles included",
    "Domain.ReadWrite.All": "can federate a domain and then sign in as anyone in it",
    "EntitlementManagement.ReadWrite.All": "can assign anyone to groups and roles by access packages",
    "Group-OnPremisesSyncBehavior.ReadWrite.All": "can let an on-premises directory fill a group",
    "Group.ReadWrite.All": _MEMBERS,
    "GroupMember.ReadWrite.All": _MEMBERS,
    "Organization.ReadWrite.All": "can add a certificate authority and then sign in as anyone",
    "Policy.ReadWrite.ApplicationConfiguration": _POLICY,
    "Policy.ReadWrite.AuthenticationMethod": _SIGN_IN,
    "Policy.ReadWrite.Authorization": _POLICY,
    "Policy.ReadWrite.ConditionalAccess": _POLICY,
    "Policy.ReadWrite.CrossTenantAccess": _POLICY,
    "Policy.ReadWrite.PermissionGrant": "can let every user consent to anything",
    "PrivilegedAccess.ReadWrite.AzureAD": _TAKEOVER,
    "PrivilegedAccess.ReadWrite.AzureADGroup": _TAKEOVER,
    "PrivilegedAccess.ReadWrite.AzureResources": "can give itself roles on Azure resources",
    "PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup": _TAKEOVER,
    "PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup": _TAKEOVER,
    "RoleAssignmentSchedule.ReadWrite.Directory": _TAKEOVER,
    "RoleEligibilitySchedule.ReadWrite.Directory": _TAKEOVER,
    "RoleManagement.ReadWrite.Directory": _TAKEOVER,
    "RoleManagementPolicy.ReadWrite.AzureADGroup": "can remove the approvals that guard groups with roles",
    "RoleManagementPolicy.ReadWrite.Directory": _TAKEOVER,
    "SecurityIdentitiesActions.ReadWrite.All": _LOCK_OUT,
    "SignInIdentifier.ReadWrite.All": "can take over accounts by what identifies them",
    "Synchronization.ReadWrite.All": "can redirect provisioning, and with it who exists in other systems",
    "User-PasswordProfile.ReadWrite.All": _SIGN_IN,
    "User.DeleteRestore.All": _LOCK_OUT,
    "User.EnableDisableAccount.All": _LOCK_OUT,
    "User.ReadWrite.All": "can take over accounts by what identifies them",
    "UserAuthMethod-HardwareOATH.ReadWrite.All": _SIGN_IN,
    "UserAuthMethod-Phone.ReadWrite.All": _SIGN_IN,
    "UserAuthMethod-QR.ReadWrite.All": _SIGN_IN,
    "UserAuthMethod-TAP.ReadWrite.All": _SIGN_IN,
    "UserAuthenticationMethod.ReadWrite.All": _SIGN_IN,
}
# These give access to everyone's data, and no more power over the tenant.
_DATA: dict[str, str] = {
    "BitlockerKey.Read.All": "reads the keys of every encrypted disk",
    "Sites.FullControl.All": _ANY_FILE,
}
# Dangerous as application permissions only: the delegated ones reach the objects and data of the user.
_TENANT_AS_ITSELF: dict[str, str] = {
    "Application.ReadWrite.OwnedBy": (
        "can add a credential to each application that it owns and act with its permissions"
    ),
}
_DATA_AS_ITSELF: dict[str, str] = {
    "Files.ReadWrite.All": _ANY_FILE,
    "Files.Read.All": _ANY_FILE,
    "Sites.Manage.All": _ANY_FILE,
    "Sites.ReadWrite.All": _ANY_FILE,
    "Sites.Read.All": _ANY_FILE,
    "Mail.Read": _ANY_MAIL,
    "Mail.ReadBasic.All": _ANY_MAIL,
    "Mail.ReadWrite": _ANY_MAIL,
    "Mail.Send": "sends mail as anyone in the tenant",
    "MailboxSettings.ReadWrite": "can forward everyone's mail elsewhere",
    "Calendars.ReadWrite": "reads and writes everyone's calendar",
    "Contacts.ReadWrite": "reads and writes everyone's contacts",
    "Chat.Read.All": "reads every chat of the tenant",
    "Chat.ReadWrite.All": "reads and writes every chat of the tenant",
    "ChannelMessage.Read.All": "reads every channel of the tenant",
    "Notes.ReadWrite.All": "reads and writes everyone's notebooks",
    "full_access_as_app": _ANY_MAIL,
    "EWS.AccessAsUser.All": _ANY_MAIL,
    "Exchange.ManageAsApp": "administers Exchange, mailboxes and forwarding included",
}

_SUSPECT = re.compile(
    r"(?i)(\.FullControl\.All|^full_access|RoleManagement\.ReadWrite|PrivilegedAccess\.ReadWrite)"
)


def danger(permission: str, kind: Kind) -> str | None:
    """Return what a permission can be abused for, None if it is not dangerous."""
    reason = listed()[kind].get(permission)
    return reason or ("is full control by its name" if _SUSPECT.search(permission) else None)


def leads_up(permission: str, kind: Kind) -> bool:
    """Return True if a permission leads to control of the tenant, and not only to data."""
    return (
        danger(permission, kind) is not None and permission not in _DATA and permission not in _DATA_AS_ITSELF
    )


@cache
def tier_0() -> frozenset[str]:
    """Return the names of the kept list: each has a known path to Global Administrator."""
    text = resources.files("entra_config.checks").joinpath("tier_0.json").read_text("utf-8")
    return frozenset(row["value"] for row in json.loads(text)["permissions"])


@cache
def listed() -> dict[Kind, dict[str, str]]:
    """Return all dangerous permissions of each kind, with what they can be abused for."""
    either = dict.fromkeys(tier_0() - _TENANT_AS_ITSELF.keys(), _UNDESCRIBED) | _TENANT | _DATA
    return {"delegated": either, "application": either | _TENANT_AS_ITSELF | _DATA_AS_ITSELF}
