"""Parts of PATCHes in; one request for each target and phase, guarded by what the one before left, out."""

from __future__ import annotations

from typing import Any

from entra_config.graph.request import Request
from entra_config.kinds.base import LOOKED_TAG, text
from entra_config.plan.model import Create
from entra_config.plan.steps import Holds, Phase, Probe, Step
from entra_config.resource import Address, Ref, Resource
from tests.unit.kinds.estate import API
from tests.unit.kinds.writing import (
    AUTHORIZED,
    NEW,
    RESTRICTIONS,
    SCOPE,
    SCOPES,
    SPA,
    extend,
    steps,
)


def step(
    body: dict[str, Any],
    guard: tuple[str, dict[str, Any]] | None,
    visible: tuple[str, dict[str, Any]] | None,
    phase: Phase = Phase.EXTEND,
    *,
    path: str = "/applications/id-api",
    target: Address = API,
    **more: Any,
) -> Step:
    """Return one request to the application; guard and visible are what is selected, and what it holds."""
    beta = RESTRICTIONS in body

    def probe(selected: tuple[str, dict[str, Any]] | None) -> Probe | None:
        """Return the read of what is selected."""
        if selected is None:
            return None
        ignoring = (LOOKED_TAG,) if "tags" in selected[1] else ()
        return Probe(
            Request("GET", f"{path}?$select={selected[0]}", beta=RESTRICTIONS in selected[1]),
            Holds(selected[1], ignoring),
        )

    return Step(
        f"{target}/{phase.word}",
        (target,),
        phase,
        Request("PATCH", path, body, beta=beta),
        target,
        str(target),
        guard=probe(guard),
        visible=probe(visible),
        **more,
    )


def test_a_later_request_is_guarded_by_what_the_one_before_left() -> None:
    """Of the same target; it needs the one before."""
    first, second = extend({AUTHORIZED: []}, Phase.AUTHORIZE), extend({SCOPES: [SCOPE]})
    assert steps(first, second) == (
        step(
            {"api": {"oauth2PermissionScopes": [SCOPE], "preAuthorizedApplications": [SPA]}},
            ("api", {SCOPES: [], AUTHORIZED: [SPA]}),
            ("api", {SCOPES: [SCOPE]}),
        ),
        step(
            {"api": {"oauth2PermissionScopes": [SCOPE], "preAuthorizedApplications": []}},
            ("api", {SCOPES: [SCOPE], AUTHORIZED: [SPA]}),
            ("api", {AUTHORIZED: []}),
            Phase.AUTHORIZE,
            needs=frozenset({"application.api/extend"}),
        ),
    )


def test_what_this_run_creates_nobody_else_changes() -> None:
    """It is not guarded; what goes along is what is created, then what an earlier request made of it."""
    resource = Resource(NEW, {SCOPES: [SCOPE]})
    early, late = extend({AUTHORIZED: [SPA]}, target=NEW), extend({SCOPES: []}, Phase.EDIT, NEW)
    found = steps(early, late, changes=[Create(resource)])
    assert [(each.request.body, each.guard) for each in found] == [
        ({"api": {"preAuthorizedApplications": [SPA], "oauth2PermissionScopes": [SCOPE]}}, None),
        ({"api": {"oauth2PermissionScopes": [], "preAuthorizedApplications": [SPA]}}, None),
    ]
    assert [str(each.request.path) for each in found] == [str(text("/applications/", Ref(NEW)))] * 2
    plain = steps(early, changes=[Create(Resource(NEW, {"displayName": "x"}))])
    assert [each.request.body for each in plain] == [{"api": {"preAuthorizedApplications": [SPA]}}]
