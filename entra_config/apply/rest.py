"""Decide whether a new plan is the rest of a saved plan whose apply died.

Nobody can tell from the tenant what was never done from what a colleague took back on purpose. So the rest of
an approved plan is carried out only where a person says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from entra_config.apply.journal import Died, read_died
from entra_config.apply.saved import read, write
from entra_config.errors import StalePlanError, UsageError
from entra_config.plan import file

if TYPE_CHECKING:
    from entra_config.plan.file import Saved
    from entra_config.plan.model import Work


@dataclass(frozen=True, slots=True)
class Rest:
    """What is left of an approved plan: how its apply died, and which steps are to be done that were done
    already. `withheld`: only what is withheld is left. `empty`: nothing is left.
    """

    path: str
    digest: str
    died: Died
    again: tuple[str, ...]
    withheld: bool
    empty: bool


def find_rest(saved: Saved, plan: Work, died: Died, moved: StalePlanError, *, interactive: bool) -> Rest:
    """Return what is left of a saved plan whose apply died; raise `moved` if the new plan does anything else,
    or if there is nobody to ask (`interactive`).
    """
    again = list_repeated(saved, plan, died)
    if again is None:
        raise moved
    if plan.changes and not interactive:
        raise StalePlanError(
            f"{moved}\nAn apply of this plan began at {died.began} and did not finish. Every change "
            f"that is left is in it: run `apply {saved.path}` on a terminal, which asks whether to do it"
        )
    withheld = not plan.changes and not plan.empty
    return Rest(saved.path, saved.digest, died, again, withheld, plan.empty)


def list_repeated(saved: Saved, plan: Work, died: Died) -> tuple[str, ...] | None:
    """Return the steps of a rest that were done and are to be done again; None if the plan is not a rest."""
    if file.beyond(saved, plan):
        return None
    return tuple(step.id for step in plan.steps if step.id in died.done)


@dataclass(frozen=True, slots=True)
class KeptPlan:
    """A plan that is being carried out, in a file that stays until all of it is done, as its journal does."""

    file: Path
    journal: Path

    def begin(self, plan: Work) -> Path:
        """Write the plan and return the path of its journal."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        write(self.file, plan)
        return self.journal

    def end(self) -> None:
        """Remove the plan, unless some of it is left."""
        if not self.journal.exists():
            self.file.unlink(missing_ok=True)

    def list_repeated(self, plan: Work) -> tuple[str, ...] | None:
        """Return the steps of a rest as `list_repeated` does; None if no apply of the kept plan died."""
        try:
            saved = read(self.file)
        except UsageError:
            return None
        died = read_died(self.journal, saved.digest)
        return list_repeated(saved, plan, died) if died is not None and plan.changes else None
