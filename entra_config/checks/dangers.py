"""Permissions of Microsoft's APIs that hand over a tenant or everyone's data: name in, what it can be
abused for out.
"""

from __future__ import annotations

import re
from typing import Literal

Kind = Literal["delegated", "application"]

OPENID_SCOPES = frozenset({"openid", "profile", "email", "offline_access"})

_TAKEOVER = "can make itself or anyone a Global Administrator"
_AS_APP = "can add a credential to any application and then act with that application's permissions"
_ANY_MAIL = "reads or writes the mail of everyone in the tenant"
_ANY_FILE = "reads or writes everyone's files and sites"
_SIGN_IN = "can change how people sign in, and so sign in as them"
_POLICY = "can weaken the policies that protect sign-in"
_DEVICES = "can run code on every managed device"

# Either kind: what the application does alone, or in the name of whoever signs in (an administrator, some
# day).
_EITHER: dict[str, str] = {
    "RoleManagement.ReadWrite.Directory": _TAKEOVER,
    "RoleAssignmentSchedule.ReadWrite.Directory": _TAKEOVER,
    "RoleEligibilitySchedule.ReadWrite.Directory": _TAKEOVER,
    "RoleManagementPolicy.ReadWrite.Directory": _TAKEOVER,
    "PrivilegedAccess.ReadWrite.AzureADGroup": _TAKEOVER,
    "PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup": _TAKEOVER,
    "PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup": _TAKEOVER,
    "AppRoleAssignment.ReadWrite.All": "can grant itself every other permission, without an administrator",
    "DelegatedPermissionGrant.ReadWrite.All": "can consent in the name of everyone, without an administrator",
    "Application.ReadWrite.All": _AS_APP,
    "Directory.ReadWrite.All": "writes most of the directory, groups that carry roles included",
    "Directory.AccessAsUser.All": "does in the directory whatever the signed-in administrator may do",
    "Group.ReadWrite.All": "can put anyone into a group, and so into whatever the group opens",
    "GroupMember.ReadWrite.All": "can put anyone into a group, and so into whatever the group opens",
    "User.ReadWrite.All": "can take over accounts by what identifies them",
    "User-PasswordProfile.ReadWrite.All": _SIGN_IN,
    "User.EnableDisableAccount.All": "can lock everyone out, administrators included",
    "UserAuthenticationMethod.ReadWrite.All": _SIGN_IN,
    "Domain.ReadWrite.All": "can federate a domain and then sign in as anyone in it",
    "Organization.ReadWrite.All": "can add a certificate authority and then sign in as anyone",
    "Policy.ReadWrite.AuthenticationMethod": _SIGN_IN,
    "Policy.ReadWrite.ConditionalAccess": _POLICY,
    "Policy.ReadWrite.PermissionGrant": "can let every user consent to anything",
    "Policy.ReadWrite.Authorization": _POLICY,
    "Policy.ReadWrite.CrossTenantAccess": _POLICY,
    "Policy.ReadWrite.ApplicationConfiguration": _POLICY,
    "Synchronization.ReadWrite.All": "can redirect provisioning, and with it who exists in other systems",
    "DeviceManagementConfiguration.ReadWrite.All": _DEVICES,
    "DeviceManagementApps.ReadWrite.All": _DEVICES,
    "DeviceManagementManagedDevices.PrivilegedOperations.All": _DEVICES,
    "DeviceManagementRBAC.ReadWrite.All": _DEVICES,
    "BitlockerKey.Read.All": "reads the keys of every encrypted disk",
    "Sites.FullControl.All": _ANY_FILE,
}

# Alone, for everyone: the same names are harmless as delegated ones, for the signed-in user's own data.
_APPLICATION_ONLY: dict[str, str] = {
    "Application.ReadWrite.OwnedBy": (
        "can add a credential to each application that it owns and act with its permissions"
    ),
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
    """Return what a permission can be abused for, None when it is not on the list."""
    if permission in _EITHER:
        return _EITHER[permission]
    if kind == "application" and permission in _APPLICATION_ONLY:
        return _APPLICATION_ONLY[permission]
    if _SUSPECT.search(permission):
        return "is full control by its name"
    return None


def listed() -> dict[Kind, dict[str, str]]:
    """Return the whole list, for the documentation."""
    return {"delegated": dict(_EITHER), "application": _EITHER | _APPLICATION_ONLY}
