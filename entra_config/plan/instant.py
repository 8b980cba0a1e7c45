"""A plan and the time in; refused where an `until` lies between the instant that it was made for and now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from entra_config.errors import StalePlanError
from entra_config.manifest.until import Ending, format_day, over
from entra_config.plan.model import Work

SHOWN = 20


def check(plan: Work, now: datetime) -> None:
    """Raise StalePlanError where something is over now that was not when it was made for, or not yet."""
    if plan.at is not None:
        crossed(plan.untils, plan.at, now)


def crossed(endings: Iterable[Ending], at: datetime, now: datetime, path: str = "") -> None:
    """Raise StalePlanError where an `until` lies between two instants; the plan is of the first, in the file
    that `path` names.
    """
    between = [each for each in endings if over(each.day, at) != over(each.day, now)]
    if not between:
        return
    how = "which was not over then" if at < now else "which is not over yet"
    lines = [
        f"  {each.position or '-'}: {each.what} until {format_day(each.day)}, {how}"
        for each in between[:SHOWN]
    ]
    more = [f"  and {len(between) - SHOWN} more"] if len(between) > SHOWN else []
    head = f"{path + ': ' if path else ''}this plan was made for {at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    stale = f"{head}, and an `until` lies between that and now; nothing was changed. Plan again:"
    raise StalePlanError("\n".join([stale, *lines, *more]))
