"""A plan's steps and Graph in; the tenant changed as far as it lets itself be changed, and an Outcome, out."""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from entra_config.apply import detour, looks, readback
from entra_config.apply.events import Observer, Outcome
from entra_config.apply.journal import Journal
from entra_config.apply.past import past
from entra_config.apply.probes import Seen, ask, at
from entra_config.apply.progress import STOPPED, Progress
from entra_config.apply.trial import Again, Detour, Done, Failed, Trial, Verdict, judge
from entra_config.errors import GraphError
from entra_config.graph import batch
from entra_config.graph.client import Graph
from entra_config.plan.steps import Probe, Step
from entra_config.resource import Ref, Value, references

DRAWN = frozenset({"created", "looked"})


def drawn() -> str:
    """Return 128 random bits, in hex."""
    return secrets.token_hex(16)


CREATE = "create"


async def run(
    steps: Sequence[Step],
    graph: Graph,
    *,
    observe: Observer = lambda _: None,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    jitter: Callable[[], float] = random.random,
    wait: bool = True,
    journal: Journal | None = None,
    stop: asyncio.Event | None = None,
    known: Mapping[Ref, str] | None = None,
    draw: Callable[[], str] = drawn,
) -> Outcome:
    """Carry out all steps that can be and tell what became of each.

    Once `stop` is set nothing new is begun and what is in flight ends. With `wait` the end comes when what was written can
    be read back. `draw` gives 128 random bits, in hex, for each creation.
    """
    before = graph.usage
    progress = Progress(steps, {**_marks(steps, draw), **(known or {})}, observe, journal)
    carrying = _Run(progress, graph, sleep, jitter, stop)
    with graph.heard_by(progress):
        await carrying.all()
        progress.leave()
        done = progress.schedule.done
        watch = readback.Watch(graph, carrying.pause, jitter, past(done, progress.known))
        left = await watch.wait(readback.current(done, progress.known) if wait else [])
    return Outcome(
        done=progress.schedule.done,
        failed=tuple(progress.failed),
        not_tried=tuple(progress.not_tried),
        usage=graph.usage.since(before),
        known=progress.known,
        unseen=left.unseen,
        differs=left.differs,
        stopped=carrying.stopped,
    )


def _marks(steps: Sequence[Step], draw: Callable[[], str]) -> dict[Ref, str]:
    """Draw the mark of each creation and look: this run knows by it what it wrote, and nobody could have known it before."""
    wanted = {ref for step in steps for ref in references(step.request.body) if ref.attribute in DRAWN}
    return {ref: draw() for ref in sorted(wanted)}


@dataclass(slots=True)
class _Next:
    """What a group of trials leaves to be done: some again after a wait, some by their fallback."""

    seconds: float = 0.0
    again: list[Trial] = field(default_factory=list)
    detours: list[Trial] = field(default_factory=list)


@dataclass(slots=True)
class _Run:
    progress: Progress
    graph: Graph
    sleep: Callable[[float], Awaitable[None]]
    jitter: Callable[[], float]
    stop: asyncio.Event | None

    async def all(self) -> None:
        """Start what is ready in groups of one batch, as soon as it is, until nothing is left."""
        tasks: set[asyncio.Task[_Next]] = set()
        again: list[Trial] = []
        try:
            while True:
                trials = again + self.progress.ready()
                if self.stopped:
                    await self._end(trials)
                else:
                    tasks |= {asyncio.create_task(self._carry_out(group)) for group in _groups(trials)}
                again = []
                if not tasks:
                    return
                ended, tasks = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                for left in [task.result() for task in ended]:
                    tasks |= {asyncio.create_task(self._detour(trial)) for trial in left.detours}
                    if left.seconds:
                        tasks.add(asyncio.create_task(self._later(left)))
                    else:
                        again += left.again
        finally:
            for task in tasks:
                task.cancel()

    @property
    def stopped(self) -> bool:
        """Tell whether apply was asked to end."""
        return self.stop is not None and self.stop.is_set()

    async def pause(self, reason: str, seconds: float) -> bool:
        """Wait, and tell whether to go on."""
        self.progress.waiting(reason, seconds)
        await self._rest(seconds)
        return not self.stopped

    async def _carry_out(self, trials: Sequence[Trial]) -> _Next:
        """Look where something must be looked at first, then write, all together; settle what can be."""
        left = _Next()
        going = await self._look(trials, left)
        for trial in going:
            trial.looked = False
            self.progress.starts(trial)
        answers = await self.graph.send([trial.request for trial in going])
        for trial, answer in zip(going, answers, strict=True):
            before = [] if answer.ok else self.progress.schedule.done_before(trial.step)
            made = any(step.phase == CREATE for step in before)
            self._decide(trial, judge(trial, answer, own=bool(before), made=made), left)
        return left

    async def _look(self, trials: Sequence[Trial], left: _Next) -> list[Trial]:
        """Ask all probes that stand before the writes in one go; return the trials that may write."""
        needed = [self._needed(trial) for trial in trials]
        probed = [probe for probes in needed for _, probe in probes]
        answers = await ask(self.graph, probed)
        strange = self._strange(probed, answers)
        seen = iter(answers)
        going = []
        for trial, probes in zip(trials, needed, strict=True):
            later = self._bodies(self.progress.schedule.later(trial.step)) if probes else []
            trial.own = self._bodies([trial.step]) if probes else []
            own = bool(probes) and self._own(trial)
            found = [(name, probe, next(seen)) for name, probe in probes]
            verdict = looks.meaning(trial, found, later, own=own, strange=strange)
            if verdict is None:
                going.append(trial)
            else:
                self._decide(trial, verdict, left)
        return going

    def _strange(self, probes: Sequence[Probe], seen: Sequence[Seen]) -> list[Seen]:
        """Return what was seen that nobody but a stranger can have written."""
        odd = [(probe, what) for probe, what in zip(probes, seen, strict=True) if not what.holds]
        known = past(self.progress.schedule.done, self.progress.known) if odd else None
        return [what for probe, what in odd if known and not known.may_show(probe, what)]

    def _needed(self, trial: Trial) -> list[tuple[str, Probe]]:
        before = self.progress.schedule.standing_before(trial.step) if trial.look == looks.VISIBLE else []
        return looks.needed(trial, before, self.progress.known, self.progress.found_again)

    def _bodies(self, steps: Sequence[Step]) -> list[Value]:
        return [self.progress.filled(request).body for step in steps for request in (step.request, *step.fallback)]

    def _own(self, trial: Trial) -> bool:
        return bool(self.progress.schedule.done_before(trial.step))

    def _decide(self, trial: Trial, verdict: Verdict, left: _Next) -> None:
        match verdict:
            case Done(body, note):
                self._finish(trial, body, note, left)
            case Failed(error):
                self.progress.fail(trial.step, error)
            case Detour():
                left.detours.append(trial)
            case Again(reason, backoff, look, error):
                if backoff.exhausted(trial.waited):
                    self.progress.fail(trial.step, error)
                    return
                trial.attempt += 1
                # A lost answer is looked for at once: as a rule the write was done.
                at_once = look.startswith(looks.FOUND_BY) and not trial.look
                seconds = 0.0 if at_once else backoff.seconds(trial.attempt, self.jitter())
                trial.look, trial.lost = look, trial.lost or look.startswith(looks.FOUND_BY)
                self._again(trial, seconds, left, reason)

    def _again(self, trial: Trial, seconds: float, left: _Next, reason: str) -> None:
        if seconds:
            self.progress.waiting(f"{trial.step.id}: {reason}", seconds)
        trial.waited += seconds
        left.seconds = max(left.seconds, seconds)
        left.again.append(trial)

    def _finish(self, trial: Trial, body: object, note: str, left: _Next) -> None:
        """Take note of what a done step produced; read it where its answer does not tell."""
        step = trial.step
        values = {ref: at(body, name) for ref, name in step.produces.items() if isinstance(ref, Ref)}
        if all(isinstance(value, str) for value in values.values()):
            if trial.look.startswith(looks.FOUND_BY):
                self.progress.found_again |= {ref.address.key for ref in values}
            self.progress.done(step, note, values)
        elif step.found_by is None or trial.look == "found_by only":
            self.progress.fail(step, GraphError(f"Graph did not tell {', '.join(map(str, values))}", advice="Run apply again."))
        else:
            trial.attempt += 1
            trial.look = "found_by only"
            self._again(trial, 0.0, left, note)

    async def _later(self, left: _Next) -> _Next:
        await self._rest(left.seconds)
        return _Next(again=left.again)

    async def _rest(self, seconds: float) -> None:
        """Sleep, but not past the wish to stop."""
        if self.stop is None:
            await self.sleep(seconds)
            return
        sleeping = asyncio.ensure_future(self.sleep(seconds))
        stopping = asyncio.ensure_future(self.stop.wait())
        await asyncio.wait({sleeping, stopping}, return_when=asyncio.FIRST_COMPLETED)
        for task in (sleeping, stopping):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _detour(self, trial: Trial) -> _Next:
        """Take the fallback to its end: a role that was disabled is not left so, whoever wants to stop."""
        step = trial.step
        requests = [self.progress.filled(request) for request in step.fallback]
        for request in requests:
            self.progress.sends(request, step)
        error = await detour.take(requests, self.graph, sleep=self.sleep, jitter=self.jitter, waiting=self.progress.waiting)
        if error:
            self.progress.fail(step, error)
        else:
            self.progress.done(
                step, "disabled, changed, enabled" if step.request.method == "PATCH" else "it was there, and was changed"
            )
        return _Next()

    async def _end(self, trials: Sequence[Trial]) -> None:
        """Look once more for what may have been done, then let go of the rest."""
        lost = [(trial, probe) for trial in trials if trial.lost for name, probe in self._needed(trial) if name == looks.FOUND_BY]
        seen = await ask(self.graph, [probe for _, probe in lost])
        found = {trial.step.id for (trial, _), what in zip(lost, seen, strict=True) if what.holds}
        for trial in trials:
            if trial.step.id in found:
                self.progress.done(trial.step, "its answer was lost; it was found again")
            else:
                self.progress.skip(trial.step, STOPPED)


def _groups(trials: Sequence[Trial]) -> list[Sequence[Trial]]:
    return [trials[start : start + batch.LIMIT] for start in range(0, len(trials), batch.LIMIT)]
