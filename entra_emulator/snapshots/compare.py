"""Two directories in; what differs between them, object by object and link by link, out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from entra_emulator.directory import Tenants
from entra_emulator.table import Links, Row, Table
from entra_emulator.tenant import LINKS, Tenant

Kind = Literal["added", "removed", "changed"]
# The bytes of a picture tell nobody anything.
_WITHOUT_VALUE = frozenset({"logo"})
_NOTHING: Row = {}
_DEFAULT_ACCESS = "00000000-0000-0000-0000-000000000000"
# What a link says, by its kind.
_WORDS = {
    "owners": "{target} owns {source}",
    "members": "{target} in {source}",
    "managers": "{source} answers to {target}",
    "policies": "{target} for {source}",
    "app_policies": "{target} for {source}",
    "device_owners": "{target} owns {source}",
    "device_users": "{target} uses {source}",
}


@dataclass(frozen=True)
class PropertyDifference:
    """What one property was and what it is; None where it was not there."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True)
class DirectoryDifference:
    """One object or link that differs.

    `place` is Graph's collection (`applications`), a kind of link (`members`), or one of `tenants`,
    `choices`, `directoryRoles`, `organization` and `secrets`. The id of a link is `SOURCE/TARGET`. Of secrets
    it says the key's id and never more.
    """

    tenant: str
    place: str
    id: str
    kind: Kind
    name: str
    properties: tuple[PropertyDifference, ...] = ()


def differences(before: Tenants, after: Tenants) -> list[DirectoryDifference]:
    """Tell what differs, by tenant, place and name. What both share costs nothing to compare."""
    found: list[DirectoryDifference] = []
    for tenant_id in sorted({*before.tenants, *after.tenants}):
        old, new = before.tenants.get(tenant_id), after.tenants.get(tenant_id)
        if old is not None and new is not None:
            found += sorted(_tenant(old, new), key=lambda each: (each.place, each.name.casefold(), each.id))
        elif (only := old or new) is not None:
            kind: Kind = "removed" if old else "added"
            found.append(DirectoryDifference(tenant_id, "tenants", tenant_id, kind, only.display_name))
    return found


def _tenant(old: Tenant, new: Tenant) -> Iterator[DirectoryDifference]:
    for table in {**old.tables, **new.tables}:
        yield from _tables(new, table, old.tables[table], new.tables[table])
    for name, place in LINKS.items():
        yield from _links(old, new, name, place)
    yield from _rows(
        new,
        "directoryRoles",
        {user: {"roles": roles} for user, roles in old.directory_roles.items()},
        {user: {"roles": roles} for user, roles in new.directory_roles.items()},
    )
    yield from _single(new, "choices", old.choices.describe(), new.choices.describe())
    yield from _single(new, "organization", old.organization, new.organization)
    for key_id in {*old.secrets, *new.secrets}:
        if old.secrets.get(key_id) != new.secrets.get(key_id):
            yield DirectoryDifference(
                new.tenant_id, "secrets", key_id, _kind(key_id, old.secrets, new.secrets), key_id
            )


def _tables(tenant: Tenant, place: str, old: Table, new: Table) -> Iterator[DirectoryDifference]:
    if old.rows is not new.rows:
        yield from _rows(tenant, place, old.rows, new.rows)


def _rows(
    tenant: Tenant, place: str, old: Mapping[str, Row], new: Mapping[str, Row]
) -> Iterator[DirectoryDifference]:
    for row_id in {*old, *new}:
        before, after = old.get(row_id, _NOTHING), new.get(row_id, _NOTHING)
        # Most rows are the very same objects: what is one object need not be compared.
        if before is after or before == after:
            continue
        kind = _kind(row_id, old, new)
        properties = tuple(_properties(before, after)) if kind == "changed" else ()
        name = _name(tenant, row_id, after or before)
        yield DirectoryDifference(tenant.tenant_id, place, row_id, kind, name, properties)


def _single(tenant: Tenant, place: str, old: Row, new: Row) -> Iterator[DirectoryDifference]:
    if properties := tuple(_properties(old, new)):
        yield DirectoryDifference(
            tenant.tenant_id, place, tenant.tenant_id, "changed", tenant.display_name, properties
        )


def _links(old: Tenant, new: Tenant, name: str, place: str) -> Iterator[DirectoryDifference]:
    before: Links = getattr(old, name)
    after: Links = getattr(new, name)
    if before.forward is after.forward:
        return
    for source in {*before.forward, *after.forward}:
        was, now = before.forward.get(source, {}), after.forward.get(source, {})
        for target in was.keys() ^ now.keys():
            ends = {"source": _named(new, old, source), "target": _named(new, old, target)}
            kind: Kind = "added" if target in now else "removed"
            yield DirectoryDifference(
                new.tenant_id, place, f"{source}/{target}", kind, _WORDS[name].format(**ends)
            )


def _kind(key: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Kind:
    if key not in old:
        return "added"
    return "changed" if key in new else "removed"


def _properties(old: Row, new: Row) -> Iterator[PropertyDifference]:
    # Names that begin with `_` are the emulator's own: what Graph keeps beside the object.
    for name in sorted({*old, *new}):
        before, after = old.get(name), new.get(name)
        if before != after:
            shown = name.removeprefix("_")
            if shown in _WITHOUT_VALUE:
                before, after = bool(before) or None, bool(after) or None
            yield PropertyDifference(shown, before, after)


def _named(new: Tenant, old: Tenant, object_id: str) -> str:
    found = _row(new, object_id) or _row(old, object_id)
    return _name(new, object_id, found) if found else object_id


def _row(tenant: Tenant, object_id: str) -> Row | None:
    rows = (table.get(object_id) for table in tenant.tables.values())
    return next((row for row in rows if row is not None), None)


def _name(tenant: Tenant, row_id: str, row: Row) -> str:
    """Name an object as people do; of what has no name, by what it joins."""
    if "principalDisplayName" in row:
        role = _role(tenant, row)
        return f"{row['principalDisplayName']} has {role} of {row['resourceDisplayName']}"
    if "consentType" in row:
        ends = (_row(tenant, str(row[name])) or _NOTHING for name in ("clientId", "resourceId"))
        client, resource = (str(end.get("displayName") or "?") for end in ends)
        return f"{client} gets {str(row.get('scope') or '').strip() or 'nothing'} of {resource}"
    found = row.get("displayName") or row.get("userPrincipalName") or row.get("name")
    if found is None and row_id in tenant.users:
        found = tenant.users.rows[row_id].get("displayName")
    return str(found or row_id)


def _role(tenant: Tenant, row: Row) -> str:
    if row["appRoleId"] == _DEFAULT_ACCESS:
        return "the default access"
    resource = tenant.service_principals.get(str(row["resourceId"])) or _NOTHING
    roles = (role for role in resource.get("appRoles", ()) if role["id"] == row["appRoleId"])
    return str(next((role["value"] or role["displayName"] for role in roles), row["appRoleId"]))
