"""What became of each step so far, told to the observer and to the journal as it happens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from entra_config.apply.events import Observer, StepDone, StepFailed, StepSkipped, StepStarted, Waiting
from entra_config.apply.journal import Journal
from entra_config.apply.schedule import Schedule
from entra_config.apply.trial import Trial
from entra_config.errors import GraphError
from entra_config.graph.client import Answered
from entra_config.graph.request import Request
from entra_config.plan.steps import Step
from entra_config.resource import Ref, references, resolve

STOPPED = "apply was stopped before"


class Progress:
    """The schedule, the ids that became known, and what was done, failed and not tried. Listens to Graph for the journal."""

    def __init__(self, steps: Sequence[Step], known: dict[Ref, str], observe: Observer, journal: Journal | None) -> None:
        self.schedule, self.known = Schedule(steps), known
        self.found_again: set[str] = set()
        self.failed: list[tuple[Step, GraphError]] = []
        self.not_tried: list[tuple[Step, str]] = []
        self._observe, self._journal = observe, journal
        self._sent: dict[int, tuple[Request, str]] = {}

    def ready(self) -> list[Trial]:
        """Return trials of the steps that may start now; those that never can are skipped."""
        trials: list[Trial] = []
        while found := list(self.schedule.ready()):
            for step, bad in found:
                request = self.filled(step.request)
                unknown = next(references([request.path, request.body]), None)
                if bad or unknown:
                    self.skip(step, f"{bad.id} was not done" if bad else f"{unknown} is not known")
                else:
                    trials.append(Trial(step, request))
        return trials

    def filled(self, request: Request) -> Request:
        """Return a request with the ids that are known."""
        path, body = resolve(request.path, self.known), resolve(request.body, self.known)
        return Request(request.method, path, body, request.headers)

    def starts(self, trial: Trial) -> None:
        """Note that a trial's request is about to be sent."""
        if not trial.attempt:
            self._observe(StepStarted(trial.step))
        self.sends(trial.request, trial.step)

    def sends(self, request: Request, step: Step) -> None:
        """Note which step a request belongs to."""
        self._sent[id(request)] = (request, step.id)

    def done(self, step: Step, note: str = "", produced: Mapping[Ref, str] | None = None) -> None:
        """Note that a step is done, and what it made known."""
        self.known.update(produced or {})
        self.schedule.settle(step, good=True)
        self._observe(StepDone(step, note, produced or {}))

    def fail(self, step: Step, error: GraphError) -> None:
        """Note that a step is refused."""
        self.schedule.settle(step, good=False)
        self.failed.append((step, error))
        self._observe(StepFailed(step, error))

    def skip(self, step: Step, because: str) -> None:
        """Note that a step which was ready is not tried."""
        self.schedule.settle(step, good=False)
        self._skipped(step, because)

    def leave(self) -> None:
        """Note that all that is still open is not tried."""
        for step in self.schedule.open():
            self._skipped(step, STOPPED)

    def answered(self, event: Answered) -> None:
        """Write one try of one request into the journal."""
        if self._journal:
            _, step = self._sent.get(id(event.request), (event.request, ""))
            self._journal.answered(event, step)

    def waiting(self, reason: str, seconds: float) -> None:
        """Tell that something is waited for."""
        self._observe(Waiting(reason, seconds))

    def _skipped(self, step: Step, because: str) -> None:
        self.not_tried.append((step, because))
        self._observe(StepSkipped(step, because))
