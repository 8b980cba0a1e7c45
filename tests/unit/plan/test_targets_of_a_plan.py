"""What of a plan `--target` leaves: what is aimed at, what its steps need, and what is said of these."""

from __future__ import annotations

from dataclasses import replace

import pytest

from entra_config.errors import UsageError
from entra_config.graph.request import Request
from entra_config.kinds.facts import ConsentFacts
from entra_config.plan.model import Create, Delete, Plan, Refusal, TenantInfo, Update, Withheld
from entra_config.plan.options import Options
from entra_config.plan.selection import chosen
from entra_config.plan.steps import Phase, Step
from entra_config.resource import Address, Resource

API, JOB = Address("application", "api"), Address("application", "job")
RESOURCES = {
    "api": Resource(API, {"displayName": "API"}),
    "job": Resource(JOB, {"displayName": "Job"}),
    "grant": Resource(
        Address("permissionGrant", "job/api"), {"scope": ["a"]}, ConsentFacts(client="job"), parent=JOB
    ),
}


def step(name: str, *needs: str) -> Step:
    """Return the step that carries the change of a resource."""
    request = Request("POST", "/x")
    return Step(name, (RESOURCES[name].address,), Phase.CREATE, request, needs=frozenset(needs))


PLAN = Plan(
    "p",
    "dev",
    TenantInfo("t", "T"),
    tuple(Create(each) for each in RESOURCES.values()),
    (step("api"), step("job"), step("grant", "job", "api")),
    refusals=tuple(Refusal("many", f"of {address}", address) for address in (None, API, JOB)),
    withheld=tuple(Withheld(f"of {address}", "look", address) for address in (None, API, JOB)),
    following=(Delete(RESOURCES["job"]), Delete(RESOURCES["api"])),
    depth=2,
)


def left(*targets: str, plan: Plan = PLAN) -> Plan:
    """Return what is left."""
    return chosen(plan, Options(targets=targets), RESOURCES.values())


def test_what_a_step_needs_comes_along() -> None:
    """A grant is of its client, and needs the API: both are made, and both are spoken of."""
    plan = left("permissionGrant.job/api")

    assert ([each.id for each in plan.steps], plan.depth, plan.left_out) == (["api", "job", "grant"], 2, 0)
    assert [each.address for each in plan.refusals] == [None, API, JOB]


def test_what_does_not_change_is_an_empty_plan_of_which_all_is_said() -> None:
    """Whoever aims at an application that stands there hears what is refused of it."""
    plan = left("application.job", plan=replace(PLAN, changes=(), steps=()))

    assert (plan.changes, plan.steps, plan.depth) == ((), (), 0)
    assert [each.address for each in plan.refusals] == [None, JOB]


def test_what_nobody_has_is_an_error_that_lists_what_changes() -> None:
    """A target that is misspelt plans nothing in silence."""
    with pytest.raises(UsageError, match=r"application.ap: .* application.api, application.job"):
        left("application.ap")


def test_a_revert_is_of_its_addresses_alone() -> None:
    """Not of what belongs to an application that is changed; of one that is made all that is about it."""
    changes = (Update(RESOURCES["job"], RESOURCES["job"]), Create(RESOURCES["grant"]))
    steps = (step("job"), step("grant", "job"))
    changed = replace(PLAN, changes=changes, steps=steps)
    options = Options(targets=("application.job",), revert="")
    for plan, expected in ((changed, ["job"]), (PLAN, ["api", "job", "grant"])):
        found = chosen(plan, options, RESOURCES.values())
        assert [each.id for each in found.steps] == expected
    with pytest.raises(UsageError, match=r"^--revert job: .*\. Did you mean `application.job`\?$"):
        chosen(PLAN, replace(options, targets=("job",)), RESOURCES.values())
