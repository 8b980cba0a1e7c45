"""Steps in; which may start now, and which never will, out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from graphlib import CycleError, TopologicalSorter

from entra_config.plan.steps import Step


class Schedule:
    """The order of the steps: what each needs, and one after another within a chain."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self._steps = {step.id: step for step in steps}
        if len(self._steps) != len(steps):
            raise ValueError("two steps of a plan have the same id")
        self._before: dict[str, set[str]] = {step.id: set(step.needs & self._steps.keys()) for step in steps}
        self._hard = {step.id: set(step.needs) for step in steps}
        last: dict[str, Step] = {}
        self._touching: dict[tuple[str, str], list[Step]] = {}
        for step in steps:
            if step.chain:
                if step.chain in last:
                    self._before[step.id].add(last[step.chain].id)
                last[step.chain] = step
            # What a step left undone on an object, the next step on that object counts on.
            if step.request.method in {"PATCH", "DELETE"}:
                touching = self._touching.setdefault(_object(step), [])
                self._hard[step.id] |= {earlier.id for earlier in touching[-1:]}
                touching.append(step)
        self._sorter = TopologicalSorter(self._before)
        try:
            self._sorter.prepare()
        except CycleError as error:
            raise ValueError(f"the steps wait for each other: {' → '.join(error.args[1])}") from error
        self._good: dict[str, Step] = {}
        self._bad: dict[str, Step] = {}

    def ready(self) -> Iterator[tuple[Step, Step | None]]:
        """Yield each step that may start now, with the failed step that forbids it, if any; each is to be
        settled once.
        """
        for id_ in self._sorter.get_ready():
            bad = next((self._bad[other] for other in sorted(self._hard[id_]) if other in self._bad), None)
            yield self._steps[id_], bad

    def settle(self, step: Step, *, good: bool) -> None:
        """Note what became of a step."""
        (self._good if good else self._bad)[step.id] = step
        self._sorter.done(step.id)

    def done_before(self, step: Step) -> list[Step]:
        """Return all that was done in this run and that the step comes after, in the order in which it was
        done.
        """
        found: dict[str, None] = {}
        left = [step.id]
        while left:
            for other in self._before[left.pop()]:
                if other not in found:
                    found[other] = None
                    left.append(other)
        return [step for id_, step in self._good.items() if id_ in found]

    def standing_before(self, step: Step) -> list[Step]:
        """Return what was done before a step, and what was done since on the same objects: that is what
        can be read now.
        """
        before = self.done_before(step)
        ids, objects = {each.id for each in before}, {_object(each) for each in before}
        return [each for id_, each in self._good.items() if id_ in ids or _object(each) in objects]

    def later(self, step: Step) -> list[Step]:
        """Return the steps that write to the same object after this one."""
        touching = self._touching.get(_object(step), [])
        return touching[touching.index(step) + 1 :] if step in touching else []

    def open(self) -> Iterable[Step]:
        """Return the steps of which nothing is settled yet."""
        return [step for id_, step in self._steps.items() if id_ not in self._good and id_ not in self._bad]

    @property
    def done(self) -> tuple[Step, ...]:
        """Return what was done, in the order in which it was."""
        return tuple(self._good.values())


def _object(step: Step) -> tuple[str, str]:
    return step.chain, str(step.request.path).partition("?")[0]
