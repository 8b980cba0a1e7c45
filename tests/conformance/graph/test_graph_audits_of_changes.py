"""What the audit log says of each change: its activity, its modified properties, its siblings."""

import json
from typing import Any

import pytest

from tests.conformance.graph.audit_records import properties, records
from tests.conformance.graph_client import Graph, role

fact = pytest.mark.fact
SECRETS = "Certificates and secrets management "


@fact("a switch that is null is one that is off", source="SPL", grade="S", verdict="uncertain")
def test_null_switch(graph: Graph) -> None:
    """A switch of implicit grant may be set to null; the record has it as off."""
    app = graph.application()
    body = {"web": {"implicitGrantSettings": {"enableIdTokenIssuance": None}}}
    assert graph.patch(f"/applications/{app['id']}", body).status_code == 204


@fact("update of redirect URIs", source="UAL21, SPL", grade="R")
def test_redirect_uris(emulated: Graph) -> None:
    """Both sides carry the whole list, as JSON text; the list of changed properties comes last."""
    app = emulated.application(web={"redirectUris": ["https://a.example/"]})
    emulated.patch(f"/applications/{app['id']}", {"spa": {"redirectUris": ["https://b.example/"]}})
    record = records(emulated, app["id"])[-1]
    assert (record["activityDisplayName"], record["operationType"]) == ("Update application", "Update")
    found = properties(record)
    assert list(found) == ["AppAddress", "Included Updated Properties"]
    old, new = (json.loads(text or "") for text in found["AppAddress"])
    assert [(item["Address"], item["ReplyAddressClientType"]) for item in old] == [("https://a.example/", 1)]
    assert [(item["Address"], item["ReplyAddressClientType"]) for item in new] == [
        ("https://a.example/", 1),
        ("https://b.example/", 3),
    ]
    assert found["Included Updated Properties"] == (None, '"AppAddress"')


@fact("field names in records", source="UAL21, SPL, ROLE19", grade="D")
@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({"displayName": "renamed"}, "DisplayName"),
        ({"signInAudience": "AzureADMultipleOrgs"}, "AvailableToOtherTenants"),
        ({"isFallbackPublicClient": True}, "PublicClient"),
        ({"web": {"homePageUrl": "https://home.example"}}, "WwwHomepage"),
        ({"web": {"logoutUrl": "https://out.example"}}, "AppAddress"),
        (
            {"web": {"implicitGrantSettings": {"enableIdTokenIssuance": True}}},
            "OauthOidcResponsePolicyBitmap",
        ),
        ({"appRoles": [role("Reader")]}, "Entitlement"),
        ({"tags": ["x"]}, "ApplicationTag"),
        ({"notes": "x"}, "Notes"),
        ({"api": {"requestedAccessTokenVersion": 2}}, "AccessTokenAcceptedVersion"),
        ({"groupMembershipClaims": "SecurityGroup"}, "GroupMembershipClaims"),
        ({"optionalClaims": {}}, "OptionalClaims"),
    ],
)
def test_names(emulated: Graph, body: dict[str, Any], name: str) -> None:
    """Each field has its own name in the log."""
    app = emulated.application()
    emulated.patch(f"/applications/{app['id']}", body)
    assert name in properties(records(emulated, app["id"])[-1])


@fact("secrets", source="UAL21", grade="R")
def test_secrets(emulated: Graph) -> None:
    """A secret has a record of its own, whose name holds an en dash and ends in a space; no secret is in
    it.
    """
    app = emulated.application()
    made = emulated.post(
        f"/applications/{app['id']}/addPassword", {"passwordCredential": {"displayName": "ci"}}
    ).json()
    found = [
        record for record in records(emulated, app["id"]) if record["activityDisplayName"].endswith(SECRETS)
    ]
    assert [record["activityDisplayName"][:20] for record in found] == [
        "Create application –",
        "Update application –",
    ]
    text = f"[KeyIdentifier={made['keyId']},KeyType=Password,KeyUsage=Verify,DisplayName=ci]"
    assert json.loads(properties(found[1])["KeyDescription"][1] or "") == [text]
    assert made["secretText"] not in json.dumps(found)


@fact("a secret has three records", source="UAL21", grade="R")
def test_secret_siblings(emulated: Graph) -> None:
    """Beside its own record the application's has no property at all, and the service principal's says
    nothing.
    """
    app = emulated.application()
    principal = emulated.principal(app)
    emulated.post(f"/applications/{app['id']}/addPassword", {"passwordCredential": {"displayName": "ci"}})
    ours, theirs = records(emulated, app["id"])[-2:], records(emulated, principal["id"])[-1]
    assert [record["activityDisplayName"][:20].strip() for record in ours] == [
        "Update application",
        "Update application –",
    ]
    assert ours[0]["targetResources"][0]["modifiedProperties"] == []
    assert properties(theirs)["Included Updated Properties"] == (None, '""')
    assert len({record["correlationId"] for record in (*ours, theirs)}) == 1


@fact("federated credentials are updates of the application", source="STRAT", grade="R")
def test_federated(emulated: Graph) -> None:
    """The record holds the whole list before and after."""
    app = emulated.application()
    body = {
        "name": "fic",
        "issuer": "https://issuer.example",
        "subject": "s",
        "audiences": ["api://AzureADTokenExchange"],
    }
    emulated.post(f"/applications/{app['id']}/federatedIdentityCredentials", body)
    old, new = properties(records(emulated, app["id"])[-1])["FederatedIdentityCredentials"]
    assert (old, json.loads(new or "")[0]["Subject"]) == ("[]", "s")


@fact("assignments", source="UAL21, SPL, SEK", grade="R")
def test_assignments(emulated: Graph) -> None:
    """Target 0 is the resource, target 1 the principal; a removal has the role in oldValue."""
    app = emulated.application(appRoles=[role("Reader")])
    target = emulated.principal(app)
    user = emulated.get("/users?$top=1").json()["value"][0]
    given = {"principalId": user["id"], "resourceId": target["id"], "appRoleId": app["appRoles"][0]["id"]}
    made = emulated.post(f"/servicePrincipals/{target['id']}/appRoleAssignedTo", given).json()
    record = records(emulated, user["id"])[-1]
    assert (record["activityDisplayName"], record["category"]) == (
        "Add app role assignment grant to user",
        "UserManagement",
    )
    assert [item["id"] for item in record["targetResources"]] == [target["id"], user["id"]]
    found = properties(record)
    assert list(found)[:3] == ["AppRole.Id", "AppRole.Value", "AppRole.DisplayName"]
    assert found["AppRole.Value"] == (None, '"Reader"')
    assert found["AppRoleAssignment.CreatedDateTime"][1] == json.dumps(made["createdDateTime"])
    emulated.delete(f"/servicePrincipals/{target['id']}/appRoleAssignedTo/{made['id']}")
    gone = records(emulated, user["id"])[-1]
    assert (gone["activityDisplayName"], gone["operationType"]) == (
        "Remove app role assignment from user",
        "Unassign",
    )
    assert properties(gone)["AppRole.Value"] == ('"Reader"', None)


@fact("an assignment that goes with one of its ends", source="ACT", grade="D")
@pytest.mark.parametrize("end", ["group", "resource", "user"])
def test_links_that_go(emulated: Graph, end: str) -> None:
    """Where a group, a user or the resource is deleted, each assignment has a record of its own beside the
    deletion's.
    """
    app = emulated.application(appRoles=[role("Reader")])
    target = emulated.principal(app)
    body = {"displayName": "Going", "mailEnabled": False, "mailNickname": "going", "securityEnabled": True}
    kind = "user" if end == "user" else "group"
    holder = emulated.get("/users/alice@contoso.com") if end == "user" else emulated.post("/groups", body)
    holder_id = holder.json()["id"]
    given = {"principalId": holder_id, "resourceId": target["id"], "appRoleId": app["appRoles"][0]["id"]}
    emulated.post(f"/servicePrincipals/{target['id']}/appRoleAssignedTo", given)
    emulated.delete(f"/servicePrincipals/{target['id']}" if end == "resource" else f"/{kind}s/{holder_id}")
    found = [
        each for each in records(emulated, holder_id) if "deletion-marked" in each["activityDisplayName"]
    ]
    assert [each["activityDisplayName"] for each in found] == [
        f"Add a deletion-marked app role assignment grant to {kind} as part of link removal"
    ]
    assert [item["id"] for item in found[0]["targetResources"]] == [target["id"], holder_id]
    assert properties(found[0])["AppRole.Value"] == ('"Reader"', None)


@fact("a changed grant is logged as an addition", source="SIMU", grade="R")
def test_grant(emulated: Graph) -> None:
    """A PATCH of scope has both sides filled."""
    client, target = emulated.principal(emulated.application()), emulated.principal(emulated.application())
    body = {
        "clientId": client["id"],
        "consentType": "AllPrincipals",
        "resourceId": target["id"],
        "scope": "a",
    }
    made = emulated.post("/oauth2PermissionGrants", body).json()
    emulated.patch(f"/oauth2PermissionGrants/{made['id']}", {"scope": "a b"})
    record = records(emulated, client["id"])[-1]
    assert record["activityDisplayName"] == "Add delegated permission grant"
    assert properties(record)["DelegatedPermissionGrant.Scope"] == ('"a"', '"a b"')


@fact("one call, several records", source="UAL21", grade="R")
def test_siblings(emulated: Graph) -> None:
    """A change and a delete of an application log its service principal too, under one correlation id."""
    app = emulated.application()
    principal = emulated.principal(app)
    emulated.patch(f"/applications/{app['id']}", {"notes": "x"})
    emulated.delete(f"/applications/{app['id']}")
    emulated.delete(f"/directory/deletedItems/{app['id']}")
    ours, theirs = records(emulated, app["id"]), records(emulated, principal["id"])
    assert [record["activityDisplayName"] for record in ours][-3:] == [
        "Update application",
        "Delete application",
        "Hard Delete application",
    ]
    assert [record["activityDisplayName"] for record in theirs] == [
        "Add service principal",
        "Update service principal",
        "Remove service principal",
    ]
    assert (
        ours[-3]["correlationId"]
        == theirs[1]["correlationId"]
        != ours[-2]["correlationId"]
        == theirs[2]["correlationId"]
    )
