"""A plan in, findings out: what the plan would undo is what somebody did.

the plan would…          so somebody…
create a resource        removed it
delete a resource        added it
change a property        changed it
add an entry             removed the entry
remove an entry          added the entry
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from entra_config.drift.ends import linked, of_resource
from entra_config.drift.ends import of_object as ends_of_object
from entra_config.drift.model import Finding, Sign
from entra_config.kinds import redirect_hosts
from entra_config.kinds.base import KEY_TAG, OWNER_TAG
from entra_config.kinds.entitlements import ROLES
from entra_config.kinds.facts import EnterpriseFacts
from entra_config.kinds.table import OBJECTS, TRACES
from entra_config.kinds.trace import Part
from entra_config.phrase import Phrase
from entra_config.plan.model import (
    Change,
    Create,
    Delete,
    FieldChange,
    ItemChange,
    Notice,
    Plan,
    Release,
    Restore,
    Update,
    subject_of,
)
from entra_config.properties import REDIRECT_URIS, find
from entra_config.resource import Address, Facts, Resource, Value

BACKWARDS: dict[str, Sign] = {"add": "removed", "change": "changed", "remove": "added"}

RETAGGED = "ownership-tags-changed"
# Their entries have ids, which assignments and authorized clients name.
_WITH_IDS = frozenset({"api.oauth2PermissionScopes", "appRoles"})


def findings(plan: Plan, live: Mapping[Address, Facts]) -> list[Finding]:
    """Return what somebody did to the tenant, application by application.

    `live` is what is known of what is in the tenant: the audit log names a part (a credential, a client) by
    its application.
    """
    found = [_placed(each, change, live) for change in plan.changes for each in _change(change)]
    # Graph writes an application's tags on its service principal too: that is one change.
    retagged = {each.application for each in found if each.rule == RETAGGED and not _of_principal(each)}
    found = [
        each
        for each in found
        if each.path != "tags" or not _of_principal(each) or each.application not in retagged
    ]
    return [*found, *_watched(plan.warnings)]


def _of_principal(finding: Finding) -> bool:
    return "registration" in finding.ends


def _placed(finding: Finding, change: Change, live: Mapping[Address, Facts]) -> Finding:
    """Return the finding with where it belongs, and by what the audit log calls it: its object, or both
    ends.
    """
    side = change.before if isinstance(change, Update | Restore) else subject_of(change)
    ends = of_resource(side, live)
    trace = TRACES[side.address.kind]
    subjects = (*ends_of_object(ends), *finding.subjects) if not trace.both else linked(ends)
    return replace(
        finding,
        ends=ends,
        subjects=tuple(dict.fromkeys(subjects)),
        application=side.application.key,
        keys=side.keys,
        part=trace.reported.name(side) if isinstance(trace.reported, Part) else "",
    )


def _change(change: Change) -> Iterator[Finding]:
    match change:
        case Create(after) if each := TRACES[after.address.kind].each:
            yield from _scopes(after, after, frozenset(), frozenset(after.values[each]))
        case Delete(before) if each := TRACES[before.address.kind].each:
            yield from _scopes(before, before, frozenset(before.values[each]), frozenset())
        case Create(after):
            yield _whole(after, "removed")
        case Restore(before):
            yield _whole(before, "removed")
        case Delete(before):
            yield _whole(before, "added")
        case Release(before):
            # Left the manifest, and its marks stay: that is not applied yet, nobody's deed.
            return
        case Update(before, after, fields):
            for field in fields:
                yield from _field(before, after, field)


def _whole(resource: Resource, sign: Sign) -> Finding:
    noun = TRACES[resource.address.kind].noun
    return Finding(
        resource.address,
        sign,
        f"{_slug(noun)}-{sign}",
        _sentence(resource, sign, noun),
        element=TRACES[resource.address.kind].element(resource),
        subjects=_subjects(resource),
        position=resource.position,
        edit=resource.facts.edit(gone=sign == "removed"),
    )


def _sentence(resource: Resource, sign: Sign, noun: str) -> str:
    joint = TRACES[resource.address.kind].joint
    if joint is None:
        done = "deleted" if sign == "removed" and resource.address.kind in OBJECTS else sign
        return Phrase.of(f"{noun} ", _owner(resource), f" {'was ' if sign == 'changed' else ''}{done}")
    came, went = joint
    one, other = resource.facts.sides
    return Phrase.of(one, came if sign == "added" else went, other)


def _field(before: Resource, after: Resource, field: FieldChange) -> Iterator[Finding]:
    if TRACES[before.address.kind].each:
        yield from _scopes(before, after, frozenset(field.before or ()), frozenset(field.after or ()))
    elif field.path == "tags" and any(_owns(item.label) for item in field.items):
        yield _retagged(before, after, field)
        yield from (_item(before, after, field, item) for item in field.items if not _owns(item.label))
    elif field.items:
        revalued = _revalued(field)
        yield from (_value(before, after, field, key) for key in revalued)
        yield from (_item(before, after, field, item) for item in field.items if item.key not in revalued)
    else:
        yield Finding(
            before.address,
            "changed",
            f"{_slug(field.path)}-changed",
            f"{field.path} of {_owner(before)} changed",
            field.path,
            declared=field.after,
            live=field.before,
            element=TRACES[before.address.kind].element(before),
            subjects=_subjects(before),
            position=field.position or after.position,
        )


def _owns(tag: str) -> bool:
    return tag.startswith((OWNER_TAG, KEY_TAG))


def _retagged(before: Resource, after: Resource, field: FieldChange) -> Finding:
    """Return that the ownership tags of an object were changed: one finding for all of them."""
    of = "the enterprise application of " if isinstance(before.facts, EnterpriseFacts) else ""
    what = Phrase.of(f"ownership tags of {of}", _owner(before), " changed")
    return Finding(
        before.address,
        "changed",
        RETAGGED,
        Phrase.of(what, " (the application would no longer be managed)"),
        field.path,
        declared=[tag for tag in field.after or () if _owns(tag)],
        live=[tag for tag in field.before or () if _owns(tag)],
        subjects=_subjects(before),
        position=after.position,
        gives="guard",
    )


def _value(before: Resource, after: Resource, field: FieldChange, key: Value) -> Finding:
    """Return that a role or scope has another value: whoever holds its id holds the new value."""
    declared, live = (
        next(entry for entry in entries if entry["id"] == key) for entries in (field.after, field.before)
    )
    changed = [name for name in declared if declared[name] != live.get(name)]
    noun = find(field.path).noun
    values = " changed to ".join(str(entry.get("value") or "nothing") for entry in (declared, live))
    return Finding(
        before.address,
        "changed",
        f"{_slug(noun)}-changed",
        Phrase.of(f"value of {'role' if field.path == ROLES else noun} {values} in ", _owner(before)),
        field.path,
        declared={name: declared[name] for name in changed},
        live={name: live.get(name) for name in changed},
        element=(key,),
        subjects=_subjects(before),
        position=field.position or after.position,
    )


def _item(before: Resource, after: Resource, field: FieldChange, item: ItemChange) -> Finding:
    sign = BACKWARDS[item.sign]
    noun = find(field.path).noun or f"entry of {field.path}"
    joint = {"added": "added to", "removed": "removed from", "changed": "of"}[sign]
    detail = f" changed ({', '.join(each.path for each in item.fields)})" if sign == "changed" else ""
    return Finding(
        before.address,
        sign,
        f"{_slug(noun)}-{sign}",
        f"{noun} {item.label} {joint} {_owner(before)}{detail}",
        field.path,
        declared={each.path: each.after for each in item.fields} if sign == "changed" else None,
        live={each.path: each.before for each in item.fields} if sign == "changed" else None,
        element=_element(field, item),
        subjects=_subjects(before),
        position=field.position or after.position,
        gives=_gives(after, field, item) if sign == "added" else "",
    )


def _revalued(field: FieldChange) -> list[Value]:
    """Return the ids of roles and scopes that are there with another value."""
    if field.path not in _WITH_IDS:
        return []
    gone = [item.key for item in field.items if item.sign == "remove"]
    return [item.key for item in field.items if item.sign == "add" and item.key in gone]


def _gives(after: Resource, field: FieldChange, item: ItemChange) -> str:
    """Return the class of what came, where it is not that of its property."""
    return redirect_hosts.risk_class(item.label, after.values) if field.path in REDIRECT_URIS else ""


def _element(field: FieldChange, item: ItemChange) -> Value:
    """Return what the audit log calls the entry by."""
    if field.path == "requiredResourceAccess" and isinstance(item.key, tuple):
        return tuple(str(part) for part in item.key[:2])
    if field.path == "keyCredentials":
        entries = field.before or ()
        return next(
            (entry.get("keyId") for entry in entries if entry.get("customKeyIdentifier") == item.key),
            item.key,
        )
    if field.path in _WITH_IDS:
        return (item.key,)
    return item.key


def _scopes(
    before: Resource, after: Resource, live: frozenset[str], declared: frozenset[str]
) -> Iterator[Finding]:
    trace = TRACES[before.address.kind]
    for scope in sorted(live ^ declared):
        sign: Sign = "added" if scope in live else "removed"
        yield Finding(
            before.address,
            sign,
            f"{_slug(trace.noun)}-{sign}",
            f"admin consent to {scope} {'given' if sign == 'added' else 'taken away'}: {before.title}",
            trace.each,
            element=scope,
            subjects=_subjects(before),
            position=after.position,
        )


def _watched(warnings: Iterable[Notice]) -> Iterator[Finding]:
    """Yield the undeclared owners, secrets and certificates that the plan only warns of: in drift they are
    findings.
    """
    for notice in warnings:
        for each in notice.watched:
            assert notice.address is not None
            yield Finding(
                notice.address,
                "added",
                f"{_slug(each.noun)}-added",
                Phrase.of(f"{each.noun} ", each.label, f" added to {notice.address.key}"),
                each.path,
                live=each.live,
                element=each.key,
                subjects=each.subjects,
                position=notice.position,
                ends=each.ends,
                # No apply takes it back: that the last one found nothing does not say that it was not there.
                mended=False,
                application=notice.address.key,
            )


def _owner(resource: Resource) -> str:
    return resource.title or resource.address.key


def _subjects(resource: Resource) -> tuple[str, ...]:
    """Return the ids of the objects that the audit log would name; of an assignment the principal comes
    last.
    """
    return tuple(dict.fromkeys(resource.facts.objects))


def _slug(words: str) -> str:
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", words)
    return re.sub(r"[^a-z0-9]+", "-", spaced.lower()).strip("-")
