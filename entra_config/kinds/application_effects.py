"""A change of an application in; what it gives somebody, and which guards of it are lower then, out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from entra_config.kinds import redirect_hosts, setting_words
from entra_config.kinds.base import OWNER_TAG
from entra_config.kinds.entitlements import ROLES, SCOPES
from entra_config.manifest.fields.field import RESTRICTIONS
from entra_config.plan.model import Change, Create, Effect, FieldChange, Restore, Update
from entra_config.properties import Property, find
from entra_config.resource import Resource, Value

# Who gets nothing by them: what people read, and what is requested, which a consent gives.
HARMLESS = frozenset({"text", "request"})
Entry = Mapping[str, Any]


def effects(change: Change) -> Iterator[Effect]:
    """Yield the effects of what is created, changed, adopted or restored."""
    match change:
        case Create(after):
            yield from _fields(change.fields, {}, after)
        case Update(before, after):
            if change.adopts:
                yield _effect("takeover", f"{_named(before)} {_adopted(before)}", after)
            yield from _fields(change.fields, before.values, after)
        case Restore(before, after):
            yield _effect("restore", f"{_named(before)} is restored, deleted {before.facts.deleted}", after)
            yield from _fields(change.fields, before.values, after)
        case _:
            return


def _effect(type_: str, text: str, after: Resource, field: FieldChange | None = None) -> Effect:
    return Effect(type_, text, after.address, (field.position if field else None) or after.position)


def _named(resource: Resource) -> str:
    return f'{resource.title} "{resource.display_name}" (appId {resource.facts.properties.get("appId", "")})'


def _adopted(before: Resource) -> str:
    owners = sorted(
        tag.removeprefix(OWNER_TAG) for tag in before.values.get("tags") or () if tag.startswith(OWNER_TAG)
    )
    return f"is taken over from {', '.join(owners)}" if owners else "is adopted"


def _fields(fields: tuple[FieldChange, ...], before: Entry, after: Resource) -> Iterator[Effect]:
    for field in fields:
        row = find(field.path)
        if field.path in COLLECTIONS:
            yield from COLLECTIONS[field.path](field, before.get(field.path) or (), after)
        elif row.risk in HARMLESS:
            continue
        elif row.noun:
            head = f"{after.title} ({row.detail}): " if row.detail else f"{after.title}: "
            for item in field.items:
                if item.sign != "remove":
                    found = (
                        redirect_hosts.risk_class(item.label, before or None) if row.platform else row.risk
                    )
                    yield _effect(found, f"{head}{item.label}", after, field)
        else:
            yield from _setting(field, row, after)


def _setting(field: FieldChange, row: Property, after: Resource) -> Iterator[Effect]:
    if row.closed is not ...:
        # Written or a type's default, it counts wherever it is open.
        harmless = field.after in (None, row.closed)
    else:
        # Where no line of the manifest says it, it is the type's default, and safe.
        harmless = field.before is None and field.path not in after.positions
    if not harmless:
        yield from (
            _effect(row.risk, f"{after.title}: {words}", after, field)
            for words in setting_words.reported(field)
        )


def _roles(field: FieldChange, before: tuple[Entry, ...], after: Resource) -> Iterator[Effect]:
    """Yield each live role that tokens carry otherwise, or that more may have; a new one gives nothing
    before somebody has it.
    """
    was = {role["id"]: role for role in before}
    for role in field.after or ():
        old = was.get(role["id"])
        if old is None:
            continue
        name = f"{after.title}/{_value(role)}"
        if role["value"] != old["value"]:
            yield _effect("role", f"{name}: tokens say so where they said {_value(old)}", after, field)
        if role["isEnabled"] and not old["isEnabled"]:
            yield _effect("role", f"{name}: enabled again", after, field)
        if more := sorted({*role["allowedMemberTypes"]} - {*old["allowedMemberTypes"]}):
            yield _effect("role", f"{name}: {', '.join(more)} may have it too", after, field)


def _scopes(field: FieldChange, before: tuple[Entry, ...], after: Resource) -> Iterator[Effect]:
    was = {scope["id"]: scope for scope in before}
    for scope in field.after or ():
        old = was.get(scope["id"], {})
        name = f"{after.title}/{scope['value']}"
        if scope["type"] == "User" and old.get("type") != "User":
            yield _effect("who can consent", f"{name}: admins and users", after, field)
        if old and scope["value"] != old["value"]:
            yield _effect("consent", f"{name}: who has consent to {old['value']} has it", after, field)
        if old and scope["isEnabled"] and not old["isEnabled"]:
            yield _effect("consent", f"{name}: enabled again", after, field)


def _tenants(field: FieldChange, before: tuple[Entry, ...], after: Resource) -> Iterator[Effect]:
    """Yield each tenant more that may use it, and all of them where no list says any longer who may."""
    if before and not field.after:
        yield _effect("sign-in", f"{after.title}: every tenant may use it", after, field)
    for id_ in sorted({*(field.after or ())} - {*before}) if before else ():
        yield _effect("sign-in", f"{after.title}: tenant {id_} may use it", after, field)


def _value(role: Entry) -> Value:
    return role.get("value") or role["displayName"]


COLLECTIONS: Mapping[str, Callable[[FieldChange, tuple[Entry, ...], Resource], Iterator[Effect]]] = {
    ROLES: _roles,
    SCOPES: _scopes,
    RESTRICTIONS: _tenants,
}
