"""Plans of a fleet in; what they take away together, and what of that is over the fleet's limits, out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from entra_config.kinds.base import deletes_application
from entra_config.manifest.tenants.model import FleetLimits
from entra_config.plan.model import Plan


@dataclass(frozen=True, slots=True)
class Loss:
    """How many people and applications lose something, and how many applications go; `people` is None where
    nobody could count.
    """

    people: int | None = 0
    applications: int = 0
    deleted: int = 0


def of_plan(plan: Plan) -> Loss:
    """Return what one plan takes away, each person and application once."""
    whole = {each.noun: each.lost for each in plan.bounds if not each.role}
    deleted = sum(deletes_application(each) for each in (*plan.changes, *plan.following))
    return Loss(whole.get("people", 0), whole.get("applications") or 0, deleted)


def over(limits: FleetLimits, losses: Iterable[Loss]) -> Iterator[str]:
    """Yield why some plans together are over the limits; who cannot be counted is too many."""
    every = list(losses)
    unknown = sum(each.people is None for each in every)
    if unknown:
        yield f"nobody could count who loses something in {unknown} of these plans, and that is too many"
    for key, lost, noun in (
        ("people", sum(each.people or 0 for each in every), "people would lose something"),
        ("applications", sum(each.applications for each in every), "applications would lose something"),
        ("deleted", sum(each.deleted for each in every), "applications would be deleted"),
    ):
        most = getattr(limits, key)
        if lost > most:
            yield f"{lost} {noun}, and `limits.{key}` is {most}"
