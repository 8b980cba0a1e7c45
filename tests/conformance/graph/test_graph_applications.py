"""Applications: their shape and defaults, what a PATCH merges and clears."""

import re
from typing import Any

import pytest

from tests.conformance.graph.steering import faults
from tests.conformance.graph_client import Graph, refused, role

fact = pytest.mark.fact
ORDER = [
    "id",
    "deletedDateTime",
    "appId",
    "applicationTemplateId",
    "disabledByMicrosoftStatus",
    "createdByAppId",
    "createdDateTime",
    "displayName",
    "description",
    "groupMembershipClaims",
    "identifierUris",
    "isDeviceOnlyAuthSupported",
    "isDisabled",
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
    *("id", "appId", "createdByAppId", "createdDateTime", "displayName", "publisherDomain", "signInAudience"),
    *("api", "info", "parentalControlSettings", "publicClient", "spa", "verifiedPublisher", "web"),
}


@fact(
    "shape, order and defaults of a new application",
    source="AZ-SMR, recorded answers",
    grade="R",
    seen="2026-06",
)
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


@fact("web.redirectUriSettings has one entry for each redirect URI", source="AZ-IDEMP, AZ-APP", grade="R")
def test_redirect_uri_settings(graph: Graph) -> None:
    """In the order of the URIs, in the answer of the create too; an index that was set is kept."""
    uris = ["https://a.example.org/", "https://b.example.org/"]
    app = graph.application(web={"redirectUris": uris})
    assert app["web"]["redirectUriSettings"] == [{"uri": uri, "index": None} for uri in uris]
    path = f"/applications/{app['id']}"
    web = graph.get(path).json()["web"]
    assert [each["uri"] for each in web["redirectUriSettings"]] == web["redirectUris"] == uris[::-1]
    graph.patch(path, {"web": {"redirectUriSettings": [{"uri": uris[0], "index": 1}]}})
    web = graph.get(f"{path}?$select=web").json()["web"]
    assert {each["uri"]: each["index"] for each in web["redirectUriSettings"]} == {uris[0]: 1, uris[1]: None}


@fact(
    "a complex property that is set is written among the objects, one that is null among the plain ones",
    source="AZ-IDEMP, AZ-APP",
    grade="R",
)
def test_places(graph: Graph) -> None:
    """Optional claims and the lock of an application move when they are set."""
    app = graph.application()
    path = f"/applications/{app['id']}"
    names = list(graph.get(path).json())
    assert names[names.index("certification") + 1 :][:2] == [
        "optionalClaims",
        "servicePrincipalLockConfiguration",
    ]
    sent = {"optionalClaims": {}, "servicePrincipalLockConfiguration": {"isEnabled": True}}
    assert graph.patch(path, sent).status_code == 204
    names = list(graph.get(path).json())
    assert names[names.index("optionalClaims") - 1] == "keyCredentials"
    assert names[names.index("web") :] == ["web", "servicePrincipalLockConfiguration", "spa"]


@fact(
    "the app instance property lock has six fields, in an order of its own",
    source="recorded answers; the schema has five",
    grade="R",
    seen="2026-09",
)
def test_lock_fields(graph: Graph) -> None:
    """`identifierUris` is one of them; what is not sent is null."""
    app = graph.application(servicePrincipalLockConfiguration={"isEnabled": True, "identifierUris": True})
    lock = app["servicePrincipalLockConfiguration"]
    assert list(lock.items()) == [
        ("isEnabled", True),
        ("allProperties", None),
        ("credentialsWithUsageVerify", None),
        ("credentialsWithUsageSign", None),
        ("identifierUris", True),
        ("tokenEncryptionKeyId", None),
    ]


@fact(
    "requested permissions: `resourceAppId` comes before `resourceAccess`",
    source="AZ-APP, AZ-IDEMP",
    grade="R",
)
def test_order_of_requested_permissions(graph: Graph) -> None:
    """Whatever the order in which they are sent."""
    sent = {"resourceAccess": [{"type": "Scope", "id": role()["id"]}], "resourceAppId": role()["id"]}
    (read,) = graph.application(requiredResourceAccess=[sent])["requiredResourceAccess"]
    assert list(read) == ["resourceAppId", "resourceAccess"]


@fact("creation times", source="AZ-APP", grade="R")
def test_created(graph: Graph) -> None:
    """Reads show the creation time in whole seconds."""
    app = graph.application()
    created = graph.get(f"/applications/{app['id']}").json()["createdDateTime"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", created)
    assert app["createdDateTime"].startswith(created[:-1])


@fact("personal audience comes with version 2 tokens", source="AZ-APP", grade="R")
@pytest.mark.parametrize(
    ("sent", "version"),
    [
        ({"signInAudience": "AzureADandPersonalMicrosoftAccount"}, 2),
        ({"signInAudience": "PersonalMicrosoftAccount", "api": {}}, 2),
        ({"signInAudience": None}, None),
        ({"signInAudience": "AzureADMultipleOrgs"}, None),
        ({"api": {"requestedAccessTokenVersion": 1}}, 1),
    ],
)
def test_personal_audience(graph: Graph, sent: dict[str, Any], version: int | None) -> None:
    """An application for personal accounts asks for version 2 tokens by default, and for no other; the
    default audience is the tenant.
    """
    app = graph.application(**sent)
    assert app["api"]["requestedAccessTokenVersion"] == version
    assert app["signInAudience"] == (sent.get("signInAudience") or "AzureADMyOrg")
    if "Personal" in app["signInAudience"]:
        api = {"api": {"requestedAccessTokenVersion": 1}}
        text = "Property api.requestedAccessTokenVersion is invalid"
        refused(graph.patch(f"/applications/{app['id']}", api), 400, "Request_BadRequest", text)


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


@fact(
    "the order of three or more values in later reads",
    source="recorded answers, two values reversed in each and four once; more were not seen",
    grade="R",
    verdict="uncertain",
)
def test_order_of_three(emulated: Graph) -> None:
    """They come reversed; by a switch each object has an order of its own, which stays."""
    uris = [f"https://{name}.example/" for name in ("one", "two", "three", "four", "five")]
    apps = [emulated.application(web={"redirectUris": uris})["id"] for _ in range(4)]

    def read() -> list[list[str]]:
        found = (emulated.get(f"/applications/{app}").json() for app in apps)
        return [app["web"]["redirectUris"] for app in found]

    assert read() == [uris[::-1]] * 4
    faults(emulated, reorders_lists=True)
    shown = read()
    assert all(sorted(each) == sorted(uris) for each in shown)
    assert len({tuple(each) for each in shown}) > 1
    assert read() == shown


@fact("read by appId in the id segment is 404", source="AZ-APP", grade="R")
def test_app_id_as_id(graph: Graph) -> None:
    """An appId is not an object id."""
    app = graph.application()
    refused(graph.get(f"/applications/{app['appId']}"), 404, "Request_ResourceNotFound")


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
