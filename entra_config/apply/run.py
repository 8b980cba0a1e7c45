"""A plan's steps and Graph in; the tenant changed as far as it lets itself be changed, and an Outcome,
out.
"""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import assert_never

from entra_config.apply import looks, messages, readback
from entra_config.apply.attempt import Again, Attempt, Done, Failed, FallsBack, Stage, Verdict, judge
from entra_config.apply.events import Observer, Outcome
from entra_config.apply.journal import Journal
from entra_config.apply.looks import Look
from entra_config.apply.messages import Sentence
from entra_config.apply.past import past
from entra_config.apply.probes import ProbeResult, fetch
from entra_config.apply.progress import Progress
from entra_config.graph import batch
from entra_config.graph.client import Graph
from entra_config.kinds.graph_values import at
from entra_config.plan import instant
from entra_config.plan.model import Work
from entra_config.plan.steps import Probe, Step
from entra_config.resource import Ref, Value, references

DRAWN = frozenset({"created", "looked"})


def drawn() -> str:
    """Return 128 random bits, in hex."""
    return secrets.token_hex(16)


def begin(plan: Work, now: datetime) -> None:
    """Refuse, before the first write, a plan that is of another time than now as to what is over."""
    instant.check(plan, now)


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

    Once `stop` is set nothing new is begun and what is in flight ends. With `wait` the end comes when what
    was written can be read back. `draw` gives 128 random bits, in hex, for each creation.
    """
    before = graph.usage
    progress = Progress(steps, {**_marks(steps, draw), **(known or {})}, observe, journal)
    carrying = _Run(progress, graph, sleep, jitter, stop)
    with graph.observed_by(progress):
        await carrying.all()
        progress.leave()
        done = progress.schedule.done
        watch = readback.ReadBack(graph, carrying.pause, jitter, past(done, progress.known))
        left = await watch.wait(readback.current(done, progress.known) if wait else [])
    return Outcome(
        done=progress.schedule.done,
        failed=tuple(progress.failed),
        not_attempted=tuple(progress.not_attempted),
        usage=graph.usage.since(before),
        known=progress.known,
        unconfirmed=left.unconfirmed,
        differs=left.differs,
        stopped=carrying.stopped,
    )


def _marks(steps: Sequence[Step], draw: Callable[[], str]) -> dict[Ref, str]:
    """Draw the mark of each creation and look: this run knows by it what it wrote, and nobody could have
    known it before.
    """
    found = {ref for step in steps for ref in references(step.request.body)}
    return {ref: draw() for ref in sorted(found) if ref.attribute in DRAWN}


@dataclass(slots=True)
class _Next:
    """What a group of attempts leaves to be done: some again after a wait, together; fallbacks each after
    a wait of its own.
    """

    seconds: float = 0.0
    again: list[Attempt] = field(default_factory=list)
    fallbacks: list[tuple[Attempt, float]] = field(default_factory=list)


@dataclass(slots=True)
class _Run:
    progress: Progress
    graph: Graph
    sleep: Callable[[float], Awaitable[None]]
    jitter: Callable[[], float]
    stop: asyncio.Event | None

    async def all(self) -> None:
        """Start what is ready in groups of one batch, as soon as it is, until nothing is left.

        The one loop of apply: whatever is to be tried again comes back here, and goes out with what has
        become ready meanwhile.
        """
        tasks: set[asyncio.Task[_Next]] = set()
        again: list[Attempt] = []
        try:
            while True:
                attempts = again + self.progress.ready()
                if self.stopped:
                    await self._end(attempts)
                else:
                    tasks |= {asyncio.create_task(self._carry_out(group)) for group in _groups(attempts)}
                again = []
                if not tasks:
                    return
                ended, tasks = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                for left in [task.result() for task in ended]:
                    tasks |= {asyncio.create_task(self._fall_back(*each)) for each in left.fallbacks}
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

    async def pause(self, reason: Sentence, seconds: float) -> bool:
        """Wait, and tell whether to go on."""
        self.progress.waits(reason, seconds)
        await self._rest(seconds)
        return not self.stopped

    async def _carry_out(self, attempts: Sequence[Attempt]) -> _Next:
        """Look where something must be looked at first, then write, all together; settle what can be."""
        left = _Next()
        going = await self._look(attempts, left)
        for attempt in going:
            attempt.looked = False
            self.progress.sends(attempt)
        responses = await self.graph.send([attempt.request for attempt in going])
        for attempt, response in zip(going, responses, strict=True):
            before = [] if response.ok else self.progress.schedule.done_before(attempt.step)
            made = any(step.creates for step in before)
            self._decide(attempt, judge(attempt, response, own=bool(before), made=made), left)
        return left

    async def _look(self, attempts: Sequence[Attempt], left: _Next) -> list[Attempt]:
        """Ask all probes that stand before the writes in one go; return the attempts that may write."""
        needed = [self._needed(attempt) for attempt in attempts]
        probed = [probe for probes in needed for _, probe in probes]
        responses = await fetch(self.graph, probed)
        strange = self._strange(probed, responses)
        seen = iter(responses)
        going = []
        for attempt, probes in zip(attempts, needed, strict=True):
            later = self._bodies(self.progress.schedule.later(attempt.step)) if probes else []
            attempt.own = self._bodies([attempt.step]) if probes else []
            own = bool(probes and self.progress.schedule.done_before(attempt.step))
            found = [(look, probe, next(seen)) for look, probe in probes]
            verdict = looks.outlived(attempt.step, self.progress.replaced) or looks.meaning(
                attempt, found, later, own=own, strange=strange
            )
            if verdict is None:
                going.append(attempt)
            else:
                self._decide(attempt, verdict, left)
        return going

    def _strange(self, probes: Sequence[Probe], seen: Sequence[ProbeResult]) -> list[ProbeResult]:
        """Return what was seen that nobody but a stranger can have written."""
        odd = [(probe, what) for probe, what in zip(probes, seen, strict=True) if not what.holds]
        known = past(self.progress.schedule.done, self.progress.known) if odd else None
        return [what for probe, what in odd if known and not known.may_show(probe, what)]

    def _needed(self, attempt: Attempt) -> list[tuple[Look, Probe]]:
        if attempt.stage is Stage.FALLBACK:
            return []
        before = (
            self.progress.schedule.standing_before(attempt.step) if attempt.stage is Stage.CHECK_BASIS else []
        )
        return looks.needed(attempt, before, self.progress.known, self.progress.found_again)

    def _bodies(self, steps: Sequence[Step]) -> list[Value]:
        return [
            self.progress.filled(request).body for step in steps for request in (step.request, *step.fallback)
        ]

    def _decide(self, attempt: Attempt, verdict: Verdict, left: _Next) -> None:
        """Bring an attempt into its next stage, or to its end."""
        match verdict:
            case Done() if attempt.stage is Stage.FALLBACK and attempt.rest:
                attempt.goes_on()
                left.fallbacks.append((attempt, 0.0))
            case Done() if attempt.stage is Stage.FALLBACK:
                self.progress.fell_back(attempt)
            case Done(body, note):
                self._finish(attempt, body, note, left)
            case Failed(error):
                self.progress.fail(attempt.step, error)
            case FallsBack():
                attempt.falls_back([self.progress.filled(request) for request in attempt.step.fallback])
                left.fallbacks.append((attempt, 0.0))
            case Again():
                self._try_again(attempt, verdict, left)
            case _:
                assert_never(verdict)

    def _try_again(self, attempt: Attempt, verdict: Again, left: _Next) -> None:
        # A lost answer is looked for at once: as a rule the write was done.
        at_once = verdict.stage.looks_for_effect and attempt.stage is Stage.WRITE
        seconds = attempt.tries.next(verdict.backoff, self.jitter(), at_once=at_once)
        if seconds is None:
            self.progress.fail(attempt.step, verdict.error)
            return
        attempt.stage, attempt.lost = verdict.stage, attempt.lost or verdict.stage.looks_for_effect
        if seconds:
            self.progress.waits(verdict.reason, seconds, attempt.step)
        if attempt.stage is Stage.FALLBACK:
            left.fallbacks.append((attempt, seconds))
        else:
            left.seconds = max(left.seconds, seconds)
            left.again.append(attempt)

    def _finish(self, attempt: Attempt, body: object, note: Sentence, left: _Next) -> None:
        """Take note of what a done step produced; read it where its answer does not tell."""
        step = attempt.step
        values = {ref: at(body, name) for ref, name in step.produces.items()}
        if all(isinstance(value, str) for value in values.values()):
            if attempt.stage.looks_for_effect:
                self.progress.found_again |= {ref.address.key for ref in values}
            self.progress.done(step, note, values)
        elif step.found_by is None or attempt.stage is Stage.FIND_EFFECT:
            self.progress.fail(step, messages.UNTOLD.error(names=", ".join(map(str, values))))
        else:
            attempt.tries.again += 1
            attempt.stage = Stage.FIND_EFFECT
            left.again.append(attempt)

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

    async def _fall_back(self, attempt: Attempt, seconds: float) -> _Next:
        """Take the next request of a fallback: a role that was disabled is not left so, whoever wants to
        stop.
        """
        if seconds:
            await self.sleep(seconds)
        return await self._carry_out([attempt])

    async def _end(self, attempts: Sequence[Attempt]) -> None:
        """Look once more for what may have been done, then let go of the rest."""
        doubtful = (attempt for attempt in attempts if attempt.lost)
        wanted = ((attempt, needed) for attempt in doubtful for needed in self._needed(attempt))
        lost = [(attempt, probe) for attempt, (look, probe) in wanted if look is Look.EFFECT]
        seen = await fetch(self.graph, [probe for _, probe in lost])
        found = {attempt.step.id for (attempt, _), what in zip(lost, seen, strict=True) if what.holds}
        for attempt in attempts:
            if attempt.step.id in found:
                self.progress.done(attempt.step, messages.FOUND_AGAIN.filled())
            else:
                self.progress.skip(attempt.step, messages.STOPPED.filled())


def _groups(attempts: Sequence[Attempt]) -> list[Sequence[Attempt]]:
    return [attempts[start : start + batch.LIMIT] for start in range(0, len(attempts), batch.LIMIT)]
