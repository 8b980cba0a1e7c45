"""`doctor` of an environment whose load balancer checks tokens: it reads ten keys of an issuer."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import httpx
import pytest

from entra_config.cli.demo.story import session
from entra_emulator.clock import ManualClock
from entra_emulator.embedded import Embedded
from entra_emulator.login.keys import KeyRing
from entra_emulator.seed import CONTOSO
from tests.unit.cli.discovery import WithDiscovery
from tests.unit.cli.ran import Run

LOGIN = f"https://login.microsoftonline.com/{CONTOSO}"
KEYS = f"{LOGIN}/discovery/v2.0/keys"
MANIFEST = f"""\
project: shop
environments: {{ prod: {{ tenantId: {CONTOSO} }} }}
applications:
  api: {{ type: api, displayName: Shop API, identifierUris: ["api://${{appId}}"], scopes: {{ read: x }} }}
  page:
    type: spa
    displayName: Shop Page
    redirectUris: ["https://app.example.com/"]
    apiPermissions: {{ api: {{ delegated: [read] }} }}
settings:
  folder: out
  apis: {{ api: {{ url: "https://api.example.com", jwtValidation: true }} }}
  spas: {{ page: {{ url: "https://app.example.com", api: api, awsStack: aws.json }} }}
"""


class WithKeys(WithDiscovery):
    """The same sign-in half, with the keys of a ring of the emulator's."""

    def __init__(self, tenant: Embedded, ring: KeyRing) -> None:
        super().__init__(tenant, KEYS)
        self._ring = ring

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer the keys too."""
        if str(request.url) == KEYS:
            return httpx.Response(200, json=self._ring.jwks(LOGIN), request=request)
        return await super().handle_async_request(request)


def test_an_eleventh_key_is_told_where_a_load_balancer_checks_tokens(
    run: Run, tenant: Embedded, folder: Path
) -> None:
    """Ten are good; eleven are in the way, with what to do; without the check nobody counts."""
    root = folder / "manifests" / "entra-config.yaml"
    for path in (folder / "manifests").rglob("*.yaml"):
        path.unlink()
    root.write_text(MANIFEST, encoding="utf-8")
    ring = KeyRing.generate(ManualClock().now)
    for _ in range(8):
        ring.rotate()
    requested = dataclasses.replace(session(tenant), transport=WithKeys(tenant, ring))
    with run.signed_in(requested):
        ten = run("doctor", "-e", "prod")
        ring.rotate()
        eleven = run("doctor", "-e", "prod")
        root.write_text(MANIFEST.replace("jwtValidation: true", "jwtValidation: false"), encoding="utf-8")
        unasked = run("doctor", "-e", "prod")

    assert "Entra lists 10; a load balancer takes 10" in " ".join(ten.out.split())
    said = " ".join(eleven.out.split())
    assert (eleven.code, "✗ keys Entra lists 11, and a load balancer takes 10" in said) == (1, True), said
    assert "`jwtValidation: false`" in said
    assert (ten.code, unasked.code) == (0, 0)
    assert "load balancer" not in unasked.out


@pytest.mark.parametrize("response", ["no json", '{"keys": 1}'])
def test_keys_that_cannot_be_read_are_told(run: Run, tenant: Embedded, folder: Path, response: str) -> None:
    """As a sign-in that fails, with the address."""

    class Broken(WithDiscovery):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            if str(request.url) == KEYS:
                return httpx.Response(200, text=response, request=request)
            return await super().handle_async_request(request)

    for path in (folder / "manifests").rglob("*.yaml"):
        path.unlink()
    (folder / "manifests" / "entra-config.yaml").write_text(MANIFEST, encoding="utf-8")
    with run.signed_in(dataclasses.replace(session(tenant), transport=Broken(tenant, KEYS))):
        said = run("doctor", "-e", "prod")
    assert (said.code, "no keys" in said.out) == (1, True)
