"""The command that a plan ends with: it carries out what was shown, in the tenant that was asked."""

from __future__ import annotations

import shlex

import pytest

from entra_emulator.embedded import Embedded
from tests.unit.cli.ran import Run


def following(run: Run, *words: str) -> list[str]:
    """Return the words of the command that a plan says is next."""
    (said,) = [
        each
        for each in run("plan", "-e", "dev", *words).out.splitlines()
        if each.startswith("Next: entra-config ")
    ]
    return shlex.split(said)[2:]


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--allow", "last", "--allow", "many"),
        ("--target", "application.api", "--target", "application.spa"),
        ("--purge-deleted", "--strict"),
        ("--cloud", "emulator"),
    ],
)
def test_what_is_next_is_this_plan(run: Run, words: tuple[str, ...]) -> None:
    """Without its targets all would be applied, without its words it would be refused."""
    assert following(run, *words) == ["apply", "-e", "dev", *words]


def test_what_the_environment_says_is_not_said_again(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same shell has it; another word on the line stands in the next line."""
    monkeypatch.setenv("ENTRA_CONFIG_CLOUD", "emulator")

    assert following(run) == ["apply", "-e", "dev"]
    assert following(run, "--cloud", "usgov") == ["apply", "-e", "dev", "--cloud", "usgov"]


def test_no_plan_follows_drift_that_no_plan_takes_back(run: Run, tenant: Embedded) -> None:
    """An undeclared secret is reported, and a plan would not remove it."""
    run("apply", "-e", "dev", "--auto-approve")
    applications = tenant.directory.default.applications
    (nightly,) = [row for row in applications if row["displayName"] == "MyApp Nightly (dev)"]
    secret = {
        "keyId": "5ec5e7a1-0000-4000-8000-000000000001",
        "displayName": "left",
        "hint": "abc",
        "startDateTime": "2026-01-01T00:00:00Z",
        "endDateTime": "2099-01-01T00:00:00Z",
    }
    applications.put({**nightly, "passwordCredentials": [secret]})

    ran = run("drift", "-e", "dev")

    assert (ran.code, "secret left" in ran.out, "Next:" in ran.out) == (2, True, False), ran.out
