"""A resource, or what a warning watches, in; the ids by which the audit log tells it out: its object, or both ends of a link."""

from __future__ import annotations

from collections.abc import Mapping

from entra_config.kinds.base import application_address
from entra_config.kinds.table import TRACES
from entra_config.plan.model import Watched
from entra_config.resource import Address, Resource

Ends = dict[str, str]


def of_resource(resource: Resource, live: Mapping[Address, Mapping[str, str]]) -> Ends:
    """Return the ends of a resource; `live` has the ids of what is in the tenant."""
    ids = resource.ids
    parent = live.get(resource.parent, {}) if resource.parent is not None else {}
    client = live.get(application_address(ids["client"]), {}) if "client" in ids else {}
    found = TRACES[resource.address.kind].ends(resource, parent, client)
    return {name: id_ for name, id_ in found.items() if id_}


def of_watched(each: Watched) -> Ends:
    """Return the ends of an owner, a credential or a holding that no manifest declares."""
    match each.path:
        case "appRoleAssignments" | "appRoleAssignedTo":
            return {"resource": each.subjects[0], "role": each.key.partition("/")[0], "principal": each.subjects[-1]}
        case "oauth2PermissionGrants":
            # The key names the other end, too.
            return {"resource": each.subjects[0], "client": each.subjects[-1], "scope": each.key.rpartition("/")[0]}
        case "owners":
            # Which of the two objects is owned, the noun says.
            objects = each.subjects[:-1]
            return {"object": objects[-1] if each.noun.endswith("enterprise application") else objects[0], "owner": each.key}
        case "federatedIdentityCredentials":
            return {"object": each.subjects[0], "credential": each.key}
        case _:
            names = ("object", "principalObject")
            return dict(zip(names, each.subjects, strict=False))


def of_object(ends: Ends) -> tuple[str, ...]:
    """Return the object, and the service principal that is recorded beside it."""
    return tuple(ends[name] for name in ("object", "principalObject", "owner") if name in ends)


def linked(ends: Ends) -> tuple[str, ...]:
    """Return both ends of a link; records of its role or scope name the two."""
    return tuple(ends[name] for name in ("resource", "client", "principal") if name in ends)
