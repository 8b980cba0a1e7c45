"""Names of directory roles in, their template ids out (the same in every tenant), and what they allow.

A tenant's `directory_roles` has the names of what each principal has: `Application Administrator` in the
whole tenant, `Application Administrator /OBJECT-ID` for one object.
"""

TEMPLATES = {
    "Global Administrator": "62e90394-69f5-4237-9190-012177145e10",
    "Application Administrator": "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3",
    "Cloud Application Administrator": "158c047a-c907-4556-b7ef-446551a6b5f7",
    "Privileged Role Administrator": "e8611ab8-c189-46e8-94e1-60213ab1f814",
    "Groups Administrator": "fdd7a751-b60b-444a-984c-02652fe8fa1c",
    "User Administrator": "fe930be7-5e62-47db-91af-98c3a49a38b1",
    "Directory Readers": "88d8e3e3-8f55-4a1e-953a-9b9898b8876b",
    "Application Developer": "cf1c38e5-3621-4004-a7cb-879624dced7c",
    "Global Reader": "f2ef992c-3afb-46b9-b7cf-a126ee74c451",
    "Security Reader": "5d6b6bb7-de71-4623-b4af-96380a352509",
}


def _update(entity: str, *names: str) -> list[str]:
    return [f"{entity}/{name}/update" for name in names]


# The actions on applications, service principals, groups, people, consents and role assignments. Source:
# MicrosoftDocs/entra-docs, docs/identity/role-based-access-control/includes, 2026-01.
_OF_BOTH = (
    "audience",
    "authentication",
    "basic",
    "credentials",
    "notes",
    "owners",
    "permissions",
    "policies",
)
_APPLICATIONS = [
    *_update(
        "applications", *_OF_BOTH, "appRoles", "disablement", "extensionProperties", "tag", "verification"
    ),
    *(f"applications/{verb}" for verb in ("create", "delete")),
    *(f"deletedItems.applications/{verb}" for verb in ("delete", "restore")),
    "oAuth2PermissionGrants/allProperties/allTasks",
    *_update("servicePrincipals", *_OF_BOTH, "appRoleAssignedTo", "tag"),
    *(f"servicePrincipals/{verb}" for verb in ("create", "delete", "disable", "enable")),
]
_GROUPS = [
    *_update("groups", "basic", "classification", "dynamicMembershipRule", "groupType", "members", "owners"),
    *_update("groups", "settings", "visibility"),
    *(f"groups/{verb}" for verb in ("create", "delete", "restore")),
    "deletedItems.groups/restore",
]
_ROLE_GROUPS = [
    "groupsAssignableToRoles/allProperties/update",
    *(f"groupsAssignableToRoles/{verb}" for verb in ("create", "delete", "restore")),
]
_EVERYTHING = (
    "applications",
    "groups",
    "oAuth2PermissionGrants",
    "roleAssignments",
    "servicePrincipals",
    "users",
)
_ACTIONS = {
    "Global Administrator": [*_ROLE_GROUPS, *(f"{name}/allProperties/allTasks" for name in _EVERYTHING)],
    "Application Administrator": _APPLICATIONS,
    "Cloud Application Administrator": _APPLICATIONS,
    "Privileged Role Administrator": [
        *_ROLE_GROUPS,
        "oAuth2PermissionGrants/allProperties/allTasks",
        "roleAssignments/allProperties/allTasks",
        "roleDefinitions/allProperties/allTasks",
        *_update("servicePrincipals", "appRoleAssignedTo", "permissions"),
    ],
    "Groups Administrator": [*_GROUPS, "deletedItems.groups/delete"],
    "User Administrator": [
        *_GROUPS,
        "oAuth2PermissionGrants/allProperties/allTasks",
        *_update("servicePrincipals", "appRoleAssignedTo"),
        *_update("users", "basic", "manager", "password", "usageLocation", "userPrincipalName"),
        *(f"users/{verb}" for verb in ("create", "delete", "disable", "enable", "restore")),
    ],
    "Application Developer": ["applications/createAsOwner", "servicePrincipals/createAsOwner"],
}


def list_actions(name: str) -> list[str]:
    """Return the actions of a directory role, in alphabetical order."""
    return sorted(f"microsoft.directory/{action}" for action in _ACTIONS.get(name, ()))


def split(held: str) -> tuple[str, str]:
    """Return the name of a directory role that a principal has, and its scope: `/` is the whole tenant."""
    name, _, object_id = held.partition(" /")
    return name, f"/{object_id}"
