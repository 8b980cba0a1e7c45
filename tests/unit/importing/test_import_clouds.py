"""A credential whose issuer is the public cloud's in; a manifest that the tenant's own cloud takes out."""

from __future__ import annotations

from pathlib import Path

import pytest

from entra_config.cli.import_ import loadable
from entra_config.importing.manifest import ImportTarget
from entra_config.importing.tenant import Export, Registration
from entra_config.manifest import loader
from entra_config.manifest.sections import sovereign

TENANT, IDENTITY = "11111111-1111-1111-1111-111111111111", "22222222-2222-2222-2222-222222222222"
JOB = Registration(
    {"id": "33333333-3333-3333-3333-333333333333", "appId": "44444444-4444-4444-4444-444444444444"}
    | {"displayName": "Job", "signInAudience": "AzureADMyOrg", "tags": []},
    credentials=(
        {"name": "host", "issuer": f"https://login.microsoftonline.com/{TENANT}/v2.0", "subject": IDENTITY}
        | {"audiences": ["api://AzureADTokenExchange"]},
    ),
)


@pytest.mark.parametrize(
    ("cloud", "form"), [("global", "managedIdentity"), ("usgov", "issuer"), ("china", "issuer")]
)
def test_an_import_is_taken_by_the_next_command_in_each_cloud(cloud: str, form: str, tmp_path: Path) -> None:
    """The form that makes an issuer of the public cloud stands there alone; elsewhere issuer and subject."""
    loadable(Export((JOB,)), ImportTarget("shop", "prod", TENANT, cloud), tmp_path)
    manifest = loader.load(tmp_path, "prod")

    sovereign.check(manifest, cloud)
    (credential,) = next(iter(manifest.applications.values())).federated_credentials.values()
    assert (credential.issuer, credential.subject) == (JOB.credentials[0]["issuer"], IDENTITY)
    assert f"        {form}:" in next(tmp_path.glob("applications/*.yaml")).read_text(encoding="utf-8")
