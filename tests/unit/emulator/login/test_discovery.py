"""What clients read before they sign in: the documents, whole, the keys, and which hosts are one cloud."""

from __future__ import annotations

from typing import Any

import pytest

from entra_emulator import seed
from entra_emulator.login import discovery
from tests.conformance.login.login_world import ORIGIN, World

T = seed.CONTOSO
AUTHORITY = "authorization_endpoint"


@pytest.mark.parametrize(
    ("tenant", "template", "region"),
    [(T, T, "EU"), ("common", "{tenantid}", None), ("consumers", "{tenantid}", None)],
)
def test_the_documents(tenant: str, template: str, region: str | None) -> None:
    """Where all of it is; of no tenant in particular, the issuer is a template."""
    two = discovery.document_v2("https://o:1", "https://i", tenant)
    one = discovery.document_v1("https://o:1", "https://i", tenant)
    shared = {
        "token_endpoint_auth_methods_supported": [
            "client_secret_post",
            "private_key_jwt",
            "client_secret_basic",
        ],
        "response_modes_supported": ["query", "fragment", "form_post"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "http_logout_supported": True,
        "frontchannel_logout_supported": True,
        "tenant_region_scope": region,
        "cloud_instance_name": "microsoftonline.com",
        "cloud_graph_host_name": "graph.windows.net",
        "msgraph_host": "o:1",
        "rbac_url": "https://pas.windows.net",
        "kerberos_endpoint": f"https://o:1/{tenant}/kerberos",
    }
    assert {name: two[name] for name in shared} == {name: one[name] for name in shared} == shared
    assert (two["issuer"], one["issuer"]) == (f"https://i/{template}/v2.0", f"https://i/{template}/")
    assert two["request_uri_parameter_supported"] is False
    assert one["microsoft_multi_refresh_token"] is True
    assert two["token_endpoint"] == f"https://o:1/{tenant}/oauth2/v2.0/token"
    assert one["token_endpoint"] == f"https://o:1/{tenant}/oauth2/token"
    assert {"sub", "email", "ver"} <= set(two["claims_supported"])
    assert {"sub", "amr", "nickname"} <= set(one["claims_supported"])


@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        ({AUTHORITY: f"{ORIGIN}/{T}/oauth2/v2.0/authorize"}, T),
        ({AUTHORITY: "https://localhost/organizations/x"}, "organizations"),
        ({AUTHORITY: ORIGIN}, "common"),
        ({AUTHORITY: f"{ORIGIN}/"}, "common"),
        ({AUTHORITY: "https://sts.windows.net/common"}, "common"),
        ({AUTHORITY: "https://login.microsoftonline.us/x"}, "x"),
        ({AUTHORITY: "https://evil.example/common"}, 50049),
        ({AUTHORITY: "https://["}, 50049),
        ({}, 50049),
        ({AUTHORITY: ORIGIN, "api-version": ""}, "common"),
        ({AUTHORITY: ORIGIN, "api-version": None}, 90014),
        ({AUTHORITY: "https://evil.example", "api-version": None}, 50049),
    ],
)
def test_which_hosts_are_one_cloud(parameters: dict[str, Any], found: str | int) -> None:
    """The emulator's own first, by its name with or without port; others are unknown."""
    given = {"api-version": "1.1", **parameters}
    sent = {name: value for name, value in given.items() if value is not None}
    body = World().browser.get("/common/discovery/instance", params=sent).json()
    if isinstance(found, int):
        assert body["error_codes"] == [found]
        return
    assert body["tenant_discovery_endpoint"] == f"{ORIGIN}/{found}/v2.0/.well-known/openid-configuration"
    assert body["api-version"] == sent["api-version"]
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
