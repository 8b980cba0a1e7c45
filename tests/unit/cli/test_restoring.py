"""What `apply` restores, reads and withholds, and what it prints and returns."""

from __future__ import annotations

import pytest

from entra_emulator import seed
from entra_emulator.embedded import Embedded
from tests.unit.cli.deleted import ENVIRONMENTS, EVIL, STAYS, applied, hand, nightly
from tests.unit.cli.example import edit
from tests.unit.cli.ran import Run


def roles(tenant: Embedded, principal: str) -> int:
    """Return how many roles a service principal holds."""
    rows = tenant.directory.tenants[seed.CONTOSO].app_role_assignments
    return len(list(rows.find("principalId", principal)))


@pytest.mark.parametrize(("environment", "code"), ENVIRONMENTS.items())
@pytest.mark.parametrize("way", ["owner", "federated credential"])
def test_what_an_attacker_left_keeps_the_service_principal_deleted(
    way: str, environment: str, code: int, run: Run, tenant: Embedded
) -> None:
    """`apply` says what was found and what to do, and fails in a protected environment. Later plans say it
    too, until it is gone.
    """
    assert applied(run, environment).code == 0
    app, principal = nightly(tenant, environment)
    path = f"/applications/{app['id']}"
    mallory = seed.fixed_id(seed.CONTOSO, "user", "mallory@contoso.com")
    if way == "owner":
        link = {"@odata.id": f"https://graph.microsoft.com/v1.0/directoryObjects/{mallory}"}
        hand(tenant, "POST", f"{path}/owners/$ref", link)
    else:
        hand(tenant, "POST", f"{path}/federatedIdentityCredentials", EVIL)
    hand(tenant, "DELETE", path)

    done = applied(run, environment)

    assert done.code == code
    found = "owner mallory@contoso.com" if way == "owner" else "federated credential evil"
    assert f"withheld: {STAYS}{found}" in done.err
    assert f"--accept nightly={app['appId']}`" in done.err
    assert roles(tenant, principal["id"]) == 0
    planned = run("plan", "-e", environment, "--detailed-exitcode")
    assert STAYS in planned.out
    assert planned.code == 2
    if way == "owner":
        hand(tenant, "DELETE", f"{path}/owners/{mallory}/$ref")
    else:
        assert applied(run, environment).code == code
    assert applied(run, environment).code == 0
    assert roles(tenant, principal["id"]) == 1
    assert run("plan", "-e", environment, "--detailed-exitcode").code == 0


@pytest.mark.parametrize(("environment", "code"), ENVIRONMENTS.items())
def test_what_the_portal_restores_meanwhile_is_reported_first(
    environment: str, code: int, run: Run, tenant: Embedded
) -> None:
    """The portal restores both objects; what was left on the application is withheld from then on."""
    assert applied(run, environment).code == 0
    app, principal = nightly(tenant, environment)
    hand(tenant, "POST", f"/servicePrincipals/{principal['id']}/addPassword", {})
    hand(tenant, "DELETE", f"/applications/{app['id']}")
    # Nobody knows of a certificate or owner yet: the plan announces the restore of the service principal.
    tables = tenant.directory.tenants[seed.CONTOSO]
    parked = tables.deleted_items.get(principal["id"])
    assert parked is not None
    tables.deleted_items.put({**parked, "passwordCredentials": []})

    def portal(_number: int, phase: str, method: str, path: str) -> None:
        if (
            phase == "after"
            and method == "POST"
            and principal["id"] in tables.deleted_items
            and app["id"] in tables.applications
        ):
            hand(tenant, "POST", f"/directory/deletedItems/{principal['id']}/restore")
            hand(tenant, "POST", f"/applications/{app['id']}/addPassword", {})

    tenant.faults.on_call = portal
    done = applied(run, environment)
    tenant.faults.on_call = None

    assert "enterpriseApplication.nightly is live already" in done.err
    assert "restored with it: nightly has undeclared items: secret" in done.err
    assert done.code == code


@pytest.mark.parametrize(("environment", "code"), ENVIRONMENTS.items())
@pytest.mark.parametrize("planted", ["", "application", "service principal", "service principal, known"])
def test_what_is_live_already_is_withheld_if_anything_is_undeclared(
    planted: str, environment: str, code: int, run: Run, tenant: Embedded
) -> None:
    """The portal restores the service principal, too, during the apply. What the plan knew counts as well."""
    assert applied(run, environment).code == 0
    app, principal = nightly(tenant, environment)
    tables = tenant.directory.tenants[seed.CONTOSO]
    if planted == "service principal, known":
        hand(tenant, "POST", f"/servicePrincipals/{principal['id']}/addPassword", {})
    hand(tenant, "DELETE", f"/applications/{app['id']}")

    def portal(_number: int, phase: str, _method: str, _path: str) -> None:
        if phase == "after" and app["id"] in tables.applications and principal["id"] in tables.deleted_items:
            hand(tenant, "POST", f"/directory/deletedItems/{principal['id']}/restore")
            if planted == "application":
                hand(tenant, "POST", f"/applications/{app['id']}/addPassword", {})
            elif planted == "service principal":
                hand(tenant, "POST", f"/servicePrincipals/{principal['id']}/addPassword", {})

    tenant.faults.on_call = portal
    done = applied(run, environment)
    tenant.faults.on_call = None

    lines = done.err.splitlines()
    (live,) = [number for number, line in enumerate(lines) if "nightly is live already" in line]
    found = [
        number for number, line in enumerate(lines) if "restored with it: nightly has undeclared" in line
    ]
    assert len(found) == bool(planted)
    assert all(number > live for number in found)
    assert done.code == (code if planted else 0)


@pytest.mark.parametrize(("environment", "code"), ENVIRONMENTS.items())
def test_an_owner_of_the_service_principal_is_reported_once_it_is_restored(
    environment: str, code: int, run: Run, tenant: Embedded
) -> None:
    """Nobody can read who owns it before."""
    assert applied(run, environment).code == 0
    app, principal = nightly(tenant, environment)
    mallory = seed.fixed_id(seed.CONTOSO, "user", "mallory@contoso.com")
    link = {"@odata.id": f"https://graph.microsoft.com/v1.0/directoryObjects/{mallory}"}
    hand(tenant, "POST", f"/servicePrincipals/{principal['id']}/owners/$ref", link)
    hand(tenant, "DELETE", f"/applications/{app['id']}")

    done = applied(run, environment)

    assert "restored with it: nightly has undeclared items: owner of the enterprise application mallory" in (
        done.err
    )
    assert done.code == code


def test_a_restore_with_a_target_brings_back_what_the_application_held(run: Run, tenant: Embedded) -> None:
    """What follows the restore is planned without the target; other differences stay as they are."""
    assert applied(run, "dev").code == 0
    app, principal = nightly(tenant, "dev")
    hand(tenant, "DELETE", f"/applications/{app['id']}")
    edit("applications/api.yaml", "Changes records.", "Changes and deletes records.")
    assert run("apply", "-e", "dev", "--auto-approve", "--target", "application.nightly").code == 0
    assert roles(tenant, principal["id"]) == 1
    assert "Plan: 0 to add, 1 to change, 0 to remove, 20 unchanged." in run("plan", "-e", "dev").out


@pytest.mark.parametrize("command", ["disable", "enable"])
def test_a_deleted_application_has_no_switch(run: Run, tenant: Embedded, command: str) -> None:
    """The error says that it is deleted, and which command restores it."""
    assert applied(run, "dev").code == 0
    app, _ = nightly(tenant, "dev")
    hand(tenant, "DELETE", f"/applications/{app['id']}")

    refused = run(command, "nightly", "-e", "dev", "--auto-approve")

    assert refused.code == 1
    assert f"nightly ('MyApp Nightly (dev)', appId {app['appId']}) is deleted" in refused.err
    assert "To restore it:\nentra-config apply -e dev\n" in refused.err


def test_enabling_and_lists_know_a_deleted_service_principal(run: Run, tenant: Embedded) -> None:
    """`enable` has no switch for it, and says so; `access` does not call it enabled."""
    assert applied(run, "dev").code == 0
    app, principal = nightly(tenant, "dev")
    hand(tenant, "PATCH", f"/applications/{app['id']}", {"isDisabled": True})
    hand(tenant, "DELETE", f"/servicePrincipals/{principal['id']}")
    assert applied(run, "dev").code == 0
    assert roles(tenant, principal["id"]) == 0
    enabled = run("enable", "nightly", "-e", "dev", "--auto-approve")
    assert enabled.code == 0, enabled.err
    assert "the service principal of nightly is deleted" in enabled.out + enabled.err
    assert applied(run, "dev").code == 0
    assert roles(tenant, principal["id"]) == 1
