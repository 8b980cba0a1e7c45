"""Earlier reports of drift and that of now in; how many findings were open, as a picture, out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from entra_config.drift.model import Drift
from entra_config.drift.risks import risk
from entra_config.errors import UsageError
from entra_config.report.drift_document import DriftDocument
from entra_config.report.escape import html as safe
from entra_config.risk import LEVELS, Risk

Reported = tuple[Path, DriftDocument]
MOST = 14  # reports in one picture, that of now included
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


def figure(tallies: Sequence[Tally]) -> Iterator[str]:
    """Yield the picture with its words; nothing where there is one report only."""
    shown = sorted(tallies, key=lambda each: each.at)[-MOST:]
    if len(shown) < 2:
        return
    yield f"<figure><figcaption>Open findings, last {len(shown)} reports</figcaption>"
    yield from _picture(shown)
    now, before = shown[-1], shown[-2]
    said = f"High is at the bottom. Now {now.whole}, in the report before {before.whole}."
    last = next((each for each in reversed(shown[:-1]) if each.open.get("high")), None)
    said += f" The last one before with a high finding was of {last.at:%Y-%m-%d}." if last else ""
    yield f'<p class="meta">{safe(said)}</p></figure>'


def _picture(shown: Sequence[Tally]) -> Iterator[str]:
    most = max(1, *(each.whole for each in shown))
    step, unit = (_WIDTH - _LEFT) / len(shown), (_BASE - 12) / most
    said = ", ".join(f"{each.at:%d %b}: {each.whole}" for each in shown)
    yield f'<svg class="history" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{safe(said)}">'
    for number in (0, most):
        y = _BASE - number * unit
        yield f'<line class="axis" x1="{_LEFT}" x2="{_WIDTH}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{number}</text>'
    for index, each in enumerate(shown):
        top, x = float(_BASE), _LEFT + index * step + step / 4
        for level in LEVELS:
            height = each.open.get(level, 0) * unit
            top -= height
            if height:
                yield (
                    f'<rect class="bar {level}" x="{x:.1f}" y="{top:.1f}" width="{step / 2:.1f}" '
                    f'height="{height:.1f}"/>'
                )
    for index, anchor in ((0, "start"), (len(shown) - 1, "end")):
        x = _LEFT if anchor == "start" else _WIDTH
        yield f'<text x="{x}" y="{_HEIGHT - 8}" text-anchor="{anchor}">{shown[index].at:%d %b}</text>'
    yield "</svg>"
