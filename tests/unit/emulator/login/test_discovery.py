"""What clients read before they sign in: the documents, whole."""

from __future__ import annotations

import pytest

from entra_emulator import seed
from entra_emulator.login import discovery

T = seed.CONTOSO


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
