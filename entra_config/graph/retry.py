"""How long to wait before the next try: bounded, growing, jittered; and what Graph says about it is
obeyed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from entra_config.graph.request import UNREADABLE, Response


@dataclass(frozen=True, slots=True)
class Backoff:
    """Waits that double from `first` to `longest`, until `patience` seconds were waited in all.

    The defaults are go-azure-sdk's practice: 1 to 60 seconds, ten minutes in all.
    """

    first: float = 1.0
    longest: float = 60.0
    patience: float = 600.0

    def seconds(self, attempt: int, jitter: float) -> float:
        """Return the wait after the `attempt`-th try (from 1); `jitter` from 0 to 1 takes up to half of it
        away.
        """
        return min(self.first * 2.0 ** min(attempt - 1, 32), self.longest) * (1.0 - jitter / 2)

    def exhausted(self, waited: float, reported: float = 0.0) -> bool:
        """Tell whether enough was waited, or would be with what Graph asks for: better said than waited
        for.
        """
        return waited >= self.patience or waited + reported > self.patience


@dataclass(slots=True)
class Tries:
    """How often something was tried again, and how long was waited for it in all."""

    again: int = 0
    waited: float = 0.0

    def next(self, backoff: Backoff, jitter: float, *, at_once: bool = False) -> float | None:
        """Count one more try; return the seconds until it, None where patience is at its end."""
        if backoff.exhausted(self.waited):
            return None
        self.again += 1
        seconds = 0.0 if at_once else backoff.seconds(self.again, jitter)
        self.waited += seconds
        return seconds


# A write that a replica refuses passes within seconds as a rule, so the first tries are close together.
REPLICATION = Backoff(first=0.5, longest=30.0, patience=600.0)
READ_BACK = Backoff(first=0.5, longest=15.0, patience=300.0)
SERVER = Backoff()
NONSENSE = 120.0  # seconds: patience with responses that Graph, when it works, does not send


def is_nonsense(response: Response) -> bool:
    """Return True for a batch that cannot be read and for a wait of less than nothing."""
    return response.code == UNREADABLE or response.headers.get("retry-after", "").strip().startswith("-")


def retry_after(headers: Mapping[str, str], now: Callable[[], float]) -> float | None:
    """Return the seconds that an answer asks to wait: a number, or an HTTP date; None where it does not
    say.
    """
    text = headers.get("retry-after", "").strip()
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        pass
    else:
        return seconds if 0 <= seconds < math.inf else None
    try:
        return max(parsedate_to_datetime(text).timestamp() - now(), 0.0)
    except (ValueError, OverflowError):
        return None
