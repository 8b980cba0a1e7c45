"""Earlier reports of drift and that of now in; how many findings were open, as a picture, out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from entra_config.drift.model import Drift
from entra_config.drift.risks import risk
from entra_config.errors import UsageError
from entra_config.report.drift_document import DriftDocument
from entra_config.risk import LEVELS, Risk

Reported = tuple[Path, DriftDocument]
MOST = 14  # reports in one picture, that of now included
# Of the picture: its size, where the axes begin, and the line on which the bars are.
_WIDTH, _HEIGHT, _LEFT, _BASE = 420, 120, 24, 96


@dataclass(frozen=True, slots=True)
class Tally:
    """One report: when it was made, and how many findings of each level it has."""

    at: datetime
    open: Mapping[Risk, int]

    @property
    def whole(self) -> int:
        """Return how many findings it has."""
        return sum(self.open.values())


def tallies(reports: Iterable[Reported], whose: tuple[str, str, str]) -> list[Tally]:
    """Return the tallies of reports, all of which must be of one project, environment and tenant's id."""
    found = []
    for path, each in reports:
        reported = (each.project, each.environment, each.tenant.id)
        if reported != whose:
            raise UsageError(
                f"--history {path}: it is of {reported[0]}/{reported[1]} in tenant {reported[2]}, this is "
                f"{whose[0]}/{whose[1]}"
            )
        found.append(Tally(each.checked_at, Counter(one.risk for one in each.findings)))
    return found


def of(drift: Drift) -> Tally:
    """Return the tally of a report."""
    return Tally(drift.checked_at, Counter(risk(each) for each in drift.findings))


def picture(tallies: Sequence[Tally]) -> dict[str, Any] | None:
    """Return how many findings were open, as a picture; None if there is one report only."""
    shown = sorted(tallies, key=lambda each: each.at)[-MOST:]
    if len(shown) < 2:
        return None
    now, before = shown[-1], shown[-2]
    words = f"High is at the bottom. Now {now.whole}, in the report before {before.whole}."
    last = next((each for each in reversed(shown[:-1]) if each.open.get("high")), None)
    words += f" The last one before with a high finding was of {last.at:%Y-%m-%d}." if last else ""
    most = max(1, *(each.whole for each in shown))
    unit = (_BASE - 12) / most
    return {
        "size": {
            "width": _WIDTH,
            "height": _HEIGHT,
            "left": _LEFT,
            "numbers": _LEFT - 6,
            "dates": _HEIGHT - 8,
        },
        "caption": f"Open findings, last {len(shown)} reports",
        "said": ", ".join(f"{each.at:%d %b}: {each.whole}" for each in shown),
        "axes": [_axis(number, _BASE - number * unit) for number in (0, most)],
        "bars": list(_bars(shown, unit)),
        "first": f"{shown[0].at:%d %b}",
        "last": f"{now.at:%d %b}",
        "words": words,
    }


def _axis(number: int, y: float) -> dict[str, Any]:
    return {"y": f"{y:.1f}", "text_y": f"{y + 4:.1f}", "number": number}


def _bars(shown: Sequence[Tally], unit: float) -> Iterator[dict[str, str]]:
    step = (_WIDTH - _LEFT) / len(shown)
    for index, each in enumerate(shown):
        top, x = float(_BASE), _LEFT + index * step + step / 4
        for level in LEVELS:
            height = each.open.get(level, 0) * unit
            top -= height
            if height:
                yield {
                    "level": level,
                    "x": f"{x:.1f}",
                    "y": f"{top:.1f}",
                    "width": f"{step / 2:.1f}",
                    "height": f"{height:.1f}",
                }
