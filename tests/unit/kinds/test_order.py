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
from entra_config.plan.model import Change, Create
from entra_config.plan.steps import Order, Phase, Present, Probe, Step, Watch
from entra_config.resource import Address, Ref, Resource, State
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


def test_a_reference_waits_for_what_extends_what_it_names() -> None:
    """`awaits`: the scopes and roles of the API are there before anybody is given them; what else it does
    is no matter.
    """
    result = ordered(
        write("extend", Phase.EXTEND, chain=str(API)),
        write("owner", Phase.EXTEND),
        write("grant", Phase.REFERENCE, CLIENT, awaits=frozenset({API})),
    )

    assert needs(result, "grant") == {"extend"}
    assert result.depth == 2


def test_a_role_is_edited_before_it_is_given() -> None:
    """`gives` meets `settles` by application and id: another role, or another application's, is waited for
    by nobody.
    """
    result = ordered(
        write("edit", Phase.EDIT, settles=frozenset({"r1"})),
        write("gives r1", Phase.REFERENCE, CLIENT, gives=frozenset({(API, "r1")})),
        write("gives r2", Phase.REFERENCE, CLIENT, gives=frozenset({(API, "r2")})),
        write("gives client r1", Phase.REFERENCE, gives=frozenset({(CLIENT, "r1")})),
    )

    assert needs(result, "gives r1") == {"edit"}
    assert needs(result, "gives r2") == needs(result, "gives client r1") == set()


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


def test_what_must_have_been_carried_out_is_waited_for() -> None:
    """`after`: the request for a permission goes once its consent is gone."""
    consent = Address("permissionGrant", "client/api")
    revoke = Step("revoke", (consent,), Phase.UNREFERENCE, Request("DELETE", "/g"), CLIENT)
    result = ordered(revoke, write("request", Phase.UNREFERENCE, CLIENT, after=frozenset({consent})))

    assert needs(result, "request") == {"revoke"}


def test_a_reference_needs_whoever_makes_what_it_names() -> None:
    """An id that only an answer tells is waited for, whichever kind asks for it; nothing waits for itself."""
    made = Step("create", (), Phase.CREATE, Request("POST", "/applications"), API, produces={Ref(API): "id"})
    uses = Step("use", (), Phase.CREATE, Request("POST", "/x", {"id": Ref(API)}), CLIENT)

    assert needs(ordered(made, uses), "use") == {"create"}


def test_the_writes_of_a_chain_follow_each_other_and_loose_ones_need_nothing() -> None:
    """Federated credentials go one after another, for they collide, and yet one that fails stops no other."""
    tight = ordered(write("one", Phase.EXTEND, chain="c"), write("two", Phase.EDIT, chain="c"))
    loose = ordered(write("one", Phase.EXTEND, chain="c"), write("two", Phase.EDIT, chain="c", loose=True))

    assert needs(tight, "two") == {"one"}
    assert needs(loose, "two") == set()
    assert (tight.depth, loose.depth) == (2, 2)
    assert [step.id for step in loose.steps] == ["one", "two"]


def test_parts_of_a_patch_become_one_step() -> None:
    """Those of one target and phase go together, with all that any of them waits for; another phase is a
    step of its own.
    """
    created: dict[Address, Change] = {API: Create(Resource(API, {}))}
    result = ordered(
        Patch(API, Phase.REFERENCE, {"notes": "a"}, (API,), API, Order(arms=frozenset({CLIENT}))),
        Patch(API, Phase.REFERENCE, {"tags": []}, (API,), API, Order(awaits=frozenset({CLIENT}))),
        Patch(API, Phase.EDIT, {"notes": "b"}, (API,), API),
        write("client", Phase.EXTEND, CLIENT, chain=str(CLIENT)),
        changes=created,
    )
    both = next(step for step in result.steps if step.id == "application.api/reference")

    assert both.request.body == {"notes": "a", "tags": []}
    assert both.carries == (API,)
    assert both.needs == {"client"}
    assert both.order.arms == {CLIENT}
    assert needs(result, "application.api/edit") == {"application.api/reference"}


def test_a_client_is_looked_at_before_it_is_given_anything() -> None:
    """What its watches say holds before every write that arms it; a write that gives it nothing has none."""
    owners = Watch("client", Probe(Request("GET", "/applications/1/owners"), Present()), always=True)
    looks = {CLIENT: Rechecks((owners,), ())}
    result = ordered(
        write("grant", Phase.REFERENCE, CLIENT, arms=frozenset({CLIENT})),
        write("other", Phase.REFERENCE, CLIENT),
        looks=looks,
    )

    assert {step.id: step.watches for step in result.steps} == {"grant": (owners,), "other": ()}


def test_two_orders_are_one_that_holds_for_both() -> None:
    """Whatever one of two writes waits for, their one step waits for; it is loose only where both are."""
    one = Order(awaits=frozenset({API}), cleans=True, settles=frozenset({"1"}), loose=True)
    other = Order(awaits=frozenset({CLIENT}), releases=frozenset({API}), gives=frozenset({(API, "1")}))

    assert one | other == other | one
    assert (one | other).awaits == {API, CLIENT}
    assert (one | other).cleans
    assert not (one | other).loose
    assert (one | Order(loose=True)).loose
