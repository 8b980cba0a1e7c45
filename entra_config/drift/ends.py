"""A resource in; the ids by which the audit log tells it out: its object, or both ends of a link."""

from __future__ import annotations

from collections.abc import Mapping

from entra_config.kinds.table import TRACES
from entra_config.resource import Address, Facts, Resource

Ends = Mapping[str, str]


def of_resource(resource: Resource, live: Mapping[Address, Facts]) -> Ends:
    """Return the ends of a resource; `live` is what is known of all that is in the tenant."""
    found = TRACES[resource.address.kind].ends(resource, live)
    return {name: id_ for name, id_ in found.items() if id_}


def of_object(ends: Ends) -> tuple[str, ...]:
    """Return the object, and the service principal that is recorded beside it."""
    return tuple(ends[name] for name in ("object", "principalObject", "owner") if name in ends)


def linked(ends: Ends) -> tuple[str, ...]:
    """Return both ends of a link; records of its role or scope name the two."""
    return tuple(ends[name] for name in ("resource", "client", "principal") if name in ends)
