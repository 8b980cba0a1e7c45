"""One step on its way: what its answer means for it, and when it is tried again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from entra_config.errors import GraphError
from entra_config.graph.catalogue import Meaning, Rule
from entra_config.graph.errors import NO_ANSWER, classify, refusal
from entra_config.graph.request import Request, Response
from entra_config.graph.retry import REPLICATION, Backoff
from entra_config.plan.steps import Bears, Step
from entra_config.resource import Value

# A refusal that names something this run did not make may still come of an earlier run that was killed a moment ago.
FOREIGN = Backoff(first=0.5, longest=8.0, patience=20.0)
# A guard that differs from what this run wrote itself: a replica that lags, as a rule.
GUARD = Backoff(first=0.5, longest=8.0, patience=90.0)

# Names that somebody else can hold: finding an object behind them does not make it ours.
UNIQUE_NAME = "unique name is taken"
_TAKEN = frozenset({UNIQUE_NAME, "other object is in the way", "same key"})

Look = Literal["", "found_by", "found_by only", "visible"]


@dataclass(slots=True)
class Trial:
    """A step, its request with all ids filled in, and how often and how long it was tried.

    `looked`: its lost effect was looked for. `taken`: somebody holds its name. `own`: all bodies that it may send.
    """

    step: Step
    request: Request
    attempt: int = 0
    waited: float = 0.0
    lost: bool = False
    looked: bool = False
    taken: bool = False
    own: Sequence[Value] = ()
    refusal: GraphError | None = None
    look: Look = ""


@dataclass(frozen=True, slots=True)
class Done:
    """The step is done; `body` holds what it produced, None when that must be read."""

    body: object
    note: str = ""


@dataclass(frozen=True, slots=True)
class Failed:
    """The step is refused."""

    error: GraphError


@dataclass(frozen=True, slots=True)
class Again:
    """The step is tried again after a wait; `look` tells what is read before: its own effect, or what it depends on."""

    reason: str
    backoff: Backoff
    look: Look
    error: GraphError


@dataclass(frozen=True, slots=True)
class Detour:
    """The step's fallback is taken."""


Verdict = Done | Failed | Again | Detour


def judge(trial: Trial, response: Response, *, own: bool, made: bool) -> Verdict:
    """Return what an answer means.

    `own` tells whether this run wrote anything that the step comes after, `made` whether it created or restored an object there:
    an object that stood before the run is not on its way to a replica.
    """
    step, request = trial.step, trial.request
    rule = classify(request, response)
    if rule is None:
        return Done(response.body)
    if _is_so(step, response):
        return Done(None, "it was so already")
    trial.refusal = error = refusal(request, response)
    match rule.meaning:
        case Meaning.GONE if request.method == "DELETE":
            return Done(None, "it was gone already")
        case Meaning.EXISTS:
            return _exists(trial, rule, error)
        case Meaning.SERVER if request.method == "POST":
            return _lost(step, error, rule)
        case Meaning.ENABLED if step.fallback:
            return Detour()
        case Meaning.REPLICATING | Meaning.ENABLED if own:
            return Again(rule.name, REPLICATION, "visible", error)
        case Meaning.ARRIVING if made:
            return Again(rule.name, REPLICATION, "visible", error)
        case Meaning.REPLICATING:
            return Again(rule.name, FOREIGN, "", error)
        case Meaning.ARRIVING if own or response.status != 404:
            return Again(rule.name, FOREIGN, "", error)
        case Meaning.ENABLED if step.guard:
            # The guard was answered by a replica that has not seen what an earlier run wrote a moment ago.
            return Again(rule.name, FOREIGN, "", error)
        case _:
            return Failed(error)


def _exists(trial: Trial, rule: Rule, error: GraphError) -> Verdict:
    """Return what it means that Graph has what a step makes, or something of its name, already."""
    step = trial.step
    if step.fallback and trial.request.method == "POST":
        return Detour()
    if step.found_by is None:
        return Failed(error)
    if trial.lost:
        # The first try, whose answer was lost, made it; this replica does not show it yet.
        return Again(f"{rule.name}: looking for it", REPLICATION, "found_by only", error)
    if rule.name == UNIQUE_NAME and isinstance(step.found_by.expect, Bears):
        # The first answer may have been lost on the way to Graph's door; then the holder bears this creation's own mark.
        trial.taken = True
        return Again(f"{rule.name}: looking for it", FOREIGN, "found_by only", error)
    if rule.name in _TAKEN:
        return Failed(error)
    # Its natural key names its ends, so whoever made it made this very thing; the list that the plan read lagged.
    return Again(f"{rule.name}: looking for it", GUARD, "found_by only", error)


def _is_so(step: Step, response: Response) -> bool:
    said = response.message.casefold()
    codes = {response.code, *response.detail_codes}
    return any(text in codes or text.casefold() in said for text in step.done_if)


def _lost(step: Step, error: GraphError, rule: Rule) -> Verdict:
    if step.found_by is None:
        # Repeating it blindly could make a second one.
        return Failed(error)
    return Again("no answer came" if rule is NO_ANSWER else rule.name, REPLICATION, "found_by", error)
