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


def test_a_protected_environment_is_not_destroyed_by_accident(run: Run, tenant: Embedded) -> None:
    """`delete` protects; the word lifts it."""
    run("apply", "-e", "prod", "--auto-approve", "--pins", "write")

    assert run("destroy", "-e", "prod", "--auto-approve").code == 3
    assert run("destroy", "-e", "prod", "--auto-approve", "--allow", "delete").code == 0


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


def test_many_at_once_are_stopped(run: Run) -> None:
    """Four people of a role would lose it: three may; with the word they do. Who keeps it through a group
    loses nothing.
    """
    people = ", ".join(f"{name}@contoso.com" for name in ("frank", "grace", "heidi", "ivan"))
    edit("access.yaml", "users: [alice@contoso.com]", f"users: [alice@contoso.com, {people}]")
    edit(
        "access.yaml",
        "Reader: { groups: [All Staff] }",
        f"Reader: {{ groups: [All Staff], users: [{people}] }}",
    )
    run(*APPLY)
    edit("access.yaml", f", users: [{people}]", "")
    assert run(*APPLY).code == 0
    edit("access.yaml", f", {people}", "")
    refused = run(*APPLY)

    assert refused.code == 3
    assert "api/Writer: 4 of its" in refused.err
    assert "people would lose it, at most 3 may (30 %, but 3 always)" in refused.err
    assert "--allow many" in refused.err
    assert run(*APPLY, "--allow", "many").code == 0


def test_a_deleted_application_comes_back_only_when_it_is_meant(run: Run) -> None:
    """In a protected environment restoring needs its word."""
    run("apply", "-e", "prod", "--auto-approve", "--pins", "write")
    run("destroy", "-e", "prod", "--auto-approve", "--allow", "delete")
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
