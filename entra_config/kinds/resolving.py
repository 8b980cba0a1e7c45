"""Steps with references in; the same steps with every reference filled in that the tenant can already answer out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from entra_config.graph.request import Request
from entra_config.plan.steps import Absent, Bears, Holds, Listed, Looked, Probe, Step
from entra_config.resource import Ref, references, resolve


def step_of(step: Step, answers: Mapping[Ref, str]) -> Step:
    """Return a step with every reference filled in that the tenant can answer."""
    return replace(
        step,
        request=request_of(step.request, answers),
        guard=probe_of(step.guard, answers),
        found_by=probe_of(step.found_by, answers),
        visible=probe_of(step.visible, answers),
        premise=probe_of(step.premise, answers),
        fallback=tuple(request_of(request, answers) for request in step.fallback),
    )


def request_of(request: Request, answers: Mapping[Ref, str]) -> Request:
    """Return the same of a request."""
    return replace(request, path=resolve(request.path, answers), body=resolve(request.body, answers))


def probe_of(probe: Probe | None, answers: Mapping[Ref, str]) -> Probe | None:
    """Return the same of a probe, if there is one."""
    if probe is None:
        return None
    expect = probe.expect
    if isinstance(expect, Holds):
        expect = Holds(resolve(expect.values, answers), expect.ignoring)
    elif isinstance(expect, Listed | Absent):
        expect = type(expect)(resolve(expect.match, answers))
    elif isinstance(expect, Bears):
        expect = Bears(resolve(expect.tag, answers))
    elif isinstance(expect, Looked):
        expect = Looked(resolve(expect.tag, answers), expect.among)
    return Probe(request_of(probe.request, answers), expect)


def wanted_by(step: Step) -> set[Ref]:
    """Return the references that the request of a step waits for."""
    return {*references(step.request.path), *references(step.request.body)}
