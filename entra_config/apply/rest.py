"""Decide whether a new plan is the rest of a saved plan whose apply died.

Nobody can tell from the tenant what was never done from what a colleague took back on purpose. So the rest of
an approved plan is carried out only where a person says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from entra_config.apply.journal import Died
from entra_config.errors import StalePlanError
from entra_config.plan import file

if TYPE_CHECKING:
    from entra_config.plan.file import Saved
    from entra_config.plan.model import Plan


@dataclass(frozen=True, slots=True)
class Rest:
    """What is left of an approved plan: how its apply died, and which steps are to be done that were done
    already.
    """

    path: str
    digest: str
    died: Died
    again: tuple[str, ...]
    empty: bool


def find_rest(saved: Saved, plan: Plan, died: Died, moved: StalePlanError, *, interactive: bool) -> Rest:
    """Return what is left of a saved plan whose apply died; raise `moved` if the new plan does anything else,
    or if there is nobody to ask (`interactive`).
    """
    if file.beyond(saved, plan):
        raise moved
    if plan.changes and not interactive:
        raise StalePlanError(
            f"{moved}\nIts apply was begun at {died.at} and did not end, and what is left is the rest of it, "
            f"nothing else: `apply {saved.path}` on a terminal asks whether to do it"
        )
    again = tuple(step.id for step in plan.steps if step.id in died.done)
    return Rest(saved.path, saved.digest, died, again, empty=not plan.changes)
