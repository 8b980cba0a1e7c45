"""Steps in; the same steps with every reference filled in that the tenant can answer by then out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import assert_never

from entra_config.graph.request import Request
from entra_config.plan.steps import (
    Absent,
    Among,
    Bears,
    Contains,
    Expectation,
    Holds,
    Listed,
    Looked,
    Present,
    Probe,
    Step,
)
from entra_config.resource import Ref, references, resolve


def step_of(step: Step, ids: Mapping[Ref, str]) -> Step:
    """Return a step with every reference filled in that the tenant can answer."""
    return replace(
        step,
        request=request_of(step.request, ids),
        guard=step.guard and probe_of(step.guard, ids),
        found_by=step.found_by and probe_of(step.found_by, ids),
        visible=step.visible and probe_of(step.visible, ids),
        premise=step.premise and probe_of(step.premise, ids),
        fallback=tuple(request_of(request, ids) for request in step.fallback),
    )


def request_of(request: Request, ids: Mapping[Ref, str]) -> Request:
    """Return the same of a request."""
    return replace(request, path=resolve(request.path, ids), body=resolve(request.body, ids))


def probe_of(probe: Probe, ids: Mapping[Ref, str]) -> Probe:
    """Return the same of a probe."""
    return Probe(request_of(probe.request, ids), _expectation(probe.expect, ids))


def _expectation(expect: Expectation, ids: Mapping[Ref, str]) -> Expectation:
    match expect:
        case Holds(values):
            return replace(expect, values=resolve(values, ids))
        case Listed(match) | Absent(match):
            return type(expect)(resolve(match, ids))
        case Bears(tag):
            return Bears(resolve(tag, ids))
        case Looked(tag, among):
            return Looked(resolve(tag, ids), among)
        case Present() | Among() | Contains():
            return expect
        case _:
            assert_never(expect)


def wanted_by(request: Request) -> Iterator[Ref]:
    """Yield the references that a request waits for."""
    yield from references([request.path, request.body])


def open_in(probe: Probe) -> Iterator[Ref]:
    """Yield the references that a probe waits for, in its address and in what it expects."""
    yield from references(probe.request.path)
    match probe.expect:
        case Holds(values):
            yield from references(values)
        case Listed(match) | Absent(match):
            yield from references(match)
        case Bears(tag) | Looked(tag):
            yield from references(tag)
        case Present() | Among() | Contains():
            return
        case _:
            assert_never(probe.expect)
