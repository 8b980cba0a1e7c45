"""From an empty repository to its pipeline: what is shown, written, set and applied; then nothing is left."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator

import pytest
import yaml

from entra_emulator import seed
from tests.workflows.estate import REPOSITORY, Estate
from tests.workflows.identities import identities
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


def test_a_dangerous_consent_that_is_skipped_has_no_link(estate: Estate) -> None:
    """Who may not give it leaves it to an administrator, who applies: doctor says what is missing."""
    done = estate.command("apply", "-f", "pipeline", "--auto-approve", "--pins", "write")

    assert done.returncode == 3, done.stderr
    assert "https://" not in done.stderr
    reported = estate.command("doctor", "--pipeline")
    assert reported.returncode == 1
    for name in ("dev", "prod"):
        lacks = (
            "AppRoleAssignment.ReadWrite.All, Application.ReadWrite.OwnedBy, "
            "DelegatedPermissionGrant.ReadWrite.All"
        )
        assert (
            f"MyApp Writer ({name}) lacks consent to {lacks}: an administrator gives it with "
            "`entra-config apply -f pipeline --allow dangerous`" in reported.stdout
        )
    assert "MyApp Reader may: " in reported.stdout


def test_an_administrator_consents_and_the_rest_follows(estate: Estate) -> None:
    """After the apply the writers' pins and the variables with their client ids are known; then there is
    nothing left.
    """
    done = estate.command(
        "apply", "-f", "pipeline", "--allow", "dangerous", "--auto-approve", "--pins", "write"
    )
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
