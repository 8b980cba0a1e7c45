"""A saved plan whose apply died, and a new plan, in; whether the new one is the rest of it, and what is said
of that, out.

Nobody can tell from the tenant what was never done from what a colleague took back on purpose. So the rest of
an approved plan is carried out only where a person says so.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from entra_config.apply import journal
from entra_config.apply.journal import Died
from entra_config.errors import StalePlanError
from entra_config.plan import file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from entra_config.plan.file import Saved
    from entra_config.plan.model import Plan
    from entra_config.report.lines import Line


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

    def lines(self) -> Iterator[Line]:
        """Yield what a person should know before saying yes."""
        from entra_config.report.lines import line

        yield line()
        what = "Nothing is left of" if self.empty else "This and nothing else is the rest of"
        yield line((f"{what} {self.path}:", "bold"))
        yield line(
            f"  its apply was begun at {self.died.at} and did not end; "
            f"{len(self.died.done)} of {self.died.steps} steps are known to be done"
        )
        if self.again:
            yield line(("Taken back since, by somebody else; the rest does it again:", "bold yellow"))
            for step in self.again:
                yield line((f"  {step}", ""))


def read_died(saved: Saved, noted: Path) -> Died | None:
    """Return how an earlier apply of a saved plan ended without doing all of it; None if there is none."""
    return journal.died(_lines(noted), saved.digest)


def rest(saved: Saved, plan: Plan, died: Died, moved: StalePlanError) -> Rest:
    """Return what is left of a saved plan whose apply died; raise `moved` if the new plan does anything else,
    or if there is nobody to ask.
    """
    if file.beyond(saved, plan):
        raise moved
    if plan.changes and not sys.stdin.isatty():
        raise StalePlanError(
            f"{moved}\nIts apply was begun at {died.at} and did not end, and what is left is the rest of it, "
            f"nothing else: `apply {saved.path}` on a terminal asks whether to do it"
        )
    again = tuple(step.id for step in plan.steps if step.id in died.done)
    return Rest(saved.path, saved.digest, died, again, empty=not plan.changes)


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
