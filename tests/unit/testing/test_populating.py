"""What a manifest names is made in the emulator."""

from __future__ import annotations

from pathlib import Path

import pytest

from entra_config.testing import populating
from entra_emulator import seed

MANIFEST = """
project: shop
environments: {{ dev: {{ tenantId: {tenant} }} }}
applications:
  api: {{ type: api, displayName: Api, identifierUris: [{uris}] }}
"""


@pytest.mark.parametrize(
    ("uris", "domains"),
    [
        ("'https://api.shop.example/x'", ("t33333333.onmicrosoft.com", "api.shop.example")),
        ("'https://t33333333.onmicrosoft.com/x', 'api://x.example/${appId}'", ("t33333333.onmicrosoft.com",)),
    ],
)
def test_a_manifests_tenant_has_the_domains_of_its_uris(
    tmp_path: Path, uris: str, domains: tuple[str, ...]
) -> None:
    """`--for` verifies the domains that web addresses among the identifier URIs need, and no more."""
    tenant_id = "33333333-3333-4333-8333-333333333333"
    (tmp_path / "entra-config.yaml").write_text(MANIFEST.format(tenant=tenant_id, uris=uris))
    directory = seed.contoso()
    populating.prepare([tmp_path])(directory)
    assert set(directory.tenants[tenant_id].domains) == set(domains)
