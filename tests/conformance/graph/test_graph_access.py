"""What each caller may do."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.conformance.graph_client import BASE, Graph, refused, role

fact = pytest.mark.fact
DENIED = "Authorization_RequestDenied"
Make = Callable[..., Graph]
CREDENTIAL = {
    "name": "ci",
    "issuer": "https://issuer.example.com",
    "subject": "job",
    "audiences": ["api://AzureADTokenExchange"],
}


@fact("least privileges of reads", source="PERM", grade="D")
@pytest.mark.parametrize(
    ("path", "permission"),
    [
        ("/applications", "Application.Read.All"),
        ("/applications", "Application.ReadWrite.OwnedBy"),
        ("/servicePrincipals", "Application.Read.All"),
        ("/oauth2PermissionGrants", "Directory.Read.All"),
        ("/groups", "Group.ReadBasic.All"),
        ("/groups", "GroupMember.Read.All"),
        ("/users", "User.ReadBasic.All"),
        ("/organization", "Organization.Read.All"),
        ("/domains", "Domain.Read.All"),
        ("/directory/deletedItems/microsoft.graph.application", "Application.Read.All"),
    ],
)
def test_reads(as_app: Make, path: str, permission: str) -> None:
    """The documented permission suffices, and none is 403."""
    assert as_app(permission).get(path).status_code == 200
    refused(as_app("Mail.Read").get(path), 403, DENIED, "Insufficient privileges to complete the operation.")


@fact("directory audits need two permissions", source="directoryaudit-list documentation", grade="D")
def test_audits(as_app: Make) -> None:
    """AuditLog.Read.All alone is refused."""
    path = "/auditLogs/directoryAudits"
    refused(as_app("AuditLog.Read.All").get(path), 403, DENIED)
    assert as_app("AuditLog.Read.All", "Directory.Read.All").get(path).status_code == 200


@fact("assignments need a read permission besides", source="microsoft-graph-docs#12833", grade="R")
def test_assignments(as_app: Make) -> None:
    """AppRoleAssignment.ReadWrite.All alone is refused."""
    maker = as_app("Application.ReadWrite.All", "User.Read.All")
    target = maker.principal(maker.application())
    user = maker.get("/users?$top=1").json()["value"][0]["id"]
    body = {
        "principalId": user,
        "resourceId": target["id"],
        "appRoleId": "00000000-0000-0000-0000-000000000000",
    }
    path = f"/servicePrincipals/{target['id']}/appRoleAssignedTo"
    refused(as_app("AppRoleAssignment.ReadWrite.All").post(path, body), 403, DENIED)
    assert (
        as_app("AppRoleAssignment.ReadWrite.All", "Application.Read.All").post(path, body).status_code == 201
    )


@fact("OwnedBy reaches owned applications only", source="PERM", grade="D")
def test_owned_by(as_app: Make) -> None:
    """OwnedBy creates and changes its own, and is refused on what others own."""
    all_of_them, owned = as_app("Application.ReadWrite.All"), as_app("Application.ReadWrite.OwnedBy")
    external = all_of_them.application()
    own = owned.application()
    assert owned.patch(f"/applications/{own['id']}", {"notes": "mine"}).status_code == 204
    assert owned.principal(own)["appId"] == own["appId"]

    def pictured(app: dict[str, Any]) -> Any:
        picture = {"content": b"GIF89a", "headers": {"Content-Type": "image/gif"}}
        return owned.send("PUT", f"/applications/{app['id']}/logo", **picture)

    assert pictured(own).status_code == 204
    for refusal in (
        pictured(external),
        owned.patch(f"/applications/{external['id']}", {"notes": "not mine"}),
        owned.delete(f"/applications/{external['id']}"),
        owned.post(f"/applications/{external['id']}/addPassword", {}),
        owned.post(f"/applications/{external['id']}/federatedIdentityCredentials", {}),
        owned.post("/servicePrincipals", {"appId": external["appId"]}),
    ):
        refused(refusal, 403, DENIED)


# Of an application and its service principal; `{other}` is a principal that may be an owner.
OWNED_WRITES: list[tuple[str, str, Any]] = [
    ("PATCH", "/applications/{app}", {"notes": "n"}),
    ("POST", "/applications/{app}/addPassword", {}),
    ("POST", "/applications/{app}/removePassword", {"keyId": "00000000-0000-4000-8000-000000000001"}),
    ("POST", "/applications/{app}/federatedIdentityCredentials", CREDENTIAL),
    ("PATCH", "/applications/{app}/federatedIdentityCredentials/{credential}", {"description": "d"}),
    ("DELETE", "/applications/{app}/federatedIdentityCredentials/{credential}", None),
    (
        "POST",
        "/applications/{app}/extensionProperties",
        {"name": "badge", "dataType": "String", "targetObjects": ["User"]},
    ),
    ("DELETE", "/applications/{app}/extensionProperties/{extension}", None),
    ("PATCH", "/servicePrincipals/{principal}", {"notes": "n"}),
    ("POST", "/servicePrincipals/{principal}/addPassword", {}),
    (
        "POST",
        "/servicePrincipals/{principal}/removePassword",
        {"keyId": "00000000-0000-4000-8000-000000000001"},
    ),
    (
        "POST",
        "/applications/{app}/owners/$ref",
        {"@odata.id": "https://graph.microsoft.com/v1.0/directoryObjects/{other}"},
    ),
    (
        "POST",
        "/servicePrincipals/{principal}/owners/$ref",
        {"@odata.id": "https://graph.microsoft.com/v1.0/directoryObjects/{other}"},
    ),
    ("DELETE", "/servicePrincipals/{principal}", None),
    ("DELETE", "/applications/{app}", None),
]


@fact("OwnedBy reaches owned applications only", source="PERM", grade="D")
@pytest.mark.parametrize("number", range(len(OWNED_WRITES)))
def test_each_write_under_owned_by_is_of_what_is_owned(as_app: Make, number: int) -> None:
    """It is refused of what others own, and nothing came of it; of its own it is not refused so."""
    every, owned = (
        as_app("Application.ReadWrite.All"),
        as_app("Application.ReadWrite.OwnedBy", "Directory.Read.All"),
    )
    other = every.get("/servicePrincipals?$top=1").json()["value"][0]["id"]
    for graph, status in ((every, 403), (owned, 0)):
        app = graph.application()
        ids = {"app": app["id"], "principal": graph.principal(app)["id"], "other": other}
        held = f"/applications/{app['id']}/federatedIdentityCredentials"
        ids["credential"] = graph.post(held, CREDENTIAL | {"name": "first"}).json()["id"]
        extension = {"name": "first", "dataType": "String", "targetObjects": ["User"]}
        path = f"/applications/{app['id']}/extensionProperties"
        ids["extension"] = graph.post(path, extension).json()["id"]
        before = [graph.get(path).json() for path in (f"/applications/{app['id']}", held)]
        method, path, body = json.loads(_filled(json.dumps(OWNED_WRITES[number]), ids))
        response = owned.send(method, path, **({} if body is None else {"json": body}))
        if status:
            refused(response, status, DENIED)
            assert [graph.get(path).json() for path in (f"/applications/{app['id']}", held)] == before
        else:
            assert response.status_code != 403, response.text


def _filled(text: str, ids: dict[str, str]) -> str:
    for name, value in ids.items():
        text = text.replace(f"{{{name}}}", value)
    return text


@fact(
    "OwnedBy is not enough for owners",
    source="application-post-owners documentation",
    grade="D",
    verdict="uncertain",
)
def test_owners(as_app: Make) -> None:
    """Adding an owner takes a read permission of the directory besides."""
    owned = as_app("Application.ReadWrite.OwnedBy")
    own = owned.application()
    user = as_app("User.Read.All").get("/users?$top=1").json()["value"][0]["id"]
    link = {"@odata.id": f"https://graph.microsoft.com/v1.0/directoryObjects/{user}"}
    refused(owned.post(f"/applications/{own['id']}/owners/$ref", link), 403, DENIED)
    more = as_app("Application.ReadWrite.OwnedBy", "Directory.Read.All")
    assert more.post(f"/applications/{own['id']}/owners/$ref", link).status_code == 204


@fact("misleading 403 under OwnedBy", source="TF service_principal_resource.go", grade="C")
def test_backing_application(as_app: Make) -> None:
    """A service principal of an unknown application is 403 for an OwnedBy caller."""
    body = {"appId": "00000000-0000-4000-8000-00000000dead"}
    text = (
        "When using this permission, the backing application of the service principal being created must "
        "in the local tenant"
    )
    refused(as_app("Application.ReadWrite.OwnedBy").post("/servicePrincipals", body), 403, DENIED, text)


@fact("acceptMappedClaims at creation under OwnedBy", source="TF, NAIS client.go", grade="C")
def test_mapped_claims(as_app: Make) -> None:
    """It cannot be created with, though it can be patched later."""
    owned = as_app("Application.ReadWrite.OwnedBy")
    body = {"displayName": "x", "api": {"acceptMappedClaims": True}}
    refused(owned.post("/applications", body), 403, DENIED)
    assert as_app("Application.ReadWrite.All").post("/applications", body).status_code == 201
    own = owned.application()
    assert owned.patch(f"/applications/{own['id']}", {"api": {"acceptMappedClaims": True}}).status_code == 204


@fact("AppRegistration.Create", source="PERM", grade="D")
def test_create_only(as_app: Make) -> None:
    """The narrow permission creates and does no more."""
    narrow = as_app("AppRegistration.Create")
    app = narrow.application()
    refused(narrow.patch(f"/applications/{app['id']}", {"notes": "x"}), 403, DENIED)


@fact("delegated callers need a directory role, or own the object", source="PERM", grade="D")
def test_delegated(as_user: Make) -> None:
    """Bob, without a role, changes his own application only; Alice, an application administrator, changes
    any.
    """
    bob, alice = (
        as_user("bob@contoso.com", "Application.ReadWrite.All"),
        as_user("alice@contoso.com", "Application.ReadWrite.All"),
    )
    hers, his = alice.application(), bob.application()
    assert bob.patch(f"/applications/{his['id']}", {"notes": "x"}).status_code == 204
    refused(bob.patch(f"/applications/{hers['id']}", {"notes": "x"}), 403, DENIED)
    assert alice.patch(f"/applications/{his['id']}", {"notes": "y"}).status_code == 204


@fact("upsert by a user without a role", source="application-upsert documentation", grade="D")
def test_delegated_upsert(as_user: Make) -> None:
    """A non-admin member may create by upsert."""
    bob = as_user("bob@contoso.com", "Application.ReadWrite.All")
    response = bob.patch("/applications(uniqueName='bobs')", {"displayName": "x"}, Prefer="create-if-missing")
    assert response.status_code == 201


@fact(
    "Graph's own application permissions need a privileged role",
    source="grant-admin-consent documentation",
    grade="D",
)
def test_graph_roles(as_user: Make) -> None:
    """An application administrator cannot give Graph permissions to applications."""
    scopes = ("Application.ReadWrite.All", "AppRoleAssignment.ReadWrite.All")
    alice, grace = as_user("alice@contoso.com", *scopes), as_user("grace@contoso.com", *scopes)
    client = alice.principal(alice.application())
    graph = alice.get("/servicePrincipals(appId='00000003-0000-0000-c000-000000000000')").json()
    wanted = next(item["id"] for item in graph["appRoles"] if item["value"] == "User.Read.All")
    body = {"principalId": client["id"], "resourceId": graph["id"], "appRoleId": wanted}
    refused(alice.post(f"/servicePrincipals/{client['id']}/appRoleAssignments", body), 403, DENIED)
    assert grace.post(f"/servicePrincipals/{client['id']}/appRoleAssignments", body).status_code == 201


@fact("/me", source="PERM", grade="D")
def test_me(as_user: Make) -> None:
    """A user reads itself with User.Read."""
    assert (
        as_user("alice@contoso.com", "User.Read").get("/me").json()["userPrincipalName"]
        == "alice@contoso.com"
    )


@fact("/me is a user's", source="msgraph-sdk-php#1163", grade="R")
@pytest.mark.parametrize("path", ["/me", "/me?$select=id", "/me/memberOf", "/ME"])
def test_me_of_an_application(as_app: Make, path: str) -> None:
    """An application is nobody: 400 with Graph's sentence, whatever it may, inside a batch too."""
    client, text = (
        as_app("User.Read.All", "Directory.Read.All"),
        "/me request is only valid with delegated authentication flow.",
    )
    refused(client.get(path), 400, "BadRequest", text)
    assert as_app().get(path).status_code == 400
    part = client.post("/$batch", {"requests": [{"id": "1", "method": "GET", "url": path}]}).json()[
        "responses"
    ][0]
    assert (part["status"], part["body"]["error"]["message"]) == (400, text)


@fact("tenants are apart", source="single-and-multi-tenant-apps documentation", grade="D")
def test_tenants(as_app: Make, elsewhere: Make) -> None:
    """A caller of one tenant sees, changes and links nothing of another."""
    permissions = (
        "Application.ReadWrite.All",
        "Group.ReadWrite.All",
        "Organization.Read.All",
        "Directory.Read.All",
    )
    ours, theirs = as_app(*permissions), elsewhere(*permissions)
    app, group = ours.application(appRoles=[role("Reader")]), ours.group()
    names = [each.get("/organization").json()["value"][0]["displayName"] for each in (ours, theirs)]
    assert names == ["Contoso", "Fabrikam"]
    assert app["id"] not in {each["id"] for each in theirs.get("/applications?$top=999").json()["value"]}
    assert theirs.get(f"/applications?$filter=appId eq '{app['appId']}'").json()["value"] == []
    for path in (
        f"/applications/{app['id']}",
        f"/applications(appId='{app['appId']}')",
        f"/directoryObjects/{group['id']}",
    ):
        refused(theirs.get(path), 404, "Request_ResourceNotFound")
    refused(theirs.patch(f"/applications/{app['id']}", {"notes": "x"}), 404, "Request_ResourceNotFound")
    refused(theirs.delete(f"/groups/{group['id']}"), 404, "Request_ResourceNotFound")
    assert theirs.post("/directoryObjects/getByIds", {"ids": [app["id"], group["id"]]}).json()["value"] == []
    link = {"@odata.id": f"{BASE}/groups/{group['id']}"}
    refused(
        theirs.post(f"/groups/{theirs.group()['id']}/members/$ref", link), 404, "Request_ResourceNotFound"
    )
    assert ours.get(f"/applications/{app['id']}").json()["notes"] is None
