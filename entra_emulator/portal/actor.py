"""A tenant in; as whom the portal may change it out: people first, those with power before the others."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from entra_emulator.tenant import Tenant

# What a list to choose from can hold and still be read.
LISTED = 40


@dataclass(frozen=True)
class ChangesAs:
    """A person as whom Graph is called."""

    id: str
    name: str
    roles: tuple[str, ...] = ()


def actors(tenant: Tenant) -> list[ChangesAs]:
    """Return people with a directory role, then others by name."""
    powerful = [tenant.users.get(user_id) for user_id in tenant.directory_roles]
    first = [_actor(tenant, row) for row in powerful if row is not None and _may(row)]
    first.sort(key=lambda actor: ("Global Administrator" not in actor.roles, actor.name.casefold()))
    known = {actor.id for actor in first}
    rows = tenant.users.by_name(0, LISTED + len(known)) or list(tenant.users)[: LISTED + len(known)]
    rest = [_actor(tenant, row) for row in rows if row["id"] not in known and _may(row)]
    return [*first, *rest][:LISTED]


def chosen(tenant: Tenant, user_id: str) -> ChangesAs:
    """Return the chosen person, or the first who may change things."""
    row = tenant.users.get(user_id)
    if row is not None and _may(row):
        return _actor(tenant, row)
    return next(iter(actors(tenant)), ChangesAs("", "nobody"))


def _may(row: Mapping[str, Any]) -> bool:
    return row.get("accountEnabled") is not False


def _actor(tenant: Tenant, row: Mapping[str, Any]) -> ChangesAs:
    roles = tuple(tenant.directory_roles.get(str(row["id"]), ()))
    return ChangesAs(str(row["id"]), str(row.get("displayName") or row.get("userPrincipalName")), roles)
