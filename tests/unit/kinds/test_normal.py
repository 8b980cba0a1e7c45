"""What a manifest says and what Graph answers are made alike before they are compared, kind by kind."""

from __future__ import annotations

from typing import Any

import pytest

from entra_config.kinds.base import CREATED_TAG, KEY_TAG, LOOKED_TAG
from entra_config.kinds.entitlements import ROLES
from entra_config.kinds.normal import CLAIM, CLAIMS
from entra_config.kinds.table import KINDS
from entra_config.plan.diff import holds

NORMAL = {kind.name: kind.normal for kind in KINDS}
EMPTY: dict[str, list[Any]] = {"accessToken": [], "idToken": [], "saml2Token": []}
EMAIL = {"name": "email", **CLAIM}
ACCT = {"name": "acct", "source": "user", "essential": True, "additionalProperties": ["include_upn"]}
ROLE = {"id": "1", "displayName": "Admin"}

# kind, what the manifest says, what Graph answers to it, what both are then
TABLE: list[tuple[str, dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    # A claim by its name alone is answered with every default, the lists that nobody wrote as [] or null.
    (
        "application",
        {CLAIMS: {"idToken": [{"name": "email"}]}},
        {CLAIMS: {"idToken": [EMAIL], "accessToken": None, "saml2Token": []}},
        {CLAIMS: {**EMPTY, "idToken": [EMAIL]}},
    ),
    # What is said stays as it is said.
    ("application", {CLAIMS: {"accessToken": [ACCT]}}, {CLAIMS: {**EMPTY, "accessToken": [ACCT]}},
     {CLAIMS: {**EMPTY, "accessToken": [ACCT]}}),
    ("application", {CLAIMS: None}, {CLAIMS: None}, {CLAIMS: None}),
    # A role without a value: the portal makes "", the API null.
    ("application", {ROLES: [{**ROLE, "value": None}]}, {ROLES: [{**ROLE, "value": ""}]}, {ROLES: [{**ROLE,
    "value": None}]}),
    ("application", {ROLES: [{**ROLE, "value": None}]}, {ROLES: [ROLE]}, {ROLES: [{**ROLE, "value": None}]}),
    ("application", {ROLES: [{**ROLE, "value": "A"}]}, {ROLES: [{**ROLE, "value": "A"}]}, {ROLES: [{**ROLE,
    "value": "A"}]}),
    # The marks of a creation and of a look are no content; those of owner and key are.
    *(
        (kind, {"tags": [f"{KEY_TAG}api"]}, {"tags": [f"{KEY_TAG}api", f"{CREATED_TAG}1f", (f"{LOOKED_TAG}"
"2a")]},
         {"tags": [f"{KEY_TAG}api"]})
        for kind in ("application", "enterpriseApplication")
    ),
    ("enterpriseApplication", {"notes": ""}, {"notes": ""}, {"notes": ""}),
    # An empty description of a credential reads as none.
    (
        "federatedCredential",
        {"issuer": "https://i/", "subject": "s", "audiences": ["a"], "description": None},
        {"issuer": "https://i/", "subject": "s", "audiences": ["a"], "description": ""},
        {"issuer": "https://i/", "subject": "s", "audiences": ["a"], "description": None},
    ),
    ("federatedCredential", {"subject": None, "audiences": None}, {"subject": "", "audiences": []},
     {"subject": None, "audiences": None}),
    # Links have nothing that could be written in two ways.
    ("authorizedClient", {"scopes": ["b", "a"]}, {"scopes": ["b", "a"]}, {"scopes": ["b", "a"]}),
    ("permissionGrant", {"scope": ["User.Read"]}, {"scope": ["User.Read"]}, {"scope": ["User.Read"]}),
    ("appRoleAssignment", {}, {}, {}),
    ("owner", {}, {}, {}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "declared", "responded", "alike"), TABLE)
def test_what_graph_makes_of_it_is_no_difference(
    kind: str, declared: dict[str, Any], responded: dict[str, Any], alike: dict[str, Any]
) -> None:
    """Desired and answer come out the same, by value and in the eyes of the comparison."""
    normal = NORMAL[kind]

    assert normal(declared) == normal(responded) == alike
    assert all(holds(normal(responded).get(path), value) for path, value in normal(declared).items())
