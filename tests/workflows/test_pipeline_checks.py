"""The job that checks the pipeline: what is missing or undone is said by name, and nothing else."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import yaml

from entra_emulator import seed
from tests.workflows.estate import REPOSITORY, Estate
from tests.workflows.identities import give, identities, take
from tests.workflows.runs import assert_all
from tests.workflows.undone import UNDONE, foreign_subject, planted_secret


def check(estate: Estate) -> tuple[bool, str]:
    """Run the job that checks the pipeline, on main as it is; return whether it is green, and what it
    printed.
    """
    job = estate.night(only={"pipeline"})["pipeline"]
    return job.ok, job.log


def cases() -> list[tuple[str, str]]:
    """Return each permission of each identity."""
    writer = (
        "AppRoleAssignment.ReadWrite.All",
        "Application.ReadWrite.OwnedBy",
        "DelegatedPermissionGrant.ReadWrite.All",
        "Directory.Read.All",
    )
    reader = ("AuditLog.Read.All", "Directory.Read.All", "Policy.Read.All")
    return [("reader", name) for name in reader] + [
        (f"writer-{stage}", name) for stage in ("dev", "prod") for name in writer
    ]


def test_the_cases_are_all_permissions(estate: Estate) -> None:
    """No permission is left out below."""
    found = {(key, name) for key, (_, names) in identities(estate).items() for name in names}

    assert found == set(cases())


@pytest.mark.parametrize(("key", "permission"), cases())
def test_a_permission_that_is_taken_away_is_named(estate: Estate, key: str, permission: str) -> None:
    """The job that checks the pipeline is red, and says whose consent to what is missing, and that no other
    is: what was given back before this one was taken is there.
    """
    app_id, _ = identities(estate)[key]
    taken = take(estate, app_id, permission)

    ok, log = check(estate)

    give(estate, taken)
    assert not ok
    name = {
        "reader": "MyApp Reader",
        "writer-dev": "MyApp Writer (dev)",
        "writer-prod": "MyApp Writer (prod)",
    }[key]
    assert (
        f"{name} lacks consent to {permission}: an administrator gives it with "
        "`entra-config apply -f pipeline --allow dangerous`"
    ) in log
    assert log.count("lacks consent to") == 1, log


def test_with_all_permissions_given_back_it_is_green(estate: Estate) -> None:
    """Nothing else made the job red."""
    ok, log = check(estate)

    assert ok, log


def test_work_that_lacks_a_permission_fails_and_names_it(estate: Estate) -> None:
    """Each permission of the writer, and the reader's one without which nothing is read, in the runs that
    need them; each run repairs what the one before it left, and the last one all of it.
    """
    sha = estate.runner.git("rev-parse", "main").strip()
    found = identities(estate)
    app = estate.graph("GET", "/applications?$filter=displayName eq 'MyApp SPA (dev)'")["value"][0]
    api = estate.graph("GET", "/servicePrincipals?$filter=displayName eq 'MyApp API (dev)'")["value"][0]
    client = estate.graph("GET", f"/servicePrincipals(appId='{app['appId']}')")
    rows = estate.graph("GET", f"/servicePrincipals/{api['id']}/appRoleAssignedTo")["value"]
    groups = len([each for each in rows if each["principalType"] == "Group"])

    def rename() -> None:
        estate.graph("PATCH", f"/applications/{app['id']}", {"displayName": "Somebody was here"})

    def unassign() -> None:
        rows = estate.graph("GET", f"/servicePrincipals/{api['id']}/appRoleAssignedTo")["value"]
        row = next(row for row in rows if row["principalType"] == "Group")
        estate.graph("DELETE", f"/servicePrincipals/{api['id']}/appRoleAssignedTo/{row['id']}")

    def revoke() -> None:
        for row in estate.graph("GET", f"/servicePrincipals/{client['id']}/oauth2PermissionGrants")["value"]:
            estate.graph("DELETE", f"/oauth2PermissionGrants/{row['id']}")

    for damage, key, permission, job in (
        (unassign, "writer-dev", "AppRoleAssignment.ReadWrite.All", "apply-dev"),
        (revoke, "writer-dev", "DelegatedPermissionGrant.ReadWrite.All", "apply-dev"),
        (rename, "writer-dev", "Application.ReadWrite.OwnedBy", "apply-dev"),
        (rename, "writer-dev", "Directory.Read.All", "apply-dev"),
        (rename, "reader", "Directory.Read.All", "plan-dev"),
    ):
        damage()
        taken = take(estate, found[key][0], permission)
        jobs = estate.by_hand(sha, environment="dev", allow="")
        give(estate, taken)
        assert jobs[job].result == "failure", (key, permission, jobs[job].log)
        assert permission in jobs[job].log, (key, permission, jobs[job].log[-2000:])
    assert_all(estate.by_hand(sha, environment="dev", allow=""), "success", "skipped")
    row = estate.graph("GET", f"/applications(appId='{app['appId']}')")
    assert row["displayName"] == "MyApp SPA (dev)"
    rows = estate.graph("GET", f"/servicePrincipals/{api['id']}/appRoleAssignedTo")["value"]
    assert len([each for each in rows if each["principalType"] == "Group"]) == groups
    assert estate.graph("GET", f"/servicePrincipals/{client['id']}/oauth2PermissionGrants")["value"]


def test_no_identity_of_the_pipeline_applies_the_pipeline(estate: Estate) -> None:
    """A manifest one of whose applications is who applies it is refused, whatever `deployers` says, and
    nothing changes.
    """
    found = identities(estate)
    for name in ("dev", "prod"):
        context = f"environment:{name}"
        subject = estate.hub.settings.subject(
            context, f"{REPOSITORY}/.github/workflows/entra-apply.yml@refs/heads/main"
        )
        token = estate.folder / "token"
        token.write_text(estate.hub.token(subject, "api://AzureADTokenExchange"))
        app_id = found[f"writer-{name}"][0]
        job = {
            "AZURE_TENANT_ID": seed.CONTOSO,
            "AZURE_CLIENT_ID": app_id,
            "AZURE_FEDERATED_TOKEN_FILE": str(token),
        }

        done = estate.command(
            "apply",
            "-f",
            "pipeline",
            "--auto-approve",
            "--allow",
            "dangerous",
            AZURE_AUTHORITY_HOST=estate.url,
            **job,
        )

        assert done.returncode == 3, done.stdout + done.stderr
        assert (
            f"writer-{name} is the identity that applies this manifest: it does not change itself"
            in done.stderr
        )
    assert not estate.git("status", "--porcelain")


@pytest.mark.parametrize("change", UNDONE, ids=lambda value: value.__name__)
def test_what_does_not_stand_is_said_from_inside_the_job(estate: Estate, change: Any) -> None:
    """Each way in which somebody may undo the pipeline makes the job red, with the words that lead to it and
    those of no other: what was undone before stands again.
    """
    held = copy.deepcopy(estate.hub.settings)
    change(estate)

    ok, log = check(estate)

    for name, value in vars(held).items():
        setattr(estate.hub.settings, name, value)
    if change is foreign_subject:
        done = estate.command("apply", "-f", "pipeline", "--allow", "dangerous", "--auto-approve")
        assert done.returncode == 0, done.stderr
    if change is planted_secret:
        app = estate.graph("GET", f"/applications(appId='{identities(estate)['writer-prod'][0]}')")
        for each in app["passwordCredentials"]:
            estate.graph("POST", f"/applications/{app['id']}/removePassword", {"keyId": each["keyId"]})
    assert not ok
    assert [each for each in UNDONE if UNDONE[each] in log] == [change], log


def test_a_pin_of_somebody_else_is_said(estate: Estate) -> None:
    """`deployers` means whom the lock file pins: the desk hears of another one before it is merged."""
    lock = estate.desk / "manifests/entra-config.prod.lock.yaml"
    kept = lock.read_text()
    dev = yaml.safe_load((estate.desk / "manifests/entra-config.dev.lock.yaml").read_text())
    prod = yaml.safe_load(kept)["servicePrincipals"]["MyApp Writer (prod)"]
    other = dev["servicePrincipals"]["MyApp Writer (dev)"]
    lock.write_text(kept.replace(prod, other))

    reported = estate.command("doctor", "--pipeline")

    lock.write_text(kept)
    assert reported.returncode == 1
    assert f"prod pins MyApp Writer (prod) as {other}" in reported.stdout
    assert f"its service principal is {prod}" in reported.stdout


def test_with_all_undone_it_is_green(estate: Estate) -> None:
    """Nothing else made the job red."""
    ok, log = check(estate)

    assert ok, log


def test_what_the_manifest_needs_more_of_is_given_to_its_writer_alone(estate: Estate) -> None:
    """An application's owners are declared: dev's writer needs more now. It is shown, applied, and nothing
    is left.
    """
    estate.start()
    line, follows = "    overrides:\n", "      appRole"
    owned = f"{line}      applications: {{ api: {{ owners: [alice@contoso.com] }} }}\n{follows}"
    estate.edit("manifests/entra-config.yaml", f"{line}{follows}", owned)

    shown = estate.bootstrap("--check", code=2)
    done = estate.bootstrap("--auto-approve", "--allow", "dangerous")

    assert (
        "-          - Application.ReadWrite.OwnedBy\n+          - Application.ReadWrite.All" in shown.stdout
    )
    assert "MyApp Writer (dev) lacks consent to Application.ReadWrite.All" in shown.stderr
    assert "+ app role assignment Microsoft Graph/Application.ReadWrite.All ← writer-dev" in done.stdout
    changed = [line for line in done.stdout.splitlines() if line.lstrip().startswith(("+", "-", "~"))]
    assert not [line for line in changed if "writer-prod" in line]
    assert "next, as an administrator: entra-config apply --allow dangerous -f pipeline" in done.stderr

    still = estate.bootstrap("--check", "--allow", "dangerous", code=2)
    assert "Microsoft Graph/Application.ReadWrite.All ← writer-dev" in still.stdout, (
        "written, and not applied yet"
    )

    estate.bootstrap("--auto-approve", "--apply", "--allow", "dangerous")

    estate.bootstrap("--check")
    reported = estate.command("doctor", "--pipeline", GH_USER="ann", GITHUB_REPOSITORY=REPOSITORY)
    assert reported.returncode == 0, reported.stdout
    assert f"ENTRA_READER_CLIENT_ID is {identities(estate)['reader'][0]}" in reported.stdout
