"""What a changed application may from then on, who as it, and which of its guards are lower."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from entra_config.errors import Position
from entra_config.kinds.application import ApplicationKind
from entra_config.kinds.base import OWNER_TAG
from entra_config.kinds.facts import ApplicationFacts
from entra_config.kinds.redirect_hosts import risk_class
from entra_config.plan.model import (
    Change,
    Delete,
    Effect,
    FieldChange,
    Release,
    Restore,
    Update,
)
from entra_config.resource import Resource
from tests.unit.plan.estates import API

HERE, THERE = Position("api.yaml", 3, 1), Position("api.yaml", 8, 1)
KIND = ApplicationKind()
ROLES, SCOPES = "appRoles", "api.oauth2PermissionScopes"
AUDIENCE, RESTRICTIONS = "signInAudience", "signInAudienceRestrictions"


def resource(facts: ApplicationFacts | None = None, **values: Any) -> Resource:
    """Return the application."""
    named = {path.replace("__", "."): value for path, value in values.items()}
    return Resource(API, named, facts or ApplicationFacts(), title="api", display_name="Api", position=THERE)


def updated(*fields: FieldChange, before: dict[str, Any] | None = None, **more: Any) -> list[Effect]:
    """Return the effects of an update of these fields."""
    return list(KIND.effects(Update(resource(**(before or {})), replace(resource(), **more), fields)))


def effect(type_: str, text: str, position: Position = HERE) -> Effect:
    """Return one effect."""
    return Effect(type_, text, API, position)


def field(path: str, before: Any = None, after: Any = None, **more: Any) -> FieldChange:
    """Return a field that changes."""
    return FieldChange(path, before, after, position=more.pop("position", HERE), **more)


@pytest.mark.parametrize(
    ("uri", "others", "expected"),
    [
        ("https://a/x", [], "redirect host"),
        ("https://a/x", ["https://A/y", "https://b"], "redirect URI"),
        ("https://a/x", ["https://a/x"], "redirect host"),
        ("http://localhost/x", [], "redirect URI"),
        ("http://127.0.0.1:80", [], "redirect URI"),
        ("http://[::1]/", [], "redirect URI"),
        ("my.app:/x", ["my.app:/y"], "redirect URI"),
        ("my.app:/x", ["other.app:/y"], "redirect host"),
        ("http://[bad", ["http://[worse"], "redirect host"),
        ("http://[bad", ["HTTP://[bad"], "redirect URI"),
    ],
)
def test_where_a_redirect_uri_leads(uri: str, others: list[str], expected: str) -> None:
    """By its host, or the scheme of an app's own; to the own machine it is no host of somebody."""
    values = {"web.redirectUris": None, "spa.redirectUris": others, "publicClient.redirectUris": (uri,)}
    assert risk_class(uri, values) == expected
    assert risk_class(uri, None) == "redirect URI"


ROLE = {"id": "r", "value": "use", "displayName": "Use", "isEnabled": True, "allowedMemberTypes": ["User"]}


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (ROLE, ROLE, []),
        (None, ROLE, []),
        (ROLE, {**ROLE, "value": "run"}, ["api/run: tokens say so where they said use"]),
        ({**ROLE, "value": None}, ROLE, ["api/use: tokens say so where they said Use"]),
        (ROLE, {**ROLE, "value": None}, ["api/Use: tokens say so where they said use"]),
        ({**ROLE, "isEnabled": False}, ROLE, ["api/use: enabled again"]),
        (ROLE, {**ROLE, "isEnabled": False}, []),
        ({**ROLE, "isEnabled": False}, {**ROLE, "isEnabled": False}, []),
        (
            ROLE,
            {**ROLE, "allowedMemberTypes": ["User", "B", "Application"]},
            ["api/use: Application, B may have it too"],
        ),
        ({**ROLE, "allowedMemberTypes": ["User", "Application"]}, ROLE, []),
        (ROLE, None, []),
    ],
)
def test_roles(before: Any, after: Any, said: list[str]) -> None:
    """What tokens carry otherwise, and who else may have it; a new one gives nothing yet."""
    was = {"appRoles": [before]} if before else {}
    change = field(ROLES, after=[after] if after else None)
    assert updated(change, before=was) == [effect("role", text) for text in said]


SCOPE = {"id": "s", "value": "read", "type": "Admin", "isEnabled": True}


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (SCOPE, SCOPE, []),
        (None, SCOPE, []),
        (None, {**SCOPE, "type": "User"}, [("who can consent", "api/read: admins and users")]),
        (SCOPE, {**SCOPE, "type": "User"}, [("who can consent", "api/read: admins and users")]),
        ({**SCOPE, "type": "User"}, {**SCOPE, "type": "User"}, []),
        (SCOPE, {**SCOPE, "value": "run"}, [("consent", "api/run: who has consent to read has it")]),
        ({**SCOPE, "isEnabled": False}, SCOPE, [("consent", "api/read: enabled again")]),
        (SCOPE, {**SCOPE, "isEnabled": False}, []),
        ({**SCOPE, "isEnabled": False}, {**SCOPE, "isEnabled": False}, []),
        (SCOPE, None, []),
    ],
)
def test_scopes(before: Any, after: Any, said: list[tuple[str, str]]) -> None:
    """Who may consent, and what a consent is to now."""
    was = {"api__oauth2PermissionScopes": [before]} if before else {}
    change = field(SCOPES, after=[after] if after else None)
    assert updated(change, before=was) == [effect(*each) for each in said]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (["a"], ["a", "c", "b"], ["api: tenant b may use it", "api: tenant c may use it"]),
        (["a", "b"], ["a"], []),
        (["a"], [], ["api: every tenant may use it"]),
        (["a"], None, ["api: every tenant may use it"]),
        ([], ["a"], []),
        (None, ["a"], []),
        ([], [], []),
    ],
)
def test_tenants(before: Any, after: Any, said: list[str]) -> None:
    """Each more that may use it, and all where no list says any longer who."""
    was = {"signInAudienceRestrictions": before}
    assert updated(field(RESTRICTIONS, after=after), before=was) == [effect("sign-in", text) for text in said]


def test_what_is_adopted_and_what_comes_back() -> None:
    """Whose it was, by its marks; when it was deleted."""
    facts = ApplicationFacts("1", "2026-11-01", app_id="a")
    notes = (field("notes", "a", "b"), field(AUDIENCE, "AzureADMyOrg", "x"))
    opened = effect("sign-in", 'api: signInAudience: "AzureADMyOrg" → "x"')
    for tags, how in (
        ([f"{OWNER_TAG}b", "x", f"{OWNER_TAG}a"], "is taken over from a, b"),
        (["x"], "is adopted"),
        (None, "is adopted"),
    ):
        change = Update(resource(facts, tags=tags), resource(), notes, adopts=True)
        adopted = effect("takeover", f'api "Api" (appId a) {how}', THERE)
        assert list(KIND.effects(change)) == [adopted, opened]
    restored = effect("restore", 'api "Api" (appId a) is restored, deleted 2026-11-01', THERE)
    assert list(KIND.effects(Restore(resource(facts), resource(), notes))) == [restored, opened]
    nothing: list[Change] = [Delete(resource(facts)), Release(resource(facts))]
    assert [list(KIND.effects(change)) for change in nothing] == [[], []]
