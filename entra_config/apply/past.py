"""Steps of this run in; what each object held before and between them out: a replica that lags is told
from a stranger.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from entra_config.apply.probes import ProbeResult
from entra_config.kinds.graph_values import at
from entra_config.plan.diff import holds
from entra_config.plan.steps import Holds, Probe, Step
from entra_config.resource import Ref, Value, resolve


@dataclass(frozen=True, slots=True)
class Past:
    """What this run knows of objects, by their path: values by Graph path as guards expect them, and
    bodies that were sent.
    """

    guards: Mapping[str, list[Mapping[str, Value]]]
    bodies: Mapping[str, list[Value]]

    def may_show(self, probe: Probe, seen: ProbeResult) -> bool:
        """Tell whether all that differs may come of a replica that lags: nothing there, or a value of
        before.
        """
        if not isinstance(probe.expect, Holds) or seen.item is None:
            return True
        name = _object(probe.request.path)
        return all(
            holds(actual, value) or not actual or self._held(name, path, actual)
            for path, value in probe.expect.values.items()
            for actual in (at(seen.item, path),)
        )

    def _held(self, name: str, path: str, actual: Value) -> bool:
        known = [values[path] for values in self.guards.get(name, ()) if path in values]
        known += [value for body in self.bodies.get(name, ()) if (value := at(body, path)) is not None]
        return any(holds(actual, value) for value in known)


def past(steps: Iterable[Step], known: Mapping[Ref, str]) -> Past:
    """Return what these steps expected and wrote."""
    guards: dict[str, list[Mapping[str, Value]]] = {}
    bodies: dict[str, list[Value]] = {}
    for step in steps:
        name = _object(resolve(step.request.path, known))
        if step.guard is not None and isinstance(step.guard.expect, Holds):
            guards.setdefault(name, []).append(resolve(step.guard.expect.values, known))
        for request in (step.request, *step.fallback):
            bodies.setdefault(name, []).append(resolve(request.body, known))
    return Past(guards, bodies)


def _object(path: Value) -> str:
    return str(path).partition("?")[0]
