"""Verdicts in; how many were refused by which rule, how often each shape was carried out, and what is
wrong with them out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.oracle import plots
from tests.oracle.pairs import Verdict
from tests.oracle.refusals import rule

# Of 1,000 pairs; a smaller number owes its share.
LEAST_OF_EACH_SHAPE = 20
MOST_REFUSED = 50
# Worlds are drawn protected nearly every second time: of fewer pairs it may happen that less than a third
# are.
ENOUGH = 100


@dataclass
class Count:
    """How a number of pairs ended."""

    pairs: int = 0
    carried_out: int = 0
    true: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    shapes: Counter[str] = field(default_factory=Counter)
    protected: int = 0
    failures: list[str] = field(default_factory=list)

    def problems(self) -> list[str]:
        """Return all that must not be so."""
        found = list(self.failures)
        if sum(self.refused.values()) * 1000 > MOST_REFUSED * self.pairs:
            found.append(
                f"{sum(self.refused.values())} of {self.pairs} pairs are refused: {dict(self.refused)}"
            )
        owed = LEAST_OF_EACH_SHAPE * self.pairs // 1000
        if self.pairs >= ENOUGH and self.protected * 3 < self.carried_out:
            found.append(
                f"{self.protected} of {self.carried_out} pairs that were carried out are protected, "
                "and a third must be"
            )
        missing = {
            shape.__name__: self.shapes[shape.__name__]
            for shape in plots.MAIN
            if self.shapes[shape.__name__] < owed
        }
        if missing:
            found.append(f"of each shape {owed} pairs must be carried out: {missing}")
        return found


def count(verdicts: Iterable[Verdict]) -> Count:
    """Count verdicts."""
    found = Count()
    for each in verdicts:
        found.pairs += 1
        if each.refused:
            found.refused[rule(each.refused) or each.refused[:120]] += 1
        if each.carried_out:
            found.carried_out += 1
            found.true += not each.wrong
            found.protected += each.protected
            found.shapes.update(each.shapes)
        found.failures += [
            f"seed {each.seed} ({', '.join(each.shapes)}): {line}" for line in complaints(each)
        ]
    return found


def complaints(verdict: Verdict) -> list[str]:
    """Return what must not be so of one pair: refused by no known rule, not applied whole, not true, or
    not even built.
    """
    found = [f"failed: {line}" for line in verdict.failed] + list(verdict.wrong)
    if verdict.unbuilt:
        found.append(f"its history could not be made: {verdict.unbuilt}")
    if verdict.refused and not rule(verdict.refused):
        found.append(f"refused by no rule that is known here: {verdict.refused}")
    return found
