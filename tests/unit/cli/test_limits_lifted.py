"""What an apply is stopped by before its first write, and which word of `--allow` lifts it."""

from __future__ import annotations

import pytest

from entra_config.cli.demo import tampering
from entra_emulator.embedded import Embedded
from tests.unit.cli.example import APPLY, PLAN, edit
from tests.unit.cli.ran import Run


def test_a_limit_stops_before_the_first_write(run: Run, tenant: Embedded) -> None:
    """A refused plan changes nothing, says why and which word lifts it; with the word it goes."""
    run(*APPLY)
    before = tampering.snapshot(tenant)
    edit("entra-config.yaml", "Admin: { groups: [MyApp Developers] }", "Admin: { groups: [] }")

    refused = run(*APPLY)

    assert refused.code == 3
    assert "role Admin stays, and would lose its last holder" in refused.err
    assert "--allow last" in refused.err
    assert tampering.snapshot(tenant) == before
    assert run(*APPLY, "--allow", "last").code == 0


def test_a_dangerous_consent_needs_two_yeses(run: Run) -> None:
    """What the policy lists and the built-in list calls dangerous is left out, until the word says that it
    is meant.
    """
    edit(
        "applications/clients.yaml",
        "[openid, profile, offline_access]",
        "[openid, Directory.AccessAsUser.All]",
    )
    listed = "policy: { consent: { Microsoft Graph: { delegated: [Directory.AccessAsUser.All] } } }"
    edit("entra-config.yaml", "    overrides:\n", f"    {listed}\n    overrides:\n")
    refused = run(*APPLY)

    assert refused.code == 3
    assert "does in the directory whatever the signed-in administrator may do" in refused.out
    assert "--allow dangerous" in refused.out
    assert run(*APPLY, "--allow", "dangerous").code == 0


def test_a_deleted_application_comes_back_only_when_it_is_meant(run: Run) -> None:
    """In a protected environment destroying and restoring need their words."""
    run("apply", "-e", "prod", "--auto-approve", "--pins", "write")
    assert run("destroy", "-e", "prod", "--auto-approve").code == 3
    assert run("destroy", "-e", "prod", "--auto-approve", "--allow", "delete").code == 0
    refused = run("apply", "-e", "prod", "--auto-approve")

    assert refused.code == 3
    assert "--allow restore" in refused.err
    assert run("apply", "-e", "prod", "--auto-approve", "--allow", "restore").code == 0


def test_allow_words_come_from_the_environment_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A workflow's input arrives as one variable with words; an empty one lifts nothing."""
    monkeypatch.setenv("ENTRA_CONFIG_ALLOW", "")
    assert run(*PLAN).code == 0
    monkeypatch.setenv("ENTRA_CONFIG_ALLOW", "many last")
    assert run(*PLAN).code == 0
    monkeypatch.setenv("ENTRA_CONFIG_ALLOW", "many,whatever")
    assert run(*PLAN).code == 1
