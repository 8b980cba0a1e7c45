"""An emulator that is started for a manifest has all that the manifest names."""

from __future__ import annotations

from pathlib import Path

from entra_config.testing import populating
from entra_emulator import seed
from tests.unit.cli.ran import Run


def test_an_emulator_for_a_manifest_has_all_that_it_names(run: Run, folder: Path) -> None:
    """Tenant, users, groups and pinned ids of any manifest are made, so that it plans without a warning."""
    for path in Path("manifests").glob("*.yaml"):
        text = path.read_text().replace(seed.CONTOSO, "99999999-9999-9999-9999-999999999999")
        path.write_text(text.replace("contoso.com", "fabrikam.example").replace("All Staff", "Everybody"))
    directory = seed.contoso()
    populating.prepare([Path("manifests")])(directory)
    tenant = directory.tenants["99999999-9999-9999-9999-999999999999"]

    assert tenant.user_by_name("alice@fabrikam.example")
    group = tenant.one("groups", "displayName", "Everybody")
    assert group
    assert group["id"] in Path("manifests/entra-config.dev.lock.yaml").read_text()
