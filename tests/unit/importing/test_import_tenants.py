"""Import: which tenants may use an application of several is asked of beta and written."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
import yaml

from entra_config.importing.tenant import WantedRegistrations
from tests.unit.importing.importer import Ground, assert_marks_only

HOME, ONE = "11111111-1111-1111-1111-111111111111", "818ce016-78c2-457c-91d7-c02c2faaa5fe"
NAME = "signInAudienceRestrictions"


@pytest.mark.parametrize(
    ("ids", "written"),
    [
        ([ONE.upper(), HOME], {"allowedTenants": [ONE]}),
        ([HOME], {"allowedTenants": ["${tenantId}"]}),
        ([], None),
    ],
)
def test_the_list_is_written_without_the_home_tenant(
    tmp_path: Path, ids: list[str], written: dict[str, Any] | None
) -> None:
    """Unless that is all it has; what restricts nothing is left out, and the first plan only adds tags."""
    ground = Ground(tmp_path)

    async def story() -> None:
        app = await ground.register({"displayName": "Several", "signInAudience": "AzureADMultipleOrgs"})
        if ids:
            body = {NAME: {"@odata.type": "#microsoft.graph.allowedTenantsAudience", "allowedTenantIds": ids}}
            await ground.send("PATCH", f"https://graph.microsoft.com/beta/applications/{app['id']}", body)
        assert_marks_only(await ground.imported(WantedRegistrations(app_ids=(app["appId"],))))
        assert (await ground.applied()).empty

    asyncio.run(story())
    (file,) = tmp_path.rglob("several.yaml")
    found = yaml.safe_load(file.read_text(encoding="utf-8"))["applications"]["several"]
    assert found.get(NAME) == written
