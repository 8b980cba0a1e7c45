"""Client secrets: how long they live, who sees them once, how they are removed, and what is recorded."""

from __future__ import annotations

from typing import Any

import pytest

from entra_emulator.table import Row
from tests.unit.emulator.graph.sending import World

FIXED = "400 Request_BadRequest: Property '{}' is read-only and cannot be set."
EARLY = "400 Request_BadRequest: Key credential end date is invalid."
UNEXPECTED = "400 Request_BadRequest: Unexpected contents in request body."


OLD = {"keyId": "k", "displayName": None, "hint": "abc", "secretText": None, "customKeyIdentifier": None,
       "startDateTime": "2025-01-01T00:00:00Z", "endDateTime": "2027-01-01T00:00:00Z"}  # fmt: skip


def world(table: str) -> tuple[World, Row]:
    """Return a world with an application or a service principal that has a secret."""
    made = World()
    principal = made.principal("App")
    app = made.tenant.application_by_app_id(principal["appId"]) or {}
    row = {**(app if table == "applications" else principal), "passwordCredentials": [OLD]}
    made.tenant.tables[table].put(row)
    made.tenant.secrets["k"] = "digest"
    return made, row


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"keyId": "eeeeeeee-0000-4000-8000-000000000001"}, "200"),
        ({"keyId": "one"}, "400"),
        ({"hint": "abc"}, FIXED.format("hint")),
        ({"secretText": "s"}, FIXED.format("secretText")),
        ({"SecretText": None}, "200"),
        ({"endDateTime": "2026-01-01T00:00:00Z"}, EARLY),
        ({"startDateTime": "9999-01-01T00:00:00Z"}, EARLY),
        ({"endDateTime": "2026-01-01T00:00:01Z"}, "200"),
        ({"startDateTime": "2027-01-01T00:00:00Z", "endDateTime": "2026-12-31T00:00:00Z"}, EARLY),
        ({"startDateTime": "yesterday"}, "400"),
        ({"more": 1}, "400 Request_BadRequest: Invalid property 'more'."),
        ([], UNEXPECTED),
        ("text", UNEXPECTED),
        (None, "200"),
    ],
)
def test_what_may_be_wanted(wanted: Any, expected: str) -> None:
    """Hold that its times and its id are the client's, and its text and hint are not."""
    made, row = world("applications")
    found = made.short("POST", f"/applications/{row['id']}/addPassword", {"passwordCredential": wanted})
    assert found.startswith(expected)
    assert (len(made.tenant.secrets) > len(World().tenant.secrets) + 1) == (expected == "200")


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-03-04T05:06:07Z", "2028-03-04T05:06:07Z"),
        ("2028-02-29T12:00:00Z", "2030-03-01T12:00:00Z"),
        ("2026-03-04T05:06:07.25Z", "2028-03-04T05:06:07.25Z"),
    ],
)
def test_two_years(start: str, end: str) -> None:
    """Hold that a secret lives so long from its start, also from the day that most years lack."""
    made, row = world("applications")
    sent = {"passwordCredential": {"startDateTime": start, "customKeyIdentifier": "Yw=="}}
    body = made.send("POST", f"/applications/{row['id']}/addPassword", sent).body or {}
    assert (body["startDateTime"], body["endDateTime"], body["customKeyIdentifier"]) == (start, end, "Yw==")


@pytest.mark.parametrize("sent", [{"keyId": "other"}, {"keyId": None}, {}])
def test_one_that_is_not_there(sent: Row) -> None:
    """Hold that nothing is removed."""
    made, row = world("applications")
    text = "400 Request_BadRequest: No password credential found with keyId."
    assert made.short("POST", f"/applications/{row['id']}/removePassword", sent) == text
