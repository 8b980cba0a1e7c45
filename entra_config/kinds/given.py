"""What the root file's `grants` says and what was read in; roles of others' APIs that strangers hold, as
resources, out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from entra_config.kinds.details import RoleHolding
from entra_config.kinds.directory import Api, Directory, Principal, called
from entra_config.kinds.facts import AssignmentFacts
from entra_config.manifest.model import Given, Manifest


@dataclass(frozen=True, slots=True)
class Grantee:
    """One entry of `grants` that the tenant has both ends of; `rows` is what it holds at that API today."""

    given: Given
    who: Principal
    api: Api
    rows: tuple[RoleHolding, ...] = ()

    def role(self, id_: str) -> str:
        """Return what the API calls a role, its id where it calls it nothing."""
        return next((name for name, known in self.api.roles.items() if known == id_), id_)


def holders(manifest: Manifest, directory: Directory) -> Iterator[Grantee]:
    """Yield each entry of `grants` whose principal and API this tenant has."""
    for given in manifest.grants:
        who = directory.principal("servicePrincipal", given.named)
        api = directory.apis.get(given.resource)
        if who is not None and api is not None:
            rows = tuple(row for row in directory.holdings.get(who.id, ()) if row.resource == api.id)
            yield Grantee(given, who, api, rows)


def wanted(holder: Grantee) -> Iterator[tuple[str, AssignmentFacts]]:
    """Yield each role that is to be there, by name."""
    for name in holder.given.application:
        if name in holder.api.roles:
            yield name, facts(holder, name, holder.api.roles[name])


def held(holder: Grantee) -> Iterator[tuple[str, AssignmentFacts]]:
    """Yield what is held of that which the manifest speaks of: what it gives, and what it takes away."""
    spoken = {*holder.given.application, *holder.given.absent}
    for row in holder.rows:
        name = holder.role(row.role)
        if name in spoken:
            yield name, facts(holder, name, row.role, row.id)


def beside(holder: Grantee) -> tuple[RoleHolding, ...]:
    """Return what is held of which the manifest says nothing: it may have stood there once."""
    spoken = {*holder.given.application, *holder.given.absent}
    return tuple(row for row in holder.rows if holder.role(row.role) not in spoken)


def facts(holder: Grantee, name: str, role: str, id_: str = "") -> AssignmentFacts:
    """Return one such assignment."""
    return AssignmentFacts(
        id_,
        resource=holder.api.name,
        resource_id=str(holder.api.id),
        app_role_id=role,
        principal_type="servicePrincipal",
        principal_id=holder.who.id,
        role=name,
        sides=(f"{holder.api.called}/{name}", called("servicePrincipal", holder.who.name, holder.who.id)),
    )
