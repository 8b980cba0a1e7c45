"""The entry that one registration becomes."""

from __future__ import annotations

from typing import Any

from entra_config.importing import application
from entra_config.importing.tenant import Registration
from entra_config.manifest.model import ApplicationType

TENANT = "11111111-1111-1111-1111-111111111111"
APP: dict[str, Any] = {
    "appId": "a1",
    "displayName": "A",
    "signInAudience": "AzureADMyOrg",
    "identifierUris": [],
}


def entry(body: dict[str, Any], kind: ApplicationType = "application", **more: Any) -> dict[str, Any]:
    """Return what stands in the entry besides its type and name."""
    app = APP | body
    registration = Registration(app, more.pop("principal", {"id": "p1"}), **more)
    made = application.entry(registration, kind, application.labels(app), TENANT)
    assert (made.pop("type"), made.pop("displayName")) == (kind, app["displayName"])
    return made
