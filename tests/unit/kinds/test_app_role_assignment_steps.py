"""The one request by which an assignment comes or goes, what it waits for, and what must be so before."""

from __future__ import annotations

import dataclasses
from types import SimpleNamespace
from typing import Any

import pytest

from entra_config.kinds import app_role_assignment as steps
from entra_config.kinds.base import application_address, enterprise_address, text
from entra_config.kinds.entitlement_stages import DEFAULT_ACCESS
from entra_config.kinds.facts import AssignmentFacts
from entra_config.plan.steps import Contains, Phase
from entra_config.resource import Address, Ref, Resource

API, JOB = application_address("api"), application_address("job")
ROLE = {"id": "r", "allowedMemberTypes": ["User"], "value": "Reader"}
PLACE = Address("appRoleAssignment", "api/Reader/user:p")


def resource(**facts: Any) -> Resource:
    """Return an assignment."""
    return Resource(PLACE, {}, facts=AssignmentFacts(**{"resource": "api", "app_role_id": "r", **facts}))


def view(**roles: Any) -> Any:
    """Return what is desired: the API with these values, where there are any."""
    return SimpleNamespace(desired={API: Resource(API, roles)} if roles else {})


def match(**more: Any) -> Contains:
    """Return the role as it must stand."""
    return Contains("appRoles", {"id": "r", "isEnabled": True, **more})


@pytest.mark.parametrize(
    ("role", "wanted", "premise"),
    [
        ("r", view(appRoles=[ROLE]), match(allowedMemberTypes=["User"])),
        ("r", view(appRoles=[{**ROLE, "id": "s"}]), match()),
        ("r", view(appRoles=None), match()),
        ("r", view(notes="x"), match()),
    ],
)
def test_a_role_of_ours_must_stand_as_the_manifest_says(role: str, wanted: Any, premise: Contains) -> None:
    """Enabled, and for whom it is meant; of a role that it does not say, that it is there."""
    step = steps.assign(resource(app_role_id=role, principal_id="p"), wanted)
    assert step.premise is not None
    assert step.premise.expect == premise
    assert str(step.premise.request.path) == str(text("/applications/", Ref(API), "?$select=id,appRoles"))


def test_a_role_of_others_must_be_there() -> None:
    """Their service principal says it; access without a role needs none."""
    step = steps.assign(resource(resource_id="sp", principal_id="p"), view())
    assert step.premise is not None
    assert step.premise.expect == match()
    assert str(step.premise.request.path) == "/servicePrincipals/sp?$select=id,appRoles"
    assert steps.assign(resource(app_role_id=DEFAULT_ACCESS, principal_id="p"), view()).premise is None


@pytest.mark.parametrize(
    ("facts", "principal", "listed", "of", "arms"),
    [
        (
            {"resource_id": "sp", "principal_id": "p"},
            "p",
            "/servicePrincipals/sp/appRoleAssignedTo",
            API,
            frozenset(),
        ),
        (
            {"resource_id": "sp", "client": "job"},
            Ref(enterprise_address("job")),
            str(text("/servicePrincipals/", Ref(enterprise_address("job")), "/appRoleAssignments")),
            JOB,
            frozenset({JOB}),
        ),
    ],
)
def test_who_gets_it(
    facts: dict[str, Any], principal: object, listed: str, of: Address, arms: frozenset[Address]
) -> None:
    """An application is looked for at its own side: a resource may have thousands of holders."""
    step = steps.assign(resource(**facts), view())
    assert step.request.body == {"principalId": principal, "resourceId": "sp", "appRoleId": "r"}
    assert step.found_by is not None
    assert str(step.found_by.request.path) == listed
    assert (step.of, step.order.arms, step.phase) == (of, arms, Phase.REFERENCE)
    assert step.order.awaits == frozenset({API})
    assert step.order.gives == frozenset({(API, "r")})


def test_it_goes_by_its_id_before_its_role_does() -> None:
    """What is gone already is done."""
    step = steps.unassign(resource(id="9", resource_id="sp", principal_id="p"))
    assert (step.request.method, step.request.path) == ("DELETE", "/servicePrincipals/sp/appRoleAssignedTo/9")
    assert (step.of, step.phase, step.order.releases) == (API, Phase.UNREFERENCE, frozenset({API}))
    assert "Request_ResourceNotFound" in step.done_if
    held = dataclasses.replace(resource(id="9", resource_id="sp"), parent=JOB)
    assert steps.unassign(held).of == JOB
