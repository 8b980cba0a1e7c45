"""Killed at any call, with the answer lost or not: the next apply ends where the first would have, and
nothing is there twice.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from entra_config.graph import batch
from entra_emulator.seed import CONTOSO, fixed_id
from tests.convergence.before_and_after import AFTER, BEFORE
from tests.convergence.kills import crash_everywhere, worked_example
from tests.convergence.tenant import Tenant, load


@pytest.mark.parametrize("phase", ["before", "after"])
def test_the_worked_example_survives_a_kill_at_any_call(phase: str) -> None:
    """From an empty tenant, in batches."""
    assert crash_everywhere(None, worked_example(), phase) >= 6


@pytest.mark.parametrize("phase", ["before", "after"])
def test_a_change_of_everything_survives_a_kill_at_any_call(phase: str, tmp_path: Path) -> None:
    """Adds, edits and removals of every kind, in batches."""
    assert crash_everywhere(load(tmp_path / "a", BEFORE), load(tmp_path / "b", AFTER), phase) >= 8


@pytest.mark.parametrize("phase", ["before", "after"])
def test_a_restore_of_everything_survives_a_kill_at_any_call(phase: str, tmp_path: Path) -> None:
    """Applications, then their service principals, then what follows."""
    goal = load(tmp_path, BEFORE)
    assert crash_everywhere(goal, goal, phase, spoil=Tenant.delete_ours) >= 8


@pytest.mark.parametrize(("way", "phase"), [("owner", "after"), ("secret", "before")])
def test_a_kill_restores_nothing_that_somebody_can_act_as(way: str, phase: str, tmp_path: Path) -> None:
    """Wherever the first apply dies, the second one leaves the service principal deleted; once an
    administrator has mended the application, the third one restores it, and nothing is left to do.
    """
    goal = load(tmp_path, BEFORE)
    mallory = fixed_id(CONTOSO, "user", "mallory@contoso.com")

    def nightly(tenant: Tenant) -> dict[str, Any]:
        (app,) = [row for row in tenant.applications() if "entra-config:key=nightly" in row["tags"]]
        return app

    def spoil(tenant: Tenant) -> None:
        path = f"/applications/{nightly(tenant)['id']}"
        if way == "owner":
            link = {"@odata.id": f"https://graph.microsoft.com/v1.0/directoryObjects/{mallory}"}
            tenant.hand("POST", f"{path}/owners/$ref", link)
        else:
            tenant.hand("POST", f"{path}/addPassword", {"passwordCredential": {"displayName": "his"}})
        tenant.delete_ours()

    def mend(tenant: Tenant) -> None:
        app = nightly(tenant)
        assert tenant.tables.service_principal_by_app_id(app["appId"]) is None
        if way == "owner":
            tenant.hand("DELETE", f"/applications/{app['id']}/owners/{mallory}/$ref")
        else:
            (secret,) = app["passwordCredentials"]
            tenant.hand("POST", f"/applications/{app['id']}/removePassword", {"keyId": secret["keyId"]})

    assert crash_everywhere(goal, goal, phase, spoil=spoil, mend=mend) >= 8


@pytest.mark.faults
@pytest.mark.parametrize("phase", ["before", "after"])
@pytest.mark.parametrize("change", ["nothing", "all", "restore"])
def test_a_kill_between_any_two_requests_is_survived(
    phase: str, change: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same, each request a call of its own: a batch may be cut anywhere."""
    monkeypatch.setattr(batch, "LIMIT", 1)
    if change == "restore":
        goal = load(tmp_path, BEFORE)
        assert crash_everywhere(goal, goal, phase, spoil=Tenant.delete_ours) > 60
    elif change == "all":
        assert crash_everywhere(load(tmp_path / "a", BEFORE), load(tmp_path / "b", AFTER), phase) > 60
    else:
        assert crash_everywhere(None, worked_example(), phase) > 30
