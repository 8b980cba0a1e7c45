"""Service principals: which stay as they are, who changes and deletes them, and what stands beside them."""

from __future__ import annotations

from entra_emulator import seed
from tests.unit.emulator.graph.certificates import key
from tests.unit.emulator.graph.principals_made import PATH, principal
from tests.unit.emulator.graph.sending import World

DENIED = "403 Authorization_RequestDenied: Insufficient privileges to complete the operation."


def test_graph_itself() -> None:
    """Hold that nobody shuts it off or narrows it, and that it is not deleted; its notes may change."""
    made = World()
    graph = f"{PATH}(appId='{seed.GRAPH_APP_ID}')"
    assert made.short("PATCH", graph, {"accountEnabled": False}) == DENIED
    assert made.short("PATCH", graph, {"appRoleAssignmentRequired": True}) == DENIED
    assert made.short("PATCH", graph, {"accountEnabled": True, "notes": "n"}) == "204"
    assert made.short("DELETE", graph) == DENIED


def test_policies_hold_for_its_keys() -> None:
    """Hold that a certificate that lives too long is refused."""
    made, row = principal()
    restricted = {"keyCredentials": [{"restrictionType": "asymmetricKeyLifetime", "maxLifetime": "P10D"}]}
    policy = {"servicePrincipalRestrictions": restricted}
    made.tenant.choices = made.tenant.choices.changed({"defaultAppManagementPolicy": policy})
    sent = {"keyCredentials": [{"type": "AsymmetricX509Cert", "usage": "Verify", "key": key()}]}
    found = made.short("PATCH", f"{PATH}/{row['id']}", sent)
    assert found.startswith("400 CredentialInvalidLifetimeAsPerAppPolicy: ")


def test_what_can_be_expanded() -> None:
    """Hold that assignments of both sides, grants, groups and owners are written beside it."""
    made, row = principal()
    alice = made.user("alice")
    to_it = seed.assign(made.tenant, {**alice, "type": "User"}, row)
    graph = made.tenant.service_principal_by_app_id(seed.GRAPH_APP_ID) or {}
    of_it = seed.assign(made.tenant, {**row, "type": "ServicePrincipal"}, graph)
    grant = {"id": "g", "clientId": row["id"], "resourceId": graph["id"], "principalId": None, "scope": "a",
             "consentType": "AllPrincipals"}  # fmt: skip
    made.tenant.oauth2_permission_grants.put(grant)
    made.tenant.owners.add(row["id"], alice["id"])
    made.tenant.members.add(made.group("All Staff")["id"], row["id"])
    for name, expected in (
        ("appRoleAssignedTo", [to_it["id"]]),
        ("appRoleAssignments", [of_it["id"]]),
        ("oauth2PermissionGrants", ["g"]),
        ("owners", [alice["id"]]),
        ("memberOf", [made.group("All Staff")["id"]]),
    ):
        found = made.get(f"{PATH}/{row['id']}?$expand={name}")
        assert [each["id"] for each in (found.body or {})[name]] == expected
