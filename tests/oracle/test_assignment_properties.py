"""What holds of assignments in every tenant: more of them give no less, and required ones let nobody in."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.oracle.changed_tenants import changed, plus, widest
from tests.oracle.random_sign_ins import (
    APPS,
    HOLDERS,
    PEOPLE,
    ROLES,
    Question,
    Tenant,
    people,
    questions,
    tenants,
)
from tests.oracle.rules import DEFAULT_ACCESS, response
from tests.oracle.shapes import assignment, group
from tests.oracle.token_endpoint import AsUser, Token


@given(
    tenants(),
    questions,
    st.sampled_from(HOLDERS),
    st.sampled_from(APPS),
    st.sampled_from([*ROLES, DEFAULT_ACCESS]),
)
def test_more_assignments(world: Tenant, question: Question, holder: str, api: str, role_id: str) -> None:
    """One more assignment takes no token and no role away, and moves no scope."""
    before, after = (
        response(world, question),
        response(plus(world, assignment(holder, api, role_id)), question),
    )
    if isinstance(before, Token):
        assert isinstance(after, Token)
        assert before.roles <= after.roles
        assert widest(before)[0] <= widest(after)[0]
        assert (before.scopes, before.perhaps_scopes) == (after.scopes, after.perhaps_scopes)


@given(tenants(), questions, st.data())
def test_fewer_assignments(world: Tenant, question: Question, data: st.DataObject) -> None:
    """An assignment taken away takes its role away at most."""
    given_ = world["appRoleAssignments"]
    gone = data.draw(st.sampled_from(given_))
    before, after = (
        response(world, question),
        response(world | {"appRoleAssignments": [one for one in given_ if one is not gone]}, question),
    )
    if isinstance(before, Token) and isinstance(after, Token):
        assert widest(after)[0] <= widest(before)[0]
        assert len(widest(before)[0]) - len(widest(after)[0]) <= 1


@given(tenants(), questions, st.booleans())
def test_required_assignment(world: Tenant, question: Question, at_client: bool) -> None:
    """Assignment that is required lets nobody in and changes no token: the same, or none."""
    end = question.client if at_client else question.resource.removeprefix("api://")

    def require(copy: Tenant) -> None:
        for one in copy["servicePrincipals"]:
            one["appRoleAssignmentRequired"] |= one["appId"] == end

    before, after = response(world, question), response(changed(world, require), question)
    assert after == before or not isinstance(after, Token)


@given(tenants(), people(), st.data())
def test_group_of_one(world: Tenant, question: AsUser, data: st.DataObject) -> None:
    """An assignment is worth as much through a new group with one direct member, and nothing through a
    group around that one.
    """
    given_ = world["appRoleAssignments"]
    moved = data.draw(st.sampled_from(given_)) if given_ else {"principalId": "anna"}
    rest = world | {"appRoleAssignments": [one for one in given_ if one is not moved]}
    held = {
        "appRoleAssignments": [
            *rest["appRoleAssignments"],
            *([moved | {"principalId": "new"}] if given_ else []),
        ]
    }
    if moved["principalId"] in PEOPLE:
        assert response(plus(rest, group("new", moved["principalId"])) | held, question) == response(
            world, question
        )
        around = plus(plus(rest, group("inner", moved["principalId"])), group("new", "inner"))
        assert response(around | held, question) == response(rest, question)


@given(tenants(), questions)
def test_swapped_roles(world: Tenant, question: Question) -> None:
    """Two roles that swap their values swap them in every token."""
    swap = {"Reader": "Writer", "Writer": "Reader"}

    def change(copy: Tenant) -> None:
        for one in copy["servicePrincipals"]:
            for each_role in one["appRoles"]:
                each_role["value"] = swap.get(each_role["value"], each_role["value"])

    before, after = response(world, question), response(changed(world, change), question)
    if isinstance(before, Token):
        roles, perhaps = (
            {swap.get(one, one) for one in some} for some in (before.roles, before.perhaps_roles)
        )
        before = replace(before, roles=frozenset(roles), perhaps_roles=frozenset(perhaps))
    assert after == before
