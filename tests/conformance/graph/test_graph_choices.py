"""What a tenant's administrators chose, and what Graph refuses because of it."""

from collections.abc import Callable

import pytest

from tests.conformance.graph.steering import choose
from tests.conformance.graph_client import Graph, refused, scope

fact = pytest.mark.fact
Make = Callable[..., Graph]


@fact("control endpoint: choices of tenants", source="this project", grade="C")
def test_control(emulated: Graph) -> None:
    """Choices are read and set by tenant; what is unknown changes nothing; a page of another origin sets
    none.
    """
    before = emulated.send("GET", "/_emulator/choices").json()
    assert (
        emulated.send("PATCH", "/_emulator/choices", {"fabrikam.com": {"usersMayConsent": False}}).status_code
        == 200
    )
    after = emulated.send("GET", "/_emulator/choices").json()
    changed = [tenant for tenant in before if before[tenant] != after[tenant]]
    assert [after[tenant]["usersMayConsent"] for tenant in changed] == [False]
    for body in ({"*": {"nonsense": 1}}, {"nobody": {}}, {"*": 1}, {"*": {"usersMayConsent": 1}}):
        assert emulated.send("PATCH", "/_emulator/choices", body).status_code == 400
    headers = {"Origin": "https://evil.example"}
    assert (
        emulated.send("PATCH", "/_emulator/choices", {"*": {"usersMayConsent": True}}, headers).status_code
        == 403
    )
    assert emulated.send("GET", "/_emulator/choices").json() == after


@fact(
    "the default identifier URI policy can be off",
    source="identifier-uri-restrictions documentation",
    grade="D",
)
def test_identifier_uri_policy(emulated: Graph) -> None:
    """Where a tenant switched the policy off, a bare name is an identifier URI again."""
    path = f"/applications/{emulated.application()['id']}"
    body = {"identifierUris": ["api://just-a-name"]}
    refused(emulated.patch(path, body), 400, "InvalidUniqueTenantIdentifierAsPerAppPolicy")
    choose(emulated, identifierUriPolicy="off")
    assert emulated.patch(path, body).status_code == 204


@fact(
    "domains that are not verified",
    source="Industrial-IoT PR#1432, domain resource documentation",
    grade="D",
)
def test_unverified_domain(emulated: Graph) -> None:
    """A domain that is there but not verified says so, and serves neither identifier URIs nor user names."""
    choose(emulated, unverifiedDomains=["shop.example"])
    domains = {domain["id"]: domain["isVerified"] for domain in emulated.get("/domains").json()["value"]}
    assert (domains["shop.example"], domains["contoso.com"]) == (False, True)
    assert emulated.get("/domains/shop.example").json()["isVerified"] is False
    verified = emulated.get("/organization").json()["value"][0]["verifiedDomains"]
    assert "shop.example" not in {domain["name"] for domain in verified}
    app = emulated.application()
    body = {"identifierUris": ["https://api.shop.example/x"]}
    refused(emulated.patch(f"/applications/{app['id']}", body), 400, "HostNameNotOnVerifiedDomain")
    choose(emulated, unverifiedDomains=[], verifiedDomains=["shop.example", "contoso.com"])
    assert emulated.patch(f"/applications/{app['id']}", body).status_code == 204


@fact(
    "who may register applications", source="authorizationPolicy documentation, azure-docs#24466", grade="D"
)
def test_who_may_register(emulated: Graph, as_user: Make, as_app: Make) -> None:
    """Where users may not register applications, administrators and applications with the permission still
    do.
    """
    bob = as_user("bob@contoso.com", "Application.ReadWrite.All")
    mine = bob.application()
    choose(emulated, usersMayRegister=False)
    refused(bob.post("/applications", {"displayName": "x"}), 403, "Authorization_RequestDenied")
    key = "/applications(uniqueName='bobs')"
    refused(
        bob.patch(key, {"displayName": "x"}, Prefer="create-if-missing"), 403, "Authorization_RequestDenied"
    )
    assert (
        bob.patch(f"/applications/{mine['id']}", {"api": {"oauth2PermissionScopes": [scope()]}}).status_code
        == 204
    )
    assert as_user("alice@contoso.com", "Application.ReadWrite.All").application()
    assert as_app("Application.ReadWrite.All").application()
