"""Who holds which role: what is fetched, declared and there, and which of it changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from entra_config.errors import Position
from entra_config.graph.request import Request
from entra_config.kinds.app_role_assignment import AppRoleAssignmentKind
from entra_config.kinds.assignment_resources import assigned
from entra_config.kinds.base import Grant, application_address, enterprise_address
from entra_config.kinds.details import HOLDERS, HOLDINGS, RoleHolding
from entra_config.kinds.directory import Directory, Live, Principal, Subject, called
from entra_config.kinds.entitlement_stages import DEFAULT_ACCESS
from entra_config.kinds.facts import ApplicationFacts, AssignmentFacts
from entra_config.kinds.writes import WriteView
from entra_config.manifest.model import Given, Manifest, Named, RoleAssignees
from entra_config.manifest.policy import Removed
from entra_config.manifest.until import Until
from entra_config.plan.model import Change, Create, Delete, Effect, address_of
from entra_config.resource import WHOLE, Ref, Resource, State
from tests.unit.kinds.clients import API_BODY, DIRECTORY, HERE, HR, JOB, OWN, client, manifest

KIND = AppRoleAssignmentKind()
PAGE = Position("access.yaml", 2, 1)
SERVICE = {"id": "sp"}
TO_IT = {HOLDERS: Request("GET", f"/servicePrincipals/sp/appRoleAssignedTo?{RoleHolding.SELECT}&$top=999")}
OF_IT = {HOLDINGS: Request("GET", f"/servicePrincipals/sp/appRoleAssignments?{RoleHolding.SELECT}&$top=999")}
PRINCIPALS = {
    ("user", "ann"): Principal("u1", "Ann", "user"),
    ("group", "g1"): Principal("g1", "Crew", "group"),
    ("servicePrincipal", "ext"): Principal("e1", "Ext", "servicePrincipal"),
}
TENANT = replace(DIRECTORY, principals=PRINCIPALS)


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        (Subject("job", {"id": "1"}), {}),
        (Subject("job", {"id": "1"}, SERVICE), OF_IT),
        (Subject("api", {"id": "1"}, SERVICE), TO_IT | OF_IT),
        (Subject("x", API_BODY, SERVICE), TO_IT),
        (Subject("x", {"id": "1"}, SERVICE), {}),
        (Subject("old", {"id": "1"}, SERVICE), TO_IT | OF_IT),
        (Subject("listed", None, SERVICE, others=True), TO_IT),
        (Subject("theirs", API_BODY, SERVICE, others=True), {}),
    ],
)
def test_what_is_fetched(subject: Subject, expected: dict[Any, Request]) -> None:
    """Who holds roles where there are some or somebody is listed; what a client of ours holds."""
    declared = replace(
        manifest(), removed={"old": Removed("old", destroy=True)}, listed=frozenset({"listed"})
    )
    assert KIND.questions(subject, declared) == expected


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


def test_roles_of_an_application_of_others() -> None:
    """By its value; whose service principal is not there is still to come."""
    theirs = {"id": "sp-t", "appRoles": [{"id": "r/1", "value": "a/b", "displayName": "x"}]}
    directory = replace(TENANT, live={"theirs": Live(Subject("theirs", None, theirs, others=True))})
    who = RoleAssignees("theirs", "a/b", groups=(TWO,), position=PAGE)
    role = ("r/1", "a%2Fb", "theirs/a/b")
    assert list(KIND.desired(listing(who), directory)) == [
        held(role, "group", CREW, key="theirs", resource_id="sp-t")
    ]
    later = RoleAssignees("api", "Run", groups=(TWO,), position=PAGE)
    for live in ({}, {"api": Live(Subject("api", API_BODY))}):
        assert list(KIND.desired(listing(later), replace(TENANT, live=live))) == [
            held(RUN, "group", CREW, resource_id="")
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


def test_what_a_client_is_consented_to() -> None:
    """Each role that the API has, in their order, at the line of the permission."""
    until = {
        ("application", "Read"): Until(date(2027, 1, 1)),
        ("delegated", "Write"): Until(date(2028, 1, 1)),
    }
    hr = replace(HR, application_consent=frozenset({"Write", "Read", "Nowhere"}), until=until)
    own = replace(OWN, application_consent=frozenset({"Run"}))
    missing = replace(HR, resource="missing", application_consent=frozenset({"Read"}))
    declared = manifest(api_permissions={"missing": missing, "hr": hr, "api": own})
    assert list(KIND.desired(declared, TENANT)) == [
        replace(of_client(("r1", "Read"), "hr", 'hr "HR Suite"/Read'), ends={WHOLE: date(2027, 1, 1)}),
        of_client(("r2", "Write"), "hr", 'hr "HR Suite"/Write'),
        of_client(("r3", "Run"), "api", "api/run.role (Run)"),
    ]
    coming = replace(TENANT.apis["api"], id=Ref(enterprise_address("api")))
    assert list(
        KIND.desired(manifest(api_permissions={"api": own}), replace(TENANT, apis={"api": coming}))
    ) == [of_client(("r3", "Run"), "api", "api/run.role (Run)", resource_id="")]
    assert list(KIND.desired(manifest(api_permissions={"hr": HR}), TENANT)) == []


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


def test_what_is_there_is_there_once() -> None:
    """What the resource says of a holder first, then what a client says of itself."""
    row = RoleHolding("1", "r3", "sp-job", "ServicePrincipal", "job", "sp-api", "api")
    other = RoleHolding("2", "r1", "sp-job", "ServicePrincipal", "job", "sp-hr", "HR")
    api = Live(DIRECTORY.live["api"].subject, {HOLDERS: (row,)})
    job = Live(client(JOB).subject, {HOLDINGS: (row, other)})
    hr = replace(HR, application_consent=frozenset())
    directory: Directory = replace(TENANT, live={JOB: job, "api": api})
    found = list(KIND.actual(manifest(api_permissions={"hr": hr}), directory))
    assert [(each.address.key, each.facts.id) for each in found] == [
        ("hr/Read/servicePrincipal:job", "2"),
        ("api/Run/servicePrincipal:job", "1"),
    ]


@pytest.mark.parametrize(
    ("facts", "grant"),
    [
        ({"client": JOB, "role": "Read"}, Grant(JOB, "hr", "application", "Read")),
        ({"client": JOB}, Grant(JOB, "hr", "application", "")),
        ({"role": "Read", "principal_id": "e1"}, Grant("", "hr", "application", "Read", "e1")),
        ({"app_role_id": "r1", "principal_id": "u"}, Grant("", "hr", "assignment", "r1", "u")),
    ],
)
def test_what_it_gives(facts: dict[str, Any], grant: Grant) -> None:
    """To a client of ours, to another, or to a person; it is one grant, and goes as a whole."""
    made = assigned("k", AssignmentFacts(resource="hr", **facts), "n", "hr")
    assert list(KIND.grants(made)) == [grant]
    assert KIND.without(made, set()) is None


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


def test_each_change_is_one_request() -> None:
    """What goes with its application needs none."""
    comes, goes, dies = held(RUN, "user", ANN), held(RUN, "group", CREW), of_client(("r1", "Read"), "hr", "x")
    changes: list[Change] = [Create(comes), Delete(goes), Delete(dies), Delete(Resource(dies.parent, {}))]
    view = WriteView(
        manifest(), TENANT, State({}), State({}), {address_of(change): change for change in changes}
    )
    assert [(each.carries, each.request.method) for each in KIND.expand(view)] == [
        ((comes.address,), "POST"),
        ((goes.address,), "DELETE"),
    ]
