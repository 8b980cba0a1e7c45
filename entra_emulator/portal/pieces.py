"""Differences of two directories in; the single things that changed, each in words, out."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from entra_emulator.directory import Tenants
from entra_emulator.extension import Change
from entra_emulator.snapshots.compare import DirectoryDifference, Kind, PropertyDifference, differences
from entra_emulator.tenant import Tenant

Row = Mapping[str, Any]
COLLECTIONS = ("applications", "servicePrincipals", "groups", "users")
PLATFORMS: Mapping[str, str] = {"web": "web", "spa": "SPA", "publicClient": "public client"}
# What an element of a list is called, and by what it is known.
ELEMENTS: Mapping[str, tuple[str, str]] = {
    "passwordCredentials": ("secret", "keyId"),
    "keyCredentials": ("certificate", "keyId"),
    "appRoles": ("role", "id"),
    "api.oauth2PermissionScopes": ("scope", "id"),
    "identifierUris": ("identifier URI", ""),
    "tags": ("tag", ""),
    "requiredResourceAccess": ("permissions asked for at", "resourceAppId"),
    "api.preAuthorizedApplications": ("authorized client", "appId"),
    **{f"{each}.redirectUris": (f"redirect URI ({each})", "") for each in PLATFORMS},
}
# Graph writes these by itself, as others change.
_FOLLOWS = {
    "servicePrincipals": {
        "appRoles", "oauth2PermissionScopes", "servicePrincipalNames", "replyUrls", "displayName",
        "appDisplayName", "passwordCredentials", "keyCredentials", "signInAudience", "homepage", "logoutUrl",
    },
    "applications": {"web.redirectUriSettings", "publisherDomain"},
}  # fmt: skip
_NOUNS = {
    "applications": "registration", "servicePrincipals": "enterprise application", "groups": "group",
    "users": "person", "directoryRoles": "directory roles of", "deletedItems": "deleted",
    "federatedIdentityCredentials": "federated credential",
}  # fmt: skip


_NESTED = {"web", "spa", "publicClient", "api", "info"}


@dataclass(frozen=True, kw_only=True)
class ChangedPiece(Change):
    """One change as a page shows it.

    `on` is the object that it is a part of; `ends` are the ids that the audit log names for it. `risk` is the
    level that the portal's extension gives it, "" without one.
    """

    words: str
    on: str
    ends: frozenset[str]
    risk: str = ""

    @property
    def sign(self) -> str:
        """Return the sign of the change."""
        return {"added": "+", "removed": "−", "changed": "~"}[self.kind]


def pieces_between(before: Tenants, after: Tenants, tenant_id: str) -> list[ChangedPiece]:
    """Return what changed in one tenant; nothing if it is not in both directories."""
    old, new = before.tenants.get(tenant_id), after.tenants.get(tenant_id)
    if old is None or new is None:
        return []
    return pieces((each for each in differences(before, after) if each.tenant == tenant_id), old, new)


def pieces(found: Iterable[DirectoryDifference], before: Tenant, after: Tenant) -> list[ChangedPiece]:
    """Return all differences of one tenant, without those that Graph makes."""
    found = list(found)
    whole = {each.id for each in found if each.place in COLLECTIONS and each.kind != "changed"}
    deleted = {each.id for each in found if each.place == "deletedItems"}
    restored = deleted & {each.id for each in found if each.place != "deletedItems" and each.kind == "added"}
    shown: list[ChangedPiece] = []
    for each in found:
        if each.place == "secrets" or (each.place == "deletedItems" and each.id in whole):
            continue
        if each.place in COLLECTIONS and each.kind == "changed":
            for one in each.properties:
                shown += _property(each, one)
        else:
            shown.append(_whole(each, (before, after), restored))
    return shown


def _whole(
    each: DirectoryDifference, tenants: tuple[Tenant, Tenant], restored: Collection[str]
) -> ChangedPiece:
    old, new = (_row(tenant, each) for tenant in tenants)
    row = new or old or {}
    names = ("principalId", "clientId", "resourceId", "_application")
    ends = {str(row[name]) for name in names if row.get(name)} or set(each.id.split("/"))
    on = row.get("resourceId") or row.get("_application") or each.id.split("/")[0]
    changed = each.kind == "changed"
    return ChangedPiece(
        each.place,
        each.id,
        each.kind,
        before={one.name: one.before for one in each.properties} if changed else old,
        after={one.name: one.after for one in each.properties} if changed else new,
        restored=each.id in restored,
        words=f"{_NOUNS.get(each.place, '')} {each.name}".strip(),
        on=str(on),
        ends=frozenset(ends),
    )


def _property(each: DirectoryDifference, one: PropertyDifference) -> Iterator[ChangedPiece]:
    if one.name in _NESTED:
        was, now = (value or {} for value in (one.before, one.after))
        pairs = [(f"{one.name}.{name}", was.get(name), now.get(name)) for name in sorted({*was, *now})]
    else:
        pairs = [(one.name, one.before, one.after)]
    for path, before, after in pairs:
        if before == after or path in _FOLLOWS.get(each.place, ()):
            continue
        if path in ELEMENTS:
            yield from _elements(each, path, before or [], after or [])
        else:
            yield _piece(each, (path, ""), "changed", path, (before, after))


def _elements(
    each: DirectoryDifference, path: str, before: list[Any], after: list[Any]
) -> Iterator[ChangedPiece]:
    noun, key = ELEMENTS[path]
    old, new = ({known_by(one, key): one for one in rows} for rows in (before, after))
    for name in dict.fromkeys((*old, *new)):
        if old.get(name) == new.get(name):
            continue
        kind: Kind = "added" if name not in old else "removed" if name not in new else "changed"
        words = f"{noun} {_name(new.get(name, old.get(name)), name)}"
        yield _piece(each, (path, name), kind, words, (old.get(name), new.get(name)))


def _piece(
    each: DirectoryDifference, at: tuple[str, str], kind: Kind, words: str, values: tuple[Any, Any]
) -> ChangedPiece:
    return ChangedPiece(
        each.place, each.id, kind, *at, *values, words=words, on=each.id, ends=frozenset({each.id})
    )


def _row(tenant: Tenant, each: DirectoryDifference) -> Row | None:
    table = tenant.tables.get(each.place)
    return table.get(each.id) if table is not None else None


def known_by(one: Any, key: str) -> str:
    """Return by what an element of a list is known: the value of a key, or itself."""
    return str(one.get(key)) if key else str(one)


def _name(one: Any, name: str) -> str:
    if isinstance(one, Mapping):
        return str(one.get("value") or one.get("displayName") or one.get("hint") or name)
    return name
