"""What a report lists, by application and by risk, in; its picture, its filters without a script, and the
classes by which they filter, out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from entra_config.report.pages import Named
from entra_config.risk import LEVELS, Risk

Rated = tuple[str, Risk]  # the key of an application, and a level
FILTERED = 40  # applications that have a box of their own to filter by
SQUARES = 60  # of one cell; what are more are counted


class Overview:
    """A report's items, in the order in which they are listed; `more` are filtered and not counted."""

    def __init__(
        self, items: Sequence[Rated], noun: str, names: Mapping[str, str], more: Iterable[Rated] = ()
    ) -> None:
        self.noun, self.title = noun, noun.capitalize()
        self.levels = tuple(LEVELS.values())
        self.columns = ["Application", *(level.word for level in self.levels)]
        whole = [*items, *more]
        self._applications = list(dict.fromkeys(key for key, _ in whole))
        chosen = 1 < len(self._applications) <= FILTERED
        self.filtered = len({risk for _, risk in whole}) > 1 or chosen
        self.boxes = [names.get(key, key) for key in self._applications] if chosen else []
        found: dict[Rated, list[int]] = {}
        for number, each in enumerate(items, 1):
            found.setdefault(each, []).append(number)
        shown = list(dict.fromkeys(key for key, _ in items))
        self.rows = [{"application": Named.of(key, names), "cells": _cells(key, found)} for key in shown]
        counts = Counter(risk for _, risk in items)
        self.totals = [{"level": level, "number": counts[risk]} for risk, level in LEVELS.items()]
        self.number = len(shown)

    def classes(self, application: str, risk: Risk) -> str:
        """Return what an element of the page is marked with, so that the filters find it."""
        return f"is-{risk} of-{self._applications.index(application)}"

    @property
    def style(self) -> str:
        """Return the rules of the filters; on paper everything is there."""
        filtered = range(len(self._applications)) if len(self._applications) <= FILTERED else ()
        rules = "".join(
            f"main:has(#application-{index}:not(:checked)) .of-{index} {{ display: none; }}\n"
            for index in filtered
        )
        return f"@media screen {{\n{rules}}}\n" if rules else ""


def _cells(key: str, found: Mapping[Rated, Sequence[int]]) -> list[dict[str, Any]]:
    numbers = ((level, found.get((key, risk), ())) for risk, level in LEVELS.items())
    return [
        {"level": level, "numbers": each[:SQUARES], "more": max(0, len(each) - SQUARES)}
        for level, each in numbers
    ]
