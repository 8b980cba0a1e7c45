"""What is left of a plan by targets, or after a restore: changes, steps and what is said, each as a whole."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from entra_config.errors import UsageError
from entra_config.graph.request import Request
from entra_config.kinds.facts import ConsentFacts
from entra_config.plan.model import (
    Change,
    Create,
    Delete,
    Plan,
    Refusal,
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


def test_a_step_goes_with_all_that_it_carries_and_needs() -> None:
    """A step that does more, or needs one that is left out, is left out; so is a look that nothing needs."""
    changes = (Create(grant("a")), Create(grant("b", address=OTHER)), Create(grant("c", address=API)))
    first = plan(following=changes[:2])
    look, unneeded = step("look"), step("unneeded")
    both = step("both", "look", carries=(GRANT, OTHER))
    assert left(first, plan(*changes, steps=(look, unneeded, both))) == (
        ["permissionGrant.job/api", "permissionGrant.job/hr"],
        [look, both],
    )
    more = step("more", carries=(GRANT, API))
    alone = step("alone", carries=(OTHER,))
    assert left(first, plan(*changes, steps=(more, alone))) == (["permissionGrant.job/hr"], [alone])
    waits = step("waits", "more", carries=(OTHER,))
    assert left(first, plan(*changes, steps=(more, waits))) == ([], [])
    part = step("part", carries=(GRANT,))
    assert left(first, plan(*changes, steps=(part, more))) == (["permissionGrant.job/hr"], [part])


def test_each_list_of_a_resource_is_compared() -> None:
    """Taken as announced in one, and more in the other, is more."""
    lists = {"scope": ["a"], "more": ["x", "y"]}
    first = Delete(replace(grant(), values={**lists, "more": ["x"]}))
    assert not one(first, Delete(replace(grant(), values=lists)))
    assert one(Delete(replace(grant(), values=lists)), first)


PARTS = {
    "api": res(API),
    "job": res(JOB),
    "grant": res(GRANT, JOB),
    "other": res(OTHER, JOB),
}


def chosen(*targets: str, made: Plan) -> Plan:
    """Return what targets leave of a plan."""
    return only(made, targets, PARTS.values())


def test_steps_come_with_what_they_need_and_carry() -> None:
    """Each step that carries a chosen change, what it needs, and all of whatever comes so; needs beyond are
    dropped.
    """
    steps = (
        step("api", carries=(API,)),
        step("look"),
        step("grant", "look", "api", carries=(GRANT,)),
        step("grant2", "grant", carries=(GRANT,)),
        step("other", "look", carries=(OTHER,)),
        step("job", "gone", carries=(JOB,)),
    )
    made = plan(*(Create(each) for each in PARTS.values()), steps=steps[:5])
    whole = chosen("permissionGrant.job/api", made=made)
    assert [each.id for each in whole.steps] == ["api", "look", "grant", "grant2"]
    assert [address_of(each) for each in whole.changes] == [API, GRANT]
    assert (whole.depth, whole.left_out) == (3, 2)
    assert chosen("application.api", made=made).steps == steps[:1]
    assert [each.id for each in chosen("permissionGrant.job/hr", made=made).steps] == ["look", "other"]


def test_an_application_comes_with_its_parts() -> None:
    """Changes of what belongs to it, also where itself does not change; what follows with it too."""
    made = plan(
        Create(PARTS["grant"]),
        Create(PARTS["api"]),
        steps=(step("grant", carries=(GRANT,)), step("api", carries=(API,))),
        following=(Delete(PARTS["other"]), Delete(PARTS["api"]), Delete(PARTS["job"])),
        refusals=tuple(Refusal("x", str(each), each) for each in (None, API, JOB, GRANT)),
    )
    part = chosen("application.job", made=made)
    assert [address_of(each) for each in part.changes] == [GRANT]
    assert part.following == ()
    assert [each.address for each in part.refusals] == [None, JOB]
    whole = chosen(
        "application.job",
        "application.api",
        made=replace(made, changes=(*made.changes, Create(PARTS["job"]))),
    )
    assert [address_of(each) for each in whole.changes] == [GRANT, API, JOB]
    assert [address_of(each) for each in whole.following] == [OTHER, API, JOB]
    assert whole.left_out == 0


@pytest.mark.parametrize(
    ("changes", "listed"),
    [((), "nothing"), ((Create(PARTS["job"]), Create(PARTS["api"])), "application.api, application.job")],
)
def test_a_target_that_is_nowhere_is_an_error(changes: tuple[Change, ...], listed: str) -> None:
    """The first of those, with what changes, in order."""
    with pytest.raises(UsageError) as error:
        chosen("application.api", "application.no", "application.nothing", made=plan(*changes))
    assert str(error.value) == (
        "--target application.no: neither the manifest nor the tenant has such an address; what changes: "
        f"{listed}"
    )


def test_no_target_is_nothing() -> None:
    """Nothing is chosen."""
    made = plan(Create(PARTS["api"]), steps=(step("api", carries=(API,)),))
    assert chosen(made=made) == replace(made, changes=(), steps=(), left_out=1)
