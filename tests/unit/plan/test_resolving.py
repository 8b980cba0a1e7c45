"""Steps with every reference filled in that is known, and those that are waited for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from entra_config.graph.request import Request
from entra_config.plan import resolving
from entra_config.plan.steps import (
    Absent,
    Among,
    Bears,
    Contains,
    Expectation,
    Holds,
    Listed,
    Looked,
    Phase,
    Present,
    Probe,
    Step,
)
from entra_config.resource import Address, Ref, Text

REF, OTHER = Ref(Address("application", "api")), Ref(Address("application", "spa"))
KNOWN = {REF: "o1"}
PATH = Text(("/applications/", REF))
AMONG = (Among(({"x": REF},), "web"),)


@pytest.mark.parametrize(
    ("expect", "resolved", "waits"),
    [
        (Present(), Present(), []),
        (Absent({"id": REF}), Absent({"id": "o1"}), [REF]),
        (Listed({"id": REF, "n": [OTHER]}), Listed({"id": "o1", "n": [OTHER]}), [REF, OTHER]),
        (Holds({"id": REF}, ("a",)), Holds({"id": "o1"}, ("a",)), [REF]),
        (Bears(REF), Bears("o1"), [REF]),
        (Looked(REF, AMONG), Looked("o1", AMONG), [REF]),
        (AMONG[0], AMONG[0], []),
        (Contains("web", {"id": REF}), Contains("web", {"id": REF}), []),
    ],
)
def test_a_probe_is_resolved_in_its_address_and_what_it_expects(
    expect: Expectation, resolved: Expectation, waits: list[Ref]
) -> None:
    """What is not known yet stays, and is waited for; what is only compared with is not."""
    probe = Probe(Request("GET", PATH), expect)
    assert resolving.probe_of(probe, KNOWN) == Probe(Request("GET", "/applications/o1"), resolved)
    assert list(resolving.open_in(probe)) == [REF, *waits]


def test_a_request_is_resolved_in_its_path_and_body() -> None:
    """All else of it stays."""
    request = Request("PATCH", PATH, {"a": [REF, OTHER]}, {"h": "1"}, beta=True)
    expected = Request("PATCH", "/applications/o1", {"a": ["o1", OTHER]}, {"h": "1"}, beta=True)
    assert resolving.request_of(request, KNOWN) == expected
    assert list(resolving.wanted_by(request)) == [REF, REF, OTHER]
    assert list(resolving.wanted_by(expected)) == [OTHER]


def probe(number: int, id_: object) -> Probe:
    """Make a probe of its own."""
    return Probe(Request("GET", f"/{number}"), Listed({"id": id_}))


def test_a_step_is_resolved_in_all_that_it_reads_and_sends() -> None:
    """Guard, what finds it, what shows it and what it builds on; each where it has one."""

    def step(path: str | Text, id_: object, *, whole: bool = True) -> Step:
        bare = Step("s", (REF.address,), Phase.EDIT, Request("PATCH", path, id_))
        if not whole:
            return bare
        guard, found_by, visible, premise = (probe(number, id_) for number in range(4))
        return replace(
            bare,
            guard=guard,
            found_by=found_by,
            visible=visible,
            premise=premise,
            fallback=(Request("PATCH", path, {"x": id_}),),
        )

    assert resolving.step_of(step(PATH, REF), KNOWN) == step("/applications/o1", "o1")
    assert resolving.step_of(step(PATH, REF, whole=False), KNOWN) == step(
        "/applications/o1", "o1", whole=False
    )
    assert resolving.step_of(step(PATH, OTHER), {}) == step(PATH, OTHER)
