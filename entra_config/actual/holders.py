"""Graph and a manifest in; who holds which role of its applications and through what, and who owns which
of them, out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from entra_config.actual import potential
from entra_config.actual.access import EVERYBODY, SIGN_IN, Access, Entrance, Holding, Offer, Ownership
from entra_config.actual.fetch import Questions, Responses, fetch
from entra_config.actual.question import ByIds, GroupMembers
from entra_config.actual.read import Reading
from entra_config.errors import Position
from entra_config.graph.client import Graph
from entra_config.graph.request import Request
from entra_config.kinds import external_holders, given
from entra_config.kinds.consents import held
from entra_config.kinds.details import ENTERPRISE_OWNERS, HOLDERS, OWNERS, RoleHolding
from entra_config.kinds.directory import Directory, Live, Subject
from entra_config.kinds.entitlement_stages import DEFAULT_ACCESS
from entra_config.kinds.facts import AssignmentFacts, OwnerFacts
from entra_config.kinds.role_names import label_of, live_roles, role_ids
from entra_config.kinds.table import KINDS
from entra_config.manifest import ending
from entra_config.manifest.model import Manifest
from entra_config.phrase import SHOWN
from entra_config.plan.ended import merged
from entra_config.resource import WHOLE, Ends, Resource

_SELECT = "$select=id,displayName,userPrincipalName,accountEnabled"


@dataclass(frozen=True, slots=True)
class _Role:
    value: str
    label: str
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class _People:
    """Who is behind ids: names, members of groups that may be read, and those whose accounts are disabled.

    `declared` is where the manifest says which application of others holds which role: by key, label and id;
    `days` until when who holds what.
    """

    names: Mapping[str, str]
    members: Mapping[str, list[Mapping[str, Any]]]
    disabled: frozenset[str]
    declared: Mapping[tuple[str, str, str], Position | None] = field(default_factory=dict)
    days: _Days = field(default_factory=dict)


async def access(graph: Graph, manifest: Manifest, *, could: bool = False) -> Access:
    """Return all holders of the manifest's applications, groups by their direct members as Entra does it;
    their owners; and, if wanted, who could gain access.
    """
    # Nothing is changed by it, so what lists show is enough.
    found = await Reading(graph, manifest, KINDS, by_lists=True).run()
    directory = found.directory
    there = {key for key, live in directory.live.items() if not live.subject.deleted}
    wanted = there & {*manifest.applications, *manifest.listed}
    keys = [key for key in directory.live if key in wanted]
    roles = {key: _roles(manifest, directory, key) for key in keys}
    rows = [(key, row) for key in keys for row in directory.live[key].rows(HOLDERS)]
    for key, row in rows:
        # Whoever is assigned to a role that is gone is still assigned to it, and tokens say nothing of it.
        roles[key].setdefault(
            row.role, _Role(row.role, label_of(manifest, directory, key, row.role), deleted=True)
        )
    declared = [key for key in keys if key in manifest.applications]
    held = (each for key in declared for each in external_holders.held(directory, key, directory.live[key]))
    external = [each for each in held if each.type == "delegated"]
    granted = tuple(given.holders(manifest, directory))
    others = {each.client for each in external} | {each.who.id for each in granted}
    holds = _held(manifest, directory, rows, roles)
    owned = list(_owners(directory, holds))
    people = await _people(graph, [row for _, row in rows], others | {each.id for each in owned})
    days, disabled = _last_days(manifest, directory), people.disabled | _switched_off(directory)
    people = replace(people, declared=_declared(manifest, directory), disabled=disabled, days=days)
    holdings = [
        *(each for key, row in rows for each in _holdings(manifest, key, row, roles[key][row.role], people)),
        *(_consented(each, people) for each in external),
        *(each for holder in granted for each in _given(holder, people)),
    ]
    shown = {*manifest.applications, *keys}
    groups = _roles_of_groups(rows, roles)
    possible = None
    if could:
        applications = [
            _application(key, directory.live[key], roles[key], holds.get(key, ())) for key in keys
        ]
        possible = await potential.read(graph, applications, groups, disabled)
    return Access(
        tuple(sorted((place_holding(each, manifest, directory) for each in holdings), key=_order)),
        tuple(
            replace(each, until=days.get((each.application, "", each.id)), disabled=each.id in disabled)
            for each in owned
        ),
        tuple(_entrance(key, live.subject) for key, live in directory.live.items() if key in shown),
        tuple(_offers(directory, roles)),
        {key: frozenset(_called(key, directory)) for key in directory.live},
        {
            key: str(live.subject.service_principal["id"])
            for key, live in directory.live.items()
            if live.subject.service_principal
        },
        groups,
        found.tenant,
        found.by,
        possible,
    )


def _values(live: Live, roles: Mapping[str, _Role]) -> set[str]:
    """Return the values that an assignment can give; to be let in counts if that takes an assignment."""
    values = {role.value for role in roles.values() if not role.deleted}
    required = (live.subject.service_principal or {}).get("appRoleAssignmentRequired") is True
    return values if required else values - {SIGN_IN}


def _application(
    key: str, live: Live, roles: Mapping[str, _Role], holds: tuple[str, ...]
) -> potential.Application:
    application, principal = live.subject.application, live.subject.service_principal
    return potential.Application(
        key,
        str(application["id"]) if application is not None else "",
        str(principal["id"]) if principal is not None else "",
        tuple(live.rows(OWNERS)),
        tuple(live.rows(ENTERPRISE_OWNERS)),
        tuple(sorted(f"{key}/{value}" for value in _values(live, roles))),
        holds,
    )


async def _people(graph: Graph, rows: Sequence[RoleHolding], clients: set[str]) -> _People:
    """Return who is behind the rows, in one level of requests."""
    of = {
        type_: sorted({row.principal for row in rows if row.principal_type == type_})
        for type_ in ("Group", "User", "ServicePrincipal")
    }
    questions: Questions = {
        GroupMembers(group): Request("GET", f"/groups/{group}/members?{_SELECT}&$top=999")
        for group in of["Group"]
    }
    groups = frozenset(questions)
    named = sorted({*of["User"], *of["ServicePrincipal"], *clients})
    for start in range(0, len(named), 1000):  # 1,000 ids at most in one request
        body = {"ids": named[start : start + 1000], "types": ["user", "servicePrincipal"]}
        questions[ByIds(str(start))] = Request("POST", f"/directoryObjects/getByIds?{_SELECT}", body)
    responses = await fetch(graph, questions, optional=groups) if questions else Responses()
    seen = [*responses.every(ByIds), *responses.every(GroupMembers)]
    return _People(
        {item["id"]: _name(item) for item in responses.every(ByIds)},
        {group: responses[GroupMembers(group)] for group in of["Group"] if GroupMembers(group) in responses},
        # Who may not read it is not told: nothing is marked then.
        frozenset(item["id"] for item in seen if item.get("accountEnabled") is False),
    )


# What is held (an application's key, a role's id, nothing where it is owned) and the id of who holds it.
_Days = Mapping[tuple[str, str, str], date]


def _last_days(manifest: Manifest, directory: Directory) -> _Days:
    """Return the last day of whatever is held for a time; who stands there twice holds it until the later,
    and for good where one of the two says no day.
    """
    if next(ending.endings(manifest), None) is None:
        return {}
    principals = {key: id_ for id_, key in directory.own_principals.items()}
    found: dict[tuple[str, str, str], Ends] = {}
    for kind in KINDS:
        for resource in kind.desired(manifest, directory):
            place = _place(resource, principals)
            if place is not None:
                ends = found.get(place)
                found[place] = resource.ends if ends is None else merged(ends, resource.ends)
    return {place: ends[WHOLE] for place, ends in found.items() if WHOLE in ends}


def _place(resource: Resource, principals: Mapping[str, str]) -> tuple[str, str, str] | None:
    facts = resource.facts
    if isinstance(facts, AssignmentFacts):
        return facts.resource, facts.app_role_id, facts.principal_id or principals.get(facts.client or "", "")
    if isinstance(facts, OwnerFacts) and resource.parent is not None:
        return resource.parent.key, "", facts.principal_id
    return None


def _roles_of_groups(
    rows: Sequence[tuple[str, RoleHolding]], roles: Mapping[str, Mapping[str, _Role]]
) -> dict[str, frozenset[str]]:
    """Return the roles that each group holds, as `api/Reader`."""
    found: dict[str, frozenset[str]] = {}
    for key, row in rows:
        if row.principal_type == "Group":
            role = frozenset({f"{key}/{roles[key][row.role].value}"})
            found[row.principal] = found.get(row.principal, frozenset()) | role
    return found


def _switched_off(directory: Directory) -> frozenset[str]:
    """Return the service principals of ours whose registration is disabled: they get no token either."""
    subjects = (live.subject for live in directory.live.values())
    return frozenset(
        str(each.service_principal["id"])
        for each in subjects
        if each.service_principal is not None and (each.application or {}).get("isDisabled") is True
    )


def _roles(manifest: Manifest, directory: Directory, key: str) -> dict[str, _Role]:
    """Return what each live role says in tokens."""
    labels = (
        {id_: label for label, id_ in role_ids(manifest, directory, key).items()}
        if key in manifest.applications
        else {}
    )
    found = {
        id_: _Role(role.get("value") or SIGN_IN, labels.get(id_) or str(role.get("displayName") or ""))
        for id_, role in live_roles(directory, key).items()
    }
    return found | {DEFAULT_ACCESS: _Role(SIGN_IN, SIGN_IN)}


def _entrance(key: str, subject: Subject) -> Entrance:
    if subject.deleted or subject.parked or subject.service_principal is None:
        # A resource that is not in the tenant is refused, whatever its registration says (AADSTS500011).
        return Entrance(key, enabled=False, missing="application" if subject.deleted else "servicePrincipal")
    principal = subject.service_principal
    enabled = (
        principal.get("accountEnabled") is not False
        and (subject.application or {}).get("isDisabled") is not True
    )
    return Entrance(key, enabled, bool(principal.get("appRoleAssignmentRequired")))


def _offers(directory: Directory, roles: Mapping[str, Mapping[str, _Role]]) -> Iterator[Offer]:
    for key, offered in roles.items():
        live = live_roles(directory, key)
        for id_, role in offered.items():
            names = (role.value, role.label, str(live.get(id_, {}).get("displayName") or ""), id_)
            yield Offer(key, tuple(dict.fromkeys(name for name in names if name)))


def _called(key: str, directory: Directory) -> Iterator[str]:
    yield key
    for body in (directory.live[key].subject.application, directory.live[key].subject.service_principal):
        if body is not None:
            yield from (str(body[name]) for name in ("id", "appId", "displayName") if body.get(name))


def _held(
    manifest: Manifest,
    directory: Directory,
    rows: Sequence[tuple[str, RoleHolding]],
    roles: Mapping[str, Mapping[str, _Role]],
) -> dict[str, tuple[str, ...]]:
    """Return what each application of the manifest holds, as `api/read`."""
    holds: dict[str, set[str]] = {key: set() for key in manifest.applications if key in directory.live}
    for key, row in rows:
        client = directory.own_principals.get(row.principal)
        if client in holds and not roles[key][row.role].deleted:
            holds[client].add(f"{key}/{roles[key][row.role].value}")
    for key, names in holds.items():
        names |= {f"{each.api}/{each.permission}" for each in held(manifest, directory, directory.live[key])}
    return {key: tuple(sorted(names)) for key, names in holds.items()}


def _owners(directory: Directory, holds: Mapping[str, tuple[str, ...]]) -> Iterator[Ownership]:
    for key, names in holds.items():
        live = directory.live[key]
        owners = {owner.id: owner for detail in (OWNERS, ENTERPRISE_OWNERS) for owner in live.rows(detail)}
        for id_, owner in sorted(owners.items(), key=lambda item: item[1].called):
            type_ = "application" if owner.type == "servicePrincipal" else "user"
            yield Ownership(key, type_, owner.called, id_, names)


def _declared(manifest: Manifest, directory: Directory) -> Mapping[tuple[str, str, str], Position | None]:
    """Return where the manifest says which application of others holds which role."""
    found: dict[tuple[str, str, str], Position | None] = {}
    for (key, label), each in manifest.assignments.items():
        for named in each.applications:
            who = directory.principal("servicePrincipal", named)
            if who is not None:
                found[key, label, who.id] = named.position or each.position
    return found


def _holdings(
    manifest: Manifest, key: str, row: RoleHolding, role: _Role, people: _People
) -> Iterator[Holding]:
    since, principal, shown = row.created, row.principal, row.principal_name
    held = Holding(
        key,
        role.value,
        "user",
        shown,
        principal,
        "direct",
        since,
        None,
        role.label,
        role_deleted=role.deleted,
    )
    held = replace(held, until=people.days.get((key, row.role, principal)))
    match row.principal_type:
        case "Group":
            position = _position(manifest, key, role.label, "groups", {shown, principal})
            through = replace(held, position=position, group=principal)
            if principal not in people.members:
                yield replace(through, type="group", through="members unknown: nobody may read them")
            members = people.members.get(principal, ())
            if principal in people.members and not any(map(_is_user, members)):
                yield replace(through, type="group", through="no person is a direct member", empty=True)
            for member in members:
                if _is_user(member):
                    off = member["id"] in people.disabled
                    yield replace(
                        through, name=_name(member), id=member["id"], through=f"group {shown}", disabled=off
                    )
        case "User":
            name = people.names.get(principal, shown)
            position = _position(manifest, key, role.label, "users", {name, principal})
            yield replace(held, name=name, position=position, disabled=principal in people.disabled)
        case _:
            position = people.declared.get((key, role.label, principal))
            off = principal in people.disabled
            yield replace(held, type="application", through="consent", position=position, disabled=off)


_Declared = tuple[Position | None, date | None]


def place_holding(each: Holding, manifest: Manifest, directory: Directory) -> Holding:
    """Return an application's holding with where it is declared: as its client's request, or as what it was
    acknowledged to hold; a person's as it is.
    """
    if each.type != "application":
        return each
    client = directory.own_principals.get(each.id)
    if client is None:
        named = directory.external_names.get(each.id) or f'"{each.name}" ({each.id[:SHOWN]}…)'
        each = replace(each, called=named)
    if each.position is None and _spoken_of(each.application, manifest):
        said = _requested(each, manifest, client) if client else _acknowledged(each, manifest, directory)
        position, until = next(said, (None, each.until))
        each = replace(each, position=position, until=until, undeclared=position is None)
    return each


def _spoken_of(key: str, manifest: Manifest) -> bool:
    return key in manifest.applications or key in manifest.listed


def _requested(each: Holding, manifest: Manifest, client: str) -> Iterator[_Declared]:
    application = manifest.applications.get(client)
    permissions = application.api_permissions.values() if application is not None else ()
    for permission in permissions:
        if permission.resource == each.application and (
            each.role in permission.application or each.label in permission.application
        ):
            yield permission.position, each.until


def _acknowledged(each: Holding, manifest: Manifest, directory: Directory) -> Iterator[_Declared]:
    app_id = directory.app_ids.get(each.id)
    for entry in manifest.acknowledged.get(each.application, ()):
        held = entry.delegated if each.through == EVERYBODY else entry.application
        if entry.app_id == app_id and each.role in held:
            yield entry.position, entry.until


def _consented(consent: external_holders.ExternalHolding, people: _People) -> Holding:
    """Return what a client of others holds in everybody's name."""
    return Holding(
        consent.api,
        consent.permission,
        "application",
        consent.name,
        consent.client,
        EVERYBODY,
        disabled=consent.client in people.disabled,
    )


def _order(each: Holding) -> tuple[str, ...]:
    return (each.application, each.role, each.type, each.name, each.id, each.through)


def _given(holder: given.Grantee, people: _People) -> Iterator[Holding]:
    """Yield what a principal of `grants` holds at its API, listed there or not."""
    for row in holder.rows:
        name = holder.role(row.role)
        position = holder.given.position if name in holder.given.application else None
        through = "consent"
        yield Holding(
            holder.api.name,
            name,
            "application",
            holder.who.name,
            holder.who.id,
            through,
            row.created,
            position,
            until=people.days.get((holder.api.name, row.role, holder.who.id)),
            disabled=holder.who.id in people.disabled,
        )


def _position(manifest: Manifest, key: str, role: str, type_: str, known: set[str]) -> Position | None:
    assignees = manifest.assignments.get((key, role))
    if assignees is None:
        return None
    folded = {each.casefold() for each in known}
    named = assignees.users if type_ == "users" else assignees.groups
    return next(
        (each.position or assignees.position for each in named if {each.name.casefold(), each.id} & folded),
        None,
    )


def _is_user(member: Mapping[str, Any]) -> bool:
    return member.get("@odata.type") == "#microsoft.graph.user"


def _name(item: Mapping[str, Any]) -> str:
    return str(item.get("userPrincipalName") or item.get("displayName") or item["id"])
