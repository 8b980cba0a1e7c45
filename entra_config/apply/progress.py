"""What became of each step so far, told to the observer and to the journal as it happens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from entra_config.apply import messages
from entra_config.apply.attempt import Attempt, Stage
from entra_config.apply.events import Observer, StepDone, StepFailed, StepSkipped, StepStarted, Waiting
from entra_config.apply.journal import Journal
from entra_config.apply.messages import Sentence
from entra_config.apply.schedule import Schedule
from entra_config.errors import GraphError
from entra_config.graph.client import ResponseReceived
from entra_config.graph.request import Request
from entra_config.plan.resolving import request_of, wanted_by
from entra_config.plan.steps import Step
from entra_config.resource import Ref

NOTHING = Sentence()


class Progress:
    """The schedule, the ids that became known, and what was done, failed and not tried. Listens to Graph
    for the journal.
    """

    def __init__(
        self, steps: Sequence[Step], known: dict[Ref, str], observe: Observer, journal: Journal | None
    ) -> None:
        self.schedule, self.known = Schedule(steps), known
        # Keys whose creation was found again, and those of which something was changed that no list showed.
        self.found_again: set[str] = set()
        self.replaced: set[str] = set()
        self.failed: list[tuple[Step, GraphError]] = []
        self.not_attempted: list[tuple[Step, str]] = []
        self._observe, self._journal = observe, journal
        self._sent: dict[int, tuple[Request, str]] = {}

    def ready(self) -> list[Attempt]:
        """Return attempts at the steps that may start now; those that never can are skipped."""
        attempts: list[Attempt] = []
        while found := list(self.schedule.ready()):
            for step, bad in found:
                request = self.filled(step.request)
                unknown = next(wanted_by(request), None)
                if bad or unknown:
                    failed = (
                        messages.NEEDED_STEP_FAILED.filled(step=bad.id)
                        if bad
                        else messages.ID_UNKNOWN.filled(ref=unknown)
                    )
                    self.skip(step, failed)
                else:
                    attempts.append(Attempt(step, request))
        return attempts

    def filled(self, request: Request) -> Request:
        """Return a request with the ids that are known."""
        return request_of(request, self.known)

    def sends(self, attempt: Attempt) -> None:
        """Note that a request of a step is about to be sent; the first time, that the step starts."""
        if not attempt.tries.again and attempt.stage is not Stage.FALLBACK:
            self._observe(StepStarted(attempt.step))
        self._sent[id(attempt.request)] = (attempt.request, attempt.step.id)

    def done(self, step: Step, note: Sentence = NOTHING, produced: Mapping[Ref, str] | None = None) -> None:
        """Note that a step is done, and what it made known."""
        self.known.update(produced or {})
        self.schedule.settle(step, good=True)
        self._observe(StepDone(step, note.text, produced or {}, note.rule))

    def fell_back(self, attempt: Attempt) -> None:
        """Note that a step is done by its fallback, and of which client something was changed that stood
        under its name: it may have been somebody else's.
        """
        step = attempt.step
        if attempt.taken and step.of is not None:
            self.replaced.add(step.of.key)
        edited = step.request.method == "PATCH"
        self.done(step, (messages.BY_DISABLING if edited else messages.CHANGED_INSTEAD).filled())

    def fail(self, step: Step, error: GraphError) -> None:
        """Note that a step is refused."""
        self.schedule.settle(step, good=False)
        self.failed.append((step, error))
        self._observe(StepFailed(step, error))

    def skip(self, step: Step, because: Sentence) -> None:
        """Note that a step which was ready is not tried."""
        self.schedule.settle(step, good=False)
        self._skipped(step, because)

    def leave(self) -> None:
        """Note that all that is still open is not tried."""
        for step in self.schedule.open():
            self._skipped(step, messages.STOPPED.filled())

    def responded(self, event: ResponseReceived) -> None:
        """Write one try of one request into the journal."""
        if self._journal:
            _, step = self._sent.get(id(event.request), (event.request, ""))
            self._journal.responded(event, step)

    def waiting(self, reason: str, seconds: float) -> None:
        """Tell that Graph, or its pace, is waited for."""
        self.waits(messages.WAITS_FOR_GRAPH.filled(reason=reason), seconds)

    def noted(self, text: str) -> None:
        """Show nothing: apply reads by key."""

    def waits(self, reason: Sentence, seconds: float, step: Step | None = None) -> None:
        """Tell that something is waited for, by one step or by all."""
        self._observe(Waiting(f"{step.id}: {reason.text}" if step else reason.text, seconds, reason.rule))

    def _skipped(self, step: Step, because: Sentence) -> None:
        self.not_attempted.append((step, because.text))
        self._observe(StepSkipped(step, because.text, because.rule))
