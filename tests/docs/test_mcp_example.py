"""The example of docs/mcp.md: applied to the emulator as it stands, its client signs in for the server."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from entra_config.graph.clouds import OpenId
from entra_config.manifest import loader
from entra_config.settings import tenant, values
from entra_emulator.embedded import Embedded
from entra_emulator.signing_in import IssuedToken, SigningIn
from tests.world import apply, plan, signed_in

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples/mcp"
URL = "https://contoso.com/mcp"


def test_the_example_applies_and_signs_in() -> None:
    """The next plan is empty; alice gets a token for the address with both scopes and her role; the metadata
    names that address.
    """
    manifest = loader.load(EXAMPLE)
    embedded = Embedded.create()

    async def story() -> dict[str, tenant.Registered]:
        outcome = await apply(embedded, await plan(embedded, manifest))
        assert not outcome.failed, outcome.failed
        assert (await plan(embedded, manifest)).empty
        async with await signed_in(embedded) as graph:
            return await tenant.applications(manifest, graph)

    found = asyncio.run(story())
    scopes = f"{URL}/user.read {URL}/user.write"
    entry = SigningIn.of(embedded.directory)
    token = entry.person("alice@contoso.com", found["assistant"].app_id, scopes)
    assert isinstance(token, IssuedToken), token
    assert token.claims["aud"] == found["server"].app_id
    assert {*token.claims["scp"].split()} == {"user.read", "user.write"}
    assert token.claims["roles"] == ["Writer"]
    authority = f"https://login.microsoftonline.com/{manifest.tenant_id}"
    open_id = {2: OpenId(authority, f"{authority}/v2.0", f"{authority}/discovery/v2.0/keys")}
    whole = tenant.tenant(
        manifest, found, open_id, authority="https://login.microsoftonline.com", unlisted=False
    )
    (api,) = (app for app in manifest.settings.apps if app.key == "server")
    document = json.loads(values.protected_resource(manifest, api, whole))
    assert document["resource"] == URL
    assert document["scopes_supported"] == scopes.split()
    assert "[the example](../examples/mcp/entra-config.yaml)" in (ROOT / "docs/mcp.md").read_text(
        encoding="utf-8"
    )
