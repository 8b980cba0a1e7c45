"""What was read and what would change in; what tokens say on either side of a plan out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any, Literal

from entra_config.kinds import external_holders
from entra_config.kinds.base import application_address, is_application, segment
from entra_config.kinds.consents import held
from entra_config.kinds.details import HOLDERS
from entra_config.kinds.directory import Directory, Live
from entra_config.kinds.entitlements import ROLES, SCOPES
from entra_config.kinds.facts import (
    ApplicationFacts,
    AssignmentFacts,
    AuthorizationFacts,
    ConsentFacts,
    EnterpriseFacts,
)
from entra_config.kinds.graph_values import at
from entra_config.kinds.role_names import role_ids
from entra_config.manifest.model import Manifest
from entra_config.plan.held import Assignment, Consent, Holder, Role, Side
from entra_config.plan.model import Change, Delete, Release, Restore, subject_of
from entra_config.resource import Address, Resource, State

REQUIRED = "appRoleAssignmentRequired"
AUTHORIZED = "api.preAuthorizedApplications"
TYPES: Mapping[str, Literal["user", "group", "application"]] = {
    "User": "user",
    "Group": "group",
    "ServicePrincipal": "application",
    "user": "user",
    "group": "group",
    "servicePrincipal": "application",
}


@dataclass(slots=True)
class _Draft:
    """A side in the making: authorizations by the id of the scope, so that they follow its value."""

    roles: dict[str, dict[str, Role]] = field(default_factory=dict)
    scopes: dict[str, dict[str, str]] = field(default_factory=dict)
    assignments: dict[tuple[str, str, str], Assignment] = field(default_factory=dict)
    grants: dict[tuple[str, str], tuple[Consent, ...]] = field(default_factory=dict)
    authorized: dict[tuple[str, str], tuple[Holder, tuple[str, ...], Address]] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    own: dict[str, str] = field(default_factory=dict)  # keys of ours by appId
    restored: set[str] = field(default_factory=set)
    # Of ours, without a service principal: nobody gets a token for it or through it.
    absent: set[str] = field(default_factory=set)

    def side(self) -> Side:
        """Return the side; a client that has a scope twice has it once."""
        there = (place for place in self.authorized if self.absent.isdisjoint(place))
        by_authorization = (consent for place in there for consent in self._authorized(*place))
        granted = (consent for consents in self.grants.values() for consent in consents)
        return Side(
            {application: dict(roles) for application, roles in self.roles.items()},
            frozenset(self.assignments.values()),
            frozenset((*by_authorization, *granted)),
            frozenset(self.closed | self.absent),
            frozenset(self.restored),
            frozenset(self.absent),
            {key: application_address(key) for key in self.roles.keys() | self.restored},
        )

    def _authorized(self, api: str, key: str) -> Iterator[Consent]:
        """Yield what a client is authorized to that the API still has."""
        client, scopes, address = self.authorized[api, key]
        known = self.scopes.get(api, {})
        yield from (Consent(api, known[scope], key, client, address) for scope in scopes if scope in known)


def sides(
    manifest: Manifest, directory: Directory, actual: State, changes: Iterable[Change]
) -> tuple[Side, Side]:
    """Return what tokens say before the changes and after them."""
    draft = _read(manifest, directory, actual)
    before = draft.side()
    ordered = sorted(changes, key=lambda change: (not isinstance(change, Delete), subject_of(change).address))
    going = [change.before.address for change in ordered if isinstance(change, Delete)]
    _without(draft, directory, {address.key for address in going if is_application(address)})
    for change in ordered:
        _change(draft, manifest, directory, change)
    return before, draft.side()


def _read(manifest: Manifest, directory: Directory, actual: State) -> _Draft:
    subjects = [live.subject for live in directory.live.values()]
    draft = _Draft(
        own={
            subject.application["appId"]: subject.key
            for subject in subjects
            if subject.application is not None
        }
    )
    managed = {
        (each.facts.resource, each.facts.app_role_id, each.facts.principal): (each, each.facts)
        for each in actual
        if isinstance(each.facts, AssignmentFacts)
    }
    names = {who.id: who.name for who in directory.principals.values()} | dict(directory.own_principals)
    for key, live in directory.live.items():
        if live.subject.deleted:
            continue
        labels = (
            {id_: label for label, id_ in role_ids(manifest, directory, key).items()}
            if key in manifest.applications
            else {}
        )
        body = live.subject.application or live.subject.service_principal or {}
        draft.roles[key] = _roles(body.get("appRoles") or (), labels)
        draft.scopes[key] = _scopes(at(live.subject.application, SCOPES) or ())
        if live.subject.service_principal is None or live.subject.parked:
            draft.absent.add(key)
        elif live.subject.service_principal.get(REQUIRED):
            draft.closed.add(key)
        for row in live.rows(HOLDERS):
            place = (key, row.role, row.principal)
            name = names.get(row.principal, row.principal_name)
            known, _ = managed.get(place, (None, None))
            holder = Holder(TYPES[row.principal_type], row.principal, name)
            draft.assignments[place] = Assignment(key, place[1], holder, known.address if known else None)
        _authorized(draft, directory, key, live)
        _granted(draft, manifest, directory, live)
        _granted_to_others(draft, directory, live)
    for place, (resource, facts) in managed.items():
        if place not in draft.assignments:
            draft.roles.setdefault(place[0], {}).setdefault(place[1], Role(facts.role))
            draft.assignments[place] = _assignment(directory, resource, facts)
    return draft


def _roles(entries: Iterable[Mapping[str, Any]], labels: Mapping[str, str]) -> dict[str, Role]:
    return {
        str(entry["id"]): Role(entry.get("value") or None, labels.get(entry["id"], "")) for entry in entries
    }


def _scopes(entries: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    return {str(entry["id"]): str(entry["value"]) for entry in entries}


def _client(directory: Directory, client: str) -> Holder:
    """Return a client of ours by key, another by its appId."""
    live = directory.live.get(client)
    principal = live.subject.service_principal if live else None
    return Holder(
        "application", str(principal["id"]) if principal else client, directory.names.get(client, client)
    )


def _authorized(
    draft: _Draft, directory: Directory, key: str, live: Live, *, restored: str | None = None
) -> None:
    """Add the clients that an API authorizes and that are there, unless they are changed.

    With `restored` that client alone.
    """
    for entry in at(live.subject.application, AUTHORIZED) or ():
        client = draft.own.get(entry["appId"], str(entry["appId"]))
        there = client not in directory.live or not directory.live[client].subject.deleted
        if client != restored if restored else not there:
            continue
        if (key, client) in draft.authorized:
            continue
        address = Address("authorizedClient", f"{client}/{key}")
        draft.authorized[key, client] = (
            _client(directory, client),
            tuple(entry["delegatedPermissionIds"]),
            address,
        )


def _granted(draft: _Draft, manifest: Manifest, directory: Directory, live: Live) -> None:
    key = live.subject.key
    for each in held(manifest, directory, live):
        if each.type == "delegated":
            address = Address("permissionGrant", f"{key}/{segment(each.api)}")
            consents = _consents(directory, each.api, key, (each.permission,), address)
            draft.grants[each.api, key] = (*draft.grants.get((each.api, key), ()), *consents)


def _granted_to_others(draft: _Draft, directory: Directory, live: Live) -> None:
    """Add what undeclared clients have at an API of ours by a consent for everybody: authorized or not,
    they keep it.
    """
    key = live.subject.key
    for each in external_holders.held(directory, key, live):
        if each.type == "delegated":
            client = directory.app_ids.get(each.client, each.client)
            consent = Consent(key, each.permission, client, _client(directory, client))
            draft.grants[key, client] = (*draft.grants.get((key, client), ()), consent)


def _consents(
    directory: Directory, api: str, client: str, scopes: Iterable[str], address: Address
) -> tuple[Consent, ...]:
    return tuple(
        Consent(api, scope, client, _client(directory, client), address) for scope in dict.fromkeys(scopes)
    )


def _assignment(directory: Directory, resource: Resource, facts: AssignmentFacts) -> Assignment:
    holder = (
        _client(directory, facts.client)
        if facts.client is not None
        else Holder(TYPES[facts.principal_type], facts.principal, resource.display_name)
    )
    return Assignment(facts.resource, facts.app_role_id, holder, resource.address)


def _change(draft: _Draft, manifest: Manifest, directory: Directory, change: Change) -> None:
    resource = subject_of(change)
    gone = isinstance(change, Delete)
    match resource.facts:
        case _ if isinstance(change, Release):
            pass
        case EnterpriseFacts() if isinstance(change, Restore):
            # The consents and assignments of a registration are those of its service principal.
            draft.restored.add(resource.address.key)
            _closed(draft, resource, gone=False)
        case ApplicationFacts() if gone:
            pass  # taken out before, all that go at once
        case ApplicationFacts():
            _application(draft, manifest, directory, resource)
            if isinstance(change, Restore):
                # Until its service principal is restored, too.
                draft.absent.add(resource.address.key)
                _restored(draft, directory, resource.address.key)
        case EnterpriseFacts():
            _closed(draft, resource, gone=gone)
        case AssignmentFacts() as facts:
            _assigned(draft, directory, resource, facts, gone=gone)
        case ConsentFacts() as facts:
            place = (facts.resource, facts.client)
            scopes = () if gone else resource.values["scope"]
            draft.grants[place] = _consents(directory, *place, scopes, resource.address)
        case AuthorizationFacts(client=client, api=api):
            scopes = () if gone else tuple(resource.values["scopes"])
            draft.authorized[api, client] = (_client(directory, client), scopes, resource.address)


def _restored(draft: _Draft, directory: Directory, key: str) -> None:
    """Bring an application back with the clients that it had authorized; what else waits is read then."""
    _authorized(draft, directory, key, directory.live[key])
    for api, live in directory.live.items():
        if api in draft.roles:
            _authorized(draft, directory, api, live, restored=key)


def _closed(draft: _Draft, resource: Resource, *, gone: bool) -> None:
    draft.absent.discard(resource.address.key)
    if REQUIRED in resource.values or gone:
        (draft.closed.add if resource.values.get(REQUIRED) and not gone else draft.closed.discard)(
            resource.address.key
        )


def _application(draft: _Draft, manifest: Manifest, directory: Directory, resource: Resource) -> None:
    key = resource.address.key
    labels = {id_: label for label, id_ in role_ids(manifest, directory, key).items()}
    draft.roles.setdefault(key, {})
    if ROLES in resource.values:
        draft.roles[key] = _roles(resource.values[ROLES], labels)
    if SCOPES in resource.values:
        draft.scopes[key] = _scopes(resource.values[SCOPES])


def _assigned(
    draft: _Draft, directory: Directory, resource: Resource, facts: AssignmentFacts, *, gone: bool
) -> None:
    made = _assignment(directory, resource, facts)
    place = (made.application, made.role, made.holder.id)
    if gone:
        draft.assignments.pop(place, None)
        return
    draft.assignments[place] = made
    live = directory.live.get(made.application)
    if live is None or live.subject.others:
        # Others' roles are known by the name that is asked for, ours by what the application has then.
        draft.roles.setdefault(made.application, {}).setdefault(made.role, Role(facts.role))


def _without(draft: _Draft, directory: Directory, keys: AbstractSet[str]) -> None:
    """Take out applications, what is held at them, and what they hold."""
    own = {_client(directory, key).id for key in keys}
    for key in keys:
        draft.roles.pop(key, None)
    draft.closed -= keys
    draft.assignments = {
        place: each
        for place, each in draft.assignments.items()
        if each.application not in keys and each.holder.id not in own
    }
    draft.grants = {place: each for place, each in draft.grants.items() if keys.isdisjoint(place)}
    draft.authorized = {place: each for place, each in draft.authorized.items() if keys.isdisjoint(place)}
