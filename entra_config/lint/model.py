"""What a rule is, what it sees, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from entra_config.errors import Position
from entra_config.lint.subject import LintSubject
from entra_config.manifest.lint_policy import Ignore, LintPolicy, Severity
from entra_config.manifest.model import Manifest

Confidence = Literal["high", "medium", "low"]
Persona = Literal["regular", "pedantic", "auditor"]
Side = Literal["manifest", "live", "comments"]

GRAVITY: Mapping[Severity, int] = {"I": 0, "W": 1, "E": 2}
PERSONAS: Mapping[Persona, int] = {"regular": 0, "pedantic": 1, "auditor": 2}
NAMES: Mapping[Severity, str] = {"E": "error", "W": "warning", "I": "info"}


@dataclass(frozen=True, slots=True)
class Fix:
    """One part of a safe edit: an item of a list takes another's place, goes, comes, or a key gets a
    value.
    """

    action: Literal["replace", "remove", "add", "set"]
    path: tuple[str, ...]
    old: str = ""
    new: Any = None


@dataclass(frozen=True, slots=True)
class Hit:
    """What one rule found at one place; `what` names the thing for the fingerprint, whatever line it is on.

    `severity` and `persona` are of this finding alone, where it is another than the rule's.
    """

    position: Position | None
    message: str
    application: str = ""
    what: str = ""
    severity: Severity | None = None
    persona: Persona | None = None
    fix: tuple[Fix, ...] = ()


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment that asks for silence: `used` are the rules that it silenced, `refused` those that no comment
    may.

    `judged` are those of its rules that a run could have found something of.
    """

    ignore: Ignore
    used: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()
    judged: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Other:
    """Another environment of the same manifest."""

    environment: str
    protected: bool
    subjects: tuple[LintSubject, ...]


@dataclass(frozen=True, slots=True)
class TenantFacts:
    """What only a tenant says; `unread` are sentences about what could not be read.

    `facts` are answers by the name of the question, `undeclared` the names of registrations that nobody
    manages.
    """

    facts: Mapping[str, tuple[Mapping[str, Any], ...]] = field(default_factory=dict)
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemText:
    """A text or key of the manifest that an item of a list fills: its path of keys, and the text with
    `FROM_KEY` and `FROM_ITEM` in place of the item's key and fields.
    """

    path: tuple[str, ...]
    text: str
    marked: str
    position: Position
    is_key: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """One environment as rules see it: `subjects` are its applications, of the manifest or, with `tenant`, of
    the tenant.

    `hosts` says of each host name whether it resolves; empty where nobody asked. `comments` are there for
    rules on comments, `rules` the names of all rules. `item_texts` are of the manifest's side.
    """

    manifest: Manifest
    subjects: tuple[LintSubject, ...]
    now: datetime
    others: tuple[Other, ...] = ()
    comments: tuple[Comment, ...] = ()
    rules: frozenset[str] = frozenset()
    hosts: Mapping[str, bool] = field(default_factory=dict)
    tenant: TenantFacts | None = None
    item_texts: tuple[ItemText, ...] = ()

    @property
    def policy(self) -> LintPolicy:
        """Return what the manifest tells lint in this environment."""
        return self.manifest.policy.lint

    @property
    def live(self) -> bool:
        """Tell whether the tenant is seen, and not the manifest."""
        return self.tenant is not None

    def facts(self, fact: str) -> tuple[Mapping[str, Any], ...]:
        """Return what the tenant says under a name; nothing where none is seen, or that was not read."""
        return self.tenant.facts.get(fact, ()) if self.tenant is not None else ()

    def days(self, rule: str, default: int) -> int:
        """Return a rule's threshold in days."""
        reported = self.policy.of(rule).days
        return default if reported is None else reported

    def most(self, rule: str, default: int) -> int:
        """Return a rule's threshold of a number."""
        reported = self.policy.of(rule).most
        return default if reported is None else reported

    @property
    def places(self) -> Mapping[str, Position | None]:
        """Return where each application is declared, by its key."""
        return {each.key: each.position for each in self.subjects}


Check = Callable[[View], Iterator[Hit]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what it finds, how grave and how sure, why it matters, how to mend it, and one example of
    each kind.

    `bad` and `good` are YAML as a user writes it, of a manifest (or of Graph's answers, for a rule on the
    tenant alone); the mark `«` in `bad` stands before the finding. `good` is the near miss that stays silent.
    """

    id: str
    severity: Severity
    confidence: Confidence
    on: tuple[Side, ...]
    finds: str
    why: str
    fix: str
    source: str
    bad: str
    good: str
    check: Check
    persona: Persona = "regular"
    options: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LintRequest:
    """What a run looks at: which environments, which rules, and who reads it."""

    rules: Mapping[str, Rule]
    now: datetime
    environments: tuple[str, ...]
    persona: Persona = "regular"
    hosts: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LintFinding:
    """A hit with its rule, in one or more environments."""

    rule: str
    severity: Severity
    confidence: Confidence
    persona: Persona
    message: str
    help: str
    position: Position | None
    application: str
    what: str
    environments: tuple[str, ...]
    live: bool = False
    fix: tuple[Fix, ...] = ()

    @property
    def identity(self) -> str:
        """Return what stays the same while lines move."""
        return "|".join(
            (self.rule, self.application, self.what or self.message, "live" if self.live else "manifest")
        )


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A finding that a comment silences: where that stands, until when, and why."""

    finding: LintFinding
    by: Position
    because: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that a run found, gravest first within each file."""

    project: str
    environments: tuple[str, ...]
    findings: tuple[LintFinding, ...]
    suppressed: tuple[Suppressed, ...] = ()
    not_read: tuple[str, ...] = ()
    unseen: Mapping[Persona, int] = field(default_factory=dict)

    def at_least(self, severity: Severity) -> tuple[LintFinding, ...]:
        """Return the findings of this severity and above."""
        return tuple(each for each in self.findings if GRAVITY[each.severity] >= GRAVITY[severity])
