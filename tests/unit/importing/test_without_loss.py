"""Import carries every property that Graph lets a client write, and lists what a manifest cannot have."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
import yaml

from entra_config.importing import differences
from entra_config.plan.model import Plan
from tests.unit.importing.importer import EVERYTHING, Ground, assert_marks_only
from tests.unit.importing.legacy_registrations import overwrite

SET: dict[str, Any] = {
    "servicePrincipalLockConfiguration": {
        "isEnabled": True,
        "allProperties": False,
        "credentialsWithUsageSign": True,
        "tokenEncryptionKeyId": False,
    },
    "requestSignatureVerification": {"isSignedRequestRequired": True, "allowedWeakAlgorithms": "rsaSha1"},
    "addIns": [
        {
            "id": "11111111-2222-4333-8444-555555555555",
            "type": "FileHandler",
            "properties": [{"key": "k", "value": "v ${x}"}],
        }
    ],
    "parentalControlSettings": {
        "countriesBlockedForMinors": ["DE", "FR"],
        "legalAgeGroupRule": "RequireConsentForMinors",
    },
    "isDeviceOnlyAuthSupported": True,
    "nativeAuthenticationApisEnabled": "all",
    # Graph returns it only where it is selected.
    "authenticationBehaviors": {"removeUnverifiedEmailClaim": False, "requireClientServicePrincipal": True},
}


@pytest.mark.parametrize("name", SET)
def test_each_property_is_carried(ground: Ground, name: str) -> None:
    """It is below `properties`, and the plan after an apply is empty."""

    async def story() -> tuple[Plan, Plan]:
        await ground.register({"displayName": "Set", name: SET[name]})
        return await ground.imported(EVERYTHING), await ground.applied()

    first, second = asyncio.run(story())

    assert_marks_only(first)
    assert second.empty
    entry = yaml.safe_load(ground.text("applications/set.yaml"))["applications"]["set"]
    escaped = json.loads(json.dumps(SET[name]).replace("${", "$${"))
    assert entry["properties"] == {name: escaped}
    assert ground.written is not None
    assert "set" not in ground.written.not_carried


def test_what_is_not_carried_is_named_in_the_file(ground: Ground) -> None:
    """By name and reason; a value is the tenant's text, and is in no comment."""

    async def story() -> Plan:
        app = await ground.register({"displayName": "Old"})
        await ground.post(
            f"/applications/{app['id']}/addPassword", {"passwordCredential": {"displayName": "hush"}}
        )
        other = {"extension_0a_costCenter": "hush", "odd\nname": "hush", "applicationTemplateId": "hush"}
        overwrite(ground, "applications", app, tokenEncryptionKeyId=app["id"], **other)
        return await ground.imported(EVERYTHING)

    assert_marks_only(asyncio.run(story()))
    text = ground.text("applications/old.yaml")
    comments = [line for line in text.splitlines() if line.startswith("#")]
    assert comments == [
        "# Not carried: applicationTemplateId: set by the gallery.",
        f"# Not carried: extension_0a_costCenter: {differences.UNPUBLISHED}.",
        f"# Not carried: a property: {differences.UNPUBLISHED}.",
        "# Not carried: passwordCredentials: secrets are made by Entra and never written in a manifest.",
        f"# Not carried: tokenEncryptionKeyId: {differences.OF_A_KEY}.",
    ]
    assert "hush" not in text
    assert "properties" not in text
