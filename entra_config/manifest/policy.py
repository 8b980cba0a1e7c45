"""What an environment lets happen, typed: limits, lifted words, consents; what becomes of applications
that left.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from entra_config.errors import Position
from entra_config.manifest.lint_policy import LintPolicy


@dataclass(frozen=True, slots=True)
class Removed:
    """What becomes of an application that left the manifest; `previously` is the key that it had before."""

    key: str
    destroy: bool
    position: Position | None = None
    previously: str | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one apply may take away: from people, from applications, and of one role's people."""

    max_people: int = 10
    max_applications: int = 10
    max_removed_percent: int = 30
    floor: int = 3


@dataclass(frozen=True, slots=True)
class Policy:
    """What an environment lets happen: consents by resource and kind, lifted limits, numbers; and what
    lint is told.
    """

    consent: Mapping[str, Mapping[str, frozenset[str]]] = field(default_factory=dict)
    allow: frozenset[str] = frozenset()
    limits: Limits = field(default_factory=Limits)
    lint: LintPolicy = field(default_factory=LintPolicy)


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """What an application of others may hold at an API of ours without being told: by its appId, in
    values, until a day.
    """

    app_id: str
    application: frozenset[str] = frozenset()
    delegated: frozenset[str] = frozenset()
    until: date | None = None
    position: Position | None = field(default=None, compare=False)

    @property
    def permissions(self) -> Iterator[tuple[str, str, str]]:
        """Yield what it may hold: its appId, `application` or `delegated`, value."""
        yield from ((self.app_id, "application", value) for value in self.application)
        yield from ((self.app_id, "delegated", value) for value in self.delegated)
