"""Scopes and roles of one application: labels and live entries go in, ids and Graph-shaped entries come out.

Which live entry a label means: the highest claim wins, each entry is one label's at most and each label has
one entry at most. A role and a scope of one value are one permission: they claim together and share one id
(azuread#610).

1 `id:`         the entry with that id, whatever its value
2 value         the entry with the label's value
3 `previously:` the entry with the former label as its value
4 without case the one entry whose value differs from the label's, then from the former label, in the case of
letters alone 5 derived id of the label, then of the former label, each under the application's key, then
under its former key;
                  of a series the newest first
6 display name    of a role without a value: the one live role without a value that is called so
- none            a new one: the first id of the label's series that no live entry and no other label has

What is found under another value is a change of value, refused without `breaking: true`; with it the id
stays. So is a value in another case: whether Entra takes two that differ in nothing else is written nowhere,
and tokens carry a value as it is written. Values that are swapped or handed on are found by value, so labels
change their ids and people move between values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any
from uuid import UUID, uuid5

from entra_config.kinds.graph_values import at
from entra_config.manifest.model import Application, Manifest
from entra_config.manifest.parts import AppRole, Scope

NAMESPACE = UUID(
    "6f1a2f0e-5d5c-5b0e-9d2b-3c5f0f4c7a11"
)  # of this project; a new one would give every role another id
ROLES = "appRoles"
SCOPES = "api.oauth2PermissionScopes"
ROLE, SCOPE = "role", "scope"
SERIES = 9  # how often one label may be used again and still be found by its derived id


@dataclass(frozen=True, slots=True)
class Ids:
    """The ids of an application's scopes and roles, by label."""

    scopes: Mapping[str, str]
    roles: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rename:
    """A live value that the manifest changes without saying `breaking: true`."""

    label: str
    before: str | None
    after: str | None
    entry: Scope | AppRole


@dataclass(frozen=True, slots=True)
class Unclear:
    """A label that says `breaking: true` while nothing tells which live entry changes its value, and those
    that it may mean.
    """

    label: str
    entry: Scope | AppRole
    candidates: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Live:
    id: str
    value: str
    display_name: str
    types: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Claimant:
    """A role, a scope, or both where they share a value."""

    role: AppRole | None
    scope: Scope | None

    @property
    def entries(self) -> Iterator[tuple[str, Scope | AppRole]]:
        if self.role is not None:
            yield ROLE, self.role
        if self.scope is not None:
            yield SCOPE, self.scope


Free = Mapping[str, _Live]


def ids(manifest: Manifest, application: Application, live: Mapping[str, Any] | None) -> Ids:
    """Return the id of each scope and role, by the table above."""
    entries = _entries(live)
    free = dict(entries)
    # By place: what a claimant holds is long to hash, and this is asked of each application a dozen times in
    # a plan.
    found: dict[int, str] = {}
    claimants = list(_claimants(application))
    by_derived = partial(_by_derived_id, manifest, application)
    for rule in (_by_id, _by_value, _by_former_value, _without_case, by_derived, _by_display_name):
        # All rules but `id:` choose among what is free.
        if len(found) == len(claimants) or not (free or rule is _by_id):
            break
        index = _index(free)
        for place, claimant in enumerate(claimants):
            if place not in found and (match := rule(claimant, free, index)):
                found[place] = match
                free.pop(match, None)
    taken = entries.keys() | set(found.values())
    for place, claimant in enumerate(claimants):
        if place not in found:
            type_, entry = next(reversed(list(claimant.entries)))
            series = (
                derived_id(manifest, application.key, type_, entry.label, number) for number in count(1)
            )
            found[place] = next(id_ for id_ in series if id_ not in taken)
            taken |= {found[place]}
    known = [(claimants[place], id_) for place, id_ in found.items()]
    return Ids(
        {claimant.scope.label: id_ for claimant, id_ in known if claimant.scope is not None},
        {claimant.role.label: id_ for claimant, id_ in known if claimant.role is not None},
    )


def derived_id(manifest: Manifest, key: str, type_: str, label: str, number: int = 1) -> str:
    """Return an id of a new scope or role: the same everywhere and always; a label that is used again has
    the next.
    """
    again = f"/{number}" if number > 1 else ""
    return str(uuid5(NAMESPACE, f"{manifest.owner}/{key}/{type_}/{label}{again}"))


def _entries(live: Mapping[str, Any] | None) -> dict[str, _Live]:
    found: dict[str, _Live] = {}
    for type_, path, name in ((ROLE, ROLES, "displayName"), (SCOPE, SCOPES, "adminConsentDisplayName")):
        for entry in at(live, path) or []:
            twin = found.get(str(entry["id"]))
            types = frozenset({type_}) | (twin.types if twin else frozenset())
            found[str(entry["id"])] = _Live(
                str(entry["id"]), entry.get("value") or "", str(entry.get(name) or ""), types
            )
    return found


def _claimants(application: Application) -> Iterator[_Claimant]:
    scopes = {scope.value: scope for scope in application.scopes.values()}
    for role in application.app_roles.values():
        yield _Claimant(role, scopes.pop(role.value, None) if role.value else None)
    for scope in scopes.values():
        yield _Claimant(None, scope)


def _index(free: Free) -> Mapping[tuple[str, str], str]:
    """Return the ids by type and value."""
    valued = (live for live in free.values() if live.value)
    return {(type_, live.value): live.id for live in valued for type_ in live.types}


Index = Mapping[tuple[str, str], str]


def _by_id(claimant: _Claimant, _free: Free, _index: Index) -> str | None:
    return next((entry.id for _, entry in claimant.entries if entry.id), None)


def _by_value(claimant: _Claimant, free: Free, index: Index) -> str | None:
    found = (index.get((type_, entry.value)) for type_, entry in claimant.entries if entry.value)
    return next((id_ for id_ in found if id_ in free), None)


def _by_former_value(claimant: _Claimant, free: Free, index: Index) -> str | None:
    found = (index.get((type_, entry.previously)) for type_, entry in claimant.entries if entry.previously)
    return next((id_ for id_ in found if id_ in free), None)


def _without_case(claimant: _Claimant, free: Free, _index: Index) -> str | None:
    for names in (
        [entry.value for _, entry in claimant.entries],
        [entry.previously for _, entry in claimant.entries],
    ):
        folded = {name.casefold() for name in names if name}
        types = {type_ for type_, _ in claimant.entries}
        alike = [
            live.id
            for live in free.values()
            if live.value and live.value.casefold() in folded and live.types & types
        ]
        if len(alike) == 1:
            return alike[0]
    return None


def _by_derived_id(m: Manifest, a: Application, claimant: _Claimant, free: Free, _index: Index) -> str | None:
    return next((id_ for id_ in _derived(m, a, claimant) if id_ in free), None) if free else None


def _derived(manifest: Manifest, application: Application, claimant: _Claimant) -> Iterator[str]:
    for type_, entry in claimant.entries:
        for label in filter(None, (entry.label, entry.previously)):
            for key in filter(None, (application.key, application.previously)):
                yield from (
                    derived_id(manifest, key, type_, label, number) for number in range(SERIES, 0, -1)
                )


def _by_display_name(claimant: _Claimant, free: Free, _index: Index) -> str | None:
    # A role without a value has nothing else that a person would know it by.
    role = claimant.role
    if role is None or role.value is not None:
        return None
    same = [
        live.id
        for live in free.values()
        if ROLE in live.types and not live.value and live.display_name == role.display_name
    ]
    return same[0] if len(same) == 1 else None


def unclear(manifest: Manifest, application: Application, live: Mapping[str, Any] | None) -> list[Unclear]:
    """Return the labels that mean to change a live value and name none: an adopted entry is known by its
    value or `id:` alone.
    """
    breaking = [each.breaking for each in application.scopes.values()] + [
        each.breaking for each in application.app_roles.values()
    ]
    if not any(breaking):
        return []
    entries, known = _entries(live), ids(manifest, application, live)
    claimants = list(_claimants(application))
    own = {*known.scopes.values(), *known.roles.values()}
    own |= {id_ for claimant in claimants for id_ in _derived(manifest, application, claimant)}
    own |= {
        derived_id(manifest, application.key, type_, each.value)
        for each in entries.values()
        for type_ in each.types
    }
    found: list[Unclear] = []
    for by_label, type_, labels in (
        (known.scopes, SCOPE, application.scopes),
        (known.roles, ROLE, application.app_roles),
    ):
        adopted = tuple(
            (each.value, each.id) for each in entries.values() if type_ in each.types and each.id not in own
        )
        found.extend(
            Unclear(entry.label, entry, adopted)
            for entry in labels.values()
            if entry.breaking and adopted and by_label[entry.label] not in entries
        )
    return found


def renames(application: Application, known: Ids, live: Mapping[str, Any] | None) -> list[Rename]:
    """Return the live values that would change without `breaking: true`."""
    found: list[Rename] = []
    for entries, by_label, path in (
        (application.scopes.values(), known.scopes, SCOPES),
        (application.app_roles.values(), known.roles, ROLES),
    ):
        before = {entry["id"]: entry.get("value") for entry in at(live, path) or []}
        found.extend(
            Rename(entry.label, before[by_label[entry.label]], entry.value, entry)
            for entry in entries
            if by_label[entry.label] in before
            and (before[by_label[entry.label]] or None) != entry.value
            and not entry.breaking
        )
    return found
