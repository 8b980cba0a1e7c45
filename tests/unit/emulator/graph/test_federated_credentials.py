"""Federated credentials: what they may be, which are the same, and who changes them."""

from __future__ import annotations

from typing import Any

import pytest

from entra_emulator.table import Row
from tests.unit.emulator.graph.sending import World

GITHUB = "https://token.actions.githubusercontent.com"
SENT = {"name": "main", "issuer": GITHUB, "subject": "repo:a/b", "audiences": ["api://AzureADTokenExchange"]}
GITLAB = "https://gitlab.com"
MATCHED = {"value": "claims['sub'] matches 'project_path:a/*'", "languageVersion": 1}
FLEXIBLE = {**SENT, "issuer": GITLAB, "subject": None, "claimsMatchingExpression": MATCHED}
INVALID = (
    "400 Request_BadRequest: Invalid value specified for property '{}' of resource "
    "'FederatedIdentityCredential'."
)
MISSING = (
    "400 Request_BadRequest: A value is required for property '{}' of resource 'FederatedIdentityCredential'."
)
SAME = (
    "400 InvalidFederatedIdentityCredentialValue: The combination of issuer and subject must be unique "
    "for the "
    "application. Issuer {1} and Subject: {0} already exist. paramName: FederatedIdentityCredential.Subject, "
    "paramValue: {0}, objectType: Microsoft.Online.DirectoryServices.Application"
)


FIXED = "400 Request_BadRequest: Property 'name' is read-only and cannot be set."


def world(*rows: Row) -> tuple[World, str]:
    """Return a world with an application that has these credentials, and their path."""
    made = World()
    app = made.app("App")
    for number, row in enumerate(rows):
        held = {"id": f"f{number}", "description": None, "claimsMatchingExpression": None, **row}
        made.tenant.federated_identity_credentials.put({**held, "_application": app["id"]})
    return made, f"/applications/{app['id']}/federatedIdentityCredentials"


LONGEST = "x" * 600


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"name": None}, MISSING.format("name")),
        ({"issuer": ""}, MISSING.format("issuer")),
        ({"subject": None}, MISSING.format("subject")),
        ({"name": "ab"}, INVALID.format("name")),
        ({"name": "abc"}, "201"),
        ({"name": "a.b_c-D"}, "201"),
        ({"name": "a" * 120}, "201"),
        ({"name": "a" * 121}, INVALID.format("name")),
        ({"name": "-abc"}, INVALID.format("name")),
        ({"audiences": []}, INVALID.format("audiences")),
        ({"audiences": ["a", "b"]}, INVALID.format("audiences")),
        ({"audiences": [""]}, INVALID.format("audiences")),
        ({"audiences": ["a"]}, "201"),
        ({"audiences": [LONGEST]}, "201"),
        ({"audiences": [f"{LONGEST}x"]}, INVALID.format("audiences")),
        ({"issuer": LONGEST, "subject": LONGEST, "description": LONGEST}, "201"),
        ({"issuer": f"{LONGEST}x"}, INVALID.format("issuer")),
        ({"subject": f"{LONGEST}x"}, INVALID.format("subject")),
        ({"description": f"{LONGEST}x"}, INVALID.format("description")),
        ({"claimsMatchingExpression": MATCHED},
         "400 Request_BadRequest: Invalid property 'claimsMatchingExpression'."),
        ({"more": 1}, "400 Request_BadRequest: Invalid property 'more'."),
    ],
)  # fmt: skip
def test_what_one_may_be(sent: dict[str, Any], expected: str) -> None:
    """Hold the lengths, the names and the one audience."""
    made, path = world()
    assert made.short("POST", path, SENT | sent) == expected


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({}, "201"),
        ({"subject": "repo:a/b"}, ("400 InvalidFederatedIdentityCredentialValue: Only one of 'subject' and "
                                  "'claimsMatchingExpression' can be set.")),
        ({"claimsMatchingExpression": {**MATCHED, "languageVersion": 2}},
         INVALID.format("claimsMatchingExpression")),
        ({"claimsMatchingExpression": {"languageVersion": 1, "value": ""}},
         INVALID.format("claimsMatchingExpression")),
        ({"claimsMatchingExpression": None}, MISSING.format("subject")),
        ({"claimsMatchingExpression": None, "subject": "s"}, "201"),
    ],
)  # fmt: skip
def test_expressions_of_beta(sent: dict[str, Any], expected: str) -> None:
    """Hold that an expression stands instead of a subject."""
    made, path = world()
    assert made.short("POST", path, FLEXIBLE | sent, version="beta") == expected


TWENTY = [{**SENT, "name": f"name{number}", "subject": f"s{number}"} for number in range(20)]
MOST = "400 Directory_QuotaExceeded: The number of federated identity credentials cannot exceed 20."


@pytest.mark.parametrize(
    ("rows", "sent", "expected"),
    [
        ([SENT], {**SENT, "subject": "other"},
         ("409 Request_MultipleObjectsWithSameKeyValue: FederatedIdentityCredential with name main "
         "already exists.")),
        ([SENT], {**SENT, "name": "other"}, SAME.format("repo:a/b", GITHUB)),
        ([SENT], {**SENT, "name": "other", "issuer": "https://a.test"}, "201"),
        ([SENT], {**SENT, "name": "other", "subject": "repo:a/c"}, "201"),
        ([FLEXIBLE], {**FLEXIBLE, "name": "other"}, SAME.format(MATCHED["value"], GITLAB)),
        ([FLEXIBLE], {**FLEXIBLE, "name": "other",
                      "claimsMatchingExpression": {**MATCHED, "value": "claims['sub'] matches 'x*'"}}, "201"),
        (TWENTY[:19], SENT, "201"),
        (TWENTY, SENT, MOST),
    ],
)  # fmt: skip
def test_the_others_of_an_application(rows: list[Row], sent: Row, expected: str) -> None:
    """Hold that names and what they match are taken once, and that there are twenty at most."""
    made, path = world(*rows)
    assert made.short("POST", path, sent, version="beta") == expected


@pytest.mark.parametrize(
    ("key", "sent", "expected"),
    [
        ("/f0", {"description": "d"}, {"description": "d"}),
        ("/main", {"subject": "other"}, {"subject": "other"}),
        ("(name='main')", {"name": "main", "id": "f0"}, {}),
        ("/f0", {"name": "other"}, FIXED),
        ("/f0", {"id": "other"}, FIXED),
        ("/f0", {"name": "other", "id": "f0"}, FIXED),
        ("/f0", {"issuer": None}, MISSING.format("issuer")),
        ("/f0", {"audiences": ["a", "b"]}, INVALID.format("audiences")),
        ("/f0", {"subject": "s1"}, SAME.format("s1", GITHUB)),
        ("/none", {}, ("404 Request_ResourceNotFound: Resource 'none' does not exist or one of its queried "
                      "reference-property objects are not present.")),
        ("(name='none')", {}, ("404 Request_ResourceNotFound: FederatedIdentityCredential with name none not "
                              "found.")),
    ],
)  # fmt: skip
def test_changes(key: str, sent: dict[str, Any], expected: str | dict[str, Any]) -> None:
    """Hold what may be changed, and that the record is written where something did."""
    made, path = world(SENT, TWENTY[1])
    before = made.tenant.federated_identity_credentials.get("f0") or {}
    refused = isinstance(expected, str)
    assert made.short("PATCH", path + key, sent) == (expected if refused else "204")
    after = before if isinstance(expected, str) else before | expected
    assert made.tenant.federated_identity_credentials.get("f0") == after
    assert len(made.tenant.audit) == (after != before)
