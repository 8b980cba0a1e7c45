"""Delegated permission grants: one for everybody or one for a person, their scopes, and their records."""

from __future__ import annotations

from typing import Any

import pytest

from entra_emulator.identifiers import link_id
from entra_emulator.table import Row
from tests.unit.emulator.graph.sending import World, records

PATH = "/oauth2PermissionGrants"
NOBODY = "eeeeeeee-0000-4000-8000-000000000001"
INVALID = (
    "400 Request_BadRequest: Invalid value specified for property '{}' of resource 'OAuth2PermissionGrant'."
)
MISSING = "400 Request_BadRequest: A value is required for property '{}' of resource 'OAuth2PermissionGrant'."
FIXED = "400 Request_BadRequest: Property '{}' is read-only and cannot be set."


class Grants(World):
    """A world with a client, an API and a person."""

    def __init__(self) -> None:
        super().__init__()
        self.client, self.api, self.alice = (
            self.principal("Client"),
            self.principal("API"),
            self.user("alice"),
        )

    def body(self, **more: Any) -> Row:
        """Return what grants a scope to the client for everybody."""
        ends = {"clientId": self.client["id"], "resourceId": self.api["id"]}
        return {**ends, "consentType": "AllPrincipals", "scope": "read"} | more

    def row(self, *, person: bool = False, **more: Any) -> Row:
        """Return a grant as it is held."""
        ends = [self.client["id"], self.api["id"], *([self.alice["id"]] if person else [])]
        held = {"clientId": ends[0], "consentType": "Principal" if person else "AllPrincipals"}
        held |= {"id": link_id(*ends), "principalId": ends[2] if person else None, "resourceId": ends[1]}
        return {**held, "scope": "read"} | more

    def held(self) -> list[Row]:
        """Return all grants."""
        return list(self.tenant.oauth2_permission_grants)

    def recorded(self, row: Row, scope: Any, *, removed: bool = False) -> Any:
        """Return the record of a grant that came, changed or went."""

        def side(value: Any) -> Any:
            text = f'"{value or ""}"'
            return (text, None) if removed else (None, text)

        facts = {"DelegatedPermissionGrant.Scope": scope}
        facts["DelegatedPermissionGrant.ConsentType"] = side(row["consentType"])
        if removed:
            facts["DelegatedPermissionGrant.PrincipalId"] = side(row["principalId"])
        facts["ServicePrincipal.ObjectID"] = (None, f'"{self.client["id"]}"')
        facts["ServicePrincipal.DisplayName"] = (None, '"Client"')
        facts["ServicePrincipal.AppId"] = facts["ServicePrincipal.Name"] = (None, f'"{self.client["appId"]}"')
        facts["TargetId.ServicePrincipalNames"] = (None, f'"{self.api["appId"]}"')
        activity = "Remove delegated permission grant" if removed else "Add delegated permission grant"
        targets = [
            (self.api["id"], "ServicePrincipal", "API", None, facts),
            (self.client["id"], "ServicePrincipal", None, None, {}),
        ]
        kind = "Unassign" if removed else "Assign"
        return activity, kind, "ApplicationManagement", self.api["appId"], targets


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"clientId": None}, MISSING.format("clientId")),
        ({"resourceId": None}, MISSING.format("resourceId")),
        ({"clientId": "client"}, INVALID.format("clientId")),
        ({"clientId": 7}, INVALID.format("clientId")),
        ({"principalId": "alice"}, INVALID.format("principalId")),
        ({"principalId": "ALICE", "consentType": "Principal"}, "201"),
        ({"principalId": "alice's"}, INVALID.format("principalId")),
        ({"principalId": "ALICE"}, INVALID.format("consentType")),
        ({"consentType": "Principal"}, INVALID.format("consentType")),
        ({"consentType": None}, INVALID.format("consentType")),
        ({"scope": None}, "201"),
        ({"scope": 7}, INVALID.format("scope")),
        ({"scope": "x" * 3850}, "201"),
        ({"scope": "x" * 3851}, INVALID.format("scope")),
        ({"more": 1}, "400 Request_BadRequest: Invalid property 'more'."),
        ({"startTime": None, "expiryTime": None}, "201"),
        ({"clientId": NOBODY}, (f"404 Request_ResourceNotFound: Resource '{NOBODY}' does not exist "
                               f"or one of its "
                               "queried reference-property objects are not present.")),
        ({"resourceId": NOBODY}, (f"404 Request_ResourceNotFound: Resource '{NOBODY}' does not exist "
                                 f"or one of its "
                                 "queried reference-property objects are not present.")),
        ({"principalId": NOBODY, "consentType": "Principal"},
         (f"404 Request_ResourceNotFound: Resource '{NOBODY}' does not exist or one of its "
         "queried reference-property objects are not present.")),
    ],
)  # fmt: skip
def test_what_may_be_granted(sent: Row, expected: str) -> None:
    """Hold what the ends, the type of consent and the scope may be."""
    made = Grants()
    if sent.get("principalId") == "ALICE":
        sent = {**sent, "principalId": made.alice["id"].upper()}
    assert made.short("POST", PATH, made.body(**sent)) == expected
    assert len(made.held()) == (expected == "201")


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"scope": "write"}, "204"),
        ({"scope": None}, "204"),
        ({"scope": "read"}, "204"),
        ({}, "204"),
        ({"x@odata.type": "y", "scope": "write"}, "204"),
        ({"consentType": "AllPrincipals", "principalId": None}, "204"),
        ({"consentType": "Principal"}, FIXED.format("consentType")),
        ({"principalId": NOBODY}, FIXED.format("principalId")),
        ({"more": 1}, "400 Request_BadRequest: Invalid property 'more'."),
        ({"scope": ["write"]}, INVALID.format("scope")),
        ({"x@odata.type": "y", "more": 1}, "400 Request_BadRequest: Invalid property 'more'."),
    ],
)
def test_the_scope_alone_changes(sent: Row, expected: str) -> None:
    """Hold that the record has both sides, and that there is none where nothing changes."""
    made = Grants()
    row = made.row()
    made.tenant.oauth2_permission_grants.put(row)
    assert made.short("PATCH", f"{PATH}/{row['id']}", sent) == expected
    after = {**row, "scope": sent.get("scope", "read")} if expected == "204" else row
    assert made.held() == [after]
    changed = [made.recorded(row, ('"read"', f'"{after["scope"] or ""}"'))]
    assert records(made) == changed * (after != row)


@pytest.mark.parametrize("end", ["client", "api"])
def test_one_whose_end_is_gone(end: str) -> None:
    """Hold that it is deleted without a record."""
    made = Grants()
    row = made.row()
    made.tenant.oauth2_permission_grants.put(row)
    made.tenant.service_principals.remove(getattr(made, end)["id"])
    assert made.short("DELETE", f"{PATH}/{row['id']}") == "204"
    assert (made.held(), records(made)) == ([], [])


@pytest.mark.parametrize(("table", "end"), [("servicePrincipals", "client"), ("servicePrincipals", "api"),
                                            ("users", "alice")])  # fmt: skip
def test_an_end_that_an_old_replica_still_shows(table: str, end: str) -> None:
    """Hold that nothing is granted to what was deleted, though the read still sees it."""
    made = Grants()
    made.faults.plan.lag = {"*": 60.0}
    made.call("POST", PATH).remove(table, getattr(made, end)["id"])
    person = {"consentType": "Principal", "principalId": made.alice["id"]}
    gone = getattr(made, end)["id"]
    assert made.short("POST", PATH, made.body(**person)).startswith(
        f"404 Request_ResourceNotFound: Resource '{gone}'"
    )
