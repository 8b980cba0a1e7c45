"""What is kept of an approved plan while one shard applies it; and the next plan of that shard in, whether it
is the rest of it, out.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from entra_config.apply import saved

if TYPE_CHECKING:
    from entra_config.plan.model import Plan
    from entra_fleet.groups.classes import PlanKind
    from entra_fleet.run.tenant_result import Task


def begun(task: Task, plan: Plan) -> Path:
    """Keep a plan that is about to be carried out; return where its journal goes, which stands until all of
    it is done.
    """
    task.results.mkdir(parents=True, exist_ok=True)
    saved.write(_plan(task), plan)
    return _journal(task)


def ended(task: Task) -> None:
    """Forget what was kept, unless something of it is left."""
    if not _journal(task).exists():
        _plan(task).unlink(missing_ok=True)


def kind(task: Task, plan: Plan, own: PlanKind) -> PlanKind:
    """Return the kind of a plan that is the rest of an approved one, whose apply died here; else the plan's
    own. What was done and is to be done again stands apart.
    """
    from entra_config.apply import rest
    from entra_fleet.groups.classes import identified

    again = rest.read_repeated(_plan(task), _journal(task), plan)
    if again is None:
        return own
    said = ["the rest of what was approved, nothing else", *(f"taken back since: {each}" for each in again)]
    return replace(own, id=identified(["rest", list(again), own.id]), headline=(*said, *own.headline))


def _plan(task: Task) -> Path:
    return task.results / f"_begun.{task.shard.replace('/', '.')}.json"


def _journal(task: Task) -> Path:
    return task.results / f"_begun.{task.shard.replace('/', '.')}.journal"
