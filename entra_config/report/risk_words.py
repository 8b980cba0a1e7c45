"""A level of risk in, the words and the sign that reports show for it out."""

from __future__ import annotations

from entra_config.report.lines import Line, line
from entra_config.risk import LEVELS, Risk

_STYLES: dict[Risk, str] = {"high": "high", "medium": "mid", "low": "bold"}
# Shapes, as no colour tells alone: a filled triangle, a filled diamond, a ring.
SHAPES: dict[Risk, str] = {"high": "▲", "medium": "◆", "low": "○"}


def heading(risk: Risk) -> Line:
    """Return the line above all that is of one level."""
    level = LEVELS[risk]
    return line((f"{SHAPES[risk]} {level.word}", _STYLES[risk]), (f"  {level.means}", "dim"))
