"""Import: a registration of an MCP server becomes `mcp`, and the first plan only adds ownership tags."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
import yaml

from entra_config.importing.tenant import WantedRegistrations
from tests.unit.importing.importer import Ground, assert_marks_only
from tests.unit.importing.registrations import scope

URL = "https://contoso.com/mcp"
VS_CODE = "aebc6443-996d-45c2-90f0-388ff96faa56"


@pytest.mark.parametrize(
    ("uris", "kind", "mcp", "left"),
    [
        ([URL], "User", {"url": URL}, None),
        ([URL], "Admin", {"url": URL, "scopes": ["mcp.read"]}, None),
        (["https://contoso.com/x", URL], "User", {"url": URL}, ["https://contoso.com/x"]),
        (["https://contoso.com/mcp/v1"], "User", None, ["https://contoso.com/mcp/v1"]),
    ],
)
def test_a_server_is_recognized(
    tmp_path: Path, uris: list[str], kind: str, mcp: dict[str, Any] | None, left: list[str] | None
) -> None:
    """By the end of its address; what clients may do without consent stays as it is."""
    ground = Ground(tmp_path)
    texts = {"userConsentDisplayName": "Read", "userConsentDescription": "Reads."} if kind == "User" else {}
    offered = scope("mcp.read", type=kind, **texts)
    api = {"oauth2PermissionScopes": [offered], "requestedAccessTokenVersion": 2}

    async def story() -> None:
        app = await ground.register({"displayName": "Server", "identifierUris": uris, "api": api})
        entry = {"appId": VS_CODE, "delegatedPermissionIds": [offered["id"]]}
        body = {"api": {"preAuthorizedApplications": [entry]}}
        await ground.send("PATCH", f"/applications/{app['id']}", body)
        assert_marks_only(await ground.imported(WantedRegistrations(app_ids=(app["appId"],))))
        assert (await ground.applied()).empty

    asyncio.run(story())
    (file,) = tmp_path.rglob("server.yaml")
    written = yaml.safe_load(file.read_text(encoding="utf-8"))["applications"]["server"]
    assert (written.get("mcp"), written.get("identifierUris")) == (mcp, left)
    assert written["authorizedClients"] == {VS_CODE: ["mcp.read"]} or VS_CODE not in str(written)
