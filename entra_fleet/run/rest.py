"""What is kept of an approved plan while one shard applies it; and the next plan of that shard in, whether it
is the rest of it, out.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from entra_config.apply.rest import KeptPlan

if TYPE_CHECKING:
    from entra_config.plan.model import Plan
    from entra_fleet.groups.classes import PlanKind
    from entra_fleet.run.tenant_result import Task


def kept(task: Task) -> KeptPlan:
    """Return where the plan that a shard applies is kept."""
    name = f"_begun.{task.shard.replace('/', '.')}"
    return KeptPlan(task.results / f"{name}.json", task.results / f"{name}.journal")


def kind(task: Task, plan: Plan, own: PlanKind) -> PlanKind:
    """Return the kind of a plan that is the rest of an approved one, whose apply died here; else the plan's
    own. What was done and is to be done again stands apart.
    """
    from entra_fleet.groups.classes import identified

    again = kept(task).list_repeated(plan)
    if again is None:
        return own
    said = ["the rest of what was approved, nothing else", *(f"taken back since: {each}" for each in again)]
    return replace(own, id=identified(["rest", list(again), own.id]), headline=(*said, *own.headline))
