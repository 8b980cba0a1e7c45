"""Keys that roll, logos, extension properties, tenants, domains, the organization, names that are tried
out.
"""

import base64
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.conformance.documented.tenant import KEY, Key
from tests.conformance.graph_client import Graph, refused, scope

fact = pytest.mark.fact
NOBODY = "99999999-9999-4999-8999-999999999999"
PICTURE = b"\x89PNG\r\n\x1a\n" + b"\0" * 32


def now(graph: Graph) -> datetime:
    """Give the emulator's time."""
    return datetime.fromisoformat(graph.send("GET", "/_emulator/clock").json()["now"])


@fact("addKey and removeKey", source="application-addkey, application-removekey documentation", grade="D")
@pytest.mark.parametrize("collection", ["applications", "servicePrincipals"])
def test_rolling_keys(emulated: Graph, collection: str) -> None:
    """A key is added with a proof by a present one, and removed with a proof by the new one."""
    app = emulated.application(keyCredentials=[KEY.credential()])
    owner = (
        app if collection == "applications" else emulated.principal(app, keyCredentials=[KEY.credential()])
    )
    path = f"/{collection}/{owner['id']}"
    new = Key.make()
    body = {
        "keyCredential": new.credential(),
        "passwordCredential": None,
        "proof": KEY.proof(owner["id"], now(emulated)),
    }
    added = emulated.post(f"{path}/addKey", body)
    assert added.status_code == 200, added.text
    assert (added.json()["usage"], added.json()["key"]) == ("Verify", None)
    old = next(
        key["keyId"]
        for key in emulated.get(path).json()["keyCredentials"]
        if key["keyId"] != added.json()["keyId"]
    )
    gone = emulated.post(f"{path}/removeKey", {"keyId": old, "proof": new.proof(owner["id"], now(emulated))})
    assert gone.status_code == 204, gone.text
    assert [key["keyId"] for key in emulated.get(path).json()["keyCredentials"]] == [added.json()["keyId"]]


@fact(
    "a proof that proves nothing",
    source="application-addkey documentation; the answer was not seen",
    grade="D",
    verdict="uncertain",
)
@pytest.mark.parametrize("wrong", ["key", "issuer", "late", "early", "long", "nonsense", "none"])
def test_wrong_proofs(emulated: Graph, wrong: str) -> None:
    """Another key's proof, for another object, out of its time or longer than ten minutes, is refused."""
    app = emulated.application(keyCredentials=[KEY.credential()])
    moment = now(emulated) + {"late": timedelta(hours=-1), "early": timedelta(hours=1)}.get(
        wrong, timedelta()
    )
    proof: Any = KEY.proof(
        NOBODY if wrong == "issuer" else app["id"], moment, seconds=601 if wrong == "long" else 600
    )
    proof = {"key": Key.make().proof(app["id"], moment), "nonsense": "x.y.z", "none": None}.get(wrong, proof)
    body = {"keyCredential": KEY.credential(), "passwordCredential": None, "proof": proof}
    refused(
        emulated.post(f"/applications/{app['id']}/addKey", body), 401, "Authentication_MissingOrMalformed"
    )


@fact(
    "a logo",
    source="application documentation, terraform-provider-azuread 3.9.0",
    grade="D",
    verdict="uncertain",
)
def test_logo(graph: Graph) -> None:
    """A picture is put, read, and has an address, on the service principal too; anything
    else is refused.
    """
    app = graph.application()
    principal = graph.principal(app)
    path = f"/v1.0/applications/{app['id']}/logo"

    def sent(content: bytes, kind: str) -> Any:
        return graph.send("PUT", path, content=content, headers={"Content-Type": kind})

    assert graph.send("GET", path).status_code == 404
    assert sent(PICTURE, "image/png").status_code == 204
    shown = graph.send("GET", path)
    assert (shown.status_code, shown.content) == (200, PICTURE)
    batch = {"requests": [{"id": "1", "method": "GET", "url": path.removeprefix("/v1.0")}]}
    (part,) = graph.post("/$batch", batch).json()["responses"]
    assert base64.b64decode(part["body"]) == PICTURE
    address = graph.get(f"/applications/{app['id']}").json()["info"]["logoUrl"]
    assert address.startswith("https://")
    assert graph.get(f"/servicePrincipals/{principal['id']}").json()["info"]["logoUrl"] == address
    refused(sent(b"{}", "application/json"), 400, "BadRequest")
    refused(sent(b"\0" * 102_401, "image/png"), 400, "Request_BadRequest")


@fact(
    "extension properties",
    source="application-post-extensionproperty documentation",
    grade="D",
)
def test_extension_properties(graph: Graph) -> None:
    """A property is defined, written on a user, selected, and gone with its definition."""
    app = graph.application()
    path = f"/applications/{app['id']}/extensionProperties"
    made = graph.post(path, {"name": "jobGroup", "dataType": "string", "targetObjects": ["user"]})
    assert made.status_code == 201, made.text
    name = made.json()["name"]
    assert name == f"extension_{app['appId'].replace('-', '')}_jobGroup"
    assert (made.json()["dataType"], made.json()["targetObjects"]) == ("String", ["User"])
    user = f"/users/{graph.get('/users?$top=1').json()['value'][0]['id']}"
    assert graph.get(f"{user}?$select=id,{name}").json()[name] is None
    assert graph.patch(user, {name.upper(): "engineers"}).status_code == 204
    assert graph.get(f"{user}?$select=id,{name}").json()[name] == "engineers"
    for text in (
        f"{name} eq 'Engineers'",
        f"startswith({name.upper()},'eng')",
        f"{name} in ('x','engineers')",
    ):
        assert [item["id"] for item in graph.get(f"/users?$filter={text}").json()["value"]] == [
            user.rpartition("/")[2]
        ]
    assert graph.get(f"/users?$filter={name} eq 'other'").json()["value"] == []
    everybody = graph.get("/users").json()["value"]
    others = graph.get(f"/users?$count=true&$filter=not({name} eq 'engineers')", ConsistencyLevel="eventual")
    assert len(others.json()["value"]) == len(everybody) - 1
    refused(graph.get(f"/groups?$filter={name} eq 'x'"), 400, "BadRequest", name)
    refused(graph.get(f"/users?$filter={name}x eq 'x'"), 400, "BadRequest", f"{name}x")
    assert name not in graph.get(user).json()
    found = graph.post(
        "/directoryObjects/getAvailableExtensionProperties", {"isSyncedFromOnPremises": False}
    ).json()["value"]
    assert [item["name"] for item in found] == [name]
    refused(graph.patch(f"/groups/{graph.group()['id']}", {name: "x"}), 400, "Request_BadRequest", name)
    assert graph.delete(f"{path}/{made.json()['id']}").status_code == 204
    refused(graph.get(f"{user}?$select={name}"), 400, "BadRequest")


@fact(
    "extension properties that are refused",
    source="application-post-extensionproperty documentation",
    grade="D",
)
@pytest.mark.parametrize(
    "change",
    [
        {"dataType": "Float"},
        {"targetObjects": ["Nobody"]},
        {"targetObjects": []},
        {"name": "a b"},
        {"id": NOBODY},
    ],
)
def test_wrong_extension_properties(graph: Graph, change: dict[str, Any]) -> None:
    """Types, targets and names are Graph's, and a name is the application's once."""
    path = f"/applications/{graph.application()['id']}/extensionProperties"
    body = {"name": "jobGroup", "dataType": "String", "targetObjects": ["User"]}
    assert graph.post(path, {**body, **change}).status_code == 400
    assert graph.post(path, body).status_code == 201
    refused(graph.post(path, body), 400, "Request_BadRequest", "already exists")


@fact("getByIds of every collection", source="directoryobject-getbyids documentation, CSDL", grade="D")
@pytest.mark.parametrize(
    "collection", ["directoryObjects", "applications", "servicePrincipals", "groups", "users"]
)
@pytest.mark.parametrize("action", ["getByIds", "microsoft.graph.getByIds"])
def test_get_by_ids(graph: Graph, collection: str, action: str) -> None:
    """Objects of the asked types come by their ids, and only what is selected."""
    app, group = graph.application(), graph.group()
    body = {"ids": [app["id"], group["id"], NOBODY], "types": ["group"]}
    found = graph.post(f"/{collection}/{action}?$select=id", body).json()["value"]
    assert found == [{"@odata.type": "#microsoft.graph.group", "id": group["id"]}]
    refused(
        graph.post(f"/{collection}/{action}", {"ids": [app["id"]], "kinds": []}), 400, "BadRequest", "'kinds'"
    )


@fact("tenants found by id and by domain", source="tenantrelationship documentation", grade="D")
def test_tenant_information(as_app: Callable[..., Graph], graph: Graph) -> None:
    """A tenant is found by its id and by its domains, with the permission; an unknown one is 404."""
    reader = as_app("CrossTenantInformation.ReadBasic.All")
    path = "/tenantRelationships"
    by_domain = reader.get(f"{path}/findTenantInformationByDomainName(domainName='fabrikam.com')")
    assert by_domain.status_code == 200, by_domain.text
    assert by_domain.json()["displayName"] == "Fabrikam"
    by_id = reader.get(
        f"{path}/microsoft.graph.findTenantInformationByTenantId(tenantId='{by_domain.json()['tenantId']}')"
    )
    assert by_id.json() == by_domain.json()
    refused(
        reader.get(f"{path}/findTenantInformationByDomainName(domainName='x.example')"),
        404,
        "Request_ResourceNotFound",
    )
    refused(
        graph.get(f"{path}/findTenantInformationByDomainName(domainName='x.example')"),
        403,
        "Authorization_RequestDenied",
    )


@fact(
    "names of a group that are tried out",
    source="directoryobject-validateproperties documentation",
    grade="D",
)
def test_validate_properties(graph: Graph) -> None:
    """Names that would do are 204, others 422 with a reason for each."""
    path = "/directoryObjects/validateProperties"
    good = {"entityType": "Group", "displayName": "Good", "mailNickname": "good"}
    assert graph.post(path, good).status_code == 204
    error = refused(
        graph.post(path, {**good, "displayName": "x" * 257, "mailNickname": "a b"}),
        422,
        "Request_UnprocessableEntity",
    )
    assert [each["target"] for each in error["details"]] == ["displayName", "mailNickname"]
    assert (
        graph.post(f"/groups/{graph.group()['id']}/validateProperties", {"mailNickname": "good"}).status_code
        == 204
    )
    assert graph.post(path, {**good, "entityType": "User"}).status_code == 400


@fact("deletion by DELETE /directoryObjects", source="directoryobject-delete documentation", grade="D")
def test_delete_directory_object(graph: Graph, as_app: Callable[..., Graph]) -> None:
    """An object of any type is deleted as its own collection would, with that one's permission."""
    app, group = graph.application(), graph.group()
    refused(
        as_app("User.ReadWrite.All").delete(f"/directoryObjects/{app['id']}"),
        403,
        "Authorization_RequestDenied",
    )
    for each in (app, group):
        assert graph.delete(f"/directoryObjects/{each['id']}").status_code == 204
        assert graph.get(f"/directoryObjects/{each['id']}").status_code == 404
    assert graph.get(f"/directory/deletedItems/{app['id']}").status_code == 200
    refused(graph.delete(f"/directoryObjects/{NOBODY}"), 404, "Request_ResourceNotFound")


@fact(
    "what a domain is used by, and its records",
    source="domain documentation",
    grade="D",
    verdict="uncertain",
)
def test_domain(graph: Graph) -> None:
    """A domain names its users and records of every kind; an unknown one is 404."""
    users = graph.get("/domains/contoso.com/domainNameReferences/").json()["value"]
    assert {item["@odata.type"] for item in users} == {"#microsoft.graph.user"}
    for tail, kinds in (
        ("verificationDnsRecords", {"Txt", "Mx"}),
        ("serviceConfigurationRecords", {"Mx", "Txt", "CName"}),
    ):
        records = graph.get(f"/domains/contoso.com/{tail}").json()["value"]
        assert {record["recordType"] for record in records} == kinds
        refused(graph.get(f"/domains/x.example/{tail}"), 404, "Request_ResourceNotFound")


@fact("the organization's contacts", source="organization-update documentation", grade="D")
def test_organization(as_app: Callable[..., Graph], graph: Graph) -> None:
    """Contacts and privacy statement are written with the permission; nothing else of the organization is."""
    writer = as_app("Organization.ReadWrite.All", "Directory.Read.All")
    path = f"/organization/{graph.get('/organization').json()['value'][0]['id']}"
    profile = {"contactEmail": "p@contoso.com", "statementUrl": "https://contoso.com/privacy"}
    assert (
        writer.patch(
            path, {"technicalNotificationMails": ["t@contoso.com"], "privacyProfile": profile}
        ).status_code
        == 204
    )
    body = graph.get(path).json()
    assert (body["technicalNotificationMails"], body["privacyProfile"]) == (["t@contoso.com"], profile)
    refused(writer.patch(path, {"displayName": "x"}), 400, "Request_BadRequest", "read-only")
    refused(graph.patch(path, {"technicalNotificationMails": []}), 403, "Authorization_RequestDenied")


@fact(
    "permission grant policies are kept and shown",
    source="permissiongrantpolicy, permissiongrantconditionset documentation",
    grade="D",
)
def test_permission_grant_policies(as_app: Callable[..., Graph], graph: Graph) -> None:
    """A policy is made, named, given conditions and removed; Microsoft's own are there and nobody's to
    change.
    """
    writer = as_app("Policy.ReadWrite.PermissionGrant")
    path = "/policies/permissionGrantPolicies"
    assert writer.post(path, {"id": "ours", "DisplayName": "Ours"}).status_code == 201
    assert writer.patch(f"{path}/ours", {"description": "d"}).status_code == 204
    made = writer.post(
        f"{path}/ours/includes",
        {"permissionType": "delegated", "permissionClassification": "low", "permissions": None},
    ).json()
    assert (made["permissionClassification"], made["clientApplicationIds"]) == ("low", ["all"])
    for wrong in (
        {},
        {"permissionType": "delegatedUserConsentable"},
        {"permissionType": "delegated", "permissions": []},
    ):
        refused(writer.post(f"{path}/ours/includes", wrong), 400, "Request_BadRequest")
    body = writer.get(f"{path}/ours").json()
    assert (body["displayName"], body["description"], body["includes"], body["excludes"]) == (
        "Ours",
        "d",
        [_plain(made)],
        [],
    )
    assert writer.get(f"{path}/ours/includes").json()["value"] == [_plain(made)]
    assert writer.delete(f"{path}/ours/includes/{made['id']}").status_code == 204
    assert writer.delete(f"{path}/ours").status_code == 204
    refused(writer.get(f"{path}/ours"), 404, "Request_ResourceNotFound")
    assert {"microsoft-user-default-legacy", "microsoft-user-default-low"} <= {
        item["id"] for item in writer.get(path).json()["value"]
    }
    refused(writer.delete(f"{path}/microsoft-user-default-low"), 403, "Authorization_RequestDenied")
    refused(writer.post(path, {"id": "microsoft-ours"}), 400, "Request_BadRequest")
    refused(writer.post(f"{path}/microsoft-company-admin/includes", {}), 403, "Authorization_RequestDenied")
    refused(graph.get(path), 403, "Authorization_RequestDenied")


def _plain(body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name[0] != "@"}


@fact(
    "classified permissions",
    source="delegatedpermissionclassification documentation",
    grade="D",
    verdict="uncertain",
)
def test_classifications(as_app: Callable[..., Graph], graph: Graph) -> None:
    """A permission is classified once, listed with its name, and no longer."""
    writer = as_app("Policy.ReadWrite.PermissionGrant", "Application.Read.All")
    permission = scope("items.read")
    principal = graph.principal(graph.application(api={"oauth2PermissionScopes": [permission]}))
    path = f"/servicePrincipals/{principal['id']}/delegatedPermissionClassifications"
    made = writer.post(path, {"permissionId": permission["id"], "classification": "low"})
    assert made.status_code == 201, made.text
    assert made.json()["permissionName"] == "items.read"
    assert writer.post(path, {"permissionId": permission["id"], "classification": "low"}).status_code == 400
    assert writer.post(path, {"permissionId": NOBODY, "classification": "low"}).status_code == 400
    assert [item["id"] for item in writer.get(path).json()["value"]] == [made.json()["id"]]
    assert writer.delete(f"{path}/{made.json()['id']}").status_code == 204
    assert writer.get(path).json()["value"] == []
    refused(
        graph.post(path, {"permissionId": permission["id"], "classification": "low"}),
        403,
        "Authorization_RequestDenied",
    )
