"""Values that Graph's documentation rules out: each is refused, and the object stays as it was."""

import uuid
from typing import Any

import pytest

from tests.conformance.graph_client import Graph, refused

fact = pytest.mark.fact
ALICE = "alice@contoso.com"
LENGTHS = {
    "city": 128,
    "companyName": 64,
    "country": 128,
    "department": 64,
    "displayName": 256,
    "employeeId": 16,
    "givenName": 64,
    "jobTitle": 128,
    "mailNickname": 64,
    "mobilePhone": 64,
    "postalCode": 40,
    "state": 128,
    "streetAddress": 1024,
    "surname": 64,
}


def _person(**more: Any) -> dict[str, Any]:
    name = f"conf{uuid.uuid4().hex[:8]}"
    profile = {"password": "Conformance-1-Password"}
    body = {"accountEnabled": True, "displayName": name, "mailNickname": name, "passwordProfile": profile}
    return {**body, "userPrincipalName": f"{name}@contoso.com", **more}


@fact(
    "lengths of a user's texts",
    source="user documentation, msgraph-sdk-dotnet#1453",
    grade="R",
    verdict="uncertain",
)
@pytest.mark.parametrize("name", LENGTHS)
def test_lengths(graph: Graph, name: str) -> None:
    """The longest that is documented is taken, one more is not."""
    before = graph.get(f"/users/{ALICE}?$select={name}").json()[name]
    text = f"The {name} should be between 1 and {LENGTHS[name]} characters."
    refused(
        graph.patch(f"/users/{ALICE}", {name: "x" * (LENGTHS[name] + 1)}), 400, "Request_BadRequest", text
    )
    assert graph.get(f"/users/{ALICE}?$select={name}").json()[name] == before
    assert graph.patch(f"/users/{ALICE}", {name: "x" * LENGTHS[name]}).status_code == 204
    assert graph.patch(f"/users/{ALICE}", {name: ""}).status_code == 400
    assert graph.get(f"/users/{ALICE}?$select={name}").json()[name] == "x" * LENGTHS[name]
    if before is not None:
        graph.patch(f"/users/{ALICE}", {name: before})


@fact(
    "a user's principal name",
    source="user documentation, username policies; the words were not seen",
    grade="D",
    verdict="uncertain",
)
@pytest.mark.parametrize(
    "local",
    [
        "",
        "a b",
        "a@b",
        "ä",
        "a/b",
        "a(b)",
        'a"b',
        ".a",
        "a.",
        "a*b",
        "a+b",
        "x" * 65,
        "<script>",
        "a\u0000",
        "a\n",
    ],
)
def test_principal_names(graph: Graph, local: str) -> None:
    """Letters, digits and six marks, 64 at most, no dot at either end: neither made nor changed otherwise."""
    name = f"{local}@contoso.com"
    text = "Property userPrincipalName is invalid."
    refused(graph.post("/users", _person(userPrincipalName=name)), 400, "Request_BadRequest", text)
    refused(graph.patch(f"/users/{ALICE}", {"userPrincipalName": name}), 400, "Request_BadRequest", text)
    for other in (5, None, "contoso.com", "a@", f"a@{'x' * 45}.com", "a@other.example"):
        assert graph.patch(f"/users/{ALICE}", {"userPrincipalName": other}).status_code == 400
    assert graph.get(f"/users/{ALICE}").json()["userPrincipalName"] == ALICE


@fact(
    "a user's addresses and numbers",
    source="user documentation; the words were not seen",
    grade="D",
    verdict="uncertain",
)
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("mail", "nobody"),
        ("mail", "a b@contoso.com"),
        ("mail", "ä@contoso.com"),
        ("otherMails", ["nobody"]),
        ("otherMails", [""]),
        ("otherMails", ["x" * 250 + "@y.example"]),
        ("businessPhones", ["1", "2"]),
        ("mailNickname", "a b"),
        ("mailNickname", "a@b"),
        ("mailNickname", "ä"),
        ("identities", [{"signInType": "emailAddress", "issuer": "contoso.onmicrosoft.com"}]),
        ("identities", [{"issuerAssignedId": "x"}]),
        ("employeeHireDate", "x"),
        ("employeeHireDate", "2026-02-30T00:00:00Z"),
        ("employeeHireDate", "2026-02-03"),
        ("employeeHireDate", "2026-02-03T00:00:00"),
        ("id", "5b7a1f7e-31c4-4b0e-9d53-0d3c8d1f2a6b"),
    ],
)
def test_addresses(graph: Graph, name: str, value: Any) -> None:
    """Addresses have an @ and no accents, one business phone, whole identities, moments with a zone, an id
    of Graph's own.
    """
    refused(graph.post("/users", _person(**{name: value})), 400, "Request_BadRequest")
    refused(graph.patch(f"/users/{ALICE}", {"city": "changed", name: value}), 400, "Request_BadRequest")
    assert graph.get(f"/users/{ALICE}?$select=city").json()["city"] != "changed"


@fact("moments", source="OData: DateTimeOffset", grade="D")
@pytest.mark.parametrize(
    "moment", ["2026-02-03T00:00:00Z", "2026-02-03T00:00Z", "2026-02-03T01:00:00.1234567+01:00"]
)
def test_moments(graph: Graph, moment: str) -> None:
    """A day, a time and a zone, with or without fractions."""
    assert graph.patch(f"/users/{ALICE}", {"employeeHireDate": moment}).status_code == 204


@fact(
    "kinds of groups",
    source="group documentation, microsoft-graph-docs#372; not all words were seen",
    grade="R",
    verdict="uncertain",
)
@pytest.mark.parametrize(
    ("changed", "text"),
    [
        ({"groupTypes": ["Nonsense"]}, "Invalid value specified for property 'groupTypes'"),
        (
            {"groupTypes": ["Unified", "Unified"], "mailEnabled": True},
            "Invalid value specified for property 'groupTypes'",
        ),
        ({"groupTypes": ["Unified"]}, "Invalid value specified for property 'mailEnabled'"),
        ({"mailEnabled": True}, "The service does not currently support writes of mail-enabled groups."),
        (
            {"mailEnabled": True, "securityEnabled": False},
            "The service does not currently support writes of mail-enabled groups.",
        ),
        ({"groupTypes": ["DynamicMembership"]}, "A value is required for property 'membershipRule'"),
        ({"visibility": "HiddenMembership"}, "Invalid value specified for property 'visibility'"),
        ({"visibility": "Secret"}, "Invalid value specified for property 'visibility'"),
        ({"theme": "Black"}, "Invalid value specified for property 'theme'"),
        (
            {"membershipRuleProcessingState": "Maybe"},
            "Invalid value specified for property 'membershipRuleProcessingState'",
        ),
        ({"mailNickname": "ä"}, "Invalid value specified for property 'mailNickname'"),
    ],
)
def test_groups(graph: Graph, changed: dict[str, Any], text: str) -> None:
    """A group is of the kinds that there are, mail-enabled where it is of Microsoft 365 and nowhere else."""
    body = {"displayName": "conf wrong", "mailEnabled": False, "mailNickname": "x", "securityEnabled": True}
    refused(graph.post("/groups", {**body, **changed}), 400, "Request_BadRequest", text)
    path = f"/groups/{graph.group()['id']}"
    refused(graph.patch(path, {"description": "changed", **changed}), 400, "Request_BadRequest", text)
    assert graph.get(path).json()["description"] is None
    assert graph.get("/groups?$filter=displayName eq 'conf wrong'").json()["value"] == []


@fact(
    "what Graph makes of a secret",
    source="ansible-collections/azure#2250, microsoft-graph-docs#6179; not all words were seen",
    grade="R",
    verdict="uncertain",
)
@pytest.mark.parametrize("name", ["secretText", "keyId", "hint"])
def test_secrets(graph: Graph, name: str) -> None:
    """Text, hint and id of a secret are Graph's own: a client that brings them is refused, and gets no
    other secret instead.
    """
    value = str(uuid.uuid4())
    app = graph.application()
    paths = [f"/applications/{app['id']}", f"/servicePrincipals/{graph.principal(app)['id']}"]
    text = f"Property '{name}' is read-only and cannot be set."
    for path in paths:
        refused(
            graph.post(f"{path}/addPassword", {"passwordCredential": {name: value}}),
            400,
            "Request_BadRequest",
            text,
        )
        assert graph.get(path).json()["passwordCredentials"] == []
        kept = {"passwordCredential": {"customKeyIdentifier": "YWI=", name: None}}
        assert graph.post(f"{path}/addPassword", kept).json()["customKeyIdentifier"] == "YWI="
    if name == "secretText":
        text = "New password credentials must be generated using service actions."
    body = {"displayName": "conf secret", "passwordCredentials": [{name: value}]}
    refused(graph.post("/applications", body), 400, "Request_BadRequest", text)
    for wrong in ("x", ["x"], [{"nonsense": 1}], [{"displayName": 1}], {}, [{"endDateTime": "tomorrow"}]):
        refused(
            graph.post("/applications", {**body, "passwordCredentials": wrong}), 400, "Request_BadRequest"
        )
    assert graph.get("/applications?$filter=displayName eq 'conf secret'").json()["value"] == []


@fact(
    "an application's other values",
    source="application documentation; the words were not seen",
    grade="D",
    verdict="uncertain",
)
@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"info": {"logoUrl": "https://evil.example/logo"}}, "Property 'info.logoUrl' is read-only"),
        ({"parentalControlSettings": {"legalAgeGroupRule": "Nobody"}}, "'parentalControlSettings'"),
        ({"api": {"requestedAccessTokenVersion": 2**31}}, "Cannot convert a primitive value"),
        ({"api": {"requestedAccessTokenVersion": -(2**31) - 1}}, "Cannot convert a primitive value"),
    ],
)
def test_applications(graph: Graph, body: dict[str, Any], text: str) -> None:
    """A logo has no address but that of its picture, ages have documented rules, a number fits."""
    refused(graph.post("/applications", {"displayName": "x", **body}), 400, "Request_BadRequest", text)
    path = f"/applications/{graph.application()['id']}"
    refused(graph.patch(path, {"notes": "changed", **body}), 400, "Request_BadRequest", text)
    assert graph.get(path).json()["notes"] is None
    assert (
        graph.patch(path, {"info": {"logoUrl": None, "supportUrl": "https://contoso.com"}}).status_code == 204
    )
    assert (
        graph.patch(path, {"parentalControlSettings": {"legalAgeGroupRule": "BlockMinors"}}).status_code
        == 204
    )


@fact(
    "identifier URIs of other schemes",
    source="identifier-uri-restrictions, supported-accounts-validation documentation",
    grade="D",
    verdict="uncertain",
)
def test_identifier_uris(graph: Graph) -> None:
    """A URN is a URI like another: it holds an id or a domain of the tenant's; applications for personal
    accounts have none.

    What has no scheme is no URI, whatever id stands in it.
    """
    app = graph.application()
    path = f"/applications/{app['id']}"
    for uri in ("urn:conf:x", "javascript:alert(1)", "foo://bar/x", "spn:x"):
        refused(
            graph.patch(path, {"identifierUris": [uri]}), 400, "InvalidUniqueTenantIdentifierAsPerAppPolicy"
        )
    for uri in (f"urn:conf:{app['appId']}", "foo://contoso.com/x", f"api://{app['appId']}"):
        assert graph.patch(path, {"identifierUris": [uri]}).status_code == 204
    for uri in ("just-a-name", f"name/{app['appId']}", f"//contoso.com/{app['appId']}"):
        response = graph.patch(path, {"identifierUris": [uri]})
        refused(response, 400, "Request_BadRequest", "Invalid value specified for property 'identifierUris'")
    api = {"requestedAccessTokenVersion": 2}
    personal = graph.application(signInAudience="AzureADandPersonalMicrosoftAccount", api=api)
    start = f"api://{personal['appId']}"
    for uri in (
        f"urn:conf:{personal['appId']}",
        f"{start}?a=b",
        f"{start}#a",
        f"{start}/*",
        f"{start}/{'x' * 80}",
    ):
        response = graph.patch(f"/applications/{personal['id']}", {"identifierUris": [uri]})
        refused(response, 400, "Request_BadRequest", "Invalid value specified for property 'identifierUris'")
    many = [f"{start}/{number}" for number in range(51)]
    refused(
        graph.patch(f"/applications/{personal['id']}", {"identifierUris": many}), 400, "Request_BadRequest"
    )
    assert graph.patch(f"/applications/{personal['id']}", {"identifierUris": many[1:]}).status_code == 204


@fact(
    "how a service principal signs in",
    source="servicePrincipal documentation; the words were not seen",
    grade="D",
    verdict="uncertain",
)
def test_sign_on_modes(graph: Graph) -> None:
    """Four modes, or none."""
    path = f"/servicePrincipals/{graph.principal(graph.application())['id']}"
    refused(
        graph.patch(path, {"preferredSingleSignOnMode": "magic"}),
        400,
        "Request_BadRequest",
        "preferredSingleSignOnMode",
    )
    for mode in ("password", "saml", "notSupported", "oidc", None):
        assert graph.patch(path, {"preferredSingleSignOnMode": mode}).status_code == 204


@fact("a federated credential needs its parts", source="federatedIdentityCredential documentation", grade="D")
@pytest.mark.parametrize("name", ["issuer", "subject"])
@pytest.mark.parametrize("value", [None, ""])
def test_federated(graph: Graph, name: str, value: str | None) -> None:
    """Neither issuer nor subject can be taken away."""
    path = f"/applications/{graph.application()['id']}/federatedIdentityCredentials"
    body = {
        "name": "conf",
        "issuer": "https://issuer.example",
        "subject": "s",
        "audiences": ["api://AzureADTokenExchange"],
    }
    made = graph.post(path, body).json()
    text = f"A value is required for property '{name}' of resource 'FederatedIdentityCredential'."
    refused(graph.patch(f"{path}/{made['id']}", {name: value}), 400, "Request_BadRequest", text)
    assert graph.get(f"{path}/{made['id']}").json()[name] == body[name]


@fact(
    "an issuer that is no address",
    source="federatedIdentityCredential documentation; no answer was seen",
    grade="D",
    verdict="uncertain",
)
@pytest.mark.parametrize("issuer", ["nonsense", "http://issuer.example", "urn:issuer"])
def test_issuers(graph: Graph, issuer: str) -> None:
    """It is kept as it is: the sign-in that finds no keys there is what fails."""
    path = f"/applications/{graph.application()['id']}/federatedIdentityCredentials"
    body = {"name": "conf", "issuer": issuer, "subject": "s", "audiences": ["api://AzureADTokenExchange"]}
    made = graph.post(path, body)
    assert made.status_code == 201
    assert graph.get(f"{path}/{made.json()['id']}").json()["issuer"] == issuer


@fact(
    "a home page that is no address",
    source="webApplication documentation; only the empty one was seen to be refused",
    grade="D",
    verdict="uncertain",
)
def test_home_page(graph: Graph) -> None:
    """Any text but the empty one is kept."""
    path = f"/applications/{graph.application()['id']}"
    assert graph.patch(path, {"web": {"homePageUrl": "nonsense"}}).status_code == 204
    assert graph.get(path).json()["web"]["homePageUrl"] == "nonsense"
    text = "Invalid value specified for property 'web' of resource 'Application'."
    refused(graph.patch(path, {"web": {"homePageUrl": ""}}), 400, "Request_BadRequest", text)
    assert graph.get(path).json()["web"]["homePageUrl"] == "nonsense"


@fact(
    "an alternate key without quotes",
    source="OData; the answer was not seen",
    grade="D",
    verdict="uncertain",
)
def test_unquoted_keys(graph: Graph) -> None:
    """It means what it means with them."""
    app = graph.application()
    for key in (f"appId={app['appId']}", f"appId='{app['appId']}'"):
        assert graph.get(f"/applications({key})").json()["id"] == app["id"]
    assert graph.get(f"/applications(appId={uuid.uuid4()})").status_code == 404
