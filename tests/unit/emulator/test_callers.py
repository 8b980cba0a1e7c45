"""Who calls Graph, by the claims of a token, and which audiences mean Graph."""

from __future__ import annotations

from typing import Any

import pytest

from entra_emulator import callers, seed
from entra_emulator.callers import GRAPH_APP_ID, Caller, TokenRejectedError
from entra_emulator.clock import ManualClock

DIRECTORY = seed.contoso(seed="callers", clock=ManualClock())
TENANT = DIRECTORY.default
TENANT.directory_roles["admin"] = ["Global Administrator"]
TID = TENANT.tenant_id
GRAPH = "https://graph.microsoft.com"


@pytest.mark.parametrize(
    ("claims", "caller"),
    [
        ({}, Caller("app", TID, "", "")),
        ({"aud": GRAPH, "oid": "o", "appid": "a"}, Caller("app", TID, "o", "a")),
        ({"aud": GRAPH_APP_ID, "azp": "z"}, Caller("app", TID, "", "z")),
        ({"appid": "a", "azp": "z"}, Caller("app", TID, "", "a")),
        ({"appid": "", "azp": "z"}, Caller("app", TID, "", "z")),
        ({"roles": ["x", "y"]}, Caller("app", TID, "", "", roles=frozenset({"x", "y"}))),
        ({"roles": None}, Caller("app", TID, "", "")),
        ({"scp": ""}, Caller("user", TID, "", "")),
        ({"scp": "r w"}, Caller("user", TID, "", "", scopes=frozenset({"r", "w"}))),
        (
            {"scp": "r", "oid": "admin"},
            Caller(
                "user", TID, "admin", "", frozenset({"r"}), frozenset(), frozenset({"Global Administrator"})
            ),
        ),
    ],
)
def test_the_caller_behind_claims(claims: dict[str, Any], caller: Caller) -> None:
    """A user where there are scopes, an application else; with the directory roles of now."""
    assert callers.from_claims(DIRECTORY, {"tid": TID, **claims}) == caller


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ({"tid": TID, "aud": "api://x"}, "Access token validation failure. Invalid audience."),
        ({"tid": TID, "aud": None}, "Access token validation failure. Invalid audience."),
        ({"tid": "elsewhere", "aud": GRAPH}, "Access token validation failure."),
        ({}, "Access token validation failure."),
    ],
)
def test_tokens_that_graph_does_not_take(claims: dict[str, Any], words: str) -> None:
    """Those for another resource, and of a tenant that is not here."""
    with pytest.raises(TokenRejectedError) as caught:
        callers.from_claims(DIRECTORY, claims)
    assert str(caught.value) == words


@pytest.mark.parametrize(
    ("caller", "claims", "permissions"),
    [
        (
            Caller("user", "t", "o", "a", frozenset({"z", "b"}), frozenset({"r"})),
            {"idtyp": "user", "scp": "b z"},
            {"z", "b"},
        ),
        (
            Caller("app", "t", "o", "a", frozenset({"z"}), frozenset({"r", "c"})),
            {"idtyp": "app", "roles": ["c", "r"]},
            {"r", "c"},
        ),
        (Caller("app", "t", "o", "a"), {"idtyp": "app", "roles": []}, set()),
    ],
)
def test_the_claims_of_a_caller(caller: Caller, claims: dict[str, Any], permissions: set[str]) -> None:
    """Scopes hold for a user, roles for an application, in order."""
    assert caller.claims() == {"aud": GRAPH, "tid": "t", "oid": "o", "appid": "a", **claims}
    assert caller.permissions == permissions


@pytest.mark.parametrize(
    ("audience", "is_one"),
    [
        (GRAPH_APP_ID, True),
        (GRAPH_APP_ID.upper(), True),
        (GRAPH, True),
        (f"{GRAPH}/", True),
        ("http://graph.microsoft.com:80/v1.0", True),
        ("https://GRAPH.microsoft.com", True),
        ("https://localhost:8443", True),
        ("http://127.0.0.1", True),
        ("https://[::1]:8443/", True),
        ("https://graph.localhost", True),
        ("https://xlocalhost", False),
        ("https://localhost.example", False),
        ("https://xgraph.microsoft.com", False),
        ("https://management.azure.com", False),
        ("api://localhost", False),
        ("localhost", False),
        ("https:", False),
        ("", False),
    ],
)
def test_audiences_that_mean_graph(audience: str, *, is_one: bool) -> None:
    """Its id, its URL, and the URL of whatever answers on this machine."""
    assert callers.is_graph_audience(audience) is is_one
