"""What `permissions` left out, told as stories: with exactly its list apply passes, and less fails."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from entra_emulator import seed
from entra_emulator.embedded import Embedded
from entra_emulator.seed import CONTOSO
from tests.unit.cli.example import APPLY
from tests.unit.cli.graph_permissions import holding
from tests.unit.cli.ran import Run

HEAD = f"project: shop\nenvironments: {{ dev: {{ tenantId: {CONTOSO} }} }}\napplications:\n"
API = "  api: { type: api, displayName: Shop API, scopes: { read: x }, appRoles: { Reader: x } }\n"
PERSON = (
    "  job: { type: publicClient, displayName: Shop Job, apiPermissions: { api: { delegated: [read], "
    "adminConsent: %s } } }\n"
)
HELD = "appRoleAssignments: { api: { Reader: { users: [alice@contoso.com] } } }\n"
NOBODY = "appRoleAssignments: { api: { Reader: { users: [] } } }\n"
READ, OWNED, ALL = "Directory.Read.All", "Application.ReadWrite.OwnedBy", "Application.ReadWrite.All"
ASSIGN, GRANT = "AppRoleAssignment.ReadWrite.All", "DelegatedPermissionGrant.ReadWrite.All"


def least(run: Run, *flags: str) -> set[str]:
    """Return what `permissions` lists as exactly needed."""
    return set(json.loads(run("permissions", "-e", "dev", *flags, "--format", "json").out)["least"])


@pytest.mark.parametrize(
    ("texts", "right"),
    [((API + PERSON % "true", API + PERSON % "false"), GRANT), ((API + HELD, API + NOBODY), ASSIGN)],
    ids=["a consent that is taken away", "a role with nobody"],
)
def test_story_12_what_is_taken_away_needs_a_permission_too(
    run: Run, folder: Path, tenant: Embedded, texts: tuple[str, str], right: str
) -> None:
    """Listed for the manifest and for the plan; with it apply passes, without it apply fails with its
    name.
    """
    root, (before, after) = only(folder), texts
    root.write_text(HEAD + before)
    assert run(*APPLY).code == 0
    root.write_text(HEAD + after)
    assert least(run) == {READ, OWNED, right}
    for_plan = least(run, "--for-plan")
    assert right in for_plan
    with holding(run, tenant, {READ, OWNED}):
        failed, doctor = run(*APPLY, "--allow", "last"), run("doctor", "-e", "dev")
    assert (failed.code, right in failed.out + failed.err) == (1, True)
    assert f"lacks {right}" in doctor.out
    with holding(run, tenant, for_plan):
        assert run(*APPLY, "--allow", "last").code == 0


@pytest.mark.parametrize("named", [True, False])
def test_story_14_an_adoption_is_logged_as_adoption(
    run: Run, folder: Path, tenant: Embedded, *, named: bool
) -> None:
    """The log, the events and the journal call it so, and nothing is said to be created."""
    root, directory = only(folder), tenant.directory.default
    made = seed.add_application(directory, "Old API", **({"uniqueName": "old-api"} if named else {}))
    seed.add_service_principal(directory, made)
    root.write_text(HEAD + API.replace("type: api,", f"type: api, appId: {made['appId']},"))

    ran = run(*APPLY, "--allow", "takeover", "--journal", "journal", "--events", "json")
    assert ran.code == 0, ran.err
    events = [json.loads(line) for line in ran.out.splitlines() if line.startswith("{")]
    lines = [json.loads(line) for line in Path("journal").read_text(encoding="utf-8").splitlines()]

    for steps in (
        [event["step"] for event in events if event["event"] == "done"],
        [line["step"] for line in lines if line.get("method") == "PATCH"],
    ):
        assert "application.api/adopt" in steps
        assert "application.api/create" not in steps


@pytest.mark.parametrize("command", ["plan", "access", "drift"])
def test_who_may_not_read_consents_is_told_which_right_is_missing(
    run: Run, tenant: Embedded, command: str
) -> None:
    """Consents of others at our APIs are never passed over: what reads them needs no more than every plan,
    and says what.
    """
    assert run(*APPLY).code == 0
    with holding(
        run,
        tenant,
        {"Application.Read.All", "User.ReadBasic.All", "GroupMember.Read.All", "Organization.Read.All"},
    ):
        ran = run(command, "-e", "dev")
    assert (ran.code, ran.out) == (1, "")
    assert "GET /oauth2PermissionGrants" in ran.err
    assert f"An application needs {READ} for this" in ran.err


def only(folder: Path) -> Path:
    """Take the example's files away; return the root file."""
    for file in (folder / "manifests").rglob("*.yaml"):
        file.unlink()
    return folder / "manifests/entra-config.yaml"
