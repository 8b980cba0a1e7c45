"""The name of a directory role in; what the emulator lets its holders do, out."""

from entra_emulator.directory_roles import TEMPLATES, split
from entra_emulator.graph import permissions
from entra_emulator.graph.permissions import RequiredPermissions
from entra_emulator.login.consent import CONSENTING_ROLES
from entra_emulator.tenant import Tenant

# What each requirement guards; whoever owns an object may change it without any of these roles.
_GUARDED: tuple[tuple[str, RequiredPermissions], ...] = (
    ("Change, delete and restore every application, and add secrets to it", permissions.APPLICATION_WRITE),
    ("Assign and take away app roles", permissions.ASSIGNMENT_CREATE),
    ("Give and withdraw consents by Graph", permissions.GRANT_WRITE),
    ("Change groups and their members", permissions.GROUP_WRITE),
    ("Change, disable and delete people", permissions.USER_WRITE),
    ("Change what every application is held to (app management policies)", permissions.APP_POLICY_WRITE),
    ("Change what people may do by themselves (authorization policy)", permissions.AUTHORIZATION_WRITE),
    ("Change permission grant policies and classifications", permissions.CLASSIFICATION_WRITE),
    ("Change home realm discovery policies", permissions.POLICY_WRITE),
    ("Change what stands about the organization", permissions.ORGANIZATION_WRITE),
    ("Register and change devices", permissions.DEVICE_WRITE),
    ("Read the audit log", permissions.AUDIT_READ),
)
# Whoever has one of these may give themselves nearly anything.
STRONG = {
    "Global Administrator": "Can do everything in this tenant",
    "Privileged Role Administrator": "Can give anybody any directory role",
    "Application Administrator": "Can add secrets to any application",
    "Cloud Application Administrator": "Can add secrets to any application",
}


def allowed(role: str) -> list[str]:
    """Return what a role lets its holders do here, in words, beside what everybody may."""
    found = [words for words, needed in _GUARDED if role in needed.admins]
    if role in CONSENTING_ROLES:
        found.append("Consent for everybody at sign-in")
    if role in permissions.PRIVILEGED:
        found.append("Assign Microsoft Graph’s own application permissions")
    if role in permissions.REGISTRARS:
        found.append("Register applications, whatever the authorization policy says")
    return found


def names(tenant: Tenant) -> list[str]:
    """Return the directory roles that the emulator knows or somebody has, in alphabetical order."""
    requested = {role for _, needed in _GUARDED for role in needed.admins}
    held = {split(role)[0] for roles in tenant.directory_roles.values() for role in roles}
    return sorted({*TEMPLATES, *requested, *held})


def holders(tenant: Tenant, role: str) -> list[str]:
    """Return the ids of the people who have a directory role."""
    return [user for user, roles in tenant.directory_roles.items() if role in roles]
