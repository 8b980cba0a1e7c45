"""Service principals: which stay as they are, who changes and deletes them, and what stands beside them."""

from __future__ import annotations

import pytest

from entra_emulator import seed
from entra_emulator.graph.call import CollectionResponse
from tests.unit.emulator.graph.certificates import key
from tests.unit.emulator.graph.principals_made import APP_ID, PATH, principal, world
from tests.unit.emulator.graph.sending import World, records

OWNED_BY = "Application.ReadWrite.OwnedBy"
DENIED = "403 Authorization_RequestDenied: Insufficient privileges to complete the operation."


def test_graph_itself() -> None:
    """Hold that nobody shuts it off or narrows it, and that it is not deleted; its notes may change."""
    made = World()
    graph = f"{PATH}(appId='{seed.GRAPH_APP_ID}')"
    assert made.short("PATCH", graph, {"accountEnabled": False}) == DENIED
    assert made.short("PATCH", graph, {"appRoleAssignmentRequired": True}) == DENIED
    assert made.short("PATCH", graph, {"accountEnabled": True, "notes": "n"}) == "204"
    assert made.short("DELETE", graph) == DENIED


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_who_may(method: str) -> None:
    """Hold that an application with permission for what it owns changes that alone."""
    made, row = principal()
    caller = made.as_app(OWNED_BY)
    assert made.short(method, f"{PATH}/{row['id']}", {"notes": "n"}, caller=caller) == DENIED
    made.tenant.owners.add(row["id"], caller.oid)
    assert made.short(method, f"{PATH}/{row['id']}", {"notes": "n"}, caller=caller) == "204"


def test_one_is_deleted_with_its_assignments() -> None:
    """Hold that they wait with it, and that a record is written of each, and of it."""
    made, row = principal()
    alice = made.user("alice")
    seed.assign(made.tenant, {**alice, "type": "User"}, row)
    assert made.send("DELETE", f"{PATH}/{row['id']}") == CollectionResponse(204)
    assert row["id"] not in made.tenant.service_principals
    assert [each[0] for each in records(made)] == [
        "Add a deletion-marked app role assignment grant to user as part of link removal",
        "Remove service principal",
    ]
    removed = records(made)[1]
    names = {"TargetId.ServicePrincipalNames": (None, f'"{APP_ID}"')}
    target = (row["id"], "ServicePrincipal", "Backing", None, names)
    assert removed == ("Remove service principal", "Delete", "ApplicationManagement", APP_ID, [target])


def test_an_application_that_an_old_replica_still_shows() -> None:
    """Hold that what was deleted backs nothing, though the read still sees it."""
    made = world()
    made.faults.plan.lag = {"*": 60.0}
    app = made.tenant.application_by_app_id(APP_ID) or {}
    made.call("POST", PATH).remove("applications", app["id"])
    assert made.short("POST", PATH, {"appId": APP_ID}).startswith("400 Request_BadRequest: The appId '")


def test_policies_hold_for_its_keys() -> None:
    """Hold that a certificate that lives too long is refused."""
    made, row = principal()
    restricted = {"keyCredentials": [{"restrictionType": "asymmetricKeyLifetime", "maxLifetime": "P10D"}]}
    policy = {"servicePrincipalRestrictions": restricted}
    made.tenant.choices = made.tenant.choices.changed({"defaultAppManagementPolicy": policy})
    sent = {"keyCredentials": [{"type": "AsymmetricX509Cert", "usage": "Verify", "key": key()}]}
    found = made.short("PATCH", f"{PATH}/{row['id']}", sent)
    assert found.startswith("400 CredentialInvalidLifetimeAsPerAppPolicy: ")


def test_no_room() -> None:
    """Hold that a full tenant takes none."""
    made = world()
    made.tenant.choices = made.tenant.choices.changed({"objectQuota": 1})
    assert made.short("POST", PATH, {"appId": APP_ID}).startswith("403 Directory_QuotaExceeded: ")


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
