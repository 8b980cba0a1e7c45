"""`grants` of the root file, as its users meet it: applied, shown, drifted from, linted, and what it takes
to write it.
"""

from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from entra_config.drift import check
from entra_config.drift.model import Drift
from entra_config.manifest import loader
from entra_emulator import seed
from entra_emulator.embedded import Embedded
from tests.unit.cli.example import APPLY
from tests.unit.cli.ran import Run
from tests.world import NOW, signed_in

GIVEN = "grants: { Identity: { Microsoft Graph: { application: [User.Read.All] } } }\n"


@pytest.fixture
def identity(run: Run, tenant: Embedded) -> dict[str, Any]:
    """Make a principal of others, give it a role in the manifest, and apply."""
    app = seed.add_application(tenant.directory.default, "Identity")
    principal = seed.add_service_principal(tenant.directory.default, app)
    root = Path("manifests/entra-config.yaml")
    text = root.read_text()
    listed = (
        "policy: { consent: { Microsoft Graph: { application: [User.Read.All], delegated: [User.Read] } } }"
    )
    root.write_text(GIVEN + text.replace("  dev:\n", f"  dev:\n    {listed}\n", 1))
    return principal


def held(tenant: Embedded, principal: dict[str, Any]) -> set[str]:
    """Return the roles of Microsoft Graph that it holds."""
    tables = tenant.directory.default
    graph = tables.service_principal_by_app_id(seed.GRAPH_APP_ID)
    assert graph is not None
    names = {role["id"]: role["value"] for role in graph["appRoles"]}
    return {
        names[row["appRoleId"]] for row in tables.app_role_assignments.find("principalId", principal["id"])
    }


def test_it_is_applied_shown_and_watched(run: Run, tenant: Embedded, identity: dict[str, Any]) -> None:
    """`access` shows it with its line; what somebody gives besides is a finding with who gave it, until
    `absent` takes it.
    """
    assert run(*APPLY).code == 0
    assert held(tenant, identity) == {"User.Read.All"}
    shown = json.loads(run("access", "-e", "dev", "--format", "json").out)
    (entry,) = [each for each in shown["holders"] if each["application"] == "Microsoft Graph"]
    assert (entry["role"], entry["name"]) == ("User.Read.All", "Identity")
    assert entry["position"].startswith("manifests/entra-config.yaml:1:")
    assert entry["disabled"] is False
    principals = tenant.directory.default.service_principals
    principals.put({**identity, "accountEnabled": False})
    off = json.loads(run("access", "-e", "dev", "--format", "json").out)
    assert [each["disabled"] for each in off["holders"] if each["application"] == "Microsoft Graph"] == [True]
    principals.put(identity)
    assert run("drift", "-e", "dev").code == 0
    seed.assign_graph_role(tenant.directory.default, identity, "Mail.Read")
    drifted = run("drift", "-e", "dev")
    assert drifted.code == 2
    assert "Mail.Read of Identity" in drifted.out
    assert run(*APPLY).code == 0
    assert held(tenant, identity) == {"User.Read.All", "Mail.Read"}
    root = Path("manifests/entra-config.yaml")
    root.write_text(
        root.read_text().replace("[User.Read.All] } } }", "[User.Read.All], absent: [Mail.Read] } } }", 1)
    )
    assert run(*APPLY).code == 0
    assert held(tenant, identity) == {"User.Read.All"}
    assert run("drift", "-e", "dev").code == 0


def test_what_leaves_with_its_principal_is_a_guard_that_is_lowered(
    run: Run, tenant: Embedded, identity: dict[str, Any], tmp_path: Path
) -> None:
    """It keeps what it was given: the pull request's plan says so first, and drift against what was
    deployed.
    """
    assert run(*APPLY).code == 0
    shutil.copytree("manifests", tmp_path / "before")
    deployed = loader.load(tmp_path / "before", "dev")
    root = Path("manifests/entra-config.yaml")
    root.write_text(root.read_text().replace(GIVEN, ""))
    reported = "`grants` says no longer what Identity holds at Microsoft Graph: it keeps what it was given"
    assert reported in run("plan", "-e", "dev", "--base", str(tmp_path / "before")).out

    async def drifted() -> Drift:
        async with await signed_in(tenant) as graph:
            return await check.run(
                loader.load(Path("manifests"), "dev"), deployed, graph, now=NOW, base="before"
            )

    said = [str(each.message) for each in asyncio.run(drifted()).warnings]
    assert any(
        "'Identity' was taken out of `grants` and holds User.Read.All of Microsoft Graph still" in each
        for each in said
    )
    assert held(tenant, identity) == {"User.Read.All"}


@pytest.mark.usefixtures("identity")
def test_a_permission_that_leads_to_global_administrator_is_a_finding(run: Run) -> None:
    """The rule of `lint` for applications of ours is for what is given to others too."""
    root = Path("manifests/entra-config.yaml")
    root.write_text(
        root.read_text().replace(
            "application: [User.Read.All] } } }", "application: [Domain.ReadWrite.All] } } }", 1
        )
    )
    linted = run("lint", "-e", "dev")
    assert "permission-tier0" in linted.out
    assert "with `Domain.ReadWrite.All` `Identity`" in linted.out
