"""Who holds which role: what is fetched, declared and there, and which of it changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from entra_config.errors import Position
from entra_config.kinds.app_role_assignment import AppRoleAssignmentKind
from entra_config.kinds.assignment_resources import assigned
from entra_config.kinds.base import application_address
from entra_config.kinds.details import RoleHolding
from entra_config.kinds.directory import Principal, called
from entra_config.kinds.entitlement_stages import DEFAULT_ACCESS
from entra_config.kinds.facts import ApplicationFacts, AssignmentFacts
from entra_config.manifest.model import Given, Manifest, Named, RoleAssignees
from entra_config.manifest.until import Until
from entra_config.plan.model import Create, Delete, Effect
from entra_config.resource import WHOLE, Resource
from tests.unit.kinds.clients import DIRECTORY, HERE, JOB, manifest

KIND = AppRoleAssignmentKind()
PAGE = Position("access.yaml", 2, 1)


PRINCIPALS = {
    ("user", "ann"): Principal("u1", "Ann", "user"),
    ("group", "g1"): Principal("g1", "Crew", "group"),
    ("servicePrincipal", "ext"): Principal("e1", "Ext", "servicePrincipal"),
}
TENANT = replace(DIRECTORY, principals=PRINCIPALS)


def held(role: tuple[str, str, str], type_: str, who: Principal, **more: Any) -> Resource:
    """Return an assignment to a role: its id, its name and what people read."""
    id_, name, value = role
    facts = AssignmentFacts(
        resource=more.get("key", "api"),
        resource_id=more.get("resource_id", "sp-api"),
        app_role_id=id_,
        principal_type=type_,
        principal_id=who.id,
        sides=(value, called(type_, who.name, who.id)),
    )
    key = f"{facts.resource}/{name}/{type_}:{who.id}"
    return assigned(key, facts, who.name, facts.resource, more.get("position", PAGE))


ANN, CREW, EXT = PRINCIPALS.values()
RUN = ("r3", "Run", "api/run.role (Run)")
ONE, TWO = Named("ann", position=HERE, until=date(2027, 1, 1)), Named("Crew", "g1")


def listing(*entries: RoleAssignees, **more: Any) -> Manifest:
    """Return a manifest with who is assigned."""
    return replace(manifest(**more), assignments={(each.application, each.role): each for each in entries})


def test_who_is_declared() -> None:
    """Whoever the tenant has, at the line of each, or of the role; until a last day where there is one."""
    who = RoleAssignees(
        "api", "Run", (ONE, Named("nobody")), (TWO,), PAGE, service_principals=(Named("ext"),)
    )
    default = RoleAssignees("api", "default", groups=(TWO,))
    gone = RoleAssignees("api", "Nowhere", users=(ONE,))
    going = replace(who, role="Read", fate="taken")
    assert list(KIND.desired(listing(who, default, gone, going), TENANT)) == [
        replace(held(RUN, "user", ANN, position=HERE), ends={WHOLE: date(2027, 1, 1)}),
        held(RUN, "group", CREW),
        held(RUN, "servicePrincipal", EXT),
        held((DEFAULT_ACCESS, "default", "api/default"), "group", CREW, position=None),
    ]


def of_client(role: tuple[str, str], api: str, value: str, **more: Any) -> Resource:
    """Return what a client of ours is consented to."""
    id_, name = role
    facts = AssignmentFacts(
        resource=api,
        resource_id=more.get("resource_id", f"sp-{api}"),
        app_role_id=id_,
        principal_type="servicePrincipal",
        client=JOB,
        role=name,
        sides=(value, JOB),
    )
    return assigned(f"{api}/{name}/servicePrincipal:job", facts, JOB, JOB, HERE)


GIVEN = Given(
    Named("ext"), "hr", ("Read", "Nowhere"), ("Write",), PAGE, until={"Read": Until(date(2027, 1, 1))}
)


def given(role: str, name: str, id_: str = "", position: Position | None = None) -> Resource:
    """Return what an application of others holds of another."""
    facts = AssignmentFacts(
        id_,
        resource="hr",
        resource_id="sp-hr",
        app_role_id=role,
        principal_type="servicePrincipal",
        principal_id="e1",
        role=name,
        sides=(f'hr "HR Suite"/{name}', called("servicePrincipal", "Ext", "e1")),
    )
    return assigned(f"hr/{name}/servicePrincipal:e1", facts, "Ext", "hr", position)


def holding(role: str, resource: str = "sp-hr") -> RoleHolding:
    """Return that it holds a role."""
    return RoleHolding(f"h-{role}", role, "e1", "ServicePrincipal", "Ext", resource, "HR")


def test_what_applications_of_others_are_given() -> None:
    """What is said of both: what it is to hold, and what is taken from it."""
    nobody = replace(GIVEN, named=Named("nobody"))
    declared = replace(manifest(), grants=(nobody, GIVEN, replace(GIVEN, resource="missing")))
    rows = (holding("r1"), holding("r2"), holding("r9"), holding("r1", "sp-other"))
    directory = replace(TENANT, holdings={"e1": rows})
    assert list(KIND.desired(declared, directory)) == [
        replace(given("r1", "Read", position=PAGE), ends={WHOLE: date(2027, 1, 1)})
    ]
    assert list(KIND.actual(declared, directory)) == [
        given("r1", "Read", "h-r1"),
        given("r2", "Write", "h-r2"),
    ]


def test_what_the_log_calls_it_and_what_people_read() -> None:
    """By the ends, as far as they are known; whoever gets it is an effect."""
    own = held(RUN, "user", ANN)
    tenant = {application_address(JOB): ApplicationFacts(service_principal_id="sp-job")}
    ends = {"resource": "sp-api", "role": "r3", "principal": "u1"}
    assert KIND.trace.ends(own, tenant) == ends
    of_job = of_client(("r3", "Run"), "api", "x")
    assert KIND.trace.ends(of_job, tenant) == {**ends, "principal": "sp-job"}
    assert KIND.trace.element(own) == "r3"
    assert list(KIND.effects(Create(own))) == [
        Effect("role", 'api/run.role (Run) ← user "Ann" (u1…)', own.address, PAGE)
    ]
    assert list(KIND.effects(Delete(own))) == []
