"""Which object of the tenant each key, name, role and scope of the deployed manifest is.

Plan's identification decides where it rests on more than tags. Elsewhere, in this order: the `uniqueName` of
the key on an application that a pinned deployer created; for roles and scopes the derived id; the id in the
report before this one; an audit record that has the old or the new value. What is identified becomes a pin of
the deployed manifest, where plan's identification reads it. What nothing identifies is a finding by itself:
nobody knows whether it was removed.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from entra_config.actual import identifying, questions, stakes, unique_names
from entra_config.actual.fetch import fetch
from entra_config.actual.found import Found
from entra_config.actual.question import UniqueNameHolder
from entra_config.claimants import described
from entra_config.drift.audit import Event, entries
from entra_config.drift.base import rebuilt
from entra_config.drift.gone import Purged, find_deleted_principal, identify_by_records
from entra_config.drift.model import Finding, KnownGroup, Objects
from entra_config.graph.odata import by_key
from entra_config.graph.request import Request
from entra_config.kinds import consents, entitlements
from entra_config.kinds.application_steps import REQUIRED
from entra_config.kinds.base import application_address, tags_of, unique_name
from entra_config.kinds.directory import Directory, Json
from entra_config.kinds.facts import AssignmentFacts
from entra_config.kinds.graph_values import at
from entra_config.manifest.model import Application, Manifest, Named
from entra_config.manifest.sections import microsoft
from entra_config.phrase import Person, Phrase, quote_name
from entra_config.plan.model import Create, Delete, Plan, Update, subject_of
from entra_config.resource import Address, Ref, Resource

if TYPE_CHECKING:
    from entra_config.graph.client import Graph

# By type of a name: the records of a rename and of a deletion, and the property that a rename changes.
_RECORDS = {
    "user": ("Update user", "Delete user", "UserPrincipalName"),
    "group": ("Update group", "Delete group", "DisplayName"),
    "servicePrincipal": ("Update service principal", "Remove service principal", "DisplayName"),
}
Events = Callable[[], Awaitable[Sequence[Event]]]
Holder = tuple[str, str]  # the id and the name of who holds a role


@dataclass(frozen=True, slots=True)
class Known:
    """A manifest with what was identified as pins, and what cannot be identified.

    `app_ids`, by key, and `ids`, by name, are the pins. `keys`, and the ids of `roles`, `holders` and
    `candidates`, are part of a finding that something cannot be identified: nothing else can be said of them.
    `purged` are the unpinned applications that are deleted for good, by key.
    """

    manifest: Manifest
    findings: tuple[Finding, ...] = ()
    app_ids: Mapping[str, str] = field(default_factory=dict)
    ids: Mapping[str, str] = field(default_factory=dict)
    keys: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    holders: frozenset[str] = frozenset()
    candidates: frozenset[str] = frozenset()
    purged: Mapping[str, Purged] = field(default_factory=dict)

    def pin(self, manifest: Manifest) -> Manifest:
        """Return a manifest with the pins for what it names by key or name alone."""
        return _pinned(manifest, self.app_ids, self.ids)

    def reject(self, app_ids: frozenset[str]) -> Known:
        """Return this without these applications as candidates for anything."""
        return replace(self, manifest=replace(self.manifest, rejected=self.manifest.rejected | app_ids))

    def covers(self, resource: Resource) -> bool:
        """Return True if a resource belongs to something that cannot be identified."""
        facts = resource.facts
        ids = {facts.principal, *facts.objects, getattr(facts, "app_role_id", "")}
        return bool(self.keys & resource.keys or ids & (self.roles | self.holders | self.candidates))

    def without_covered(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """Yield the findings that name nothing that cannot be identified."""
        refs = {str(Ref(application_address(key), "appId")) for key in self.keys}
        for finding in findings:
            element = finding.element if isinstance(finding.element, tuple) else (finding.element,)
            named = {*map(str, element), *finding.ends.values()}
            if not named & (self.candidates | self.holders | refs | self._offered):
                yield finding

    @property
    def _offered(self) -> set[str]:
        """Return the ids that roles and scopes of the unidentified applications can have."""
        found: set[str] = set()
        for key in self.keys:
            application = self.manifest.applications[key]
            labels = {entitlements.ROLE: application.app_roles, entitlements.SCOPE: application.scopes}
            for type_, entries_ in labels.items():
                for label in entries_:
                    found.update(_series(self.manifest, key, type_, label))
        return found


@dataclass(frozen=True, slots=True)
class DeletedApi:
    """A deleted service principal of others, by its object id and the name that it had; one that the tenant
    does not have at all by the manifest's name, with its id if a record shows that.
    """

    id: str
    name: str
    purged: bool = False


async def identify_applications(
    deployed: Manifest, found: Found, plan: Plan, earlier: Objects, graph: Graph, *, events: Events
) -> Known:
    """Identify the applications that the plan is about and that tags alone tell."""
    pins, open_keys = await _applications(deployed, found, plan, earlier, graph)
    findings: list[Finding] = []
    lost: set[str] = set()
    former: set[str] = set()
    purged: dict[str, Purged] = {}
    if open_keys:
        recorded = _tagged_by_records(deployed, open_keys, await events())
        app_ids = await _app_ids(recorded.values(), graph)
        for key, candidates in open_keys.items():
            named = _named(deployed, key, candidates)
            id_ = recorded.get(key)
            if id_ in app_ids and named <= {id_}:
                pins[key] = app_ids[id_]
            elif id_ is not None and not candidates:
                purged[key] = identify_by_records(id_, await events())
            elif not (named and len(candidates) == 1 and key in found.directory.live):
                findings.append(_unidentified(deployed, key, candidates))
                lost.add(key)
                # What names it may name one that a record shows and the tenant no longer has.
                former |= {identify_by_records(id_, await events()).app_id} if id_ is not None else set()
    return Known(
        _pinned(deployed, pins, {}),
        tuple(findings),
        pins,
        keys=frozenset(lost),
        candidates=await _candidate_ids(lost, open_keys, graph) | former - {""},
        purged=purged,
    )


async def identify_names(known: Known, found: Found, plan: Plan, earlier: Objects, events: Events) -> Known:
    """Identify the users, groups and applications of others that a name alone tells.

    The plan is that of what was identified before: who may be it holds a role of an application of ours.
    """
    ids, open_names = _names(known.manifest, found, plan, earlier)
    findings = list(known.findings)
    holders: set[str] = set()
    records = await events() if open_names else ()
    for (type_, name), (named, there, possible) in open_names.items():
        of = _ids_by_records(type_, name, records)
        if len(of) == 1:
            ids[name] = of.pop()
        elif not there:
            findings.append(_unidentified_name(type_, named, possible))
            holders |= {id_ for id_, _ in possible}
    return replace(
        known,
        manifest=_pinned(known.manifest, {}, ids),
        findings=tuple(findings),
        ids=ids,
        holders=frozenset(holders),
    )


async def _candidate_ids(
    keys: Collection[str], open_keys: Mapping[str, Sequence[Json]], graph: Graph
) -> frozenset[str]:
    """Return all ids of the candidates for some keys: links name their service principals."""
    bodies = [each for key in keys for each in open_keys[key]]
    requests = [
        Request("GET", f"{by_key('servicePrincipals', 'appId', each['appId'])}?$select=id") for each in bodies
    ]
    responses = await graph.send(requests) if requests else []
    principals = {str(each.body["id"]) for each in responses if each.ok and isinstance(each.body, Mapping)}
    return frozenset(principals | {str(each[name]) for each in bodies for name in ("id", "appId")})


async def _applications(
    deployed: Manifest, found: Found, plan: Plan, earlier: Objects, graph: Graph
) -> tuple[dict[str, str], dict[str, tuple[Json, ...]]]:
    """Return the appIds of what is identified, and the keys that are not yet, each with its candidates."""
    directory = found.directory
    touched = {key for change in plan.changes for key in subject_of(change).keys}
    touched |= deployed.applications.keys() - directory.live.keys()
    unsure = [
        key
        for key, application in deployed.applications.items()
        if key in touched and not application.app_id and key not in directory.vouched
    ]
    names = {key: unique_name(deployed, key) for key in unsure}
    select = questions.application_select(deployed, keys=False)
    holders = await fetch(graph, identifying.holders(names.values(), select)) if names else None
    deleted = await _deleted(graph) if names else {}
    pins: dict[str, str] = {}
    left: dict[str, tuple[Json, ...]] = {}
    for key, name in names.items():
        live = directory.live.get(key)
        body = live.subject.application if live is not None else None
        holder = (holders.first(UniqueNameHolder(name)) if holders is not None else None) or deleted.get(name)
        if holder is not None and body is not None and holder["id"] == body["id"]:
            continue  # tags and an immutable name agree
        if holder is not None and (
            holder.get("createdByAppId") in {each.app_id for each in found.makers}
            or set(tags_of(deployed, key)) <= set(holder["tags"])
        ):
            pins[key] = holder["appId"]
        elif key in earlier.applications:
            pins[key] = earlier.applications[key]
        else:
            left[key] = tuple(each for each in (body, holder) if each is not None)
    return pins, left


async def _deleted(graph: Graph) -> dict[str, Json]:
    """Return the deleted applications by uniqueName."""
    select = "id,appId,displayName,uniqueName,tags,createdByAppId"
    path = f"/directory/deletedItems/microsoft.graph.application?$select={select}&$top=999"
    (found,) = await graph.lists([Request("GET", path)])
    return {str(each["uniqueName"]): each for each in found if each.get("uniqueName")}


def _tagged_by_records(deployed: Manifest, keys: Iterable[str], records: Sequence[Event]) -> dict[str, str]:
    """Return the id of the only object that had the tags of each key before a change, or since it was made.

    Who merely got them may be anybody: everyone who may write an application can give it any tags.
    """
    found: dict[str, str] = {}
    for key in keys:
        tags = set(tags_of(deployed, key))
        had = ((event, event.new if event.activity == "Add application" else event.old) for event in records)
        ids = {event.targets[0] for event, side in had if tags <= set(side.get("ApplicationTag") or ())}
        if len(ids) == 1:
            found[key] = ids.pop()
    return found


async def _app_ids(ids: Iterable[str], graph: Graph) -> dict[str, str]:
    """Return the appIds of applications, live or deleted, by their object ids; none of those that are
    purged.
    """
    paths = ("/applications/{}?$select=id,appId", "/directory/deletedItems/{}")
    requests = [Request("GET", path.format(id_)) for id_ in ids for path in paths]
    bodies = [each.body for each in (await graph.send(requests) if requests else []) if each.ok]
    return {str(body["id"]): str(body["appId"]) for body in bodies if isinstance(body, Mapping)}


def _named(deployed: Manifest, key: str, candidates: Iterable[Json]) -> set[str]:
    """Return the ids of the candidates that have a `uniqueName` of the key's series."""
    series = set(unique_names.series(deployed, key))
    return {str(each["id"]) for each in candidates if each.get("uniqueName") in series}


def _unidentified(deployed: Manifest, key: str, candidates: Sequence[Json]) -> Finding:
    listed = ", ".join(described(each) for each in candidates) or "none"
    return Finding(
        application_address(key),
        "changed",
        "cannot-be-identified",
        f"cannot be identified: was {key}; candidates: {listed}",
        subjects=tuple(str(each["id"]) for each in candidates),
        position=deployed.applications[key].position,
        application=key,
        gives="setting",
        event="unidentified",
    )


def _names(
    deployed: Manifest, found: Found, plan: Plan, earlier: Objects
) -> tuple[dict[str, str], dict[tuple[str, str], tuple[Named, bool, tuple[Holder, ...]]]]:
    """Return the ids of the names that the report before this one had, and the names that are not identified
    yet, each with whether the tenant has the name, and with the objects that it may mean: undeclared holders
    of a role that the manifest gives to the name, and unknown APIs that a client of the name uses.
    """
    known = {
        "user": earlier.users,
        "group": {name: group.id for name, group in earlier.groups.items()},
        "servicePrincipal": earlier.service_principals,
    }
    # What a link would be made to anew may have only the name.
    given = {
        id_ for each in plan.changes if isinstance(each, Create) for id_ in subject_of(each).facts.objects
    }
    ids: dict[str, str] = {}
    left: dict[tuple[str, str], tuple[Named, bool, tuple[Holder, ...]]] = {}
    for type_, named, id_ in _unpinned(deployed, found.directory):
        name = named.name.casefold()
        if name in known[type_]:
            ids[name] = known[type_][name]
        elif id_ is None or id_ in given:
            possible = dict(_holders(deployed, found, plan, type_, named))
            if type_ == "servicePrincipal":
                possible |= _find_used_apis(deployed, found.directory, name)
            left[type_, name] = named, id_ is not None, tuple(possible.items())
    return ids, left


def _unpinned(deployed: Manifest, directory: Directory) -> Iterator[tuple[str, Named, str | None]]:
    """Yield each name without an id, with the type that it is of and the id that plan takes it for."""
    for types, named in questions.everybody(deployed):
        if named.id is None and not named.by_marks and len(types) == 1 and types[0] in _RECORDS:
            who = directory.principal(types[0], named)
            yield types[0], named, who.id if who is not None else None
    for key, enterprise in deployed.enterprise_applications.items():
        if enterprise.named is not None and enterprise.named.id is None and not enterprise.app_id:
            api = directory.apis.get(key)
            yield "servicePrincipal", enterprise.named, str(api.id) if api is not None else None


async def deleted_apis(
    manifest: Manifest, directory: Directory, graph: Graph, events: Events
) -> dict[str, DeletedApi]:
    """Return the APIs of others that the manifest names and the tenant has only as deleted service
    principals, or not at all, by the manifest's name.
    """
    missing = [each for each in manifest.enterprise_applications.values() if each.key not in directory.apis]
    found = {
        each.key: DeletedApi(each.named.id, each.named.name)
        for each in missing
        if each.named is not None and each.named.id
    }
    app_ids = {each.key: each.app_id for each in missing if each.app_id and each.key not in found}
    others = questions.others(manifest) - directory.apis.keys()
    app_ids |= {name: microsoft.APIS.get(name, name) for name in sorted(others)}
    if not app_ids:
        return found
    query = "$select=id,appId,displayName,deletedDateTime&$top=999"
    path = f"/directory/deletedItems/microsoft.graph.servicePrincipal?{query}"
    (rows,) = await graph.lists([Request("GET", path)])
    # The latest deletion counts where an API was added and deleted several times.
    rows = sorted(rows, key=lambda row: str(row["deletedDateTime"]))
    deleted = {str(row["appId"]): DeletedApi(row["id"], row["displayName"]) for row in rows}
    purged = {key: app_id for key, app_id in app_ids.items() if app_id not in deleted}
    records = await events() if purged else ()
    found |= {
        key: DeletedApi(find_deleted_principal(app_id, records), key, purged=True)
        for key, app_id in purged.items()
    }
    return found | {key: deleted[app_id] for key, app_id in app_ids.items() if app_id in deleted}


def _holders(deployed: Manifest, found: Found, plan: Plan, type_: str, named: Named) -> Iterator[Holder]:
    """Yield who has, undeclared, a role that a name of its type has; our applications are known by key."""
    roles = {
        (key, found.directory.apis[key].roles.get(role))
        for (key, role), assignees in deployed.assignments.items()
        if key in found.directory.apis and any(named in listed for _, listed in assignees.by_type)
    }
    for resource in (each.before for each in plan.changes if isinstance(each, Delete)):
        facts = resource.facts
        if (
            isinstance(facts, AssignmentFacts)
            and facts.principal_type == type_
            and facts.principal not in found.directory.own_principals
            and (facts.resource, facts.app_role_id) in roles
        ):
            yield facts.principal, str(facts.sides[1])


def _find_used_apis(deployed: Manifest, directory: Directory, name: str) -> dict[str, str]:
    """Return the APIs, by id, that the manifest does not name and of which a client of ours holds a scope or
    role that the manifest requests for it at an API of this name.
    """
    keys = {
        key
        for key, enterprise in deployed.enterprise_applications.items()
        if enterprise.named is not None and enterprise.named.name.casefold() == name
    }
    unknown = directory.app_ids.keys() - directory.by_id.keys() - directory.own_principals.keys()
    found: dict[str, str] = {}
    for client in deployed.applications.values():
        requested = [each for each in client.api_permissions.values() if each.resource in keys]
        values = {value for each in requested for value in (*each.delegated, *each.application)}
        live = directory.live.get(client.key)
        for row in consents.held(deployed, directory, live) if values and live is not None else ():
            id_ = row.entry.resource
            if id_ in unknown and row.permission in values:
                found[id_] = described({"displayName": row.api, "appId": directory.app_ids[id_]})
    return found


def _ids_by_records(type_: str, name: str, records: Sequence[Event]) -> set[str]:
    """Return the objects that had a name, by records of renames and deletions."""
    update, delete, path = _RECORDS[type_]
    found = set()
    for event in records:
        was = event.old.get(path) if event.activity == update else None
        deleted = event.activity == delete and event.name.casefold().endswith(name)
        if event.targets and (deleted or name in {str(each).casefold() for each in was or ()}):
            found.add(event.targets[0])
    return found


def _unidentified_name(type_: str, named: Named, candidates: Sequence[Holder]) -> Finding:
    people = type_ == "user"
    who = [Person(name, id_) if people else name for id_, name in candidates]
    was: str | Person = Person(named.name) if people else named.name
    noun = "application" if type_ == "servicePrincipal" else type_
    listed = Phrase.joined(", ", who) if who else "none"
    return Finding(
        Address(type_, named.name),
        "changed",
        "cannot-be-identified",
        Phrase.of(f"cannot be identified: was {noun} ", was, "; candidates: ", listed),
        subjects=tuple(id_ for id_, _ in candidates),
        position=named.position,
        gives="setting",
        event="unidentified",
    )


def _pinned(manifest: Manifest, pins: Mapping[str, str], ids: Mapping[str, str]) -> Manifest:
    """Return a manifest with these appIds, by key, and ids, by name."""
    if not pins and not ids:
        return manifest

    def pin(value: Any) -> Any:
        if isinstance(value, Application) and value.key in pins and not value.app_id:
            return replace(value, app_id=pins[value.key], locked=True)
        if isinstance(value, Named) and value.id is None:
            return replace(value, id=ids.get(value.name.casefold()))
        return value

    found: Manifest = rebuilt(manifest, pin)
    return found


async def identify_entries(
    known: Known,
    found: Found,
    plan: Plan,
    earlier: Objects,
    events: Events,
    *,
    used: Container[str],
    since: datetime | None,
) -> Known:
    """Identify the roles and scopes of each live application that the plan is about, by their ids, whatever
    their values are now. `used` are ids that were right at the last deployment (`find_used_ids`), and `since`
    is when it began.
    """
    touched = {key for change in plan.changes for key in subject_of(change).keys}
    touched |= {each.address.key for each in plan.refusals if each.address is not None}
    # Elsewhere a label is the entry that plan takes it for: nothing changed.
    touched |= known.app_ids.keys()
    ids: dict[tuple[str, str, str], str] = {}
    findings = list(known.findings)
    roles = set(known.roles)
    for key, application in known.manifest.applications.items():
        live = found.directory.live.get(key)
        body = live.subject.application if live is not None else None
        if body is None or key not in touched:
            continue
        made = unique_names.is_of(known.manifest, body.get("uniqueName"))
        for entry in _entries(known.manifest, application, body):
            id_ = entry.derived or earlier.entries.get(entry.place)
            if id_ is None and not entry.there and not made:
                id_ = _entry_by_records(entry, str(body["id"]), await events())
            if id_ in entry.live:
                ids[key, entry.type, entry.label] = str(id_)
            elif made and entry.there and entry.id not in entry.series:
                # Another role or scope has the value. It is this one only if it was this one then.
                first = next((id_ for id_ in entry.series if id_ in used), "")
                first = first or _first_id_by_records(entry, str(body["id"]), await events(), since)
                if first in entry.series:
                    ids[key, entry.type, entry.label] = first
            elif not entry.there and not made and id_ is None and entry.others:
                findings.append(_unidentified_entry(application, entry))
                roles |= {entry.id, *entry.others}
    if not ids and len(findings) == len(known.findings):
        return known
    applications = {
        key: replace(
            application,
            app_roles=_with_ids(application.app_roles, key, entitlements.ROLE, ids),
            scopes=_with_ids(application.scopes, key, entitlements.SCOPE, ids),
        )
        for key, application in known.manifest.applications.items()
    }
    manifest = replace(known.manifest, applications=applications)
    return replace(known, manifest=manifest, findings=tuple(findings), roles=frozenset(roles))


@dataclass(frozen=True, slots=True)
class _Entry:
    """A role or scope of the manifest: the id that plan takes it for, and what the application has.

    `series` are the ids that this tool gives it; `others` are live ones that the manifest does not declare,
    by id.
    """

    key: str
    type: str
    label: str
    value: str
    id: str
    series: tuple[str, ...]
    live: Collection[str]
    others: Mapping[str, str]

    @property
    def derived(self) -> str | None:
        """Return the id that this tool gave it, if the application has that."""
        return next((id_ for id_ in self.series if id_ in self.live), None)

    @property
    def there(self) -> bool:
        """Return True if plan finds it."""
        return self.id in self.live

    @property
    def place(self) -> str:
        """Return what a report calls it."""
        return f"{self.key}/{self.type}/{self.label}"


def _entitlements(
    manifest: Manifest, application: Application, body: Json
) -> Iterator[tuple[str, str, Mapping[str, str]]]:
    """Yield the type of roles and of scopes, the path of their entries, and their ids by label."""
    known = entitlements.ids(manifest, application, body)
    yield entitlements.ROLE, entitlements.ROLES, known.roles
    yield entitlements.SCOPE, entitlements.SCOPES, known.scopes


def _entries(manifest: Manifest, application: Application, body: Json) -> Iterator[_Entry]:
    declared: Mapping[str, Mapping[str, Any]] = {
        entitlements.ROLE: application.app_roles,
        entitlements.SCOPE: application.scopes,
    }
    for type_, path, mapping in _entitlements(manifest, application, body):
        labels = declared[type_]
        live = {str(each["id"]): str(each.get("value") or each["id"]) for each in at(body, path) or ()}
        others = {id_: value for id_, value in live.items() if id_ not in mapping.values()}
        for label, entry in labels.items():
            if entry.id is None:
                series = _series(manifest, application.key, type_, label)
                yield _Entry(
                    application.key,
                    type_,
                    label,
                    entry.value or "",
                    mapping[label],
                    series,
                    live.keys(),
                    others,
                )


def _series(manifest: Manifest, key: str, type_: str, label: str) -> tuple[str, ...]:
    """Return the ids that this tool gives a role or scope, the last one first."""
    numbers = range(entitlements.SERIES, 0, -1)
    return tuple(entitlements.derived_id(manifest, key, type_, label, number) for number in numbers)


def _entry_by_records(entry: _Entry, object_id: str, records: Sequence[Event]) -> str | None:
    """Return the id that had the value of a role or scope, by a record that has it before or after."""
    found = {
        id_
        for event in records
        if object_id in event.targets[:1]
        for side in (event.old, event.new)
        for id_, each in entries("entitlements", side.get("Entitlement")).items()
        if each.get("ClaimValue") == entry.value
    }
    return found.pop() if len(found) == 1 else None


def find_used_ids(plan: Plan) -> Iterator[str]:
    """Yield the ids of roles and scopes that plan takes from a holder or a client. The last deployment would
    have taken them too, so they were right then, even if the application no longer has them.
    """
    for change in plan.changes:
        facts = subject_of(change).facts
        if isinstance(change, Delete) and isinstance(facts, AssignmentFacts):
            yield facts.app_role_id
        for field_ in change.fields if isinstance(change, Update) else ():
            removed = (item.key for item in field_.items if item.sign == "remove")
            yield from (str(key[1]) for key in removed if field_.path == REQUIRED and isinstance(key, tuple))


def _first_id_by_records(
    entry: _Entry, object_id: str, records: Sequence[Event], since: datetime | None
) -> str:
    """Return the id that had the value of a role or scope when it was deployed, by the first record since
    then that has the value; empty if there is none.
    """
    for event in reversed(records):
        if object_id in event.targets[:1] and (since is None or event.time >= since):
            for side in (event.old, event.new):
                for id_, each in entries("entitlements", side.get("Entitlement")).items():
                    if each.get("ClaimValue") == entry.value:
                        return str(id_)
    return ""


def _unidentified_entry(application: Application, entry: _Entry) -> Finding:
    listed = ", ".join(f"{quote_name(value)} ({id_})" for id_, value in sorted(entry.others.items()))
    return Finding(
        application_address(application.key),
        "changed",
        "cannot-be-identified",
        f"cannot be identified: was {entry.type} {entry.label} of {application.key}; candidates: {listed}",
        element=entry.place,
        position=application.position,
        application=application.key,
        gives="setting",
        event="unidentified",
    )


def _with_ids(
    labels: Mapping[str, Any], key: str, type_: str, ids: Mapping[tuple[str, str, str], str]
) -> Any:
    return {
        label: replace(entry, id=ids.get((key, type_, label), entry.id)) for label, entry in labels.items()
    }


async def objects(known: Known, directory: Directory, earlier: Objects, graph: Graph) -> Objects:
    """Return the objects that were identified; of what is gone the ids that the earlier report had."""
    manifest = known.manifest
    applications = dict(earlier.applications)
    ids = dict(earlier.entries)
    for key, live in directory.live.items():
        body = live.subject.application
        application = manifest.applications.get(key)
        if body is None or application is None or key in known.keys:
            continue
        applications[key] = str(body["appId"])
        for type_, path, mapping in _entitlements(manifest, application, body):
            there = {str(each["id"]) for each in at(body, path) or ()}
            ids |= {f"{key}/{type_}/{label}": id_ for label, id_ in mapping.items() if id_ in there}
    named: dict[str, dict[str, str]] = {"user": {}, "group": {}, "servicePrincipal": {}}
    for types, each in questions.everybody(manifest):
        who = next((found for type_ in types if (found := directory.principal(type_, each))), None)
        if who is not None and who.type in named:
            named[who.type][each.name.casefold()] = who.id
    for key, enterprise in manifest.enterprise_applications.items():
        if enterprise.named is not None and not enterprise.app_id and key in directory.apis:
            named["servicePrincipal"][enterprise.named.name.casefold()] = str(directory.apis[key].id)
    inside = await stakes.members(graph, sorted(set(named["group"].values())))
    groups = {
        name: KnownGroup(id_, inside[id_].count if id_ in inside else None)
        for name, id_ in named["group"].items()
    }
    return Objects(
        applications,
        ids,
        {**earlier.users, **named["user"]},
        {**earlier.groups, **groups},
        {**earlier.service_principals, **named["servicePrincipal"]},
    )
