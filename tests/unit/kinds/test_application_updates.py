"""What a changed application is sent, and when: at once, with what names others, after what goes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from entra_config.kinds.base import text
from entra_config.kinds.facts import ApplicationFacts
from entra_config.kinds.writes import Patch
from entra_config.plan.model import Update
from entra_config.plan.steps import Order, Phase, Step
from entra_config.resource import Address, Ref, Resource
from tests.unit.kinds.estate import API
from tests.unit.kinds.writing import (
    JOB,
    KEYS,
    OWN,
    PAGE,
    REQUIRED,
    ROLES,
    SCOPES,
    URIS,
    WEB,
    expanded,
    patch,
    resource,
)

JOB_ID = Ref(JOB, "appId")
LIVE = {"customKeyIdentifier": "T0", "keyId": "k0", "type": "x", "usage": "Verify", "key": "secret"}
KEPT = {"customKeyIdentifier": "T0", "type": "x", "usage": "Verify"}
ADDED = {"customKeyIdentifier": "T1", "type": "AsymmetricX509Cert", "usage": "Verify"}
SENT = {"type": "AsymmetricX509Cert", "usage": "Verify", "key": "DER", "displayName": "shown"}
READ, WRITE, OF_JOB = (
    {"resourceAppId": app_id, "id": id_, "type": "Scope"}
    for app_id, id_ in (("app-g", "1"), ("app-g", "2"), (JOB_ID, "3"))
)
G = Address("application", "g")
THERE = Resource(G, {}, ApplicationFacts("id-g", app_id="app-g"))


def changed(before: dict[str, Any], after: dict[str, Any], **more: Any) -> list[Step | Patch]:
    """Return the writes of an update."""
    change = Update(resource(**before), resource(**after))
    return expanded(change, **more)


def plain(path: str, before: object, after: object) -> list[Step | Patch]:
    """Return the writes of an update of one property."""
    name = path.replace(".", "__")
    return changed({name: before}, {name: after})


def nested(*items: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what is requested, each of its own API, as Graph nests it."""
    return [
        {"resourceAppId": item["resourceAppId"], "resourceAccess": [{"id": item["id"], "type": item["type"]}]}
        for item in items
    ]


CLEANS = Order(cleans=True)
ROLE = {"id": "r1", "value": "Use", "isEnabled": True, "allowedMemberTypes": ["User"], "displayName": "a"}
RENAMED = {**ROLE, "displayName": "b"}
UPDATED: dict[str, tuple[Callable[[], list[Step | Patch]], list[Patch]]] = {
    "nothing": (lambda: changed({"notes": "a"}, {"notes": "a", "uniqueName": "other"}), []),
    "properties, each by itself": (
        lambda: changed({"notes": "a"}, {"notes": "b", "web__homePageUrl": ("x",)}),
        [patch({"notes": "b"}), patch({"web.homePageUrl": ["x"]})],
    ),
    "what is null then": (lambda: plain("notes", "a", None), [patch({"notes": None})]),
    "its own id needs no other": (
        lambda: plain("notes", "a", Ref(API)),
        [patch({"notes": Ref(API)})],
    ),
    "what names another": (lambda: plain("notes", "a", JOB_ID), [patch({"notes": JOB_ID}, Phase.REFERENCE)]),
    "redirect URIs that come": (
        lambda: plain(WEB, ["https://a"], ["https://a", "https://b"]),
        [patch({WEB: ["https://a", "https://b"]})],
    ),
    "the first redirect URI": (
        lambda: plain(WEB, None, ["https://a"]),
        [patch({WEB: ["https://a"]})],
    ),
    "redirect URIs that go": (
        lambda: plain(WEB, ["https://a", "https://b"], ["https://b", "https://c"]),
        [patch({WEB: ["https://b", "https://c"]}, order=CLEANS)],
    ),
    "redirect URIs that go while one of another's comes": (
        lambda: plain(PAGE, ["https://a", "https://b"], ["https://b", text("https://", JOB_ID)]),
        [
            patch({PAGE: ["https://b"]}, order=CLEANS),
            patch({PAGE: ["https://b", text("https://", JOB_ID)]}, Phase.REFERENCE),
        ],
    ),
    "one of another's beside those that stay": (
        lambda: plain(PAGE, ["https://b"], ["https://b", text("https://", JOB_ID)]),
        [patch({PAGE: ["https://b", text("https://", JOB_ID)]}, Phase.REFERENCE)],
    ),
    "another list that loses something": (lambda: plain("tags", [OWN, "x"], [OWN]), [patch({"tags": [OWN]})]),
    "a switch that goes off": (
        lambda: plain("isFallbackPublicClient", True, False),
        [patch({"isFallbackPublicClient": False}, order=CLEANS)],
    ),
    "a switch that goes on": (
        lambda: plain("isFallbackPublicClient", None, True),
        [patch({"isFallbackPublicClient": True})],
    ),
    "a switch that was off": (
        lambda: plain("isFallbackPublicClient", False, None),
        [patch({"isFallbackPublicClient": None})],
    ),
    "a certificate that comes beside one that is there": (
        lambda: plain(KEYS, [LIVE], [KEPT, ADDED]),
        [patch({KEYS: [{name: LIVE[name] for name in LIVE if name != "key"}, SENT]})],
    ),
    "a certificate that goes": (lambda: plain(KEYS, [LIVE], []), [patch({KEYS: []}, order=CLEANS)]),
    "a role that is edited": (
        lambda: changed({ROLES: [ROLE], SCOPES: []}, {ROLES: [RENAMED], SCOPES: []}),
        [
            patch(
                {ROLES: [RENAMED]},
                Phase.EDIT,
                order=Order(settles=frozenset({"r1"})),
                first={ROLES: [{**ROLE, "isEnabled": False}]},
            )
        ],
    ),
    "what is requested more": (
        lambda: plain(REQUIRED, None, [READ, OF_JOB]),
        [patch({REQUIRED: nested(READ, OF_JOB)}, Phase.REFERENCE)],
    ),
    "what is requested of what is there": (
        lambda: plain(REQUIRED, [], [READ]),
        [patch({REQUIRED: nested(READ)})],
    ),
    "what is requested no longer": (
        lambda: changed({REQUIRED: [READ]}, {REQUIRED: []}, actual=(THERE,)),
        [patch({REQUIRED: []}, order=Order(releases=frozenset({G})))],
    ),
}


@pytest.mark.parametrize("case", UPDATED)
def test_how_it_is_changed(case: str) -> None:
    """Each property that differs in a part of its own."""
    found, expected = UPDATED[case]
    assert found() == expected


AWAITS = Order(awaits=frozenset({JOB}))
OWN_URI = text("api://", Ref(API, "appId"))
NAMED = text("api://", JOB_ID)
CLAIMS: dict[str, tuple[list[str] | None, list[Any], dict[str, Any], list[Patch]]] = {
    "what comes": ([], ["api://a"], {}, [patch({URIS: ["api://a"]})]),
    "what comes where nothing was": (None, ["api://a"], {}, [patch({URIS: ["api://a"]})]),
    "what goes": (["api://a"], [], {}, [patch({URIS: []})]),
    "by its own id": ([], [OWN_URI], {}, [patch({URIS: [OWN_URI]})]),
    "by the id of another": ([], [NAMED], {}, [patch({URIS: [NAMED]}, Phase.REFERENCE)]),
    "from another": (
        [],
        ["API://a"],
        {"passed": {"api://a": JOB}},
        [patch({URIS: ["API://a"]}, Phase.REFERENCE, order=AWAITS)],
    ),
    "what another lets go of and is here already": (
        ["api://A"],
        ["api://a", "api://b"],
        {"passed": {"api://a": JOB}},
        [patch({URIS: ["api://a", "api://b"]})],
    ),
    "while another is purged": (
        ["api://a"],
        ["api://a", "api://b"],
        {"purges": {JOB: ("1",), API: ("2",)}},
        [patch({URIS: ["api://a", "api://b"]}, Phase.REFERENCE, order=AWAITS)],
    ),
    "nothing new while another is purged": (
        ["api://a", "api://b"],
        ["api://a"],
        {"purges": {JOB: ("1",)}},
        [patch({URIS: ["api://a"]})],
    ),
    "what another takes": (
        ["api://a", "api://b"],
        ["api://b"],
        {"passed": {"api://a": API}},
        [patch({URIS: ["api://b"]})],
    ),
    "what another takes while something comes": (
        ["api://a", "api://b"],
        ["api://b", "api://c"],
        {"passed": {"api://a": API}},
        [patch({URIS: ["api://b"]}), patch({URIS: ["api://b", "api://c"]}, Phase.REFERENCE)],
    ),
}


@pytest.mark.parametrize("case", CLAIMS)
def test_how_identifier_uris_pass(case: str) -> None:
    """What others wait for first, the rest once all that they let go of is free."""
    held, after, more, expected = CLAIMS[case]
    before = ["something else"]
    assert changed({URIS: before}, {URIS: after}, held=held, **more) == expected
