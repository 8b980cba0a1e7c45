"""`plan --out` and `apply FILE`: the very plan that was saved is carried out, or nothing is."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from entra_config.cli import carrying
from entra_config.cli.demo import tampering
from entra_emulator.embedded import Embedded
from tests.unit.cli.dying import KilledError, kill
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
    """`plan --out` and `apply FILE`: the very plan needs no other approval, and is not shown again."""
    assert run(*PLAN, "--out", "plan.json").code == 0
    applied = run("apply", "-e", "dev", "plan.json")

    assert applied.code == 0
    assert "Plan: 21 to add" in applied.out
    assert "23 done" in applied.out
    assert "+ application" not in applied.out


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


@pytest.mark.parametrize(
    ("planned_with", "given"),
    [((), "file"), ((), "digest"), (("last",), "digest"), (("many", "last"), "digest")],
)
def test_the_words_that_apply_advises_work_with_that_very_plan(
    run: Run, planned_with: tuple[str, ...], given: str
) -> None:
    """A limit decides whether a plan is carried out, and nothing of what it does: its digest is the same with
    every word.
    """
    run(*APPLY)
    edit("access.yaml", "{ groups: [MyApp Writers], users: [alice@contoso.com] }", "{}")
    run(*PLAN, "--out", "plan.json", *(each for word in planned_with for each in ("--allow", word)))
    digest = json.loads(Path("plan.json").read_text())["digest"]
    apply = ("apply", "-e", "dev", *(("plan.json",) if given == "file" else ("--digest", digest)))
    refused = run(*apply)
    words = re.findall(r"--allow (\w+)", refused.err.splitlines()[0])
    assert (refused.code, bool(words)) == (3, True), refused.err

    allowed = run(*apply, *(each for word in words for each in ("--allow", word)))

    assert allowed.code == 0, allowed.err


def test_a_digest_of_another_plan_is_refused_with_the_options_of_this_one(run: Run) -> None:
    """Options that decide what is done make another plan, and the message says so."""
    run(*PLAN, "--target", "application.api", "--out", "plan.json")
    digest = json.loads(Path("plan.json").read_text())["digest"]

    refused = run("apply", "-e", "dev", "--digest", digest)

    assert refused.code == 1
    assert f"this plan, made with no options, is not the one with digest {digest}" in refused.err
    assert run("apply", "-e", "dev", "--digest", digest, "--target", "application.api").code == 0


def test_a_file_knows_the_targets_that_it_was_made_with(run: Run) -> None:
    """The command behind `Next:` carries the file out; another target is refused."""
    planned = run(*PLAN, "--target", "application.api", "--out", "plan.json")
    (following,) = re.findall(r"Next: entra-config (.*)", planned.out)
    refused = run(*following.split(), "--target", "application.spa")
    assert refused.code == 1
    assert (
        "plan.json: the plan was saved with --target application.api, but this command has "
        "--target application.spa."
    ) in refused.err
    assert "Remove --target application.spa from this command" in refused.err
    assert run(*following.split()).code == 0
    assert run(*PLAN, "--target", "application.api", "--detailed-exitcode").code == 0


def test_an_option_that_a_saved_plan_was_made_without_is_refused(run: Run) -> None:
    """The message has both sides and both ways out; nothing is written."""
    run(*PLAN, "--out", "plan.json")
    refused = run("apply", "-e", "dev", "plan.json", "--strict")
    assert (refused.code, refused.out) == (1, "")
    assert refused.err == (
        "error: plan.json: the plan was saved without these options, but this command has --strict. A saved "
        "plan is applied with the options that it was saved with. Remove --strict from this command, or save "
        "a new plan with --strict.\n"
    )


@pytest.mark.parametrize("write", range(1, 6))
def test_the_rest_of_a_plan_with_targets_is_reported_true(
    run: Run, tenant: Embedded, monkeypatch: pytest.MonkeyPatch, write: int
) -> None:
    """Wherever it died, `apply FILE` does what is left, and afterwards nothing of it is left."""
    monkeypatch.setattr(carrying, "agreed", lambda *_: True)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    target = "authorizedClient.spa/api"
    run(*PLAN, "--target", target, "--out", "plan.json")
    promised = {name for name in json.loads(Path("plan.json").read_text())["content"] if " " not in name}
    kill(tenant, write, "after")
    try:
        run("apply", "-e", "dev", "plan.json")
    except KilledError:
        tenant.faults.on_call = None
        again = run("apply", "-e", "dev", "plan.json")
        assert again.code == 0, again.err
    tenant.faults.on_call = None
    left = json.loads(run(*PLAN, "--format", "json").out)["changes"]
    assert not promised & {f"{each['address']['kind']}.{each['address']['key']}" for each in left}
