"""Plan, apply and destroy of the worked example: with which exit code each ends, and what it leaves."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from entra_config.cli.demo.story import session
from entra_emulator import seed
from entra_emulator.embedded import Embedded
from tests.unit.cli.example import APPLY, PLAN, edit
from tests.unit.cli.ran import Run


def test_dev_and_prod_live_side_by_side_in_one_tenant(run: Run) -> None:
    """What one environment applies or destroys is no change of the other."""
    assert run(*APPLY).code == 0
    assert run("apply", "-e", "prod", "--auto-approve").code == 0
    assert run(*PLAN, "--detailed-exitcode").code == 0
    assert run("destroy", "-e", "dev", "--auto-approve").code == 0

    assert run("plan", "-e", "prod", "--detailed-exitcode").code == 0


def test_exit_code_3_wins_over_2(run: Run) -> None:
    """A consent that the policy does not give is left out, the rest is applied, and the exit code is 3."""
    edit("applications/clients.yaml", "[openid, profile, offline_access]", "[openid, profile, Mail.Read]")

    planned = run(*PLAN, "--detailed-exitcode")
    applied = run(*APPLY)

    assert planned.code == 3
    assert "Skipped: spa: consent to Microsoft Graph/Mail.Read (delegated)" in planned.out
    assert applied.code == 3
    assert "0 failed, 0 not tried" in applied.out
    assert (
        "spa: an administrator can give exactly the consent that was skipped, to Microsoft Graph/Mail.Read "
        "(delegated), at https://login.microsoftonline.com/"
    ) in applied.err
    assert applied.err.rstrip().endswith("scope=00000003-0000-0000-c000-000000000000/Mail.Read")
    assert run(*APPLY).code == 3  # nothing is left to do, and a human is still needed


def test_a_token_for_another_tenant_stops_everything(run: Run, tenant: Embedded) -> None:
    """The manifest's tenant and the token's must be one."""
    path = Path("manifests/entra-config.yaml")
    path.write_text(
        path.read_text().replace(
            "11111111-1111-1111-1111-111111111111", "22222222-2222-2222-2222-222222222222"
        )
    )
    for lock in Path("manifests").glob("*.lock.yaml"):
        lock.unlink()
    ran = run(*PLAN)

    assert ran.code == 1
    assert "nothing was read" in ran.err


def without_permission(tenant: Embedded, permission: str) -> Callable[[], None]:
    """Take a Graph permission from the deployer; returns what gives it back."""
    directory = tenant.directory.default
    deployer, graph = (
        directory.service_principal_by_app_id(each) for each in (seed.DEPLOYER_APP_ID, seed.GRAPH_APP_ID)
    )
    assert deployer
    assert graph
    role = next(each["id"] for each in graph["appRoles"] if each["value"] == permission)
    held = directory.app_role_assignments.find("principalId", deployer["id"])
    row = next(each for each in held if each["appRoleId"] == role)
    directory.app_role_assignments.remove(row["id"])
    return lambda: directory.app_role_assignments.put(row)


def test_a_failed_step_is_told_with_its_place_and_exit_code_1(run: Run, tenant: Embedded) -> None:
    """What was done, failed and not tried is said; the next apply goes on."""
    give_back = without_permission(tenant, "AppRoleAssignment.ReadWrite.All")
    with run.signed_in(session(tenant)):
        failed = run(*APPLY)
    give_back()

    assert failed.code == 1
    assert "Failed: " in failed.out
    assert 'failed app role assignment api/Admin ← group "MyApp Developers" (12dc…): assign' in failed.out
    assert "manifests/entra-config.yaml:13" in failed.out
    assert "Run apply again" in failed.out
    assert run(*APPLY).code == 0
    assert run(*PLAN, "--detailed-exitcode").code == 0


def test_a_target_that_does_not_change_is_done_and_one_that_is_nowhere_an_error(run: Run) -> None:
    """What manifest and tenant have may be a target whether it changes or not; a typing error is no empty
    plan.
    """
    assert run(*APPLY).code == 0
    edit("applications/api.yaml", "Reads everything.", "Reads all.")

    unchanged = run(*PLAN, "--detailed-exitcode", "--target", "application.spa")
    assert (unchanged.code, "No changes" in unchanged.out) == (0, True)
    assert run(*PLAN, "--detailed-exitcode", "--target", "application.api").code == 2
    mistyped = run(*PLAN, "--target", "application.sap")
    assert mistyped.code == 1
    assert "application.sap: neither the manifest nor the tenant" in mistyped.err


def test_what_is_withheld_is_counted_and_stops_nothing(run: Run, folder: Path) -> None:
    """A plan that holds something back is no empty one; apply does the rest, and in a protected
    environment ends with 3.
    """
    assert run("apply", "-e", "prod", "--auto-approve").code == 0
    clients = folder / "manifests/applications/clients.yaml"
    text = clients.read_text()
    clients.write_text(
        text.replace(
            "{ delegated: [user.read, user.write], adminConsent: true }",
            "{ delegated: [user.read, user.write, user.admin], adminConsent: true }",
        )
    )
    shown = run("plan", "-e", "prod", "--detailed-exitcode")
    reported = json.loads(run("plan", "-e", "prod", "--format", "json").out)
    applied = run("apply", "-e", "prod", "--auto-approve")
    after = json.loads(run("plan", "-e", "prod", "--format", "json").out)

    assert shown.code == 2
    assert "  = spa is granted nothing new at api: nothing proves that it is ours" in shown.out
    assert "`entra-config lock -e prod --accept spa=" in shown.out
    assert "Withheld: 1." in shown.out
    assert (reported["steps"], reported["summary"]["withheld"], len(reported["withheld"])) == (1, 1, 1)
    assert applied.code == 3
    assert "Withheld: 1. Everything else is done" in applied.err
    assert (after["steps"], after["summary"]["withheld"], after["blocked"]) == (0, 1, False)
    still = run("plan", "-e", "prod", "--detailed-exitcode")
    assert (still.code, "Next:" in still.out) == (2, False)
