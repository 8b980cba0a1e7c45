"""What is left of a plan by targets, or after a restore: changes, steps and what is said, each as a whole."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from entra_config.graph.request import Request
from entra_config.kinds.facts import ConsentFacts
from entra_config.plan.model import (
    Change,
    Create,
    Delete,
    Plan,
    Release,
    Restore,
    Update,
    address_of,
)
from entra_config.plan.selection import announced, only
from entra_config.plan.steps import Phase, Step
from entra_config.resource import Address, Facts, Ref, Resource, Value
from tests.unit.plan import estates

API, JOB = Address("application", "api"), Address("application", "job")
GRANT, OTHER = Address("permissionGrant", "job/api"), Address("permissionGrant", "job/hr")


def step(id_: str, *needs: str, carries: tuple[Address, ...] = ()) -> Step:
    """Make a step."""
    return Step(id_, carries, Phase.REFERENCE, Request("POST", "/x"), needs=frozenset(needs))


def res(address: Address, parent: Address | None = None, **values: Value) -> Resource:
    """Make a resource."""
    return Resource(address, values, parent=parent)


def plan(*changes: Change, steps: tuple[Step, ...] = (), **more: Any) -> Plan:
    """Make a plan with these steps."""
    return replace(estates.plan(*changes), steps=steps, **more)


def left(first: Plan, later: Plan, known: dict[Ref, str] | None = None) -> tuple[list[str], list[Step]]:
    """Return which changes and steps of a later plan are left."""
    rest = announced(first, later, known or {})
    assert rest.following == ()
    return [str(address_of(each)) for each in rest.changes], list(rest.steps)


def grant(
    *scopes: Value, address: Address = GRANT, parent: Address | None = JOB, client: str = "job"
) -> Resource:
    """Make a consent."""
    return Resource(address, {"scope": list(scopes)}, ConsentFacts(client=client), parent=parent)


DO = step("do", carries=(GRANT,))


def one(first: Change, later: Change, known: dict[Ref, str] | None = None) -> bool:
    """Tell whether one change is left of what was announced as another."""
    changes, steps = left(plan(following=(first,)), plan(later, steps=(DO,)), known)
    assert (changes, steps) in (([str(address_of(later))], [DO]), ([], []))
    return bool(changes)


REF = Ref(API, "appId")


@pytest.mark.parametrize(
    ("first", "later", "known", "kept"),
    [
        pytest.param(Create(grant(REF)), Create(grant("a1")), {REF: "a1"}, True, id="reference"),
        pytest.param(Create(grant(REF)), Create(grant("a1")), {REF: "a2"}, False, id="another reference"),
        pytest.param(Create(grant("a")), Create(grant("a", client="spa")), {}, True, id="of the same kind"),
        pytest.param(
            Create(grant("a")), Create(replace(grant("a"), facts=Facts())), {}, False, id="of another kind"
        ),
        pytest.param(Update(grant("a"), grant("b")), Create(grant("b")), {}, True, id="update, made anew"),
        pytest.param(Restore(grant("a"), grant("b")), Create(grant("b")), {}, False, id="a restore is none"),
        pytest.param(Create(grant("a")), Restore(grant(), grant("a")), {}, False, id="no restore"),
        pytest.param(Restore(grant(), grant("a")), Restore(grant(), grant("a")), {}, True, id="a restore"),
        pytest.param(Delete(grant("a")), Release(grant("a")), {}, False, id="no letting go"),
        pytest.param(
            Delete(grant("a", parent=None)), Delete(grant("a", parent=None)), {}, False, id="no part"
        ),
        pytest.param(Create(grant("a")), Delete(grant("a")), {}, False, id="made, not taken"),
        pytest.param(
            Delete(grant("a", "b")), Update(grant("a", "c"), grant("c")), {}, True, id="less of more"
        ),
        pytest.param(Delete(grant("a")), Update(grant("a"), grant("b")), {}, False, id="taken and given"),
        pytest.param(Delete(grant("a")), Update(grant("a"), grant("a")), {}, True, id="nothing taken"),
        pytest.param(
            Delete(grant("a")),
            Delete(replace(grant(), values={"other": ["a"]})),
            {},
            False,
            id="of another list",
        ),
    ],
)
def test_what_was_announced_is_left(
    first: Change, later: Change, known: dict[Ref, str], *, kept: bool
) -> None:
    """The same as announced, or as much of it as is there."""
    assert one(first, later, known) is kept


PARTS = {
    "api": res(API),
    "job": res(JOB),
    "grant": res(GRANT, JOB),
    "other": res(OTHER, JOB),
}


def chosen(*targets: str, made: Plan) -> Plan:
    """Return what targets leave of a plan."""
    return only(made, targets, PARTS.values())
