"""A manifest and what names mean in its tenant in; until when each role and each owner is held out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from entra_config.kinds.directory import Directory
from entra_config.kinds.facts import AssignmentFacts, OwnerFacts
from entra_config.kinds.table import KINDS
from entra_config.manifest import ending
from entra_config.manifest.model import Manifest
from entra_config.plan.ended import merged
from entra_config.resource import WHOLE, Ends, Resource

# What is held (an application's key, a role's id, nothing where it is owned) and the id of who holds it.
Days = Mapping[tuple[str, str, str], date]


def last_days(manifest: Manifest, directory: Directory) -> Days:
    """Return the last day of whatever is held for a time; who stands there twice holds it until the later,
    and for good where one of the two says no day.
    """
    if next(ending.endings(manifest), None) is None:
        return {}
    principals = {key: id_ for id_, key in directory.own_principals.items()}
    found: dict[tuple[str, str, str], Ends] = {}
    for kind in KINDS:
        for resource in kind.desired(manifest, directory):
            place = _place(resource, principals)
            if place is not None:
                ends = found.get(place)
                found[place] = resource.ends if ends is None else merged(ends, resource.ends)
    return {place: ends[WHOLE] for place, ends in found.items() if WHOLE in ends}


def _place(resource: Resource, principals: Mapping[str, str]) -> tuple[str, str, str] | None:
    facts = resource.facts
    if isinstance(facts, AssignmentFacts):
        return facts.resource, facts.app_role_id, facts.principal_id or principals.get(facts.client or "", "")
    if isinstance(facts, OwnerFacts) and resource.parent is not None:
        return resource.parent.key, "", facts.principal_id
    return None
