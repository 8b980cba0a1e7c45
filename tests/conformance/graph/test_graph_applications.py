"""Applications: shapes, defaults, merging, names, lifetimes."""

import re
from collections.abc import Callable

import pytest

from tests.conformance.graph_client import BASE, Graph, refused, role

fact = pytest.mark.fact

PERSONAL = {
    "signInAudience": "AzureADandPersonalMicrosoftAccount",
    "api": {"requestedAccessTokenVersion": 2},
}

ORDER = [
    "id",
    "deletedDateTime",
    "appId",
    "applicationTemplateId",
    "disabledByMicrosoftStatus",
    "createdDateTime",
    "displayName",
    "description",
    "groupMembershipClaims",
    "identifierUris",
    "isDeviceOnlyAuthSupported",
    "isFallbackPublicClient",
    "nativeAuthenticationApisEnabled",
    "notes",
    "publisherDomain",
    "serviceManagementReference",
    "signInAudience",
    "tags",
    "tokenEncryptionKeyId",
    "uniqueName",
    "samlMetadataUrl",
    "defaultRedirectUri",
    "certification",
    "optionalClaims",
    "servicePrincipalLockConfiguration",
    "requestSignatureVerification",
    "addIns",
    "api",
    "appRoles",
    "info",
    "keyCredentials",
    "parentalControlSettings",
    "passwordCredentials",
    "publicClient",
    "requiredResourceAccess",
    "verifiedPublisher",
    "web",
    "spa",
]
EMPTY = {
    "addIns",
    "appRoles",
    "identifierUris",
    "keyCredentials",
    "passwordCredentials",
    "requiredResourceAccess",
    "tags",
}
# What is neither null nor empty: plain values first, then what has properties of its own.
SET = {
    *("id", "appId", "createdDateTime", "displayName", "publisherDomain", "signInAudience"),
    *("api", "info", "parentalControlSettings", "publicClient", "spa", "verifiedPublisher", "web"),
}
CERTIFICATE_SUBJECT = "CN=entra-config conformance"


@fact("shape, order and defaults of a new application", source="AZ-SMR", grade="R")
def test_shape(graph: Graph) -> None:
    """A new application has every default property, in Graph's order."""
    app = graph.application()
    assert [name for name in app if name[0] != "@"] == ORDER
    assert app["signInAudience"] == "AzureADMyOrg"
    assert app["api"] == {
        "acceptMappedClaims": None,
        "knownClientApplications": [],
        "requestedAccessTokenVersion": None,
        "oauth2PermissionScopes": [],
        "preAuthorizedApplications": [],
    }
    assert app["web"]["implicitGrantSettings"] == {
        "enableAccessTokenIssuance": False,
        "enableIdTokenIssuance": False,
    }
    assert app["parentalControlSettings"] == {"countriesBlockedForMinors": [], "legalAgeGroupRule": "Allow"}
    assert {name for name, value in app.items() if value == []} == EMPTY
    assert {name for name in ORDER if app[name] is None} == set(ORDER) - EMPTY - SET
    assert (app["publicClient"], app["spa"]) == ({"redirectUris": []}, {"redirectUris": []})
    assert set(app["info"].values()) == set(app["verifiedPublisher"].values()) == {None}


@fact("unset booleans are null, set ones false", source="AZ-IDEMP", grade="R")
def test_null_and_false(graph: Graph) -> None:
    """A boolean that was set to false reads as false, not as null."""
    app = graph.application()
    assert app["isFallbackPublicClient"] is None
    assert graph.patch(f"/applications/{app['id']}", {"isFallbackPublicClient": False}).status_code == 204
    assert graph.get(f"/applications/{app['id']}").json()["isFallbackPublicClient"] is False


@fact("creation times", source="AZ-APP", grade="R")
def test_created(graph: Graph) -> None:
    """Reads show the creation time in whole seconds."""
    app = graph.application()
    created = graph.get(f"/applications/{app['id']}").json()["createdDateTime"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", created)
    assert app["createdDateTime"].startswith(created[:-1])


@fact("personal audience comes with version 2 tokens", source="AZ-APP", grade="R")
def test_personal_audience(graph: Graph) -> None:
    """An application for personal accounts asks for version 2 tokens by default."""
    app = graph.application(signInAudience="AzureADandPersonalMicrosoftAccount")
    assert app["api"]["requestedAccessTokenVersion"] == 2
    response = graph.patch(f"/applications/{app['id']}", {"api": {"requestedAccessTokenVersion": 1}})
    refused(response, 400, "Request_BadRequest", "Property api.requestedAccessTokenVersion is invalid")


@fact("roles get an origin, scopes do not", source="AZ-APP, AZ-GRANT", grade="R")
def test_origin(graph: Graph) -> None:
    """Roles come back with origin Application."""
    app = graph.application(appRoles=[role("Writer")])
    assert list(app["appRoles"][0]) == [
        "allowedMemberTypes",
        "description",
        "displayName",
        "id",
        "isEnabled",
        "origin",
        "value",
    ]
    assert app["appRoles"][0]["origin"] == "Application"


@fact("optional claims are completed", source="AZ-APP", grade="R")
def test_optional_claims(graph: Graph) -> None:
    """Optional claims get their missing lists and properties."""
    app = graph.application(optionalClaims={"idToken": [{"name": "auth_time"}]})
    claim = {"additionalProperties": [], "essential": False, "name": "auth_time", "source": None}
    assert app["optionalClaims"] == {"accessToken": [], "idToken": [claim], "saml2Token": []}


@fact("collections come back in another order", source="AZ-APP, AZ-TESTS", grade="R")
def test_reordered(graph: Graph) -> None:
    """A create echoes the request's order; a later read need not."""
    uris = ["https://one.example/", "https://two.example/"]
    app = graph.application(web={"redirectUris": uris})
    assert app["web"]["redirectUris"] == uris
    read = graph.get(f"/applications/{app['id']}").json()["web"]["redirectUris"]
    assert sorted(read) == uris
    if graph.fresh:
        assert read == uris[::-1]


@fact("the creating user owns the application", source="AZ-OWNER", grade="R")
def test_user_owns(as_user: Callable[..., Graph]) -> None:
    """A user who creates an application is its owner at once; an item begins with its type."""
    user = as_user("alice@contoso.com", "Application.ReadWrite.All", "User.Read")
    app = user.application()
    owners = user.get(f"/applications/{app['id']}/owners").json()
    assert owners["@odata.context"].endswith("#directoryObjects")
    assert list(owners["value"][0])[:2] == ["@odata.type", "id"]
    assert owners["value"][0]["userPrincipalName"] == "alice@contoso.com"


@fact("read by appId in the id segment is 404", source="AZ-APP", grade="R")
def test_app_id_as_id(graph: Graph) -> None:
    """An appId is not an object id."""
    app = graph.application()
    refused(graph.get(f"/applications/{app['appId']}"), 404, "Request_ResourceNotFound")


@fact("alternate keys", source="CSDL", grade="D")
@pytest.mark.parametrize("name", ["plain", "a'b c/d", "ünïcode"])
def test_alternate_keys(graph: Graph, name: str) -> None:
    """Each type is found by the keys that it has, whatever characters a name has."""
    app = graph.application(uniqueName=name)
    quoted = name.replace("'", "''").replace("/", "%2F").replace(" ", "%20")
    assert graph.get(f"/applications(uniqueName='{quoted}')").json()["id"] == app["id"]
    group = graph.group(uniqueName=f"{name} of a group")
    assert graph.get(f"/groups(uniqueName='{quoted}%20of%20a%20group')").json()["id"] == group["id"]
    key = f"(appId='{app['appId']}')"
    principal = graph.principal(app)
    assert [graph.get(f"/{kind}{key}").json()["id"] for kind in ("applications", "servicePrincipals")] == [
        app["id"],
        principal["id"],
    ]
    alice = graph.get("/users(userPrincipalName='alice@contoso.com')").json()
    assert alice["userPrincipalName"] == "alice@contoso.com"
    body = {
        "name": "conf",
        "issuer": "https://i.example",
        "subject": "s",
        "audiences": ["api://AzureADTokenExchange"],
    }
    path = f"/applications{key}/federatedIdentityCredentials"
    made = graph.post(path, body).json()
    assert graph.get(f"{path}(name='conf')").json()["id"] == made["id"]


@fact("the SDK does not double quotes in keys", source="msgraph-sdk", grade="R")
def test_single_quote_in_key(graph: Graph) -> None:
    """A percent-encoded single quote is accepted inside a key."""
    app = graph.application(uniqueName="a'b c/d")
    assert graph.get("/applications(uniqueName='a%27b%20c%2Fd')").json()["id"] == app["id"]


@fact("upsert by uniqueName", source="application-upsert documentation", grade="D")
def test_upsert(graph: Graph) -> None:
    """With the Prefer header an absent application is created with 201, a present one changed with 204."""
    path = "/applications(uniqueName='conformance.upsert')"
    refused(graph.patch(path, {"displayName": "x"}), 404, "Request_ResourceNotFound")
    made = graph.patch(path, {"displayName": "x"}, Prefer="create-if-missing")
    assert made.status_code == 201
    assert made.json()["uniqueName"] == "conformance.upsert"
    assert graph.patch(path, {"displayName": "y"}, Prefer="create-if-missing").status_code == 204
    assert graph.get(path).json()["displayName"] == "y"
    graph.delete(f"/applications/{made.json()['id']}")
    graph.delete(f"/directory/deletedItems/{made.json()['id']}")


@fact(
    "duplicate uniqueName is 400, also of a soft-deleted holder",
    source="omadia#916, msgraph-bicep-types#137",
    grade="R",
)
def test_unique_name_is_burnt(graph: Graph) -> None:
    """A unique name stays taken until its holder is purged."""
    app = graph.application(uniqueName="conformance.burnt")
    text = "Another object with the same value for property uniqueName already exists."
    refused(
        graph.post("/applications", {"displayName": "x", "uniqueName": "conformance.burnt"}),
        400,
        "Request_BadRequest",
        text,
    )
    graph.delete(f"/applications/{app['id']}")
    refused(
        graph.post("/applications", {"displayName": "x", "uniqueName": "conformance.burnt"}),
        400,
        "Request_BadRequest",
        text,
    )
    assert graph.delete(f"/directory/deletedItems/{app['id']}").status_code == 204
    assert graph.application(uniqueName="conformance.burnt")["uniqueName"] == "conformance.burnt"


@fact(
    "uniqueName can be set while it is null, and never changes",
    source="msgraph-bicep-types#196",
    grade="R",
)
def test_unique_name_is_immutable(graph: Graph) -> None:
    """A unique name is back-filled once."""
    app = graph.application()
    assert graph.patch(f"/applications/{app['id']}", {"uniqueName": "conformance.late"}).status_code == 204
    assert graph.patch(f"/applications/{app['id']}", {"uniqueName": "conformance.other"}).status_code == 400


@fact(
    "complex properties merge, collections are replaced",
    source="TF, NAIS, ONEFUZZ",
    grade="C",
    verdict="uncertain",
)
def test_merge(graph: Graph) -> None:
    """A part of `web` leaves its siblings alone; a collection is taken as a whole."""
    app = graph.application(
        web={"homePageUrl": "https://home.example", "redirectUris": ["https://a.example/"]}
    )
    path = f"/applications/{app['id']}"
    assert graph.patch(path, {"web": {"redirectUris": ["https://b.example/"]}}).status_code == 204
    web = graph.get(path).json()["web"]
    assert (web["homePageUrl"], web["redirectUris"]) == ("https://home.example", ["https://b.example/"])
    assert graph.patch(path, {"requiredResourceAccess": []}).status_code == 204


@fact("null clears, an identical PATCH changes nothing", source="AZ-IDEMP", grade="R")
def test_null_clears(graph: Graph) -> None:
    """Null clears a scalar, and PATCH answers 204 without a body."""
    app = graph.application(notes="kept")
    response = graph.patch(f"/applications/{app['id']}", {"notes": None})
    assert (response.status_code, response.content) == (204, b"")
    assert graph.patch(f"/applications/{app['id']}", {"notes": None}).status_code == 204
    assert graph.get(f"/applications/{app['id']}").json()["notes"] is None


@fact("new secrets in a PATCH are refused", source="msgraph-sdk-dotnet#2788", grade="R")
def test_secrets_by_patch(graph: Graph) -> None:
    """Secrets come by actions only: neither the first, nor one more among those of a whole application
    that was fetched.
    """
    app = graph.application()
    path, mine = f"/applications/{app['id']}", {"displayName": "mine"}
    text = "New password credentials must be generated using service actions."
    refused(graph.patch(path, {"passwordCredentials": [mine]}), 400, "Request_BadRequest", text)
    graph.post(f"{path}/addPassword", {"passwordCredential": {"displayName": "theirs"}})
    fetched = {name: value for name, value in graph.get(path).json().items() if name[0] != "@"}
    whole = {**fetched, "passwordCredentials": [*fetched["passwordCredentials"], mine]}
    refused(graph.patch(path, whole), 400, "Request_BadRequest", text)
    assert [each["displayName"] for each in graph.get(path).json()["passwordCredentials"]] == ["theirs"]


@fact("unknown properties", source="PnP-Sites-Core#1807, microsoft-graph-docs#16069", grade="R")
@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"oauth2PermissionScopes": []}, "Invalid property 'oauth2PermissionScopes'."),
        ({"web": {"home_page_url": None}}, "Unexpected contents in request body."),
        (
            {"api": {"preAuthorizedApplications": [{"permissionIds": []}]}},
            "Unexpected contents in request body.",
        ),
    ],
)
def test_unknown_properties(graph: Graph, body: dict[str, object], text: str) -> None:
    """What is not in the schema is refused: by name at the top, without one inside."""
    app = graph.application()
    refused(graph.patch(f"/applications/{app['id']}", body), 400, "Request_BadRequest", text)


@fact("malformed GUIDs and wrong types", source="microsoft-graph-docs#11760", grade="R")
@pytest.mark.parametrize(
    "body",
    [
        {"api": {"knownClientApplications": ["nonsense"]}},
        {"tags": "one"},
        {"isFallbackPublicClient": "yes"},
        {"web": []},
        {"displayName": 1},
    ],
)
def test_wrong_types(graph: Graph, body: dict[str, object]) -> None:
    """A value of another type is refused with the type's name."""
    app = graph.application()
    text = "Cannot convert a primitive value to the expected type"
    refused(graph.patch(f"/applications/{app['id']}", body), 400, "Request_BadRequest", text)


@fact(
    "invalid values name the outer property",
    source="TEAMSFX, msgraph-sdk-powershell#3149",
    grade="R",
)
@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({"displayName": ""}, "displayName"),
        ({"displayName": "x" * 257}, "displayName"),
        ({"description": "x" * 1025}, "description"),
        ({"web": {"homePageUrl": ""}}, "web"),
        ({"web": {"logoutUrl": "http://x.example"}}, "web"),
        ({"web": {"redirectUris": ["http://plain.example/"]}}, "web"),
        ({"spa": {"redirectUris": ["urn:ietf:wg:oauth:2.0:oob"]}}, "spa"),
        ({"web": {"redirectUris": ["https://x.example/#fragment"]}}, "web"),
        ({"publicClient": {"redirectUris": ["x" * 257 + "://y"]}}, "publicClient"),
        ({"publicClient": {"redirectUris": ["localhost/callback"]}}, "publicClient"),
        ({"publicClient": {"redirectUris": ["//localhost/callback"]}}, "publicClient"),
        ({"web": {"redirectUris": ["app.example/callback"]}}, "web"),
        (
            {**PERSONAL, "web": {"redirectUris": ["https://app.example/?x=1"]}},
            "web",
        ),
        (
            {**PERSONAL, "web": {"redirectUris": ["https://*.app.example/"]}},
            "web",
        ),
        ({"signInAudience": "Nobody"}, "signInAudience"),
        ({"groupMembershipClaims": "Everything"}, "groupMembershipClaims"),
        ({"tags": ["with space"]}, "tags"),
    ],
)
def test_invalid_values(graph: Graph, body: dict[str, object], name: str) -> None:
    """A value outside the documented limits is refused."""
    app = graph.application()
    text = f"Invalid value specified for property '{name}' of resource 'Application'."
    refused(graph.patch(f"/applications/{app['id']}", body), 400, "Request_BadRequest", text)


@fact("redirect URIs that are accepted", source="reply-url documentation", grade="D")
@pytest.mark.parametrize(
    ("platform", "uri"),
    [
        ("web", "http://localhost/webtest1"),
        ("web", "https://app.example/cb?x=1"),
        ("spa", "https://localhost:5173/redirect.html"),
        ("publicClient", "urn:ietf:wg:oauth:2.0:oob"),
        ("publicClient", "myapp://auth"),
        ("publicClient", "http://127.0.0.1"),
    ],
)
def test_valid_redirect_uris(graph: Graph, platform: str, uri: str) -> None:
    """Localhost may use http, native clients any scheme."""
    assert graph.application(**{platform: {"redirectUris": [uri]}})[platform]["redirectUris"] == [uri]


@fact("missing displayName", source="AAD Graph documentation", grade="D")
def test_missing_name(graph: Graph) -> None:
    """A create needs a display name."""
    text = "A value is required for property 'displayName' of resource 'Application'."
    refused(graph.post("/applications", {}), 400, "Request_BadRequest", text)


@fact(
    "identifier URIs",
    source="identifier-uri-restrictions documentation, Industrial-IoT PR#1432",
    grade="D",
)
def test_identifier_uris(graph: Graph) -> None:
    """An identifier URI has a scheme, holds the appId, the tenant id or a verified domain, and does not end
    in a slash.
    """
    app = graph.application()
    path = f"/applications/{app['id']}"
    assert graph.patch(path, {"identifierUris": [f"api://{app['appId']}"]}).status_code == 204
    assert graph.patch(path, {"identifierUris": [f"api://name/{app['appId']}"]}).status_code == 204
    code = "InvalidUniqueTenantIdentifierAsPerAppPolicy"
    refused(
        graph.patch(path, {"identifierUris": ["api://just-a-name"]}),
        400,
        code,
        "https://aka.ms/identifier-uri-addition-error",
    )
    refused(
        graph.patch(path, {"identifierUris": ["https://not-ours.example/x"]}),
        400,
        "HostNameNotOnVerifiedDomain",
    )
    for wrong in (f"api://{app['appId']}/", app["appId"]):
        refused(graph.patch(path, {"identifierUris": [wrong]}), 400, "Request_BadRequest")


@fact(
    "version 2 tokens exempt from the identifier URI policy",
    source="identifier-uri-restrictions documentation",
    grade="D",
)
def test_identifier_uri_exemption(graph: Graph) -> None:
    """An application that asks for version 2 tokens may use any name."""
    app = graph.application(api={"requestedAccessTokenVersion": 2})
    assert (
        graph.patch(f"/applications/{app['id']}", {"identifierUris": ["api://just-a-name"]}).status_code
        == 204
    )


@fact(
    "identifier URIs stay reserved by a soft-deleted application",
    source="msgraph-bicep-types#196, AZ-TESTS",
    grade="R",
)
def test_identifier_uri_conflict(graph: Graph) -> None:
    """A URI is free again only after the purge."""
    uri = "api://conformance-conflict"
    first = graph.application(api={"requestedAccessTokenVersion": 2}, identifierUris=[uri])
    second = graph.application(api={"requestedAccessTokenVersion": 2})
    path = f"/applications/{second['id']}"
    text = "Another object with the same value for property identifierUris already exists."
    error = refused(graph.patch(path, {"identifierUris": [uri]}), 400, "Request_BadRequest", text)
    assert error["details"][0]["code"] == "ObjectConflict"
    graph.delete(f"/applications/{first['id']}")
    refused(graph.patch(path, {"identifierUris": [uri]}), 400, "Request_BadRequest", text)
    graph.delete(f"/directory/deletedItems/{first['id']}")
    assert graph.patch(path, {"identifierUris": [uri]}).status_code == 204


@fact("addPassword and removePassword", source="AZ-SMR, AZ-CRED", grade="R")
def test_passwords(graph: Graph) -> None:
    """A secret is told once, newest first in reads, and gone after its removal."""
    app = graph.application()
    path = f"/applications/{app['id']}"
    first = graph.post(f"{path}/addPassword", {"passwordCredential": {"displayName": "key1"}})
    assert first.status_code == 200
    body = first.json()
    assert list(body) == [
        "@odata.context",
        "customKeyIdentifier",
        "displayName",
        "endDateTime",
        "hint",
        "keyId",
        "secretText",
        "startDateTime",
    ]
    assert body["secretText"].startswith(body["hint"])
    assert int(body["endDateTime"][:4]) == int(body["startDateTime"][:4]) + 2
    second = graph.post(
        f"{path}/addPassword", {"passwordCredential": {"endDateTime": "2100-12-31T11:59:59Z"}}
    ).json()
    assert second["endDateTime"] == "2100-12-31T11:59:59Z"
    listed = graph.get(path).json()["passwordCredentials"]
    assert [item["keyId"] for item in listed] == [second["keyId"], body["keyId"]]
    assert {item["secretText"] for item in listed} == {None}
    assert graph.post(f"{path}/removePassword", {"keyId": body["keyId"]}).status_code == 204
    assert [item["keyId"] for item in graph.get(path).json()["passwordCredentials"]] == [second["keyId"]]


@fact("soft delete takes the service principal along", source="AZ-APP", grade="R")
def test_delete(graph: Graph) -> None:
    """After a delete neither application nor service principal is found."""
    app = graph.application()
    principal = graph.principal(app)
    assert graph.delete(f"/applications/{app['id']}").status_code == 204
    refused(graph.get(f"/applications/{app['id']}"), 404, "Request_ResourceNotFound")
    refused(graph.get(f"/servicePrincipals/{principal['id']}"), 404, "Request_ResourceNotFound")
    assert graph.get(f"/applications?$filter=appId eq '{app['appId']}'").json()["value"] == []
    assert (
        graph.get(f"/directory/deletedItems/{principal['id']}").json()["@odata.type"]
        == "#microsoft.graph.servicePrincipal"
    )


@fact(
    "restore does not restore the service principal",
    source="directory-deleteditems-restore documentation",
    grade="D",
)
def test_restore(graph: Graph) -> None:
    """Application and service principal are restored one by one, with owners, roles and assignments."""
    app = graph.application(appRoles=[role("Reader", members=("User", "Application"))])
    principal = graph.principal(app)
    other = graph.principal(graph.application())
    given = {"principalId": other["id"], "resourceId": principal["id"], "appRoleId": app["appRoles"][0]["id"]}
    assert graph.post(f"/servicePrincipals/{principal['id']}/appRoleAssignedTo", given).status_code == 201
    graph.delete(f"/applications/{app['id']}")
    response = graph.post(f"/directory/deletedItems/{app['id']}/restore")
    assert response.status_code == 200
    assert response.json()["@odata.context"].endswith("#directoryObjects/$entity")
    assert response.json()["@odata.type"] == "#microsoft.graph.application"
    assert graph.get(f"/applications/{app['id']}").json()["deletedDateTime"] is None
    refused(graph.get(f"/servicePrincipals/{principal['id']}"), 404, "Request_ResourceNotFound")
    assert graph.post(f"/directory/deletedItems/{principal['id']}/restore").status_code == 200
    revived = graph.get(f"/servicePrincipals/{principal['id']}/appRoleAssignedTo").json()["value"]
    assert [item["principalId"] for item in revived] == [other["id"]]


@fact(
    "no restore of a service principal without its application",
    source="howto-restore-app documentation",
    grade="D",
)
@pytest.mark.parametrize("purged", [False, True])
def test_restore_alone(graph: Graph, *, purged: bool) -> None:
    """While the application is deleted, or gone for good, its service principal stays deleted; which error
    says so is a guess.
    """
    app = graph.application()
    principal = graph.principal(app)
    graph.delete(f"/applications/{app['id']}")
    if purged:
        graph.delete(f"/directory/deletedItems/{app['id']}")
    refused(graph.post(f"/directory/deletedItems/{principal['id']}/restore"), 400, "Request_BadRequest")
    refused(graph.get(f"/servicePrincipals/{principal['id']}"), 404, "Request_ResourceNotFound")
    assert graph.get(f"/directory/deletedItems/{principal['id']}").status_code == 200


@fact("deleted items need a cast", source="AZ-SMR, AZ-GRANT", grade="R")
def test_deleted_items(graph: Graph) -> None:
    """Deleted items are listed by type only, filtered like the type, and purged with 204."""
    app = graph.application()
    graph.delete(f"/applications/{app['id']}")
    assert graph.get("/directory/deletedItems").status_code == 400
    listed = graph.get(
        f"/directory/deletedItems/microsoft.graph.application?$filter=displayName eq '{app['displayName']}'"
    )
    assert [item["id"] for item in listed.json()["value"]] == [app["id"]]
    assert listed.json()["value"][0]["deletedDateTime"]
    assert graph.delete(f"/directory/deletedItems/{app['id']}").status_code == 204
    refused(graph.get(f"/directory/deletedItems/{app['id']}"), 404, "Request_ResourceNotFound")


@fact("owners@odata.bind at creation", source="TF application_resource.go", grade="C")
def test_bound_owners(graph: Graph) -> None:
    """Up to twenty owners come with the create; links may be this server's own."""
    users = [user["id"] for user in graph.get("/users?$top=2").json()["value"]]
    links = [f"{BASE}/directoryObjects/{user}" for user in users]
    app = graph.application(**{"owners@odata.bind": links, "@odata.type": "#microsoft.graph.application"})
    owners = [item["id"] for item in graph.get(f"/applications/{app['id']}/owners").json()["value"]]
    assert owners == users
    refused(
        graph.post("/applications", {"displayName": "x", "owners@odata.bind": links * 11}),
        400,
        "Request_BadRequest",
    )
