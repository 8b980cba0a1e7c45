"""`plan --out` and `apply FILE`: the very plan that was saved is carried out, or nothing is."""

from __future__ import annotations

import json
from pathlib import Path

from entra_config.cli.demo import tampering
from entra_config.emulator.embedded import Embedded
from tests.unit.cli.example import APPLY, PLAN, edit
from tests.unit.cli.ran import Run


def test_a_restore_is_finished_by_the_apply_that_begins_it(run: Run, folder: Path) -> None:
    """The saved plan announces what follows the restore; its apply does that too, and the next plan is
    empty.
    """
    run("apply", "-e", "dev", "--auto-approve")
    run("destroy", "-e", "dev", "--auto-approve")
    planned = run("plan", "-e", "dev", "--out", str(folder / "restore.plan"))
    assert "then, once it is back and was read" in planned.out
    assert "deleted by application" in planned.out

    applied = run("apply", "-e", "dev", str(folder / "restore.plan"))

    assert applied.code == 0, applied.err
    assert run("plan", "-e", "dev", "--detailed-exitcode").code == 0


def test_a_saved_plan_is_carried_out(run: Run) -> None:
    """`plan --out` and `apply FILE`: the very plan needs no other approval."""
    assert run(*PLAN, "--out", "plan.json").code == 0
    applied = run("apply", "-e", "dev", "plan.json")

    assert applied.code == 0
    assert "23 done" in applied.out


def test_a_saved_plan_of_another_tenant_state_is_refused(run: Run, tenant: Embedded) -> None:
    """Where the tenant moved since, nothing is changed and what moved is named."""
    run(*APPLY)
    edit("applications/api.yaml", "Changes records.", "Changes and deletes records.")
    run(*PLAN, "--out", "plan.json")
    tampering.tamper(tenant)
    before = tampering.snapshot(tenant)

    stale = run("apply", "-e", "dev", "plan.json")

    assert stale.code == 1
    assert "moved since this plan was made; nothing was changed" in stale.err
    assert tampering.snapshot(tenant) == before


def test_a_digest_stands_for_a_plan(run: Run) -> None:
    """A job may hand over the digest alone."""
    run(*PLAN, "--out", "plan.json")
    digest = json.loads(Path("plan.json").read_text())["digest"]

    assert run("apply", "-e", "dev", "--digest", "0" * 64).code == 1
    assert run("apply", "-e", "dev", "--digest", digest).code == 0
