"""What a rule is, what it finds, and the one loop in which every stage asks its rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

from entra_config.errors import Position
from entra_config.kinds.base import application_address
from entra_config.phrase import Phrase
from entra_config.plan.model import Notice, Refusal, Withheld
from entra_config.resource import Address

# A notice is reported. A skip leaves out one part, a withhold waits until somebody confirms that part, and
# the rest of the plan is carried out. A refusal stops the complete plan.
Outcome = Literal["notice", "skip", "withhold", "refuse"]
View = TypeVar("View")


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found: the values of its message, and the place.

    `outcome` is set where it differs from the rule's. `facts` are further fields of the notice, refusal or
    withheld grant.
    """

    values: Mapping[str, Any]
    address: Address | None = None
    position: Position | None = None
    outcome: Outcome | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


def found(
    key: str,
    position: Position | None,
    /,
    *,
    outcome: Outcome | None = None,
    facts: Mapping[str, Any] | None = None,
    **values: object,
) -> Finding:
    """Return a finding about an application, by its key."""
    return Finding({"key": key, **values}, application_address(key), position, outcome, facts or {})


@dataclass(frozen=True, slots=True)
class Rule(Generic[View]):
    """One rule: its outcome, its message, the function that finds it, and an example.

    `message` and `remedy` are templates; a finding has their values. A withheld grant reports the remedy by
    itself, everything else at the end of its message.
    `word` is what `--allow` takes to lift it. `check` gets the stage's view and one of the items
    that the stage's table names. `example` is a story in YAML: a manifest that is applied, what then happens
    in the tenant (`hand`) and to the manifest (`edit`). The rule is silent before, and finds something after.
    """

    id: str
    outcome: Outcome
    message: str
    example: str
    check: Callable[[View, Any], Iterable[Finding]]
    remedy: str = ""
    word: str = ""

    def report(self, finding: Finding) -> Notice | Refusal | Withheld:
        """Return what the plan reports of a finding."""
        message = Phrase.filled(self.message, finding.values)
        remedy = self.remedy.format_map(finding.values)
        place = finding.address, finding.position
        outcome = finding.outcome or self.outcome
        if remedy and outcome != "withhold":
            message = Phrase.of(message, f": {remedy}")
        match outcome:
            case "notice":
                return Notice(message, *place, **finding.facts)
            case "withhold":
                return Withheld(message, remedy, *place, **finding.facts)
            case _:
                return Refusal(self.word, message, *place, blocks=outcome == "refuse", **finding.facts)


# Which items of a view are asked about, and by which rules, in order.
Stage = tuple[tuple[Callable[[View], Iterable[Any]], tuple[Rule[View], ...]], ...]


def rule(
    outcome: Outcome, message: str, *, example: str, remedy: str = "", word: str = ""
) -> Callable[[Callable[[View, Any], Iterable[Finding]]], Rule[View]]:
    """Make a rule of the function below: its name is the rule's id, its docstring what the rule finds."""
    return lambda check: Rule(
        check.__name__.replace("_", "-"), outcome, message, example, check, remedy, word
    )


def judge(stage: Stage[View], view: View) -> Iterator[Notice | Refusal | Withheld]:
    """Yield what the rules of a stage find, in the order of its table."""
    for items, rules in stage:
        for item in items(view):
            for rule in rules:
                yield from map(rule.report, rule.check(view, item))
