"""How many owners and delta queries there may be, and consents whose ends a snapshot file lacks."""

from __future__ import annotations

from tests.unit.emulator.graph.sending import V1, World, records


def test_a_hundred_owners() -> None:
    """There is no room for one more."""
    made = World()
    app = made.app("Owned")
    for number in range(99):
        made.tenant.owners.add(app["id"], str(number))
    sent = [{"@odata.id": f"{V1}/directoryObjects/{made.user(name)['id']}"} for name in ("alice", "bob")]
    assert [made.short("POST", f"/applications/{app['id']}/owners/$ref", each) for each in sent] == [
        "204",
        "400 Directory_QuotaExceeded: The directory object quota limit for the owners has been exceeded.",
    ]


def test_two_hundred_rounds_are_known() -> None:
    """The oldest round is forgotten for a new one."""
    made = World()
    made.get("/users/delta")
    number, session = made.tenant.deltas.popitem()
    made.tenant.deltas.update({f"old {place}": session for place in range(199)})
    made.tenant.deltas[number] = session
    made.get("/users/delta")
    assert (len(made.tenant.deltas), next(iter(made.tenant.deltas))) == (200, "old 1")


def test_a_consent_without_its_api_is_deleted_without_a_record() -> None:
    """No request leaves one, but a snapshot file can."""
    made = World()
    grants, ends = made.tenant.oauth2_permission_grants, {"clientId": "c", "resourceId": "r"}
    grants.put({"id": "g", **ends, "consentType": "AllPrincipals", "principalId": None, "scope": "a"})
    assert made.short("DELETE", "/oauth2PermissionGrants/g") == "204"
    assert (list(grants), records(made)) == ([], [])
