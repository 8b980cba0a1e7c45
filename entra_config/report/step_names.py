"""A plan in; what a person calls each of its steps, out."""

from __future__ import annotations

from collections.abc import Callable

from entra_config.plan.model import Plan, address_of
from entra_config.plan.steps import Step
from entra_config.report import change_text


def names(plan: Plan) -> Callable[[Step], str]:
    """Return what gives a step's name: what it writes for, as the plan titles it, and the verb of its id.

    `app role assignment api/Reader ← group "All Staff": assign`; a step that carries nothing of the plan's
    changes keeps its id. Of several changes the first is named, the others are counted.
    """
    titles = {address_of(change): change_text.title(change) for change in plan.changes}

    def name(step: Step) -> str:
        titled = [titles[address] for address in step.carries if address in titles]
        if not titled:
            return step.id
        more = f" and {len(titled) - 1} more" if len(titled) > 1 else ""
        return f"{titled[0]}{more}: {step.id.rpartition('/')[2]}"

    return name
