"""What a manifest and a plan need of permissions, from both sides: no more is asked for, and no less."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest

from entra_config.checks import privileges
from entra_config.checks.privileges import Needs
from entra_config.graph.request import Method, Request
from entra_config.manifest.model import (
    Application,
    EnterpriseApplication,
    Given,
    Manifest,
    Named,
    RoleAssignees,
    Setting,
)
from entra_config.manifest.parts import ApiPermission
from entra_config.manifest.policy import Removed
from entra_config.plan.model import Change, Create, Update
from entra_config.plan.steps import Phase, Step
from entra_config.resource import Address, Resource
from tests.unit.plan.estates import API, manifest, plan

NOTHING = replace(manifest(), applications={})
ME = Named("alice")
SETTING = {"displayName": Setting("Job")}
HR = EnterpriseApplication("hr")


def said(needs: Needs) -> set[str]:
    """Return the words of what is needed."""
    return {field.name for field in fields(needs) if getattr(needs, field.name)}


def asking(**more: Any) -> dict[str, Any]:
    """Return a manifest of one daemon that asks for something of HR."""
    permission = ApiPermission("hr", own=False, **more)
    return {"applications": {"job": Application("job", "daemon", {}, api_permissions={"hr": permission})}}


def job(**more: Any) -> dict[str, Any]:
    """Return a manifest of one daemon."""
    return {"applications": {"job": Application("job", "daemon", {}, **more)}}


def beside(*, plain: bool = True, **more: Any) -> dict[str, Any]:
    """Return a manifest of an application of others, and, where wanted, one more of which nothing is said."""
    others = {"plain": EnterpriseApplication("plain")} if plain else {}
    return {"enterprise_applications": {"hr": replace(HR, **more), **others}}


@pytest.mark.parametrize(
    ("more", "needed"),
    [
        ({}, set()),
        (job(), {"writes"}),
        ({"removed": {"old": Removed("old", destroy=True)}}, {"writes"}),
        (beside(), set()),
        (beside(settings=SETTING), {"writes", "others"}),
        (beside(owners=(ME,)), {"others"}),
        (beside(owners=()), {"others"}),
        (job(owners=(ME,)), {"writes", "others"}),
        (job(owners=()), {"writes", "others"}),
        (job(enterprise=EnterpriseApplication("job")), {"writes"}),
        (job(enterprise=EnterpriseApplication("job", owners=(ME,))), {"writes", "others"}),
        (job(app_id="1"), {"writes", "others"}),
        (job(app_id="1", locked=True), {"writes"}),
        (job(secrets={"own": object()}), {"writes", "secrets"}),
        ({"assignments": {("hr", "Read"): RoleAssignees("hr", "Read")}}, {"assigns"}),
        ({"listed": frozenset({"hr"})}, {"assigns"}),
        ({"grants": (Given(ME, "hr", ("Read",)),)}, {"assigns"}),
        (asking(application=("Read",)), {"writes"}),
        (asking(application=("Read",), application_consent=frozenset()), {"writes", "assigns"}),
        (asking(application_consent=frozenset({"Read"})), {"writes", "assigns"}),
        (asking(application_consent=frozenset()), {"writes"}),
        (asking(delegated=("read",)), {"writes"}),
        (asking(delegated=("read",), delegated_consent=frozenset()), {"writes", "grants"}),
        (asking(delegated_consent=frozenset({"read"})), {"writes", "grants"}),
    ],
)
def test_a_manifest_needs_what_it_writes(more: dict[str, Any], needed: set[str]) -> None:
    """Whatever it says nothing of is no reason for a permission."""
    assert said(privileges.of_manifest(replace(NOTHING, **more))) == needed
    if applications := more.get("applications"):  # one beside it that needs no more changes nothing
        twice = {**more, "applications": {**applications, "api": Application("api", "api", {})}}
        assert said(privileges.of_manifest(replace(NOTHING, **twice))) == needed


def step(method: Method, path: str) -> Step:
    """Return one write."""
    return Step(path, (API,), Phase.EXTEND, Request(method, path))


EDIT = Update(Resource(API, {}), Resource(API, {}))
HR_ITSELF = Resource(Address("enterpriseApplication", "hr"), {})
OF_HR = Update(HR_ITSELF, HR_ITSELF)
ROLE = Create(Resource(Address("appRoleAssignment", "api/Read/user:u"), {}))
OWNER = Create(Resource(Address("owner", "api/user:u"), {}))
CONSENT = Create(Resource(Address("permissionGrant", "job/hr"), {}))


@pytest.mark.parametrize(
    ("requests", "changes", "following", "needed"),
    [
        ([], (), (), set()),
        ([("POST", "/applications")], (), (), {"writes"}),
        ([("PATCH", "/applications/mine")], (EDIT,), (), {"writes"}),
        ([("PATCH", "/applications/theirs")], (EDIT,), (), {"writes", "others"}),
        ([("PATCH", "/servicePrincipals/theirs?$select=id")], (), (), {"writes", "others"}),
        ([("POST", "/directory/deletedItems/mine/restore")], (), (), {"writes", "others"}),
        ([("PATCH", "/servicePrincipals/mine")], (EDIT, OF_HR), (), {"writes", "others"}),
        ([], (OF_HR,), (), set()),
        ([("POST", "/servicePrincipals/theirs/appRoleAssignedTo")], (OF_HR,), (), {"assigns"}),
        ([("POST", "/oauth2PermissionGrants")], (), (), {"grants"}),
        ([], (), (ROLE,), {"assigns"}),
        ([], (), (CONSENT,), {"grants"}),
        ([], (), (OWNER,), {"others"}),
        ([("POST", "/applications/mine/owners/$ref")], (), (), {"writes", "others"}),
    ],
)
def test_a_plan_needs_what_its_steps_and_what_follows_them_need(
    requests: list[tuple[Method, str]],
    changes: tuple[Change, ...],
    following: tuple[Change, ...],
    needed: set[str],
) -> None:
    """What the identity does not own, or cannot know that it owns, takes the permission for all."""
    made = replace(
        plan(*changes),
        steps=tuple(step(*each) for each in requests),
        following=following,
        unowned=frozenset({"theirs"}),
    )
    own: Manifest = replace(manifest(), enterprise_applications={"hr": HR})

    assert said(privileges.of_plan(made, own)) == needed
