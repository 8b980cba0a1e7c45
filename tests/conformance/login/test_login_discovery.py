"""Discovery documents, keys, instance discovery, user realm, and what az asks of Resource Manager."""

import base64
import hashlib
from typing import Any

import pytest

from tests.conformance.login.login_world import ORIGIN, World

fact = pytest.mark.fact

V2_FIELDS = (
    "token_endpoint token_endpoint_auth_methods_supported jwks_uri response_modes_supported "
    "subject_types_supported "
    "id_token_signing_alg_values_supported response_types_supported scopes_supported issuer "
    "request_uri_parameter_supported userinfo_endpoint authorization_endpoint device_authorization_endpoint "
    "http_logout_supported frontchannel_logout_supported end_session_endpoint claims_supported "
    "kerberos_endpoint "
    "tenant_region_scope cloud_instance_name cloud_graph_host_name msgraph_host rbac_url"
)


def document(world: World, tenant: str, version: str = "/v2.0") -> dict[str, Any]:
    """Read a discovery document."""
    response = world.browser.get(f"/{tenant}{version}/.well-known/openid-configuration")
    assert response.status_code == 200
    return dict(response.json())


@fact("v2 discovery, field order", source="AZWI682", grade="R")
def test_v2_document_has_the_members_of_a_real_one(world: World) -> None:
    """The v2 document has the real one's members in its order, PKCE and grant types not among them."""
    assert list(document(world, world.tenant.tenant_id)) == V2_FIELDS.split()


@fact("a domain name is accepted", source="PNP", grade="R")
def test_a_domain_name_leads_to_the_tenant_id(world: World) -> None:
    """A domain as tenant segment is accepted, and the answer holds the id."""
    found = document(world, "contoso.com")
    assert found["issuer"] == f"{ORIGIN}/{world.tenant.tenant_id}/v2.0"
    assert found["token_endpoint"] == f"{ORIGIN}/{world.tenant.tenant_id}/oauth2/v2.0/token"


@fact("common and organizations", source="ED:access-tokens, EMU-DISC", grade="R")
@pytest.mark.parametrize("alias", ["common", "organizations"])
def test_the_issuer_of_an_alias_is_a_template(world: World, alias: str) -> None:
    """The issuer of an alias keeps its braces, and the endpoints keep the alias."""
    found = document(world, alias)
    assert found["issuer"] == f"{ORIGIN}/{{tenantid}}/v2.0"
    assert found["authorization_endpoint"] == f"{ORIGIN}/{alias}/oauth2/v2.0/authorize"
    assert found["tenant_region_scope"] is None


@fact("headers", source="JSNOCK", grade="R")
def test_pages_of_any_origin_may_read_discovery(world: World) -> None:
    """Discovery and keys are cached for a day and readable by any page."""
    for path in ("v2.0/.well-known/openid-configuration", "discovery/v2.0/keys", "discovery/keys"):
        headers = world.browser.get(f"/{world.tenant.tenant_id}/{path}").headers
        assert headers["access-control-allow-origin"] == "*"
        assert headers["cache-control"] == "max-age=86400, private"


@fact("unknown tenant", source="JSNOCK", grade="R")
@pytest.mark.parametrize(
    ("tenant", "error", "code"),
    [
        ("99999999-9999-9999-9999-999999999999", "invalid_tenant", 90002),
        ("nobody.example", "invalid_tenant", 90002),
        ("nonsense", "invalid_request", 900023),
    ],
)
def test_unknown_tenants(world: World, tenant: str, error: str, code: int) -> None:
    """An unknown tenant is `invalid_tenant` at discovery, a malformed one `invalid_request`."""
    response = world.browser.get(f"/{tenant}/v2.0/.well-known/openid-configuration")
    assert (response.status_code, response.json()["error"], response.json()["error_codes"]) == (
        400,
        error,
        [code],
    )
    for path in ("discovery/keys", ".well-known/openid-configuration"):
        assert world.browser.get(f"/{tenant}/{path}").json()["error_codes"] == [code]


@fact("v1 discovery", source="PNP", grade="R")
def test_v1_document(world: World) -> None:
    """The v1 document's issuer ends in a slash, its claims lack tid and ver."""
    found = document(world, world.tenant.tenant_id, "")
    assert found["issuer"] == f"{ORIGIN}/{world.tenant.tenant_id}/"
    assert found["microsoft_multi_refresh_token"] is True
    assert found["scopes_supported"] == ["openid"]
    assert not {"tid", "ver", "preferred_username", "name"} & set(found["claims_supported"])


@fact("JWKS", source="ED:access-tokens", grade="D")
def test_keys(world: World) -> None:
    """There is more than one key; each has kid = x5t = the certificate's SHA-1, and no alg."""
    keys = world.browser.get(f"/{world.tenant.tenant_id}/discovery/v2.0/keys").json()["keys"]
    assert len(keys) > 1
    for key in keys:
        assert list(key) == ["kty", "use", "kid", "x5t", "n", "e", "x5c", "cloud_instance_name", "issuer"]
        digest = hashlib.sha1(base64.b64decode(key["x5c"][0])).digest()
        assert key["kid"] == key["x5t"] == base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        assert key["issuer"] == f"{ORIGIN}/{{tenantid}}/v2.0"


@fact("a key is published before it signs", source="ED:signing-key-rollover", grade="D")
def test_rotation(world: World) -> None:
    """The next signing key is in the set before the rotation, the last one still after it."""
    path = f"/{world.tenant.tenant_id}/discovery/v2.0/keys"
    before = {key["kid"] for key in world.browser.get(path).json()["keys"]}
    old = world.service.keys.current.kid
    old_token = world.app_only("daemon", "api://api/.default").body["access_token"]
    new = world.service.keys.rotate().kid
    after = {key["kid"] for key in world.browser.get(path).json()["keys"]}
    assert new in before
    assert {old, new} < after
    assert world.service.keys.verify(old_token)["azp"] == world.app_ids["daemon"]


@fact("instance discovery", source="JSNOCK, MSALNET", grade="R")
@pytest.mark.parametrize(
    ("endpoint", "version", "found"),
    [
        (f"{ORIGIN}/common/oauth2/v2.0/authorize", "1.1", "common"),
        (f"{ORIGIN}/contoso.com/oauth2/v2.0/authorize", "1.1", "contoso.com"),
        ("https://localhost/organizations/x", "1.1", "organizations"),
        (ORIGIN, "1.1", "common"),
        (f"{ORIGIN}/", "1.1", "common"),
        ("https://sts.windows.net/common", "1.1", "common"),
        ("https://login.microsoftonline.us/x", "1.1", "x"),
        ("https://elsewhere.example/common/oauth2/v2.0/authorize", "1.1", 50049),
        ("https://[", "1.1", 50049),
        (None, "1.1", 50049),
        (ORIGIN, "", "common"),
        (ORIGIN, None, 90014),
        ("https://elsewhere.example", None, 50049),
    ],
)
def test_instance_discovery(
    world: World, endpoint: str | None, version: str | None, found: str | int
) -> None:
    """Known hosts get the clouds, the emulator's own first, and the tenant's document; others get 50049, a
    missing version 90014.
    """
    given = {"authorization_endpoint": endpoint, "api-version": version}
    sent = {name: value for name, value in given.items() if value is not None}
    response = world.browser.get("/common/discovery/instance", params=sent)
    body = response.json()
    if isinstance(found, int):
        assert (response.status_code, body["error_codes"]) == (400, [found])
        return
    assert body["tenant_discovery_endpoint"] == f"{ORIGIN}/{found}/v2.0/.well-known/openid-configuration"
    assert body["api-version"] == version
    own, microsoft, *others = body["metadata"]
    name = "localhost:8443"
    assert own == {"preferred_network": name, "preferred_cache": name, "aliases": [name]}
    assert microsoft == {
        "preferred_network": "login.microsoftonline.com",
        "preferred_cache": "login.windows.net",
        "aliases": [
            "login.microsoftonline.com",
            "login.windows.net",
            "login.microsoft.com",
            "sts.windows.net",
        ],
    }
    assert len(others) == 4


@fact("user realm is decided by domain", source="MSALNET, MSALPY", grade="C")
@pytest.mark.parametrize(
    ("user", "kind"), [("nobody@contoso.com", "Managed"), ("bob@elsewhere.example", "Unknown")]
)
def test_user_realm(world: World, user: str, kind: str) -> None:
    """The domain decides the account type, not whether the user exists."""
    response = world.browser.get(f"/common/userrealm/{user}?api-version=1.0").json()
    assert response["account_type"] == kind
    assert response["cloud_audience_urn"] == "urn:federation:MicrosoftOnline"
    assert response["domain_name"] == user.split("@")[1]


@fact("what az asks of Resource Manager", source="clients", grade="R")
def test_resource_manager(world: World) -> None:
    """Subscriptions are an empty list and tenants those of the directory, for who has a token; metadata is
    a dict.
    """
    token = world.app_only("daemon", "https://localhost:8443/.default").body["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert world.browser.get("/subscriptions?api-version=2022-12-01", headers=headers).json() == {"value": []}
    tenants = world.browser.get("/tenants?api-version=2022-12-01", headers=headers).json()["value"]
    assert [row["tenantId"] for row in tenants] == list(world.directory.tenants)
    assert world.browser.get("/subscriptions?api-version=2022-12-01").status_code == 401
    metadata = world.browser.get("/metadata/endpoints?api-version=2022-09-01").json()
    assert (
        metadata["authentication"]["loginEndpoint"]
        == metadata["microsoftGraphResourceId"]
        == "https://localhost:8443"
    )
