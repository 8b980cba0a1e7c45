"""What others' applications hold at imported APIs, and whose tokens federated credentials take, as a manifest
says it.
"""

from __future__ import annotations

from typing import Any

import pytest

from entra_config.importing import external_holders, federated
from entra_config.importing.tenant import Export, Registration, without
from entra_config.kinds.entitlement_stages import DEFAULT_ACCESS

ROLES = [
    {"id": "r1", "value": "Read", "displayName": "Reads"},
    {"id": "r2", "value": None, "displayName": "Writes"},
    {"id": "r3", "value": None, "displayName": None},
]
API = {"appId": "a", "displayName": "API", "appRoles": ROLES}
CLIENTS = {key: {"id": key, "appId": f"app-{key}", "displayName": name} for key, name in
           (("c1", "Zeta"), ("c2", "Alpha"), ("c3", "Al\u202epha"))}  # fmt: skip


def holds(role: str, who: str = "c1", type_: str = "ServicePrincipal") -> dict[str, Any]:
    """Return that somebody holds a role."""
    return {"appRoleId": role, "principalId": who, "principalType": type_}


def consents(scope: str | None, who: str = "c1") -> dict[str, Any]:
    """Return what is consented to for everybody."""
    return {"clientId": who, "scope": scope}


def entry(who: str, shown: str, **held: list[str]) -> dict[str, Any]:
    """Return what the manifest acknowledges."""
    return {"id": f"app-{who}", **held, "because": f"{shown} held it when this was imported"}


@pytest.mark.parametrize(
    ("assigned", "granted", "expected"),
    [
        ([holds("r2"), holds("r1"), holds("r3"), holds("gone"), holds(DEFAULT_ACCESS)], [],
         [entry("c1", "Zeta", application=["Read", "Writes", "default", "gone", "r3"])]),
        ([], [consents(" g f e d c b a ")], [entry("c1", "Zeta", delegated=list("abcdefg"))]),
        ([holds("r1")], [consents("a"), consents(None)],
         [entry("c1", "Zeta", application=["Read"], delegated=["a"])]),
        ([holds("r1"), holds("r1", "c2")], [], [entry("c2", "Alpha", application=["Read"]),
                                                entry("c1", "Zeta", application=["Read"])]),
        ([holds("r1", "c3")], [], [entry("c3", "Al\\u{202e}pha", application=["Read"])]),
        ([holds("r1", type_="User")], [], []),
        ([holds("r1", "unknown")], [consents("a", "ours"), consents("")], []),
    ],
)  # fmt: skip
def test_what_others_hold_is_acknowledged(assigned: Any, granted: Any, expected: Any) -> None:
    """By the value that tokens carry, in the order of names; of what cannot be seen of a name the code is."""
    registration = Registration(API, None, assigned, granted=granted)
    found = external_holders.acknowledged(Export((registration,), clients=CLIENTS), ())
    assert found == ({"a": expected} if expected else {})
    assert all(list(each) == sorted(each, key=["id", "application", "delegated", "because"].index)
               for entries in found.values() for each in entries)  # fmt: skip
    none = external_holders.acknowledged(Export((Registration({"appId": "a"}, None, [holds("x")]),)), ())
    assert none == {}


GITHUB = "https://token.actions.githubusercontent.com"
OTHER = {"issuer": "https://ci.example.com", "subject": "s"}


@pytest.mark.parametrize(
    ("item", "unknown", "expected"),
    [
        (OTHER, (), OTHER),
        ({**OTHER, "audiences": [federated.AUDIENCE]}, (), OTHER),
        ({**OTHER, "audiences": ["x", "y"], "description": "d"}, (),
         {**OTHER, "audience": "x", "description": "d"}),
        ({**OTHER, "audiences": [], "description": ""}, (), OTHER),
        ({**OTHER, "audiences": None, "description": None}, (), OTHER),
        ({**OTHER, "subject": None}, (), {**OTHER, "subject": None}),
        ({"issuer": GITHUB, "subject": "repo:o/r:environment:e"}, (),
         {"github": {"repository": "o/r", "environment": "e"}}),
        ({"issuer": GITHUB, "subject": "repo:o/r:environment:e"}, ("github",),
         {"issuer": GITHUB, "subject": "repo:o/r:environment:e"}),
        ({"issuer": GITHUB, "subject": None, "claimsMatchingExpression": {"value": "odd"}}, (),
         {"issuer": GITHUB, "matches": "odd"}),
    ],
)  # fmt: skip
def test_whose_tokens_are_taken(item: Any, unknown: tuple[str, ...], expected: Any) -> None:
    """By the form's name where the cloud has one, else written out; the usual audience is not said."""
    assert federated.entries([{"name": "ci", **item}], "t1", unknown) == {"ci": expected}


def registration(key: str, **more: Any) -> Registration:
    """Return one registration with its service principal."""
    requested = [{"resourceAppId": each, "resourceAccess": []} for each in more.pop("requests", ())]
    application = {"appId": key, "displayName": key.upper(), "requiredResourceAccess": requested}
    return Registration(
        application | more.pop("application", {}), more.pop("principal", {"id": f"sp-{key}"}), **more
    )


def test_what_is_left_out_is_somebody_elses() -> None:
    """An API of others where something is requested or held there, and a client in any case."""
    role, scope = {"id": "r"}, {"id": "s"}
    asks = registration(
        "asks", requests=("one",), holds=[{"resourceId": "sp-two"}], grants=[{"resourceId": "sp-three"}]
    )
    one = registration("one", application={"appRoles": [role], "api": {"oauth2PermissionScopes": [scope]}})
    rest = [registration(key) for key in ("two", "three", "idle")]
    bare = registration("bare", principal=None)
    export = Export((asks, one, *rest, bare), apis={"x": {}}, clients={"c": {}})

    left = without(export, ["one", "two", "three", "idle", "bare"])

    assert left.registrations == (asks,)
    assert list(left.apis) == ["x", "one", "two", "three"]
    assert left.apis["one"] == {
        "id": "sp-one", "appId": "one", "displayName": "ONE", "appRoles": [role],
        "oauth2PermissionScopes": [scope],
    }  # fmt: skip
    assert left.apis["two"] == {
        "id": "sp-two", "appId": "two", "displayName": "TWO", "appRoles": [], "oauth2PermissionScopes": []
    }  # fmt: skip
    assert list(left.clients) == ["c", "sp-one", "sp-two", "sp-three", "sp-idle"]
