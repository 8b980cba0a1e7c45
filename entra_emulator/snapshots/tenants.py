"""The tenants of a snapshot file in; a directory that nothing dangles in, or where it does, out."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from entra_emulator.choices import Choices
from entra_emulator.clock import Clock
from entra_emulator.directory import FORMAT, Tenants
from entra_emulator.identifiers import is_guid
from entra_emulator.snapshots.bounds import SnapshotFileError
from entra_emulator.snapshots.rows import SHAPES, checked, list_of
from entra_emulator.table import Row
from entra_emulator.tenant import LINKS, PARTS, TABLES

_TABLES = (*TABLES, *sorted(SHAPES.keys() - TABLES.keys() - PARTS))
_KNOWN = PARTS | {*_TABLES}
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
# What names another object of the tenant, which has to be there, live or deleted.
_REFERENCES = {
    "appRoleAssignments": ("principalId", "resourceId"),
    "oauth2PermissionGrants": ("clientId", "resourceId", "principalId"),
    "federatedIdentityCredentials": ("_application",),
    "extensionProperties": ("_application",),
    "classifications": ("_principal",),
}
# What two objects of a table cannot share.
_UNIQUE = {
    "applications": "appId",
    "servicePrincipals": "appId",
    "users": "userPrincipalName",
    "devices": "deviceId",
}


def directory(data: Any, clock: Clock | None = None) -> Tenants:
    """Make a directory of what a file has under `directory`; SnapshotFileError says where and what is
    wrong.
    """
    _object(data, "directory", {"format", "default", "ids", "tenants"})
    if data["format"] != FORMAT:
        raise SnapshotFileError("directory.format", f"is {str(data['format'])[:40]!r}, expected {FORMAT}")
    ids = _object(data["ids"], "directory.ids", {"seed", "counter"})
    if not isinstance(ids["seed"], str) or len(ids["seed"]) > 200:
        raise SnapshotFileError("directory.ids.seed", "is no text of at most 200 characters")
    if type(ids["counter"]) is not int or not 0 <= ids["counter"] < 2**53:
        raise SnapshotFileError("directory.ids.counter", f"cannot be {str(ids['counter'])[:40]!r}")
    tenants = list_of(data["tenants"], "directory.tenants")
    new = [_tenant(each, f"directory.tenants[{number}]") for number, each in enumerate(tenants)]
    known = [each["tenantId"] for each in new]
    if len(set(known)) != len(known):
        raise SnapshotFileError("directory.tenants", "has a tenant twice")
    if data["default"] not in known:
        raise SnapshotFileError("directory.default", "is none of the tenants")
    return Tenants.from_data({**data, "tenants": new}, clock=clock)


def _tenant(data: Any, where: str) -> dict[str, Any]:
    _object(data, where, _KNOWN, {"tenantId", "displayName", "choices"})
    tenant_id = data["tenantId"]
    if not isinstance(tenant_id, str) or not is_guid(tenant_id) or tenant_id != tenant_id.lower():
        raise SnapshotFileError(f"{where}.tenantId", f"is no id: {str(tenant_id)[:80]!r}")
    if not isinstance(data["displayName"], str):
        raise SnapshotFileError(f"{where}.displayName", "is no text")
    found = {**data, "signIn": {}}
    _choices(data["choices"], f"{where}.choices")
    for table in (*_TABLES, "audit"):
        rows = list_of(data.get(table, []), f"{where}.{table}")
        found[table] = [checked(table, row, f"{where}.{table}[{n}]") for n, row in enumerate(rows)]
    for name in LINKS.values():
        found[name] = _links(data.get(name, {}), f"{where}.{name}")
    found["directoryRoles"] = _links(data.get("directoryRoles", {}), f"{where}.directoryRoles")
    found["organization"] = _object(data.get("organization", {}), f"{where}.organization")
    found["secrets"] = _secrets(data.get("secrets", {}), found, f"{where}.secrets")
    if data.get("signIn"):
        raise SnapshotFileError(f"{where}.signIn", "is not empty: a snapshot holds no sign-ins")
    _nothing_twice(found, where)
    _nothing_dangles(found, where)
    return found


def _choices(data: Any, where: str) -> None:
    try:
        choices = Choices().changed(_object(data, where))
    except ValueError as error:
        raise SnapshotFileError(where, str(error)[:300]) from error
    if not choices.verified_domains:
        raise SnapshotFileError(
            f"{where}.verifiedDomains", "is empty: a tenant has the domain it was made with"
        )


def _links(data: Any, where: str) -> dict[str, list[str]]:
    for source, targets in _object(data, where).items():
        each = list_of(targets, f"{where}.{source[:80]}")
        if not all(isinstance(target, str) for target in each) or len(set(each)) != len(each):
            raise SnapshotFileError(f"{where}.{source[:80]}", "is no list of different texts")
    return dict(data)


def _secrets(data: Any, tenant: Mapping[str, Any], where: str) -> dict[str, str]:
    """Take hashes alone, and of credentials alone that everybody sees in the directory."""
    holders = (*tenant["applications"], *tenant["servicePrincipals"], *tenant["deletedItems"])
    # `addKey` may bring a password with a certificate.
    shown = {key["keyId"] for row in holders for key in _credentials(row)}
    for key_id, digest in _object(data, where).items():
        if not isinstance(digest, str) or not _DIGEST.fullmatch(digest):
            raise SnapshotFileError(f"{where}.{key_id[:80]}", "is no hash (64 hexadecimal digits)")
        if key_id not in shown:
            raise SnapshotFileError(f"{where}.{key_id[:80]}", "is the secret of no application in this file")
    return dict(data)


def _credentials(row: Row) -> Iterator[Row]:
    yield from row.get("passwordCredentials") or ()
    yield from row.get("keyCredentials") or ()


def _nothing_twice(tenant: Mapping[str, Any], where: str) -> None:
    seen: set[str] = set()
    for table in _TABLES:
        ids = [row["id"] for row in tenant[table]]
        names = [str(row[_UNIQUE[table]]).casefold() for row in tenant[table]] if table in _UNIQUE else []
        for each in (ids, names):
            if len(set(each)) != len(each):
                twice = next(value for value in each if each.count(value) > 1)
                raise SnapshotFileError(f"{where}.{table}", f"has {twice[:80]!r} twice")
        if both := seen & set(ids):
            raise SnapshotFileError(f"{where}.{table}", f"has the id of another object: {min(both)}")
        seen.update(ids)


def _nothing_dangles(tenant: Mapping[str, Any], where: str) -> None:
    known = {row["id"] for table in _TABLES for row in tenant[table]}
    for place, named in _named(tenant):
        if named is not None and named not in known:
            raise SnapshotFileError(
                f"{where}.{place}", f"names {str(named)[:80]!r}, which is not in this tenant"
            )


def _named(tenant: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for table, names in _REFERENCES.items():
        for number, row in enumerate(tenant[table]):
            yield from ((f"{table}[{number}].{name}", row[name]) for name in names)
    for link in (*LINKS.values(), "directoryRoles"):
        for source, targets in tenant[link].items():
            yield f"{link}.{source[:80]}", source
            if link != "directoryRoles":
                yield from ((f"{link}.{source[:80]}", target) for target in targets)


def _object(value: Any, where: str, known: Iterable[str] = (), required: Iterable[str] | None = None) -> Row:
    if not isinstance(value, dict):
        raise SnapshotFileError(where, "is no object")
    names = set(known)
    if names and (strange := sorted(set(value) - names)):
        raise SnapshotFileError(where, f"has {strange[0][:80]!r}, which is no part of it")
    if lacking := sorted(set(names if required is None else required) - set(value)):
        raise SnapshotFileError(where, f"lacks {', '.join(lacking)}")
    return value
