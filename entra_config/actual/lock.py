"""A manifest, what was read and the old pins in; the pins that the environment's lock file should hold, out.

Names get the ids that they mean today, and where the tenant calls one otherwise, that name beside it. An
application of ours is pinned where it is proven to be ours and nobody undeclared could act as it; all else is
a decision, application by application. What was pinned stays pinned while the tenant has it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from entra_config.actual.found import Found
from entra_config.actual.names import principal
from entra_config.actual.pins import differs
from entra_config.actual.questions import everybody
from entra_config.claimants import created, created_for
from entra_config.kinds.directory import Json, Principal, Subject
from entra_config.manifest.environments.pins import Lock, Pin, PinnedApplication
from entra_config.manifest.model import Manifest, Named
from entra_config.plan.model import Watched

NOTHING = PinnedApplication()


def lock(
    manifest: Manifest,
    found: Found,
    old: Lock,
    watched: Mapping[str, tuple[Watched, ...]],
    accepted: Collection[str] = (),
) -> Lock:
    """Return the new pins. `accepted` are keys whose appId, owners and credentials somebody looked at and
    takes as they are.
    """
    users, groups, principals = _names(manifest, found)
    return replace(
        old,
        tenant_id=manifest.tenant_id,
        users=users,
        groups=groups,
        service_principals=principals,
        applications=dict(_applications(manifest, found, old, watched, accepted)),
    )


def _names(manifest: Manifest, found: Found) -> tuple[dict[str, Pin], dict[str, Pin], dict[str, Pin]]:
    """Return the pins of users, groups and service principals by name. A name that the manifest writes with
    different ids has none: the pin would contradict one of them.
    """
    by_name: dict[tuple[str, str], list[tuple[str, Pin]]] = {}
    for type_, name, pin in (*_principals(manifest, found), *_enterprise_applications(manifest, found)):
        # A name in another case is the same name.
        by_name.setdefault((type_, name.casefold()), []).append((name, pin))
    pins: dict[str, dict[str, Pin]] = {"user": {}, "group": {}, "servicePrincipal": {}}
    for (type_, _), spellings in by_name.items():
        if len({pin.id for _, pin in spellings}) == 1:
            name, pin = spellings[0]
            pins[type_][name] = pin
    return pins["user"], pins["group"], pins["servicePrincipal"]


def _principals(manifest: Manifest, found: Found) -> Iterator[tuple[str, str, Pin]]:
    for types, named in everybody(manifest):
        if named.by_app_id:
            continue  # it pins itself
        who = next((each for type_ in types if (each := found.directory.principal(type_, named))), None)
        if named.name != named.id and (named.id or who):
            yield (who.type if who else types[0]), named.name, _pin(manifest, named, who)


def _enterprise_applications(manifest: Manifest, found: Found) -> Iterator[tuple[str, str, Pin]]:
    for key, enterprise in manifest.enterprise_applications.items():
        live = found.directory.live.get(key)
        body = live.subject.service_principal if live else None
        other = enterprise.named
        if other is None or other.name == other.id:
            continue
        if not enterprise.app_id:
            who = principal(body, "servicePrincipal") if body is not None else None
            if other.id or who:
                yield "servicePrincipal", other.name, _pin(manifest, other, who)
        elif body is not None and body["id"] in found.directory.renamed:
            # Its appId decides, and that is in the manifest: here stands what the tenant calls it.
            yield "servicePrincipal", other.name, Pin(body["id"], str(body["displayName"]))


def _pin(manifest: Manifest, named: Named, who: Principal | None) -> Pin:
    """Return the pin of a name: what the tenant says of an object that is gone stays as it was."""
    if who is None:
        return Pin(named.id or "", named.was, named.organization)
    name = who.called(named)
    was = name if named.id and differs(named.name, name) else ""
    organization = who.organization if who.organization not in {"", manifest.tenant_id} else ""
    return Pin(who.id, was, organization)


def _applications(
    manifest: Manifest,
    found: Found,
    old: Lock,
    watched: Mapping[str, tuple[Watched, ...]],
    accepted: Collection[str],
) -> Iterator[tuple[str, PinnedApplication]]:
    pinned: set[str] = set()
    for key in (*manifest.applications, *manifest.removed):
        live = found.directory.live.get(key)
        before = _before(old, key, live.subject if live else None)
        after = (
            before
            if live is None
            else _one(manifest, live.subject, before, watched.get(key, ()), found, accepted=key in accepted)
        )
        if after.app_id and (live is not None or after.app_id in found.seen):
            pinned.add(after.app_id)
            yield key, after
    declared = {*manifest.applications, *manifest.removed}
    for key, entry in old.applications.items():
        # Left the manifest, and the tenant still has it with our marks: whoever removes it later wants to
        # know whose it is.
        if key not in declared and entry.app_id in found.seen and entry.app_id not in pinned:
            yield key, entry


def _before(old: Lock, key: str, subject: Subject | None) -> PinnedApplication:
    """Return what was pinned of an object: pins follow it, whatever its key was."""
    app_id = subject.application["appId"] if subject is not None and subject.application is not None else None
    entries = [entry for entry in old.applications.values() if app_id and entry.app_id == app_id]
    if entries:
        return entries[0]
    entry = old.applications.get(key, NOTHING)
    # Another object than the pinned one: what was accepted of that lapses with it.
    return entry if app_id is None else NOTHING


def _former_key(manifest: Manifest, key: str, app: Json, before: PinnedApplication, *, moved: bool) -> str:
    """Return the key that an application was created for, if a rename or a reviewed pin made it another's."""
    created_as, declared = created_for(manifest, app), manifest.applications.get(key)
    if not created_as:
        return before.was
    known = {before.was, declared.previously if declared else None}
    return created_as if created_as != key and (moved or created_as in known) else ""


def _note(app: Json, before: str) -> str:
    """Return the comment of a pin: who created the application and when, and whether somebody accepted it."""
    if not app.get("createdDateTime"):
        return before
    _, accepted, replaced = before.partition("accepted")
    return created(app, {}) + (f"; {accepted}{replaced}" if accepted else "")


def _one(
    manifest: Manifest,
    subject: Subject,
    before: PinnedApplication,
    watched: tuple[Watched, ...],
    found: Found,
    *,
    accepted: bool,
) -> PinnedApplication:
    app = subject.application
    if app is None:
        return before
    renamed = found.directory.renamed.get(app["id"])
    was = _former_key(manifest, subject.key, app, before, moved=renamed is not None and not renamed.pinned)
    noted = replace(before, note=_note(app, before.note), was=was)
    if accepted:
        owners = {each.key for each in watched if each.path == "owners"}
        keys = {each.key for each in watched} - owners
        return replace(
            noted,
            app_id=app["appId"],
            owners=tuple(sorted({*before.owners, *owners})),
            key_ids=tuple(sorted({*before.key_ids, *keys})),
        )
    if before.app_id == app["appId"]:
        return noted
    doubted = (
        subject.key not in found.directory.vouched
        or subject.deleted
        or any(not each.going for each in watched)
    )
    return NOTHING if doubted else replace(noted, app_id=app["appId"])
