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
