"""Ids of objects in; who owns them, which policies they were given, and what a person owns, out."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from entra_emulator.portal import labels, policy_rows
from entra_emulator.portal.labels import DeclaredAt
from entra_emulator.portal.objects import NamedObject, name_of, named
from entra_emulator.portal.visit import Visit
from entra_emulator.tenant import Tenant

# As many are named in a line.
_NAMED = 20


@dataclass(frozen=True)
class NamedObjects:
    """The first of some objects, and how many more there are."""

    shown: list[NamedObject]
    more: int = 0
    # Where those that have a label are declared, by their ids.
    places: Mapping[str, DeclaredAt] = field(default_factory=dict)


def owners_of(visit: Visit, object_id: str) -> NamedObjects:
    """Return who owns an object: whoever does may change it without a directory role."""
    found = _named(visit, visit.tenant.owners.targets(object_id))
    places = {owner.id: labels.of_link(visit, "owners", owner.id, object_id) for owner in found.shown}
    return replace(found, places={owner: place for owner, place in places.items() if place.text})


def owned_by(visit: Visit, person_id: str) -> NamedObjects:
    """Return what a person owns."""
    return _named(visit, visit.tenant.owners.sources(person_id))


def policies_of(visit: Visit, *ids: str) -> NamedObjects:
    """Return the policies that an application was given, itself or as an enterprise application."""
    tenant = visit.tenant
    given = [pair for each in ids for pair in _links(tenant, each)]
    shown = [
        NamedObject(name_of(row), visit.path("policies", kind, policy), id=policy)
        for kind, policy in dict.fromkeys(given)
        if (row := tenant.tables[kind].get(policy)) is not None
    ]
    return NamedObjects(shown[:_NAMED], max(0, len(shown) - _NAMED))


def _links(tenant: Tenant, object_id: str) -> list[tuple[str, str]]:
    return [
        (kind, policy)
        for kind in policy_rows.GIVEN
        for policy in policy_rows.links(tenant, kind).targets(object_id)
    ]


def _named(visit: Visit, ids: list[str]) -> NamedObjects:
    return NamedObjects([named(visit, each) for each in ids[:_NAMED]], max(0, len(ids) - _NAMED))
