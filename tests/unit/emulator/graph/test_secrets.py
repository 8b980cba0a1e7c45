"""Client secrets: how long they live, who sees them once, how they are removed, and what is recorded."""

from __future__ import annotations

from typing import Any

import pytest

from entra_emulator.graph.call import CollectionResponse
from entra_emulator.identifiers import secret_digest
from entra_emulator.table import Row
from tests.unit.emulator.graph.sending import V1, World, records

DENIED = "403 Authorization_RequestDenied: Insufficient privileges to complete the operation."
FIXED = "400 Request_BadRequest: Property '{}' is read-only and cannot be set."
EARLY = "400 Request_BadRequest: Key credential end date is invalid."
UNEXPECTED = "400 Request_BadRequest: Unexpected contents in request body."
UPDATED = "Update application – Certificates and secrets management "
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


def described(*keys: tuple[str, str]) -> str:
    """Return how the audit log writes secrets."""
    texts = (
        f'"[KeyIdentifier={key},KeyType=Password,KeyUsage=Verify,DisplayName={name}]"' for key, name in keys
    )
    return f"[{','.join(texts)}]"


@pytest.mark.parametrize("table", ["applications", "servicePrincipals"])
def test_one_is_added_and_removed(table: str) -> None:
    """Hold that its text comes once, that the newest stands first, and what is recorded."""
    made, row = world(table)
    found = made.send(
        "POST", f"/{table}/{row['id']}/addPassword", {"passwordCredential": {"displayName": "n"}}
    )
    body = found.body or {}
    key_id, secret = body["keyId"], body["secretText"]
    held = {
        "customKeyIdentifier": None,
        "displayName": "n",
        "endDateTime": "2028-01-01T00:00:00Z",
        "hint": secret[:3] if table == "applications" else None,
        "keyId": key_id,
        "secretText": None,
        "startDateTime": "2026-01-01T00:00:00Z",
    }
    context = f"{V1}/$metadata#microsoft.graph.passwordCredential"
    shown = {"@odata.context": context, **held, "secretText": secret}
    assert found == CollectionResponse(200, shown, headers=(("Location", "https://graph.microsoft.com"),))
    assert made.tenant.tables[table].rows[row["id"]]["passwordCredentials"] == [held, OLD]
    assert made.tenant.secrets[key_id] == secret_digest(secret)
    gone = made.send("POST", f"/{table}/{row['id']}/removePassword", {"KEYID": key_id})
    assert gone == CollectionResponse(204)
    assert made.tenant.tables[table].rows[row["id"]]["passwordCredentials"] == [OLD]
    assert (key_id in made.tenant.secrets, made.tenant.secrets["k"]) == (False, "digest")
    both, one = described((key_id, "n"), ("k", "")), described(("k", ""))
    included = {"Included Updated Properties": (None, '"KeyDescription"')}
    came, went = {"KeyDescription": (one, both), **included}, {"KeyDescription": (both, one), **included}
    app_id, named = row["appId"], ("Update", "ApplicationManagement", row["appId"])
    names = {"TargetId.ServicePrincipalNames": (None, f'"{app_id}"')}
    if table == "servicePrincipals":
        target = (row["id"], "ServicePrincipal", "App", None)
        stub = ("Update service principal", *named, [(*target, {**included, **names})])
        assert records(made) == [
            ("Add service principal credentials", *named, [(*target, {**came, **names})]),
            stub,
            ("Remove service principal credentials", *named, [(*target, {**went, **names})]),
            stub,
        ]
        return
    target = (row["id"], "Application", "App", None)
    principal = made.tenant.service_principal_by_app_id(app_id) or {}
    nothing = {"Included Updated Properties": (None, '""'), **names}
    mirror = (
        "Update service principal",
        *named,
        [(principal["id"], "ServicePrincipal", "App", None, nothing)],
    )
    assert records(made) == [
        each
        for changes in (came, went)
        for each in (
            ("Update application", *named, [(*target, {})]),
            (UPDATED, *named, [(*target, changes)]),
            mirror,
        )
    ]


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


@pytest.mark.parametrize("table", ["applications", "servicePrincipals"])
def test_policies_hold(table: str) -> None:
    """Hold that none is added where a policy refuses all of them."""
    made, row = world(table)
    restricted = {"passwordCredentials": [{"restrictionType": "passwordAddition", "state": "enabled"}]}
    policy = {"applicationRestrictions": restricted, "servicePrincipalRestrictions": restricted}
    made.tenant.choices = made.tenant.choices.changed({"defaultAppManagementPolicy": policy})
    found = made.short("POST", f"/{table}/{row['id']}/addPassword")
    assert found.startswith("400 CredentialTypeNotAllowedAsPerAppPolicy: ")


def test_without_a_body() -> None:
    """Hold that a secret may be wanted without any."""
    made, row = world("applications")
    assert made.short("POST", f"/applications/{row['id']}/addPassword") == "200"


@pytest.mark.parametrize("sent", [{"keyId": "other"}, {"keyId": None}, {}])
def test_one_that_is_not_there(sent: Row) -> None:
    """Hold that nothing is removed."""
    made, row = world("applications")
    text = "400 Request_BadRequest: No password credential found with keyId."
    assert made.short("POST", f"/applications/{row['id']}/removePassword", sent) == text


@pytest.mark.parametrize("table", ["applications", "servicePrincipals"])
@pytest.mark.parametrize(("action", "body"), [("addPassword", {}), ("removePassword", {"keyId": "k"})])
def test_who_may(table: str, action: str, body: Row) -> None:
    """Hold that an application with permission for what it owns does so for that alone."""
    made, row = world(table)
    caller = made.as_app("Application.ReadWrite.OwnedBy")
    path = f"/{table}/{row['id']}/{action}"
    assert made.short("POST", path, body, caller=caller) == DENIED
    made.tenant.owners.add(row["id"], caller.oid)
    assert made.short("POST", path, body, caller=caller) in {"200", "204"}
