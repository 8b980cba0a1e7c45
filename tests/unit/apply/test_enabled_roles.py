"""Roles that are enabled are changed by way of disabling them."""

from __future__ import annotations

from entra_config.graph.request import Request
from entra_config.plan.steps import Phase
from entra_config.resource import Ref, Text
from tests.unit.apply.ground import ROLE, Ground, app, create, patch


def test_an_enabled_role_is_changed_by_way_of_disabling_it() -> None:
    """Graph refuses the edit, so it is disabled, changed, enabled; its id stays."""
    ground = Ground()
    first = ground.apply([create("a", appRoles=[ROLE])])
    path = Text(("/applications/", Ref(app("a"))))
    edited = {**ROLE, "description": "Changes and deletes records."}
    off = Request("PATCH", path, {"appRoles": [{**ROLE, "isEnabled": False}]})
    step = patch(
        "a",
        {"appRoles": [edited]},
        phase=Phase.EDIT,
        fallback=(off, Request("PATCH", path, {"appRoles": [edited]})),
    )
    outcome = ground.apply([step], known=first.known)
    assert outcome.complete
    (row,) = ground.send(Request("GET", f"/applications/{first.known[Ref(app('a'))]}"))
    assert [(role["id"], role["description"], role["isEnabled"]) for role in row["appRoles"]] == [
        (ROLE["id"], "Changes and deletes records.", True)
    ]


def test_without_a_way_around_an_enabled_role_is_a_failure() -> None:
    """The refusal is final when this run disabled nothing."""
    ground = Ground()
    first = ground.apply([create("a", appRoles=[ROLE])])
    outcome = ground.apply([patch("a", {"appRoles": []}, phase=Phase.REDUCE)], known=first.known)
    ((_, error),) = outcome.failed
    assert error.code == "CannotDeleteOrUpdateEnabledEntitlement"
