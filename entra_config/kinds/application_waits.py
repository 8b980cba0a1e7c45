"""What an application requests and which identifier URIs it claims in; PATCHes out that wait for others, or
that others wait for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from entra_config.kinds import identifier_uris
from entra_config.kinds.application_wire import REQUIRED, on_wire
from entra_config.kinds.identifier_uris import URIS
from entra_config.kinds.writes import Patch, WriteView
from entra_config.plan.diff import holds
from entra_config.plan.model import Delete, Update
from entra_config.plan.steps import Order, Phase
from entra_config.resource import Address, Resource, Value, references

CONSENTS = frozenset({"appRoleAssignment", "permissionGrant"})


def required(before: Resource, after: list[Mapping[str, Any]], view: WriteView) -> Iterator[Patch]:
    """Yield what is newly requested; what no longer is goes once its consents are gone, so that the tenant
    remembers them.
    """
    address = before.address
    live = before.values.get(REQUIRED) or []
    fewer = [item for item in live if not any(holds(item, kept) for kept in after)]
    revoked = frozenset(
        place
        for place, change in view.changes.items()
        if place.kind in CONSENTS and isinstance(change, Delete | Update) and change.before.parent == address
    )
    waits = bool(fewer and revoked)
    more = [*live, *(item for item in after if not any(holds(old, item) for old in live))] if waits else after
    if len(more) > len(live) or not waits:
        late = any(ref.address != address for ref in references(more))
        released = frozenset[Address]() if waits else _released(live, after, view)
        values = {REQUIRED: on_wire(REQUIRED, more, view)}
        yield Patch(
            address,
            Phase.REFERENCE if late else Phase.EXTEND,
            values,
            (address,),
            address,
            Order(releases=released),
        )
    if waits:
        values = {REQUIRED: on_wire(REQUIRED, after, view)}
        released = _released(live, after, view)
        order = Order(releases=released, after=revoked)
        yield Patch(address, Phase.UNREFERENCE, values, (address,), address, order)


def uris(
    before: Resource, after: list[Value], view: WriteView, passed: Mapping[str, Address]
) -> Iterator[Patch]:
    """Yield what others wait for first, the rest once all that they let go of is free; one PATCH where
    nothing changes hands.
    """
    address = before.address
    live = view.directory.live[address.key].subject.application or {}
    held = live.get(URIS) or []
    left = identifier_uris.released(held, after, passed)
    if left is not None:
        yield Patch(address, Phase.EXTEND, {URIS: left}, (address,), address)
        if holds(left, after):
            return
    givers = waits_for(address, held, after, view, passed)
    late = givers or left is not None or any(ref.address != address for ref in references(after))
    if not isinstance(view.changes[address], Delete):
        yield Patch(
            address,
            Phase.REFERENCE if late else Phase.EXTEND,
            {URIS: after},
            (address,),
            address,
            Order(awaits=givers),
        )


def waits_for(
    address: Address, before: list[Value], after: list[Value], view: WriteView, passed: Mapping[str, Address]
) -> frozenset[Address]:
    """Return what a claim of new URIs waits for: applications that let go of one, and those that are
    purged with theirs.
    """
    new = identifier_uris.folded(after) - identifier_uris.folded(before)
    purged = frozenset(view.purges) - {address} if new else frozenset()
    return identifier_uris.givers(before, after, passed) | purged


def _released(
    before: list[Mapping[str, Any]], after: list[Mapping[str, Any]], view: WriteView
) -> frozenset[Address]:
    """Return the applications of ours of which this change requires less than before."""
    gone = {item["resourceAppId"] for item in before if not any(holds(item, kept) for kept in after)}
    return frozenset(address for app_id in gone for address in view.bearing(app_id))
