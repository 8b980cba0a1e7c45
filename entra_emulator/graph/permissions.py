"""The permissions that requests need, from Graph's published table."""

from dataclasses import dataclass

_APPLICATION_ADMINS = frozenset(
    {"Application Administrator", "Cloud Application Administrator", "Global Administrator"}
)
# The Application Developer may register whatever the tenant chose (azure-docs#24466).
REGISTRARS = _APPLICATION_ADMINS | {"Application Developer"}
_GROUP_ADMINS = frozenset({"Groups Administrator", "User Administrator", "Global Administrator"})
_USER_ADMINS = frozenset({"User Administrator", "Global Administrator"})
_REPORT_READERS = frozenset(
    {"Reports Reader", "Security Reader", "Security Administrator", "Global Reader", "Global Administrator"}
)
# Consent to Graph's own application permissions takes more than an application administrator.
PRIVILEGED = frozenset({"Privileged Role Administrator", "Global Administrator"})


@dataclass(frozen=True)
class RequiredPermissions:
    """What a route asks of its caller."""

    any: frozenset[str]
    # Enough where the caller owns the object.
    owned: frozenset[str] = frozenset()
    # One of these is needed besides.
    also: frozenset[str] = frozenset()
    # A delegated caller needs one of these directory roles, or must own the object.
    admins: frozenset[str] = frozenset()
    # A delegated caller without such a role is refused even for what it owns.
    admins_only: bool = False


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_DIRECTORY_READ = "Directory.Read.All Directory.ReadWrite.All Directory.AccessAsUser.All"
_APPLICATION_READ = (
    f"Application.Read.All Application.ReadWrite.All Application.ReadWrite.OwnedBy {_DIRECTORY_READ}"
)
_APPLICATION_WRITE = "Application.ReadWrite.All Directory.ReadWrite.All Directory.AccessAsUser.All"
_GROUP_READ = (
    f"Group.ReadBasic.All GroupMember.ReadBasic.All Group.Read.All Group.ReadWrite.All GroupMember.Read.All \
GroupMember.ReadWrite.All {_DIRECTORY_READ}"
)
_USER_READ = f"User.ReadBasic.All User.Read.All User.ReadWrite.All {_DIRECTORY_READ}"

ANYBODY = RequiredPermissions(frozenset())
APPLICATION_READ = RequiredPermissions(_set(_APPLICATION_READ))
APPLICATION_CREATE = RequiredPermissions(
    _set(f"{_APPLICATION_WRITE} AppRegistration.Create"), owned=_set("Application.ReadWrite.OwnedBy")
)
APPLICATION_WRITE = RequiredPermissions(
    _set(_APPLICATION_WRITE), owned=_set("Application.ReadWrite.OwnedBy"), admins=_APPLICATION_ADMINS
)
# Two pages disagree on OwnedBy for owners; the table asks for Directory.Read.All besides.
OWNER_WRITE = RequiredPermissions(
    _set(_APPLICATION_WRITE),
    owned=_set("Application.ReadWrite.OwnedBy"),
    also=_set(f"{_DIRECTORY_READ} Application.ReadWrite.All"),
    admins=_APPLICATION_ADMINS,
)
# Who may do so by a directory role: servicePrincipals/appRoleAssignedTo/update in the documentation of roles.
_ASSIGNERS = _APPLICATION_ADMINS | PRIVILEGED | {"User Administrator"}
# The permission to assign alone is 403 (microsoft-graph-docs#12833).
ASSIGNMENT_CREATE = RequiredPermissions(
    _set("AppRoleAssignment.ReadWrite.All"),
    also=_set(_APPLICATION_READ),
    admins=_ASSIGNERS,
)
ASSIGNMENT_DELETE = RequiredPermissions(_set("AppRoleAssignment.ReadWrite.All"), admins=_ASSIGNERS)
GRANT_READ = RequiredPermissions(
    _set(f"DelegatedPermissionGrant.Read.All DelegatedPermissionGrant.ReadWrite.All {_DIRECTORY_READ}")
)
GRANT_WRITE = RequiredPermissions(
    _set("DelegatedPermissionGrant.ReadWrite.All Directory.ReadWrite.All Directory.AccessAsUser.All"),
    admins=_APPLICATION_ADMINS | PRIVILEGED,
    admins_only=True,
)
GROUP_READ = RequiredPermissions(_set(_GROUP_READ))
GROUP_CREATE = RequiredPermissions(
    _set("Group.Create Group.ReadWrite.All Directory.ReadWrite.All Directory.AccessAsUser.All")
)
GROUP_WRITE = RequiredPermissions(
    _set("Group.ReadWrite.All Directory.ReadWrite.All Directory.AccessAsUser.All"), admins=_GROUP_ADMINS
)
# group-post-groups documentation: who may make groups that hold directory roles, and change them.
ROLE_GROUP_CREATE = RequiredPermissions(
    _set("RoleManagement.ReadWrite.Directory"), admins=PRIVILEGED, admins_only=True
)
ROLE_GROUP_WRITE = RequiredPermissions(_set("RoleManagement.ReadWrite.Directory"), admins=PRIVILEGED)
MEMBER_WRITE = RequiredPermissions(
    _set("GroupMember.ReadWrite.All Group.ReadWrite.All Directory.ReadWrite.All Directory.AccessAsUser.All"),
    admins=_GROUP_ADMINS,
)
USER_READ = RequiredPermissions(_set(_USER_READ))
USER_WRITE = RequiredPermissions(
    _set("User.ReadWrite.All Directory.ReadWrite.All Directory.AccessAsUser.All"),
    admins=_USER_ADMINS,
    admins_only=True,
)
_SESSIONS = "User.RevokeSessions.All User.ReadWrite.All Directory.ReadWrite.All Directory.AccessAsUser.All"
MANAGER_READ = RequiredPermissions(_set(f"User.Read User.ReadWrite {_USER_READ}"))
ME_WRITE = RequiredPermissions(
    _set("User.ReadWrite User.ReadWrite.All Directory.ReadWrite.All Directory.AccessAsUser.All")
)
SESSIONS_REVOKE = RequiredPermissions(_set(_SESSIONS), admins=_USER_ADMINS, admins_only=True)
OWN_SESSIONS_REVOKE = RequiredPermissions(_set(f"User.ReadWrite {_SESSIONS}"))
ME_READ = RequiredPermissions(_set(f"User.Read User.ReadWrite {_USER_READ}"))
ORGANIZATION_READ = RequiredPermissions(
    _set(f"Organization.Read.All Organization.ReadWrite.All User.Read {_DIRECTORY_READ}")
)
ORGANIZATION_WRITE = RequiredPermissions(
    _set("Organization.ReadWrite.All"), admins=frozenset({"Global Administrator"}), admins_only=True
)
SKU_READ = RequiredPermissions(
    _set(f"LicenseAssignment.Read.All Organization.Read.All Organization.ReadWrite.All {_DIRECTORY_READ}")
)
TENANT_INFORMATION_READ = RequiredPermissions(_set("CrossTenantInformation.ReadBasic.All"))
_POLICIES = "Policy.Read.All Policy.ReadWrite.ApplicationConfiguration"
POLICY_READ = RequiredPermissions(_set(_POLICIES))
TENANT_POLICY_READ = RequiredPermissions(_set("Policy.Read.All"))
# Who may change what every application is held to (configure-app-management-policies documentation).
_SECURITY = frozenset({"Security Administrator", "Global Administrator"})
APP_POLICY_WRITE = RequiredPermissions(
    _set("Policy.ReadWrite.ApplicationConfiguration"), admins=_SECURITY, admins_only=True
)
APP_POLICY_ASSIGN = RequiredPermissions(
    _set("Policy.ReadWrite.ApplicationConfiguration"), also=_set(_APPLICATION_READ), admins=_SECURITY
)
AUTHORIZATION_READ = RequiredPermissions(_set("Policy.Read.All Policy.ReadWrite.Authorization"))
AUTHORIZATION_WRITE = RequiredPermissions(
    _set("Policy.ReadWrite.Authorization"), admins=PRIVILEGED, admins_only=True
)
POLICY_READ_OF_OBJECT = RequiredPermissions(
    _set("Application.ReadWrite.All Application.ReadWrite.OwnedBy"), also=_set(_POLICIES)
)
POLICY_WRITE = RequiredPermissions(
    _set("Policy.ReadWrite.ApplicationConfiguration"), admins=_APPLICATION_ADMINS, admins_only=True
)
POLICY_ASSIGN = RequiredPermissions(
    _set("Application.ReadWrite.All"),
    owned=_set("Application.ReadWrite.OwnedBy"),
    also=_set(_POLICIES),
    admins=_APPLICATION_ADMINS,
)
CLASSIFICATION_READ = RequiredPermissions(
    _set("Policy.Read.PermissionGrant Policy.ReadWrite.PermissionGrant")
)
CLASSIFICATION_WRITE = RequiredPermissions(
    _set("Policy.ReadWrite.PermissionGrant"), admins=_APPLICATION_ADMINS | PRIVILEGED, admins_only=True
)
SCHEMA_READ = RequiredPermissions(
    _set(f"Application.Read.All Application.ReadWrite.All User.Read {_DIRECTORY_READ}")
)
SCHEMA_WRITE = RequiredPermissions(
    _set("Application.ReadWrite.All Directory.ReadWrite.All Directory.AccessAsUser.All")
)
_DEVICE_ADMINS = frozenset({"Global Administrator", "Intune Administrator", "Windows 365 Administrator"})
DEVICE_READ = RequiredPermissions(_set(f"Device.Read.All Device.ReadWrite.All {_DIRECTORY_READ}"))
DEVICE_REGISTER = RequiredPermissions(
    _set("Directory.AccessAsUser.All"), admins=_DEVICE_ADMINS, admins_only=True
)
DEVICE_WRITE = RequiredPermissions(
    _set("Device.ReadWrite.All Directory.ReadWrite.All Directory.AccessAsUser.All"),
    admins=_DEVICE_ADMINS,
    admins_only=True,
)
DEVICE_DELETE = RequiredPermissions(
    _set("Device.ReadWrite.All Directory.AccessAsUser.All"),
    admins=_DEVICE_ADMINS | {"Cloud Device Administrator"},
    admins_only=True,
)
DOMAIN_READ = RequiredPermissions(_set(f"Domain.Read.All Domain.ReadWrite.All {_DIRECTORY_READ}"))
OBJECT_READ = RequiredPermissions(
    _set(f"{_APPLICATION_READ} {_GROUP_READ} {_USER_READ} Device.Read.All Device.ReadWrite.All")
)
# Reading the whole directory does not do here (permissions table of the page).
RECOMMENDATION_READ = RequiredPermissions(
    _set("DirectoryRecommendations.Read.All DirectoryRecommendations.ReadWrite.All")
)
# unifiedroledefinition-get and unifiedroleassignment-get documentation.
_ROLE_READERS = PRIVILEGED | {"Directory Readers", "Global Reader"}
ROLE_READ = RequiredPermissions(
    _set(
        "RoleManagement.Read.Directory RoleManagement.Read.All RoleManagement.ReadWrite.Directory "
        f"{_DIRECTORY_READ}"
    ),
    admins=_ROLE_READERS,
    admins_only=True,
)
REGISTRATION_READ = RequiredPermissions(_set("AuditLog.Read.All"), admins=_REPORT_READERS, admins_only=True)
AUDIT_READ = RequiredPermissions(
    _set("AuditLog.Read.All"), also=_set(_DIRECTORY_READ), admins=_REPORT_READERS, admins_only=True
)
