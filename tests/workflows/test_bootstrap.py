"""From an empty repository to its pipeline: what is asked, written and set; what is missing is said by
name; reruns.
"""

from __future__ import annotations

import copy
import re
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from entra_config.emulator import seed
from tests.workflows.estate import REPOSITORY, Estate
from tests.workflows.github import ISSUER
from tests.workflows.runner import environment
from tests.workflows.runs import assert_all
from tests.workflows.settings import OWNER_ID, REPOSITORY_ID, WRITER

IDS = ("--repository-id", str(REPOSITORY_ID), "--owner-id", str(OWNER_ID))


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Estate]:
    """Return a company whose repository has a manifest, and nothing of a pipeline: this file tells how it
    gets one.
    """
    made = Estate(tmp_path_factory.mktemp("estate"))
    yield made
    made.close()


def identities(estate: Estate) -> dict[str, tuple[str, list[str]]]:
    """Return the appId and the permissions of each identity that the pipeline declares, by key."""
    declared = yaml.safe_load((estate.desk / "pipeline/identities.yaml").read_text())["applications"]
    pins = yaml.safe_load((estate.desk / "pipeline/entra-config.tenant.lock.yaml").read_text())[
        "applications"
    ]
    return {
        key: (pins[key]["appId"], each["apiPermissions"]["Microsoft Graph"]["application"])
        for key, each in declared.items()
    }


def take(estate: Estate, app_id: str, permission: str) -> dict[str, Any]:
    """Take one permission of Microsoft Graph away from an application; return what gives it back."""
    graph = estate.graph("GET", f"/servicePrincipals(appId='{seed.GRAPH_APP_ID}')?$select=id,appRoles")
    (role,) = [each["id"] for each in graph["appRoles"] if each["value"] == permission]
    principal = estate.graph("GET", f"/servicePrincipals(appId='{app_id}')?$select=id")["id"]
    for row in estate.graph("GET", f"/servicePrincipals/{principal}/appRoleAssignments")["value"]:
        if row["appRoleId"] == role:
            estate.graph("DELETE", f"/servicePrincipals/{principal}/appRoleAssignments/{row['id']}")
            return {"principalId": principal, "resourceId": graph["id"], "appRoleId": role}
    raise AssertionError(permission)


def give(estate: Estate, taken: dict[str, Any]) -> None:
    """Give a permission back."""
    estate.graph("POST", f"/servicePrincipals/{taken['principalId']}/appRoleAssignments", taken)


def check(estate: Estate) -> tuple[bool, str]:
    """Run the job that checks the pipeline, on main as it is; return whether it is green, and what it
    printed.
    """
    job = estate.night(only={"pipeline"})["pipeline"]
    return job.ok, job.log


def test_without_ids_it_stops_and_says_where_to_read_them(estate: Estate) -> None:
    """Nobody tells GitHub's numbers: the old form of a subject is not guessed, and nothing is written."""
    done = estate.bootstrap(who="", code=1)

    assert f"https://api.github.com/repos/{REPOSITORY}" in done.stderr
    assert "--repository-id and --owner-id" in done.stderr
    half = estate.bootstrap("--repository-id", "815", who="", code=1)
    assert "--owner-id" in half.stderr
    job = {"GITHUB_REPOSITORY_ID": str(REPOSITORY_ID), "GITHUB_REPOSITORY_OWNER_ID": str(OWNER_ID)}
    reported = estate.bootstrap("--check", who="", code=2, **job)
    assert f"subjects begin with repo:example@{OWNER_ID}/myapp@{REPOSITORY_ID}" in reported.stderr
    assert not estate.git("status", "--porcelain")


def test_what_github_says_otherwise_stops(estate: Estate) -> None:
    """An id of another repository, as an environment variable may have it, is not taken where GitHub can
    be asked.
    """
    done = estate.bootstrap("--repository-id", "816", code=1)

    assert "--repository-id 816: GitHub says 815 of example/myapp" in done.stderr


def test_check_shows_all_and_changes_nothing(estate: Estate) -> None:
    """Exit code 2, with each file and each setting; the work tree, GitHub and the tenant are as they were."""
    done = estate.bootstrap("--check", code=2)

    assert "+ .github/workflows/entra-apply.yml" in done.stdout
    assert "+    deployers: [MyApp Writer (prod)]" in done.stdout
    assert "environment prod: main only, reviewed by @example/platform" in done.stdout
    assert "+ application writer-prod" in done.stdout, "the plan, before its manifest is written"
    assert "ann is an administrator of example/myapp" in done.stderr
    assert not estate.git("status", "--porcelain")
    assert not estate.hub.settings.writes


def test_nothing_is_written_without_a_yes(estate: Estate) -> None:
    """Where nobody can be asked, it needs the word."""
    done = estate.bootstrap(code=1)

    assert "--auto-approve" in done.stderr
    assert not estate.git("status", "--porcelain")
    assert not estate.hub.settings.writes


def test_who_administers_nothing_gets_commands(estate: Estate) -> None:
    """Without `gh`, or as somebody else there: files are written, GitHub is not touched, and its commands
    are printed.
    """
    nobody = estate.bootstrap("--auto-approve", *IDS, who="")
    done = estate.bootstrap("--check", who=WRITER, code=2)

    assert not estate.hub.settings.writes
    commands = [line.strip() for line in done.stdout.splitlines() if line.strip().startswith("gh ")]
    assert commands == [line.strip() for line in nobody.stdout.splitlines() if line.strip().startswith("gh ")]
    assert "not signed in as an administrator" in done.stderr
    assert "replaces them, so add those to it" in done.stdout
    assert "next, as an administrator: entra-config apply --allow dangerous -f pipeline" in nobody.stderr

    environ = environment(GH_URL=estate.hub.url, GH_USER="ann")
    environ["PATH"] = f"{estate.folder / 'bin'}:{environ['PATH']}"
    for command in commands:
        subprocess.run(["bash", "-c", command], env=environ, check=True, capture_output=True)

    rest = estate.bootstrap("--check", code=2)
    assert "GitHub example/myapp" not in rest.stdout, (
        "what a person ran by hand is all that gh would have set"
    )
    assert set(estate.hub.settings.environments) == {"dev", "prod", "pins"}
    review = next(
        rule for rule in estate.hub.settings.environments["prod"]["protection_rules"] if "reviewers" in rule
    )
    assert review["reviewers"] == [{"type": "Team", "reviewer": {"id": 77}}]


def test_a_consent_that_is_left_out_is_told_with_its_page(estate: Estate) -> None:
    """Who may not give it leaves it to an administrator: a line each, the portal's page, and doctor names
    what is missing.
    """
    done = estate.command("apply", "-f", "pipeline", "--auto-approve", "--write-lock")

    assert done.returncode == 3, done.stderr
    for key, (app_id, _) in identities(estate).items():
        page = f"ApplicationMenuBlade/~/CallAnAPI/appId/{app_id}"
        lines = [line for line in done.stderr.splitlines() if line.startswith(f"{key}: ")]
        assert len(lines) == (0 if key == "reader" else 1)
        assert all(page in line for line in lines), "no page that needs a reply address"
    reported = estate.command("doctor", "--pipeline")
    assert reported.returncode == 1
    for name in ("dev", "prod"):
        lacks = (
            "AppRoleAssignment.ReadWrite.All, Application.ReadWrite.OwnedBy, "
            "DelegatedPermissionGrant.ReadWrite.All"
        )
        assert (
            f"MyApp Writer ({name}) lacks consent to {lacks}: an administrator consents at https://portal"
            in reported.stdout
        )
    assert "MyApp Reader may: " in reported.stdout


def test_an_administrator_consents_and_the_rest_follows(estate: Estate) -> None:
    """After the apply the writers' pins and the variables with their client ids are known; then there is
    nothing left.
    """
    done = estate.command("apply", "-f", "pipeline", "--allow", "dangerous", "--auto-approve", "--write-lock")
    assert done.returncode == 0, done.stderr

    estate.bootstrap("--auto-approve")

    found = identities(estate)
    assert estate.hub.settings.variables == {
        "ENTRA_TENANT_ID": seed.CONTOSO,
        "ENTRA_READER_CLIENT_ID": found["reader"][0],
    }
    assert estate.writers == {name: found[f"writer-{name}"][0] for name in ("dev", "prod")}
    for name in ("dev", "prod"):
        pins = yaml.safe_load((estate.desk / f"manifests/entra-config.{name}.lock.yaml").read_text())[
            "servicePrincipals"
        ]
        principal = estate.graph(
            "GET", f"/servicePrincipals(appId='{found[f'writer-{name}'][0]}')?$select=id"
        )["id"]
        assert pins == {f"MyApp Writer ({name})": principal}, (
            "the tenant has another application of this name"
        )


def test_again_changes_nothing(estate: Estate) -> None:
    """Neither a file, nor GitHub, nor the tenant: by --check, and by a run that may write."""
    sha, writes = estate.commit("A pipeline"), list(estate.hub.settings.writes)
    before = estate.graph("GET", "/auditLogs/directoryAudits?$top=999")["value"]

    estate.bootstrap("--check")
    again = estate.bootstrap("--auto-approve", "--apply", "--allow", "dangerous")

    assert not estate.git("status", "--porcelain")
    assert "wrote" not in again.stderr
    assert estate.hub.settings.writes == writes
    assert len(estate.graph("GET", "/auditLogs/directoryAudits?$top=999")["value"]) == len(before)
    assert estate.git("rev-parse", "HEAD") == sha
    estate.git("push", "--quiet", "origin", "main")


def test_each_identity_has_the_least_and_opens_to_main_alone(estate: Estate) -> None:
    """What the manifest needs and no more; subjects have the ids, and name main's workflow in each."""
    declared = yaml.safe_load((estate.desk / "pipeline/identities.yaml").read_text())["applications"]
    prefix = f"repo:example@{OWNER_ID}/myapp@{REPOSITORY_ID}:"

    for name in ("dev", "prod"):
        reported = estate.entra("permissions", "-e", name, "--format", "json")
        assert yaml.safe_load(reported)["least"] == identities(estate)[f"writer-{name}"][1]
        (subject,) = [each["subject"] for each in declared[f"writer-{name}"]["federatedCredentials"].values()]
        assert subject.startswith(f"{prefix}environment:{name}:job_workflow_ref:")
    subjects = [each["subject"] for one in declared.values() for each in one["federatedCredentials"].values()]
    assert len(set(subjects)) == len(subjects)
    assert all(
        re.search(r":job_workflow_ref:example/myapp/\.github/workflows/entra-\w+\.yml@refs/heads/main$", s)
        for s in subjects
    )


def test_owners_guard_what_decides(estate: Estate) -> None:
    """The workflows, the pipeline and the manifest have owners; who owns a line already stays, and the
    block stays last.
    """
    path = estate.desk / ".github/CODEOWNERS"
    owned = re.compile(r"^(/pipeline/ +)@example/platform$", re.MULTILINE)
    assert owned.search(path.read_text())
    path_restriction = "  - { path: access.yaml, mayDeclare: [appRoleAssignments/api/*] }\n"
    estate.edit("manifests/entra-config.yaml", "  - path: access.yaml\n", path_restriction)
    path.write_text(owned.sub(r"\1@example/security", path.read_text()) + "* @everyone\n")

    estate.bootstrap("--auto-approve")

    *rest, last = path.read_text().strip().splitlines()
    assert last == "# entra-config: end"
    assert any(re.fullmatch(r"/pipeline/ +@example/security", line) for line in rest)
    assert any(
        re.fullmatch(r"/manifests/access.yaml +@example/platform +# appRoleAssignments/api/\*", line)
        for line in rest
    )
    assert rest.index("* @everyone") < rest.index(next(line for line in rest if line.startswith("/.github/")))
    estate.git("checkout", "--quiet", "--force", ".")


def test_the_first_push_is_planned_and_applied(estate: Estate) -> None:
    """The identities that were made do the work: main is applied to dev, then to prod, and the pipeline
    stands.
    """
    assert_all(estate.push(estate.git("rev-parse", "HEAD")), "success")

    jobs = estate.night()

    assert_all(jobs, "success")
    log = jobs["pipeline"].log
    assert f"repo:example@{OWNER_ID}/myapp@{REPOSITORY_ID}:ref:refs/heads/main:job_workflow_ref:" in log
    assert "opens reader" in log
    for name in ("dev", "prod", "pins"):
        assert f"{name} opens to main alone" in log
    assert "GitHub does not show them to this job; the job's own values are compared" in log


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
        f"{name} lacks consent to {permission}: an administrator consents at https://portal.azure.com" in log
    )
    assert f"CallAnAPI/appId/{app_id}" in log
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


def wrong_form(estate: Estate) -> None:
    """Let the repository be one of before, whose subjects have no ids."""
    estate.hub.settings.immutable = False


def default_subjects(estate: Estate) -> None:
    """Let somebody take the customization of the subjects away."""
    estate.hub.settings.custom = {"use_default": True}


def open_environment(estate: Estate) -> None:
    """Let another branch into prod."""
    estate.hub.settings.branches["prod"] = ["main", "release"]


def self_review(estate: Estate) -> None:
    """Let whoever starts a run approve it."""
    rules = estate.hub.settings.environments["dev"]["protection_rules"]
    next(rule for rule in rules if "reviewers" in rule)["prevent_self_review"] = False


def other_reader(estate: Estate) -> None:
    """Let the variable name somebody else."""
    estate.hub.settings.variables["ENTRA_READER_CLIENT_ID"] = seed.READER_APP_ID


def planted_secret(estate: Estate) -> None:
    """Add a secret to prod's writer by hand."""
    app = estate.graph("GET", f"/applications(appId='{identities(estate)['writer-prod'][0]}')?$select=id")[
        "id"
    ]
    estate.graph(
        "POST", f"/applications/{app}/addPassword", {"passwordCredential": {"displayName": "planted"}}
    )


def foreign_subject(estate: Estate) -> None:
    """Let another repository sign in as dev's writer."""
    app = estate.graph("GET", f"/applications(appId='{identities(estate)['writer-dev'][0]}')?$select=id")[
        "id"
    ]
    more = {
        "name": "more",
        "issuer": ISSUER,
        "subject": "repo:evil/x:ref:refs/heads/main",
        "audiences": ["api://AzureADTokenExchange"],
    }
    estate.graph("POST", f"/applications/{app}/federatedIdentityCredentials", more)


UNDONE = {
    wrong_form: (
        "the ids of owner and repository are not those of the declared subjects; expected repo:example@"
    ),
    default_subjects: "the repository's subjects do not name the workflow; expected repo:example@",
    open_environment: "prod: lets in main, release, not main alone",
    self_review: "dev: whoever starts a run may approve it",
    other_reader: "which is no identity of the pipeline: reader is",
    foreign_subject: "federatedCredential.writer-dev/more",
    planted_secret: "planted",
}


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
    assert "writer-prod" not in done.stdout.partition("myapp-pipeline/tenant")[2]
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
