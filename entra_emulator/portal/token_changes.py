"""Two moments of a person's access to an API in; which roles and scopes came and went, and by what, out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from entra_emulator.login.parties import Party
from entra_emulator.portal.trail import TrailEntry, entries
from entra_emulator.portal.visit import Visit
from entra_emulator.tenant import Tenant


@dataclass(frozen=True)
class ValueChange:
    """A role or scope that came (`+`) or went (`−`): its reason where it was, and the record of it."""

    sign: str
    value: str
    why: str
    by: TrailEntry | None


@dataclass(frozen=True)
class TokenEnds:
    """Whom a token is about: the person, or the client itself, and who asks and who offers what."""

    holder: str
    client: Party
    resource: Party


def changes(
    visit: Visit, old: Tenant, ends: TokenEnds, was: Mapping[str, str], now: Mapping[str, str]
) -> list[ValueChange]:
    """Return what came and went between a token of `old` and one of now: `was` and `now` have the reason of
    each role or scope.
    """
    gone = [
        ValueChange("−", value, why, _record(visit, _links(value, ends, old, visit.tenant)))
        for value, why in was.items()
        if value not in now
    ]
    came = [
        ValueChange("+", value, why, _record(visit, _links(value, ends, visit.tenant, old)))
        for value, why in now.items()
        if value not in was
    ]
    return [*gone, *came]


def _record(visit: Visit, links: Iterator[tuple[str, str]]) -> TrailEntry | None:
    found = (entry for ends in links for entry in entries(visit, ends, every=True, limit=1))
    return next(found, None)


def _links(value: str, ends: TokenEnds, there: Tenant, lacking: Tenant) -> Iterator[tuple[str, str]]:
    """Return the links that are in one moment and not in the other, by the ids of their ends."""
    if any(scope["value"] == value for scope in ends.resource.scopes):
        yield ends.client.id, ends.resource.id
    ids = {str(role["id"]) for role in ends.resource.app_roles if role.get("value") == value}
    for holder in (ends.holder, *there.members.sources(ends.holder)):
        if not ids & _assigned(there, holder, ends.resource.id):
            continue
        if holder != ends.holder and holder not in lacking.members.sources(ends.holder):
            yield ends.holder, holder
        elif not ids & _assigned(lacking, holder, ends.resource.id):
            yield holder, ends.resource.id


def _assigned(tenant: Tenant, holder: str, resource: str) -> set[str]:
    rows = tenant.app_role_assignments.find("principalId", holder)
    return {str(row["appRoleId"]) for row in rows if row["resourceId"] == resource}
