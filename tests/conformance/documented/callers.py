"""What an application and a person may do that send the documented requests."""

PERMISSIONS = (
    "Application.ReadWrite.All",
    "AppRoleAssignment.ReadWrite.All",
    "AuditLog.Read.All",
    "CrossTenantInformation.ReadBasic.All",
    "DelegatedPermissionGrant.ReadWrite.All",
    "Directory.ReadWrite.All",
    "DirectoryRecommendations.Read.All",
    "Organization.ReadWrite.All",
    "Policy.Read.All",
    "Policy.ReadWrite.ApplicationConfiguration",
    "Policy.ReadWrite.Authorization",
    "Policy.ReadWrite.PermissionGrant",
    "RoleManagement.ReadWrite.Directory",
    "User.ReadWrite.All",
)
SCOPES = ("Directory.AccessAsUser.All", "User.ReadWrite")
