"""`app-role` on the worked example: roles made, given and taken back, with what a plan makes of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from entra_config.cli import main
from tests.unit.cli.ran import Run


def test_a_role_by_pull_request(run: Run, folder: Path) -> None:
    """Add a role, give it to a group, see what it does for whom, apply it, take it back."""
    run("apply", "-e", "dev", "--auto-approve")
    assert "+      Auditor:" in run("app-role", "add", "api/Auditor", "--description", "Reads the log.").out
    assert run("app-role", "assign", "api/Auditor", "--group", "Audit").code == 0
    assert "api/Auditor             group Audit" in run("app-role", "list", "-e", "dev").out
    planned = run("plan", "-e", "dev")
    assert "+ Auditor" in planned.out
    assert "2 people gain Auditor" in planned.out
    assert run("apply", "-e", "dev", "--auto-approve").code == 0
    run("app-role", "add", "api/Robot", "--description", "Runs.", "--for", "Application", "--no-test")
    assert (
        run(
            "app-role", "assign", "api/Robot", "--application", "Billing", "--application", "team/prod/job"
        ).code
        == 0
    )
    assert (
        "api/Robot               application Billing, application team/prod/job"
        in run("app-role", "list", "-e", "dev").out
    )
    assert (
        run(
            "app-role", "unassign", "api/Robot", "--application", "Billing", "--application", "team/prod/job"
        ).code
        == 0
    )
    assert "is of this project" in run("app-role", "assign", "api/Robot", "--application", "nightly").err
    removed = run("app-role", "remove", "api/Auditor")
    assert "this is breaking" in removed.err
    assert run("apply", "-e", "dev", "--auto-approve").code == 0
    assert run("plan", "-e", "dev", "--detailed-exitcode").code == 0


def test_a_dry_run_writes_nothing(run: Run, folder: Path) -> None:
    """--dry-run shows the difference and what a plan makes of it, and leaves the file alone."""
    run("apply", "-e", "dev", "--auto-approve")
    before = (folder / "manifests/applications/api.yaml").read_text()
    ran = run("app-role", "rename", "api/Writer", "Editor", "--dry-run")

    assert ran.code == 0
    assert "breaking: true" in ran.out
    assert "its value changes: tokens no longer carry it" in ran.out
    assert "this is breaking" in ran.err
    assert (folder / "manifests/applications/api.yaml").read_text() == before


def test_an_edit_shows_what_a_plan_makes_of_it(run: Run, folder: Path) -> None:
    """Each environment that the edit reaches is planned with the new text; --no-plan leaves it out and
    names the command.
    """
    run("apply", "-e", "dev", "--auto-approve")
    everywhere = run("app-role", "add", "api/Auditor", "--description", "Reads the log.")
    one = run("app-role", "assign", "api/Auditor", "--group", "Audit", "-e", "dev")
    silent = run("app-role", "unassign", "api/Auditor", "--group", "Audit", "-e", "dev", "--no-plan")

    assert [line.split(" ")[0] for line in everywhere.out.splitlines() if line.startswith("myapp/")] == [
        "myapp/dev",
        "myapp/prod",
    ]
    assert "+ Auditor          Auditor (User)" in everywhere.out
    assert (
        "Nothing of myapp/prod is in this tenant yet, so the plan below creates all of it" in everywhere.err
    )
    assert "Nothing of myapp/dev" not in everywhere.err
    assert "2 people gain Auditor" in one.out
    assert "myapp/prod" not in one.out
    assert "Plan:" not in silent.out
    assert "not planned: see what it does by `entra-config plan -e dev`" in silent.err


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        ((), 0, "not planned: no tenant was named"),
        (("--cloud", "emulator"), 0, "not planned for dev: no emulator runs"),
        (("--cloud", "emulator", "--plan"), 1, "there by `entra-config plan -e dev --cloud emulator`"),
    ],
)
def test_an_edit_stands_without_a_tenant(
    folder: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...], code: int, said: str
) -> None:
    """Nobody to ask means no plan, said so; only who demanded one gets an exit code, and the file is
    written all the same.
    """
    ended = main.main(("app-role", "assign", "api/Admin", "--group", "Audit", "-e", "dev", *options))

    assert ended == code
    assert said in capsys.readouterr().err
    assert "groups: [MyApp Developers, Audit]" in (folder / "manifests/entra-config.yaml").read_text()
