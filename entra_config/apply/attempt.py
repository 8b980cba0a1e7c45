"""One step on its way: the state that it is in, and what an answer of Graph makes of it.

```
           ┌──────── refused as if a replica lagged, or by another's write: waited out ────────┐
           ▼                                                                                   │
 WRITE ── sent ── done · failed for good                                                       │
   │       ├── no response came ─────────────► CHECK_EFFECT: looked for; if it is not there, sent again
   │       ├── it is there already ────────► FIND_EFFECT: looked for until it is seen, never sent again
   │       ├── it names what is not there ─► CHECK_BASIS: what it builds on is read, then sent again
   │       └── an enabled role or scope ───► FALLBACK: other requests, one after another, to their end
```

Whatever is read before a write is `looks.py`; the waits and the sending are `run.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

from entra_config.apply import messages
from entra_config.apply.messages import Sentence
from entra_config.errors import GraphError
from entra_config.graph.catalogue import NO_RESPONSE, UNIQUE_NAME
from entra_config.graph.errors import classify, refusal
from entra_config.graph.meanings import Meaning, ResponseRule
from entra_config.graph.request import Request, Response
from entra_config.graph.retry import REPLICATION, Backoff, Tries
from entra_config.plan.steps import Bears, Step
from entra_config.resource import Value

# A refusal that names something this run did not make may still come of an earlier run that was killed a
# moment ago.
EXTERNAL = Backoff(first=0.5, longest=8.0, patience=20.0)
# A guard that differs from what this run wrote itself: a replica that lags, as a rule.
GUARD = Backoff(first=0.5, longest=8.0, patience=90.0)


class Stage(Enum):
    """Where an attempt stands: what is done next with its step."""

    WRITE = "its own request is sent, once its guard holds"
    CHECK_EFFECT = (
        "its response was lost: the effect is looked for, and where it is not, the request is sent again"
    )
    FIND_EFFECT = "the effect is there by all that is known: it is looked for, and never sent again"
    CHECK_BASIS = "it was refused as if a replica lagged: what it builds on is read, then it is sent again"
    FALLBACK = "the requests of its fallback are sent, one after another"

    @property
    def looks_for_effect(self) -> bool:
        """Tell whether the step may be done already, and is looked for."""
        return self in {Stage.CHECK_EFFECT, Stage.FIND_EFFECT}


@dataclass(slots=True)
class Attempt:
    """A step, its request with all ids filled in, where it stands, and how often and how long it was tried.

    `lost`: it may be done already. `looked`: its lost effect was looked for. `taken`: somebody holds its
    name. `own`: all bodies that it may send. `rest`: of the fallback, what is still to be sent.
    """

    step: Step
    request: Request
    stage: Stage = Stage.WRITE
    tries: Tries = field(default_factory=Tries)
    lost: bool = False
    looked: bool = False
    taken: bool = False
    own: Sequence[Value] = ()
    refusal: GraphError | None = None
    rest: Sequence[Request] = ()

    def falls_back(self, requests: Sequence[Request]) -> None:
        """Go over to the fallback: its first request is next, and its waits are counted anew."""
        self.stage, self.tries = Stage.FALLBACK, Tries()
        self.request, *self.rest = requests

    def goes_on(self) -> None:
        """Go on to the next request of the fallback."""
        self.request, *self.rest = self.rest


@dataclass(frozen=True, slots=True)
class Done:
    """The request is done; `body` holds what it produced, None when that must be read."""

    body: object
    note: Sentence = Sentence()  # noqa: RUF009  # a frozen value


@dataclass(frozen=True, slots=True)
class Failed:
    """The step is refused."""

    error: GraphError


@dataclass(frozen=True, slots=True)
class Again:
    """The step is tried again after a wait, from another stage; where patience ends before, `error` is
    what it fails with.
    """

    reason: Sentence
    backoff: Backoff
    stage: Stage
    error: GraphError


@dataclass(frozen=True, slots=True)
class FallsBack:
    """The step's fallback is taken."""


Verdict = Done | Failed | Again | FallsBack


def judge(attempt: Attempt, response: Response, *, own: bool, made: bool) -> Verdict:
    """Return what an answer means.

    `own` tells whether this run wrote anything that the step comes after, `made` whether it created or
    restored an object there: an object that stood before the run is not on its way to a replica.
    """
    step, request = attempt.step, attempt.request
    rule = classify(request, response)
    if rule is None:
        return Done(response.body)
    error = refusal(request, response)
    if attempt.stage is Stage.FALLBACK:
        return _falling_back(rule, error)
    if _is_so(step, response):
        return Done(None, messages.SO_ALREADY.filled())
    attempt.refusal = error
    match rule.meaning:
        case Meaning.GONE if request.method == "DELETE":
            return Done(None, messages.GONE_ALREADY.filled())
        case Meaning.EXISTS | Meaning.TAKEN:
            return _exists(attempt, rule, error)
        case Meaning.SERVER if request.method == "POST":
            return _lost(step, error, rule)
        case Meaning.ENABLED if step.fallback:
            return FallsBack()
        case _:
            return _passing(attempt, response, rule, error, own=own, made=made)


def _passing(
    attempt: Attempt, response: Response, rule: ResponseRule, error: GraphError, *, own: bool, made: bool
) -> Verdict:
    """Return whether a refusal may come of a replica that lags, and passes."""
    match rule.meaning:
        case Meaning.REPLICATING | Meaning.ENABLED if own:
            return Again(Sentence.of(rule), REPLICATION, Stage.CHECK_BASIS, error)
        case Meaning.ARRIVING if made:
            return Again(Sentence.of(rule), REPLICATION, Stage.CHECK_BASIS, error)
        case Meaning.REPLICATING:
            return Again(Sentence.of(rule), EXTERNAL, Stage.WRITE, error)
        case Meaning.ARRIVING if own or response.status != 404:
            return Again(Sentence.of(rule), EXTERNAL, Stage.WRITE, error)
        case Meaning.ENABLED if attempt.step.guard:
            # The guard was answered by a replica that has not seen what an earlier run wrote a moment ago.
            return Again(Sentence.of(rule), EXTERNAL, Stage.WRITE, error)
        case _:
            return Failed(error)


def _falling_back(rule: ResponseRule, error: GraphError) -> Verdict:
    """Return what a refusal within a fallback means: that it is still enabled, or not there, comes of a
    replica that lags.
    """
    passes = rule.meaning in {Meaning.ENABLED, Meaning.REPLICATING, Meaning.ARRIVING}
    return Again(Sentence.of(rule), REPLICATION, Stage.FALLBACK, error) if passes else Failed(error)


def _exists(attempt: Attempt, rule: ResponseRule, error: GraphError) -> Verdict:
    """Return what it means that Graph has what a step makes, or something of its name, already."""
    step, looking = attempt.step, messages.LOOKING.filled(refused=rule.name)
    if step.fallback and attempt.request.method == "POST":
        if attempt.lost:
            return FallsBack()
        # An earlier run's, which the list that the plan read did not show, or an attacker's: read first.
        attempt.taken = True
        return Again(looking, EXTERNAL, Stage.FIND_EFFECT, error)
    if step.found_by is None:
        return Failed(error)
    if attempt.lost:
        # The first try, whose answer was lost, made it; this replica does not show it yet.
        return Again(looking, REPLICATION, Stage.FIND_EFFECT, error)
    if rule is UNIQUE_NAME and isinstance(step.found_by.expect, Bears):
        # The first answer may have been lost on the way to Graph's door; then the holder bears this
        # creation's own mark.
        attempt.taken = True
        return Again(looking, EXTERNAL, Stage.FIND_EFFECT, error)
    if rule.meaning is Meaning.TAKEN:
        return Failed(error)
    # Its natural key names its ends, so whoever made it made this very thing; the list that the plan read
    # lagged.
    return Again(looking, GUARD, Stage.FIND_EFFECT, error)


def _is_so(step: Step, response: Response) -> bool:
    message = response.message.casefold()
    codes = {response.code, *response.detail_codes}
    return any(text in codes or text.casefold() in message for text in step.done_if)


def _lost(step: Step, error: GraphError, rule: ResponseRule) -> Verdict:
    if step.found_by is None:
        # Repeating it blindly could make a second one.
        return Failed(error)
    reason = messages.NO_RESPONSE_CAME.filled() if rule is NO_RESPONSE else Sentence.of(rule)
    return Again(reason, REPLICATION, Stage.CHECK_EFFECT, error)
