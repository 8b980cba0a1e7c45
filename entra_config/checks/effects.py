"""A plan in; the same plan with what it gives and which guards it lowers, by risk, out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from entra_config.kinds.base import Kind
from entra_config.plan import access, effects
from entra_config.plan.model import Effect, Plan, address_of


def reported(plan: Plan, kinds: Iterable[Kind], edits: Iterable[Effect] = ()) -> Plan:
    """Return the plan with its effects; `edits` are those of the manifest's own words: pins, environments,
    path restrictions.
    """
    by_name = {kind.name: kind for kind in kinds}
    found = [
        effect
        for change in (*plan.changes, *plan.following)
        for effect in by_name[address_of(change).kind].effects(change)
    ]
    found += [Effect("gain", sentence, change.address) for change, sentence in access.gains(plan.access)]
    return replace(plan, effects=effects.ordered((*edits, *found)))
