"""Writes in whatever order the kinds make them in; the steps in an order that Graph and safety allow, out."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from entra_config.graph.request import Request
from entra_config.kinds.base import application_address
from entra_config.kinds.directory import Directory
from entra_config.kinds.expansion import Ordered, expand
from entra_config.kinds.writes import Patch, Rechecks, WriteView
from entra_config.manifest import loader
from entra_config.plan.model import Change
from entra_config.plan.steps import Order, Phase, Step
from entra_config.resource import Address, State
from tests.unit.kinds.writing import Writes

API, CLIENT = application_address("api"), application_address("client")


def write(name: str, phase: Phase, of: Address = API, chain: str = "", **order: Any) -> Step:
    """Make a write of one request."""
    return Step(name, (), phase, Request("POST", f"/{name}"), of, chain, Order(**order))


def ordered(
    *writes: Step | Patch,
    changes: dict[Address, Change] | None = None,
    looks: dict[Address, Rechecks] | None = None,
) -> Ordered:
    """Expand writes; what each needs must not depend on the order in which they come."""
    manifest = loader.load(Path("manifests"), "dev")
    view = WriteView(
        manifest,
        Directory("https://graph.microsoft.com/v1.0"),
        State({}),
        State({}),
        changes or {},
        looks=looks or {},
    )
    found = [expand([Writes(*each)], view) for each in permutations(writes)]
    needs = [{step.id: step.needs for step in each.steps} for each in found]
    assert all(each == needs[0] for each in needs)
    return found[0]


def needs(result: Ordered, name: str) -> set[str]:
    """Return what a step waits for."""
    return set(next(step.needs for step in result.steps if step.id == name))


@pytest.mark.parametrize(
    ("phase", "waits"), [(phase, phase >= Phase.EDIT) for phase in Phase if phase is not Phase.LOOK]
)
def test_what_is_taken_away_goes_before_it_is_edited(phase: Phase, waits: bool) -> None:
    """`releases`: from the first edit of what somebody holds, every later write waits; what only adds does
    not.
    """
    result = ordered(
        write("change", phase), write("revoke", Phase.UNREFERENCE, CLIENT, releases=frozenset({API}))
    )

    assert needs(result, "change") == ({"revoke"} if waits else set())


def test_nobody_is_armed_before_what_could_act_as_him_is_gone() -> None:
    """`arms` waits for `cleans` of the same client alone."""
    result = ordered(
        write("remove owner", Phase.UNREFERENCE, CLIENT, cleans=True),
        write("remove other", Phase.UNREFERENCE, API, cleans=True),
        write("grant", Phase.REFERENCE, CLIENT, arms=frozenset({CLIENT})),
    )

    assert needs(result, "grant") == {"remove owner"}
