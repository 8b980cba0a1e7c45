"""Requests in, the least Graph permissions of an application that allow them out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from entra_config.graph.request import Request

READ_DIRECTORY = "Directory.Read.All"
WRITE_OWNED = "Application.ReadWrite.OwnedBy"
WRITE_ALL = "Application.ReadWrite.All"
ASSIGN = "AppRoleAssignment.ReadWrite.All"
GRANT = "DelegatedPermissionGrant.ReadWrite.All"
READ_AUDIT = "AuditLog.Read.All"
READ_RECOMMENDATIONS = "DirectoryRecommendations.Read.All"
READ_POLICIES = "Policy.Read.All"
READ_ROLES = "RoleManagement.Read.Directory"


@dataclass(frozen=True, slots=True)
class _Row:
    methods: str
    path: str
    least: tuple[str, ...]


# The first row that fits counts (the permissions tables of Graph's reference, and what its issues add).
_TABLE = (
    _Row("GET", r"/organization", ("Organization.Read.All",)),
    _Row("GET", r"/users", ("User.ReadBasic.All",)),
    _Row("GET", r"/groups", ("GroupMember.Read.All",)),
    _Row("GET", r"/roleManagement/directory/", (READ_ROLES,)),
    _Row("GET", r"/policies/", (READ_POLICIES,)),
    _Row("GET", r"/domains", ("Domain.Read.All",)),
    _Row("GET", r"/subscribedSkus", ("LicenseAssignment.Read.All",)),
    _Row("GET", r"/reports/", (READ_AUDIT,)),
    _Row("GET", r"/directory/recommendations", (READ_RECOMMENDATIONS,)),
    _Row("GET", r"/auditLogs/", (READ_AUDIT, READ_DIRECTORY)),
    _Row(
        "GET", r"/oauth2PermissionGrants|/servicePrincipals/[^/]+/oauth2PermissionGrants", (READ_DIRECTORY,)
    ),
    _Row("POST", r"/directoryObjects/", (READ_DIRECTORY,)),
    _Row("GET", r"/", ("Application.Read.All",)),
    _Row("POST DELETE", r"/servicePrincipals/[^/]+/appRoleAssign", (ASSIGN, "Application.Read.All")),
    _Row("POST PATCH DELETE", r"/oauth2PermissionGrants", (GRANT,)),
    # Who owns an object is more than its content: the permission for one's own objects does not do
    # (application-post-owners).
    _Row("POST DELETE", r"/(applications|servicePrincipals)/[^/]+/owners", (WRITE_ALL, READ_DIRECTORY)),
    _Row(
        "POST PUT PATCH DELETE", r"/(applications|servicePrincipals|directory/deletedItems)", (WRITE_OWNED,)
    ),
)

_IMPLIED: dict[str, frozenset[str]] = {
    READ_DIRECTORY: frozenset(
        {
            "Organization.Read.All",
            "User.ReadBasic.All",
            "GroupMember.Read.All",
            "Application.Read.All",
            "Domain.Read.All",
            "LicenseAssignment.Read.All",
            READ_ROLES,
        }
    ),
    WRITE_ALL: frozenset({WRITE_OWNED, "Application.Read.All"}),
    WRITE_OWNED: frozenset({"Application.Read.All"}),
    "Directory.ReadWrite.All": frozenset({READ_DIRECTORY, WRITE_ALL, GRANT, "Application.Read.All"}),
}


def of(request: Request) -> tuple[str, ...]:
    """Return the least permissions that allow one request; all of them are needed."""
    path = str(request.path).partition("?")[0]
    row = next(
        (row for row in _TABLE if request.method in row.methods.split() and re.match(row.path, path)), None
    )
    return row.least if row else ()


def reported(request: Request) -> str:
    """Return what one request needs, in words; this tool's readers have one permission for all that they
    read.
    """
    names = of(request)
    wide = request.method == "GET" and not set(names) - {READ_DIRECTORY, *_implied(READ_DIRECTORY)}
    other = (
        f" ({WRITE_ALL} where it is no owner)" if request.method != "POST" and names == (WRITE_OWNED,) else ""
    )
    return " and ".join(names) + (
        f" (or {READ_DIRECTORY})" if wide and READ_DIRECTORY not in names else other
    )


def needed(requests: Iterable[Request]) -> list[str]:
    """Return the least permissions that allow all requests, without those that another one implies."""
    return minimal(name for request in requests for name in of(request))


def minimal(names: Iterable[str]) -> list[str]:
    """Leave out what others of the names imply."""
    wanted = set(names)
    return sorted(name for name in wanted if not any(name in _implied(other) for other in wanted - {name}))


def lacking(names: Iterable[str], held: Iterable[str]) -> list[str]:
    """Return which permissions are neither held nor implied by what is."""
    have = set(held)
    have |= {name for each in held for name in _implied(each)}
    return sorted(set(names) - have)


def _implied(name: str) -> frozenset[str]:
    direct = _IMPLIED.get(name, frozenset())
    return direct.union(*(_IMPLIED.get(each, frozenset()) for each in direct))
