"""What of a plan made after a restore is carried out: what was announced, and the steps that it needs."""

from __future__ import annotations

from entra_config.graph.request import Request
from entra_config.kinds.facts import ConsentFacts
from entra_config.plan.model import Change, Create, Delete, Plan, TenantInfo, Update, address_of
from entra_config.plan.selection import announced
from entra_config.plan.steps import Phase, Step
from entra_config.resource import Address, Resource

CLIENT = Address("application", "job")


def grant(*scopes: str, key: str = "job/api") -> Resource:
    """Make a consent of a client."""
    return Resource(
        Address("permissionGrant", key), {"scope": list(scopes)}, ConsentFacts(client="job"), parent=CLIENT
    )


def plan(*changes: Change, following: tuple[Change, ...] = ()) -> Plan:
    """Make a plan with a step for each change, each after a look at the client."""
    look = Step("application.job/look", (), Phase.LOOK, Request("PATCH", "/applications/1"))
    steps = [
        Step(
            f"{address_of(each)}/do",
            (address_of(each),),
            Phase.REFERENCE,
            Request("POST", "/x"),
            needs=frozenset({look.id}),
        )
        for each in changes
    ]
    return Plan("p", "dev", TenantInfo("t", "T"), changes, (look, *steps), following=following)


def left(first: tuple[Change, ...], later: tuple[Change, ...]) -> tuple[list[str], list[str]]:
    """Return the changes and the steps that are left of a later plan."""
    rest = announced(plan(following=first), plan(*later), {})
    return [str(address_of(each)) for each in rest.changes], [step.id for step in rest.steps]


DONE = ["permissionGrant.job/api"], ["application.job/look", "permissionGrant.job/api/do"]
NOTHING: tuple[list[str], list[str]] = ([], [])


def test_what_was_announced_is_done_and_nothing_else() -> None:
    """Given as announced, whether it is new or changed; taken as announced, or less; a look that nothing
    needs goes too.
    """
    assert left((Create(grant("a")),), (Create(grant("a")),)) == DONE
    assert left((Create(grant("a")),), (Update(grant("a", "b"), grant("a")),)) == DONE
    assert left((Create(grant("a")),), (Create(grant("a", "b")),)) == NOTHING
    assert left((Delete(grant("a", "b")),), (Delete(grant("a")),)) == DONE
    assert left((Delete(grant("a")),), (Delete(grant("a", "b")),)) == NOTHING
    assert left((Update(grant("a", "b"), grant("a")),), (Delete(grant("b")),)) == DONE
    assert left((Update(grant("a", "b"), grant("a")),), (Update(grant("a", "b"), grant("b")),)) == NOTHING
    assert left((Update(grant("a", "b"), grant("a")),), (Delete(grant("a")),)) == NOTHING
    assert left((Update(grant("a", "b", "c"), grant("a")),), (Update(grant("a", "c"), grant("a")),)) == DONE
    assert left((Update(grant("a", "b"), grant("a")),), (Update(grant("b"), grant("b", "c")),)) == NOTHING
    assert left((Delete(grant("a")),), (Delete(grant("a", key="job/hr")),)) == NOTHING
    assert left((), (Create(grant("a")),)) == NOTHING
