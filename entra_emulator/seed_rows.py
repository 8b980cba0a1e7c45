"""Who and what every new tenant has: people, groups, first-party APIs, and what the operators may."""

import json
from functools import cache
from importlib import resources

from entra_emulator.graph.entities.application import make_app_role, make_scope
from entra_emulator.table import Row

DEPLOYER = (
    "Application.ReadWrite.All",
    "AppRoleAssignment.ReadWrite.All",
    "DelegatedPermissionGrant.ReadWrite.All",
    "Directory.Read.All",
    "Policy.Read.All",
    "AuditLog.Read.All",
)


# For preparing a directory by Graph calls: groups and users besides what the deployer may do.
ADMIN = (
    *DEPLOYER,
    "Directory.ReadWrite.All",
    "Group.ReadWrite.All",
    "RoleManagement.ReadWrite.Directory",
    "User.ReadWrite.All",
)


WRITER = DEPLOYER[:-1]


READER = ("Application.Read.All", "Directory.Read.All", "Policy.Read.All", "AuditLog.Read.All")


FIRST_PARTY = (
    ("797f4846-ba00-4fd7-ba43-dac1f8f63013", "Azure Service Management"),
    ("00000002-0000-0000-c000-000000000000", "Windows Azure Active Directory"),
    ("00000003-0000-0ff1-ce00-000000000000", "Office 365 SharePoint Online"),
    ("04b07795-8ddb-461a-bbee-02f9e1bf7b46", "Microsoft Azure CLI"),
)


PEOPLE = (
    ("alice", "Alice Archer"),
    ("bob", "Bob Baker"),
    ("carol", "Carol Clark"),
    ("dave", "Dave Diaz"),
    ("erin", "Erin Evans"),
    ("frank", "Frank Fischer"),
    ("grace", "Grace Green"),
    ("heidi", "Heidi Hoffmann"),
    ("ivan", "Ivan Ivanov"),
    ("judy", "Judy Jones"),
    ("li", "Li Wei"),
    ("mallory", "Mallory Moore"),
    # In no group: whoever wants to see how a sign-in is refused chooses him.
    ("oscar", "Oscar Olsen"),
)


GROUPS: dict[str, tuple[str, ...]] = {
    "MyApp Developers": ("alice", "bob", "carol"),
    "MyApp Admins": ("alice", "grace"),
    "MyApp Writers": ("bob", "erin"),
    "MyApp Deploy": ("grace",),
    "All Staff": tuple(name for name, _ in PEOPLE if name != "oscar"),
    "On call": ("carol", "dave", "erin", "frank", "heidi", "ivan"),
    "Audit": ("judy", "ivan"),
}


@cache
def graph_permissions() -> tuple[list[Row], list[Row]]:
    """Return the scopes and the roles of Microsoft Graph."""
    text = (
        resources.files("entra_emulator").joinpath("data/graph_permissions.json").read_text(encoding="utf-8")
    )
    rows = json.loads(text)["permissions"]
    scopes = [_permission(row) for row in rows if row["type"] == "Scope"]
    roles = [_permission(row) for row in rows if row["type"] == "Role"]
    return scopes, roles


def _permission(row: Row) -> Row:
    name = row["value"]
    made = (
        make_scope(row["id"], name, (name, name), admin=row["adminOnly"])
        if row["type"] == "Scope"
        else make_app_role(row["id"], name, name, name, ["Application"])
    )
    return made | {"isEnabled": row["enabled"]}
