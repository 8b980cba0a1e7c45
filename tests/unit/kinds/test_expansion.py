"""Parts of PATCHes in; one request for each target and phase, guarded by what the one before left, out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from entra_config.graph.request import Request
from entra_config.kinds.base import LOOKED_TAG, looked_ref, text
from entra_config.kinds.writes import Patch, Rechecks
from entra_config.plan.model import Create, Delete
from entra_config.plan.steps import Holds, Order, Phase, Present, Probe, Step, Watch
from entra_config.resource import Address, Ref, Resource
from tests.unit.kinds.estate import API
from tests.unit.kinds.writing import (
    ALLOWED,
    AUTHORIZED,
    KEYS,
    NEW,
    PRINCIPAL,
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


ONE: dict[str, tuple[Patch, Step]] = {
    "a property": (
        extend({"displayName": "New"}),
        step(
            {"displayName": "New"},
            ("displayName", {"displayName": "Old"}),
            ("displayName", {"displayName": "New"}),
        ),
    ),
    "a property of an object, and one beside it": (
        extend({"web.redirectUris": [], "displayName": "New", "tags": []}),
        step(
            {"web": {"redirectUris": []}, "displayName": "New", "tags": []},
            (
                "displayName,tags,web",
                {"web.redirectUris": ["https://a"], "displayName": "Old", "tags": ["mine"]},
            ),
            ("displayName,tags,web", {"web.redirectUris": [], "displayName": "New", "tags": []}),
        ),
    ),
    "what was not read": (
        extend({"notes": "x"}),
        step({"notes": "x"}, ("notes", {"notes": None}), ("notes", {"notes": "x"})),
    ),
    "scopes take the authorized clients along": (
        extend({SCOPES: [SCOPE]}),
        step(
            {"api": {"oauth2PermissionScopes": [SCOPE], "preAuthorizedApplications": [SPA]}},
            ("api", {SCOPES: [], AUTHORIZED: [SPA]}),
            ("api", {SCOPES: [SCOPE]}),
        ),
    ),
    "the authorized clients take the scopes along": (
        extend({AUTHORIZED: []}),
        step(
            {"api": {"oauth2PermissionScopes": [], "preAuthorizedApplications": []}},
            ("api", {SCOPES: [], AUTHORIZED: [SPA]}),
            ("api", {AUTHORIZED: []}),
        ),
    ),
    "both at once": (
        extend({AUTHORIZED: [], SCOPES: [SCOPE]}),
        step(
            {"api": {"oauth2PermissionScopes": [SCOPE], "preAuthorizedApplications": []}},
            ("api", {SCOPES: [], AUTHORIZED: [SPA]}),
            ("api", {AUTHORIZED: [], SCOPES: [SCOPE]}),
        ),
    ),
    "keys are never responded": (
        extend({KEYS: ["k"], "displayName": "New"}),
        step(
            {KEYS: ["k"], "displayName": "New"},
            ("displayName,keyCredentials", {KEYS: [], "displayName": "Old"}),
            ("displayName", {"displayName": "New"}),
        ),
    ),
    "keys alone": (extend({KEYS: ["k"]}), step({KEYS: ["k"]}, (KEYS, {KEYS: []}), None)),
    "what beta alone has, where it was not read": (
        extend({RESTRICTIONS: ["t"]}),
        step({RESTRICTIONS: ["t"]}, None, (RESTRICTIONS, {RESTRICTIONS: ["t"]})),
    ),
    "something beside it": (
        extend({RESTRICTIONS: ["t"], "displayName": "New"}),
        step(
            {RESTRICTIONS: ["t"], "displayName": "New"},
            ("displayName", {"displayName": "Old"}),
            (f"displayName,{RESTRICTIONS}", {RESTRICTIONS: ["t"], "displayName": "New"}),
        ),
    ),
    "what Graph wants disabled first": (
        extend({SCOPES: []}, Phase.EDIT, first={SCOPES: [SCOPE]}, done_if=("gone",)),
        step(
            {"api": {"oauth2PermissionScopes": [], "preAuthorizedApplications": [SPA]}},
            ("api", {SCOPES: [], AUTHORIZED: [SPA]}),
            ("api", {SCOPES: []}),
            Phase.EDIT,
            done_if=("gone",),
            fallback=tuple(
                Request(
                    "PATCH",
                    "/applications/id-api",
                    {"api": {"oauth2PermissionScopes": scopes, "preAuthorizedApplications": [SPA]}},
                )
                for scopes in ([SCOPE], [])
            ),
        ),
    ),
    "the enterprise application": (
        extend({"notes": "New"}, target=PRINCIPAL),
        step(
            {"notes": "New"},
            ("notes", {"notes": "Old"}),
            ("notes", {"notes": "New"}),
            path="/servicePrincipals/sp-api",
            target=PRINCIPAL,
        ),
    ),
}


@pytest.mark.parametrize("case", ONE)
def test_one_request(case: str) -> None:
    """What is sent, what must stand there before, what is to be read back."""
    patch, expected = ONE[case]
    assert steps(patch) == (expected,)


def test_what_beta_alone_has_is_guarded_where_it_was_read() -> None:
    """At beta, as Graph responded."""
    patch = extend({RESTRICTIONS: []})
    expected = step(
        {RESTRICTIONS: []},
        (RESTRICTIONS, {RESTRICTIONS: ALLOWED.reported}),
        (RESTRICTIONS, {RESTRICTIONS: []}),
    )
    assert steps(patch, restricted=True) == (expected,)


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


def test_parts_go_together() -> None:
    """Values, addresses, orders and what counts as done of all of them, each once."""
    one = Patch(API, Phase.EXTEND, {"notes": "x"}, (API, NEW), API, Order(cleans=True), {}, ("a",))
    two = Patch(API, Phase.EXTEND, {"displayName": "New"}, (NEW, PRINCIPAL), API, Order(), {}, ("b",))
    (found,) = steps(one, two)
    assert found == replace(
        step(
            {"notes": "x", "displayName": "New"},
            ("displayName,notes", {"notes": None, "displayName": "Old"}),
            ("displayName,notes", {"notes": "x", "displayName": "New"}),
        ),
        carries=(API, NEW, PRINCIPAL),
        order=Order(cleans=True),
        done_if=("a", "b"),
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


def test_what_is_deleted_in_the_end_is_never_read_back() -> None:
    """It is guarded all the same."""
    (found,) = steps(extend({"displayName": "New"}), changes=[Delete(Resource(API, {}))])
    assert found == step({"displayName": "New"}, ("displayName", {"displayName": "Old"}), None)


def test_targets_follow_each_other_by_address() -> None:
    """In one phase, whichever kind is first."""
    found = steps(extend({"notes": "x"}, target=PRINCIPAL), extend({"displayName": "x"}))
    assert [each.id for each in found] == ["application.api/extend", "enterpriseApplication.api/extend"]


def test_a_look_comes_after_what_cleans_and_before_what_arms() -> None:
    """Whoever leaves is gone when it begins; its mark is there when the client is given something."""
    owners, others = (
        Watch("api", Probe(Request("GET", path), Present()), always=True) for path in ("/o", "/x")
    )
    third = Watch("new", Probe(Request("GET", "/n"), Present()))
    grant = Step(
        "grant",
        (),
        Phase.REFERENCE,
        Request("POST", "/g"),
        PRINCIPAL,
        order=Order(arms=frozenset({NEW, API})),
    )
    clean = Step("clean", (), Phase.EXTEND, Request("POST", "/c"), API, order=Order(cleans=True))
    other = Step("other", (), Phase.EXTEND, Request("POST", "/c"), API)
    looks = {API: Rechecks((owners,), (others,), marked=True), NEW: Rechecks((), (third,))}
    found = {each.id: each for each in steps(grant, clean, other, looks=looks)}
    assert {id_: (each.needs, each.watches) for id_, each in found.items()} == {
        "clean": (frozenset(), ()),
        "other": (frozenset(), ()),
        "application.api/look": (frozenset({"clean"}), (owners,)),
        "grant": (frozenset({"clean", "application.api/look"}), (owners, others, third)),
    }
    assert found["application.api/look"].request.body == {
        "tags": ["mine", text(LOOKED_TAG, looked_ref("api"))]
    }


def test_a_reference_does_not_wait_for_what_only_edits() -> None:
    """Of the chain that extends, what comes later is no matter."""
    edit = Step("edit", (), Phase.EDIT, Request("POST", "/e"), API, str(API))
    grant = Step(
        "grant", (), Phase.REFERENCE, Request("POST", "/g"), NEW, order=Order(awaits=frozenset({API}))
    )
    assert {each.id: each.needs for each in steps(grant, edit)} == {"grant": frozenset(), "edit": frozenset()}
