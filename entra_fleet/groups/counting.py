"""A plan in; how many people gain and lose by it, of which a kind of plans compares the steps alone, out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from entra_config.plan.model import Plan


@dataclass(frozen=True, slots=True)
class Counted:
    """How many people gain or lose what; None: nobody could count."""

    verb: Literal["gain", "lose"]
    what: str
    people: int | None


def of_plan(plan: Plan) -> tuple[Counted, ...]:
    """Return who gains and loses, in an order that plans of one kind share."""
    found = [
        Counted("gain" if each.sign == "gain" else "lose", f"{each.application}/{each.role}", each.count)
        for each in plan.access
    ]
    return tuple(
        sorted(found, key=lambda each: (each.verb, each.what, each.people is None, each.people or 0))
    )
