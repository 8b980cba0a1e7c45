"""What `policy.lint` says, typed; which rules there are is not known here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from entra_config.errors import Position
from entra_config.manifest.until import over

Severity = Literal["E", "W", "I"]
SEVERITIES: Mapping[str, str] = {"E": "error", "W": "warning", "I": "information", "off": "silent"}


@dataclass(frozen=True, slots=True)
class Ignore:
    """`# entra-config: ignore[rule] until DATE because …`, and the line that it is for.

    `problem` is what cannot be read of it; such a one silences nothing.
    """

    position: Position
    line: int
    rules: tuple[str, ...] = ()
    until: date | None = None
    because: str = ""
    problem: str = ""


def find_ignores(ignores: Iterable[Ignore], rule: str, position: Position | None) -> list[Ignore]:
    """Return the readable comments that name a rule for the line of a position, expired ones too."""
    if position is None:
        return []
    return [
        each
        for each in ignores
        if rule in each.rules
        and not each.problem
        and (each.position.file, each.line) == (position.file, position.line)
    ]


@dataclass(frozen=True, slots=True)
class RuleOptions:
    """What one rule is told; None is the rule's own default."""

    severity: Severity | Literal["off"] | None = None
    applications: tuple[str, ...] = ()
    days: int | None = None
    most: int | None = None
    until: date | None = None
    because: str = ""
    position: Position | None = None

    def severity_of(self, application: str, now: datetime) -> Severity | Literal["off"] | None:
        """Return the severity for one application now; None is the rule's own."""
        due = not over(self.until, now)
        return self.severity if due and (not self.applications or application in self.applications) else None


@dataclass(frozen=True, slots=True)
class LintPolicy:
    """Own domains, rules that no comment silences, and options by rule."""

    domains: tuple[str, ...] = ()
    locked: frozenset[str] = frozenset()
    rules: Mapping[str, RuleOptions] = field(default_factory=dict)
    position: Position | None = None

    def of(self, rule: str) -> RuleOptions:
        """Return what a rule is told."""
        return self.rules.get(rule) or RuleOptions()
