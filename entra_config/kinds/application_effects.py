"""A change of an application in; what it gives somebody, and which guards of it are lower then, out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from entra_config.kinds import redirect_hosts, setting_words
from entra_config.kinds.base import OWNER_TAG
from entra_config.kinds.entitlements import ROLES, SCOPES
from entra_config.manifest.fields.field import IMPLICIT_GRANT, RESTRICTIONS
from entra_config.plan.model import Change, Create, Effect, FieldChange, Restore, Update
from entra_config.resource import Resource, Value

# What people read, or what has effects of its own or none: consents give what is requested, and not the
# request.
HARMLESS = (
    "displayName",
    "description",
    "notes",
    "tags",
    "info",
    "logo",
    "serviceManagementReference",
    "certification",
    "uniqueName",
    "requiredResourceAccess",
    "web.homePageUrl",
)
# Collections of which each new entry is an effect, as a report names it.
ENTRIES = {
    "web.redirectUris": ("redirect URI", "web"),
    "spa.redirectUris": ("redirect URI", "spa"),
    "publicClient.redirectUris": ("redirect URI", "mobile and desktop"),
    "identifierUris": ("identifier URI", ""),
    "keyCredentials": ("credential", "certificate"),
    "api.knownClientApplications": ("who can consent", "its page consents for the client"),
}
# What is told wherever it is so, written or a type's default.
FLOWS = {
    **dict.fromkeys(IMPLICIT_GRANT, "flow"),
    "isFallbackPublicClient": "flow",
    "signInAudience": "sign-in",
}
ALONE = "AzureADMyOrg"
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
        if field.path in ENTRIES:
            type_, what = ENTRIES[field.path]
            head = f"{after.title} ({what}): " if what else f"{after.title}: "
            for item in field.items:
                if item.sign != "remove":
                    found = (
                        redirect_hosts.risk_class(item.label, before or None)
                        if type_ == "redirect URI"
                        else type_
                    )
                    yield _effect(found, f"{head}{item.label}", after, field)
        elif field.path in COLLECTIONS:
            yield from COLLECTIONS[field.path](field, before.get(field.path) or (), after)
        elif field.path.partition(".")[0] not in HARMLESS and field.path not in HARMLESS:
            yield from _setting(field, after)


def _setting(field: FieldChange, after: Resource) -> Iterator[Effect]:
    type_ = FLOWS.get(field.path, "setting")
    if type_ != "setting":
        harmless = field.after in (False, None, ALONE)
    else:
        # Where no line of the manifest says it, it is the type's default, and safe.
        harmless = field.before is None and field.path not in after.positions
    if not harmless:
        yield from (
            _effect(type_, f"{after.title}: {words}", after, field) for words in setting_words.reported(field)
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
