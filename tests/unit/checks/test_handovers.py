"""What is handed over within a plan: a URI between applications, a value between ids."""

from __future__ import annotations

from typing import Any

import pytest

from entra_config.checks.notes import hand_over
from entra_config.kinds.directory import Directory, Live, Subject
from entra_config.plan.model import Create, Update
from entra_config.resource import Address, Resource

API, OLD = Address("application", "api"), Address("application", "old")
GAP = "the old one is taken off and removed first, and for a moment nobody has it"


def entry(id_: str, value: str | None, **more: Any) -> dict[str, Any]:
    """Return a role or scope."""
    return {
        "id": id_,
        "value": value,
        "isEnabled": True,
        "displayName": "D",
        "adminConsentDisplayName": "D",
    } | more


def notes(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Return what is noted of an application that changes so."""
    change = Update(Resource(API, before), Resource(API, after), (), ("as before",))
    (found,) = hand_over([change], Directory("https://graph"))
    assert found.notes[0] == "as before"
    return [str(note) for note in found.notes[1:]]


@pytest.mark.parametrize(("path", "what"), [("appRoles", "role"), ("api.oauth2PermissionScopes", "scope")])
def test_a_value_that_gets_another_id_has_a_gap(path: str, what: str) -> None:
    """Two live entries never bear one value; what keeps its id, or has no value, has none."""
    old, new = entry("1", "Writer"), entry("2", "Writer")
    assert notes({path: [old]}, {path: [new]}) == [f"{what} Writer gets another id: {GAP}"]
    assert notes({path: [old]}, {path: [{**old, "displayName": "E"}]}) == []
    assert notes({path: [old]}, {path: [old, entry("2", "Reader")]}) == []
    assert notes({path: [entry("1", None)]}, {path: [entry("2", None)]}) == []
    assert notes({path: [old]}, {path: [old]}) == []
    assert notes({path: None}, {path: [new]}) == []
    assert notes({path: [old]}, {"displayName": "A"}) == []


def test_a_uri_that_another_lets_go_of_is_on_its_way() -> None:
    """In order, each with who gives it; one's own is no handover."""
    gives = Update(
        Resource(OLD, {"identifierUris": ["api://B", "api://a", "api://kept"]}),
        Resource(OLD, {"identifierUris": ["api://kept"]}),
        (),
    )
    takes = Create(Resource(API, {"identifierUris": ["api://b", "api://A", "api://new"]}), ())
    other = Create(Resource(Address("owner", "x"), {"identifierUris": ["api://a"]}), ())
    held = {"id": "1", "appId": "2", "identifierUris": ["api://B", "api://a", "api://kept"]}
    live = {"old": Live(Subject("old", held))}
    first, second, third = hand_over([gives, takes, other], Directory("https://graph", live=live))
    gap = "comes from old, which lets go of it first: for a moment no application has it"
    assert [str(each) for each in second.notes] == [f"api://a {gap}", f"api://b {gap}"]
    assert (first.notes, third.notes) == ((), ())
