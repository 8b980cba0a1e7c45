"""Every sentence that apply says of a step, each with the id of its rule: a program goes by the id, the words
may be bettered.

Refusals of Graph have their rows in `graph/catalogue.py`, with ids of their own; docs/messages.md shows both
tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from entra_config.errors import GraphError
from entra_config.graph.catalogue import ROWS
from entra_config.graph.meanings import ResponseRule


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with the id of its rule."""

    rule: str = ""
    text: str = ""

    @classmethod
    def of(cls, rule: ResponseRule) -> Sentence:
        """Return what a row of Graph's refusals is called."""
        return cls(rule.id, rule.name)


class Occasion(Enum):
    """What a sentence is said of."""

    DONE = "a step is done, and not by its own request alone"
    WAITING = "a step, or the end, waits"
    SKIPPED = "a step is not tried"
    FAILED = "a step fails"


@dataclass(frozen=True, slots=True)
class Message:
    """One sentence: its rule, what it is said of, its words with holes, for a failure what a person can do
    and its code.
    """

    rule: str
    occasion: Occasion
    text: str
    advice: str = ""
    code: str = ""

    def filled(self, **values: object) -> Sentence:
        """Return the sentence with its holes filled."""
        return Sentence(self.rule, self.text.format(**values))

    def error(self, *, request_id: str = "", code: str = "", **values: object) -> GraphError:
        """Return it as the error that a step fails with; `code` is Graph's, where its refusal came before."""
        text = self.text.format(**values)
        return GraphError(
            text, code=code or self.code, request_id=request_id, advice=self.advice, rule=self.rule
        )


SO_ALREADY = Message("apply-so-already", Occasion.DONE, "it was so already")
GONE_ALREADY = Message("apply-gone-already", Occasion.DONE, "it was gone already")
EARLIER_RUN = Message("apply-earlier-run", Occasion.DONE, "an earlier run did it already")
FOUND_AGAIN = Message("apply-found-again", Occasion.DONE, "its response was lost; it was found again")
BY_DISABLING = Message("apply-by-disabling", Occasion.DONE, "disabled, changed, enabled")
CHANGED_INSTEAD = Message("apply-changed-instead", Occasion.DONE, "it was there, and was changed")

NO_RESPONSE_CAME = Message("apply-no-answer", Occasion.WAITING, "no response came")
RESPONSE_LOST = Message("apply-answer-lost", Occasion.WAITING, "a response was lost")
LOOKING = Message("apply-looking", Occasion.WAITING, "{refused}: looking for it")
WAITS_FOR_HOLDER = Message(
    "apply-waits-for-holder", Occasion.WAITING, "the holder of the name to be readable"
)
WAITS_FOR_OWN_WRITES = Message("apply-waits-for-own-writes", Occasion.WAITING, "own writes to be readable")
WAITS_FOR_WRITTEN = Message("apply-waits-for-written", Occasion.WAITING, "what was written to be readable")
WAITS_FOR_PREMISE = Message("apply-waits-for-premise", Occasion.WAITING, "what it builds on to be readable")
WAITS_FOR_REMOVAL = Message("apply-waits-for-removal", Occasion.WAITING, "what was taken away to be gone")
WAITS_FOR_LOOK = Message("apply-waits-for-look", Occasion.WAITING, "the mark of the look to be readable")
WAITS_FOR_CHANGES = Message("apply-waits-for-changes", Occasion.WAITING, "{count} changes to be readable")
WAITS_FOR_GRAPH = Message("apply-waits-for-graph", Occasion.WAITING, "{reason}")

NEEDED_STEP_FAILED = Message("apply-needed-step-failed", Occasion.SKIPPED, "{step} was not done")
ID_UNKNOWN = Message("apply-id-unknown", Occasion.SKIPPED, "{ref} is not known")
STOPPED = Message("apply-stopped", Occasion.SKIPPED, "apply was stopped before")

_HELD = "{holder} holds the uniqueName {name}: {why}; it is not adopted, and nothing is granted to it"
_PLAN_AGAIN = (
    "If another run made it, run plan again: it is identified then. Else plan again: the next free name "
    "is taken."
)
NAME_HELD = Message("apply-name-held", Occasion.FAILED, _HELD.replace("{why}", "it {tags}"), _PLAN_AGAIN)
NAME_HELD_BY_TWIN = Message(
    "apply-name-held-by-twin",
    Occasion.FAILED,
    _HELD.replace("{why}", "it has the same ownership tags, and this run did not make it"),
    _PLAN_AGAIN,
)
UNSEEN = Message(
    "apply-unseen",
    Occasion.FAILED,
    "{step}: what was written cannot be read back: {moved}",
    "Run apply again later.",
)
ARMED = Message(
    "apply-armed",
    Occasion.FAILED,
    "{step}: nothing is granted: somebody undeclared could act as its client: {moved}",
    "Run plan again and look at who that is.",
    "Armed",
)
REPLACED = Message(
    "apply-replaced",
    Occasion.FAILED,
    "{step}: nothing is granted: a federated credential stood there that the plan did not see, and was "
    "changed to the declared one; whoever it let in may have a token yet",
    "Run plan again.",
    "Armed",
)
MOVED = Message(
    "apply-moved",
    Occasion.FAILED,
    "the tenant moved since the plan was made: {moved} ({path})",
    "Run plan again and look at what changed.",
    "Moved",
)
UNTOLD = Message("apply-untold", Occasion.FAILED, "Graph did not return {names}", "Run apply again.")

CATALOGUE: tuple[Message, ...] = tuple(each for each in list(globals().values()) if isinstance(each, Message))


def page() -> Iterator[str]:
    """Yield the lines of docs/messages.md."""
    yield "# Messages of apply"
    yield ""
    yield "<!-- Made by `make generated`; a test compares it. -->"
    yield ""
    yield (
        "`--events json` gives the rule beside each note, reason and error. Rules stay; the words may change."
    )
    yield ""
    yield "| rule | said when | words | what to do |"
    yield "|---|---|---|---|"
    for each in CATALOGUE:
        yield f"| `{each.rule}` | {each.occasion.value} | {each.text} | {each.advice} |"
    yield ""
    yield "## Refusals of Microsoft Graph"
    yield ""
    yield "The first row that fits a refusal decides what apply does."
    yield ""
    yield "| rule | what it is | what it means | what to do | seen in |"
    yield "|---|---|---|---|---|"
    for row in ROWS:
        yield f"| `{row.id}` | {row.name} | {row.meaning.value} | {row.advice} | {row.source} |"
