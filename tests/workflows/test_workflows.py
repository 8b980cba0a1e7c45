"""The workflows of `.github/`, script for script: a role by pull request, drift, and what moved meanwhile."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

import pytest

from entra_emulator import seed
from tests.workflows.estate import Estate
from tests.workflows.manifest_files import ACCESS, ROLES
from tests.workflows.runs import assert_all

CODE = re.compile(r"(?s)(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)")
AUDITOR = (
    "      Auditor: { displayName: Auditor, description: Looks into the books., allowedMemberTypes: "
    "[User] }\n"
)


def roles_of(estate: Estate, user: str, suffix: str) -> list[str]:
    """Return the roles in the token that a user gets for the API."""
    found = estate.graph("GET", f"/applications?$filter=displayName eq 'MyApp API{suffix}'")["value"]
    (app,) = found
    client = estate.graph("GET", f"/applications?$filter=displayName eq 'MyApp SPA{suffix}'")["value"][0]
    scope = f"api://{app['appId']}/user.read"
    token = estate.entra(
        "emulator",
        "token",
        "--app-id",
        client["appId"],
        "--user",
        user,
        "--scope",
        scope,
        "--tenant",
        seed.CONTOSO,
    ).strip()
    payload = token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return list(claims.get("roles", []))


def test_a_role_by_pull_request(estate: Estate) -> None:
    """Auditor is added in a pull request, reviewed as a plan, merged, applied to dev and prod, and stands
    in a member's token.
    """
    estate.start()
    estate.edit(ROLES, "      Admin:  {", f"{AUDITOR}      Admin:  {{")
    estate.edit(ACCESS, "    Admin:", "    Auditor: { groups: [Audit] }\n    Admin:")
    for name in ("dev", "prod"):
        estate.entra("lock", "-e", name)
    estate.entra("settings")

    jobs = estate.open_pull(1, "Add the role Auditor")

    assert_all(jobs, "success")
    (comment,) = estate.hub.comments[1]
    assert "Auditor" in comment["body"]
    assert "2 people gain" in comment["body"]
    assert "judy@" not in comment["body"], "names of people stay out of comments"

    assert_all(estate.open_pull(1, "Say it better", fork=False) if touch(estate) else {}, "success")
    (comment,) = estate.hub.comments[1]
    assert comment["writes"] == 2, "one comment, updated"

    jobs = estate.push(estate.merge(1))

    assert_all(jobs, "success", "skipped")
    assert jobs["apply-dev"].ok
    assert not jobs["apply-prod"].skipped
    for name in ("plan-dev", "plan-prod"):
        assert "Same plan as shown in review (#1)" in jobs[name].summary
    for suffix in (" (dev)", ""):
        assert "Auditor" in roles_of(estate, "judy@contoso.com", suffix)
        assert "Auditor" not in roles_of(estate, "bob@contoso.com", suffix)


def touch(estate: Estate) -> bool:
    """Change a text that changes no plan."""
    estate.edit(ROLES, "applications:\n", "# The API and its roles.\napplications:\n")
    return True


def test_drift_opens_an_issue_and_repair_closes_it(estate: Estate) -> None:
    """A hand in the tenant is reported by name at night; after the repair the issue closes."""
    assert_all(estate.night(), "success")
    assert not [issue for issue in estate.hub.issues if issue["state"] == "open"]
    spa = estate.graph("GET", "/applications?$filter=displayName eq 'MyApp SPA'")["value"][0]
    estate.graph(
        "PATCH",
        f"/applications/{spa['id']}",
        {"spa": {"redirectUris": [*spa["spa"]["redirectUris"], "https://evil.example/cb"]}},
    )

    jobs = estate.night()

    assert_all(jobs, "success")
    (issue,) = [issue for issue in estate.hub.issues if issue["state"] == "open"]
    assert issue["title"] == "Drift in prod"
    assert "https://evil.example/cb" in issue["body"]
    assert "application Emulator admin" in issue["body"]

    assert_all(estate.night(), "success")
    assert len(estate.hub.issues) == 1, "updated, not opened again"

    sha = estate.git("rev-parse", "origin/main")
    assert_all(estate.by_hand(sha, environment="prod", allow=""), "success", "skipped")
    assert_all(estate.night(), "success")
    assert [issue["state"] for issue in estate.hub.issues] == ["closed"]


def test_an_older_commit_that_runs_last_changes_nothing(estate: Estate) -> None:
    """The newer run applies the newer manifest; the older one says that it is superseded."""
    jobs = estate.push(estate.git("rev-parse", "origin/main~1"))

    assert jobs["plan-dev"].result == "failure"
    assert "Superseded" in jobs["plan-dev"].log
    assert jobs["apply-dev"].skipped
    assert jobs["apply-prod"].skipped


def test_a_tenant_that_moved_between_plan_and_apply_is_not_written(
    estate: Estate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Job 2 plans again: what is not job 1's very plan is not applied."""
    estate.start()
    estate.edit(ROLES, "description: Reads everything.", "description: Reads all.")
    estate.propose(4, "Say it shorter")
    sha = estate.merge(4)
    run_job = estate.runner._job
    api = estate.graph("GET", "/applications?$filter=displayName eq 'MyApp API (dev)'")["value"][0]

    def moved(*arguments: Any, **more: Any) -> Any:
        if arguments[2].get("environment") == "dev":
            estate.graph("PATCH", f"/applications/{api['id']}", {"displayName": "Somebody was here"})
        return run_job(*arguments, **more)

    monkeypatch.setattr(estate.runner, "_job", moved)
    jobs = estate.push(sha)
    monkeypatch.undo()

    assert jobs["plan-dev"].result == "success"
    assert jobs["apply-dev"].result == "failure"
    assert "has changed; nothing was changed" in jobs["apply-dev"].log
    assert jobs["apply-prod"].skipped, "what fails in dev does not reach prod"
    assert_all(estate.push(sha), "success", "skipped")


def test_what_differs_from_the_reviewed_plan_is_named(estate: Estate) -> None:
    """Somebody edits the tenant between review and merge: the summary names each object that the reviewers
    did not see so.
    """
    estate.start()
    estate.edit(ROLES, "description: Reads all.", "description: Reads it all.")
    assert_all(estate.open_pull(7, "Say it better"), "success")
    spa = estate.graph("GET", "/applications?$filter=displayName eq 'MyApp SPA (dev)'")["value"][0]
    estate.graph("PATCH", f"/applications/{spa['id']}", {"displayName": "Somebody was here"})

    jobs = estate.push(estate.merge(7))

    assert_all(jobs, "success", "skipped")
    assert "**Differs** from the plan that was shown in review (#7)" in jobs["plan-dev"].summary
    assert "> - `application.spa`: new" in jobs["plan-dev"].summary
    assert "Same plan as shown in review (#7)" in jobs["plan-prod"].summary


def test_a_plan_that_a_limit_refuses_needs_a_word_by_hand(estate: Estate) -> None:
    """Taking the last holder of a role stops; by hand, with the word, it is done, and the reviewers see
    the word.
    """
    estate.start()
    estate.edit(ACCESS, "    Auditor: { groups: [Audit] }\n", "    Auditor: { groups: [] }\n")

    jobs = estate.open_pull(5, "Nobody audits")
    assert jobs["plan/prod"].result == "success"
    assert "--allow last" in estate.hub.comments[5][0]["body"]
    assert jobs["comment"].result == "failure", "the check is red after the comment is written"

    sha = estate.merge(5)
    jobs = estate.push(sha)
    assert jobs["plan-dev"].result == "failure"
    assert jobs["apply-dev"].skipped

    jobs = estate.by_hand(sha, environment="all", allow="last")
    assert_all(jobs, "success", "skipped")
    assert "Limits lifted by hand: `last`" in jobs["plan-prod"].summary


def test_what_is_withheld_starts_no_writer_and_stops_nothing(estate: Estate) -> None:
    """A grant to what has an undeclared secret waits: alone it asks nobody for approval; beside a change,
    the change is made.
    """
    app = estate.graph("GET", "/applications?$filter=displayName eq 'MyApp Nightly'")["value"][0]
    principal = estate.graph("GET", f"/servicePrincipals(appId='{app['appId']}')")["id"]
    secret = estate.graph(
        "POST", f"/applications/{app['id']}/addPassword", {"passwordCredential": {"displayName": "planted"}}
    )
    for held in estate.graph("GET", f"/servicePrincipals/{principal}/appRoleAssignments")["value"]:
        estate.graph("DELETE", f"/servicePrincipals/{principal}/appRoleAssignments/{held['id']}")

    jobs = estate.by_hand(estate.runner.git("rev-parse", "main").strip(), environment="prod", allow="")

    assert_all(jobs, "success", "skipped")
    assert (jobs["plan-prod"].outputs["steps"], jobs["plan-prod"].outputs["withheld"]) == ("0", "1")
    assert jobs["apply-prod"].skipped
    assert "Withheld: 1" in jobs["plan-prod"].summary

    estate.start()
    estate.edit(
        ROLES, "description: Lets the app read your data.", "description: Lets the app read what is yours."
    )
    estate.propose(8, "Say it better")
    jobs = estate.push(estate.merge(8))

    assert jobs["apply-dev"].result == "success"
    assert jobs["plan-prod"].outputs["withheld"] == "1"
    assert jobs["apply-prod"].result == "failure", "what was withheld in prod is not called done"
    assert "Withheld: 1" in jobs["apply-prod"].log
    api = estate.graph("GET", "/applications?$filter=displayName eq 'MyApp API'")["value"][0]
    assert "Lets the app read what is yours." in str(api["api"]["oauth2PermissionScopes"])
    assert list(estate.runner.folder.glob(f"run-{estate.runner.number}/artifacts/applied-prod/settings"))
    assert not estate.graph("GET", f"/servicePrincipals/{principal}/appRoleAssignments")["value"]

    estate.graph("POST", f"/applications/{app['id']}/removePassword", {"keyId": secret["keyId"]})
    assert_all(
        estate.by_hand(estate.runner.git("rev-parse", "main").strip(), environment="prod", allow=""),
        "success",
        "skipped",
    )
    assert estate.graph("GET", f"/servicePrincipals/{principal}/appRoleAssignments")["value"]


def test_hostile_names_become_no_markup(estate: Estate) -> None:
    """A display name of the tenant cannot mention, link, or speak to the runner."""
    hostile = "@everyone <img src=x> [a](https://evil.example) ::set-env name=X::1 `|"
    group = estate.graph(
        "POST",
        "/groups",
        {"displayName": hostile, "mailEnabled": False, "mailNickname": "h", "securityEnabled": True},
    )
    api = estate.graph("GET", "/servicePrincipals?$filter=displayName eq 'MyApp API'")["value"][0]
    role = next(role["id"] for role in api["appRoles"] if role["value"] == "Reader")
    body = {"principalId": group["id"], "resourceId": api["id"], "appRoleId": role}
    estate.graph("POST", f"/servicePrincipals/{api['id']}/appRoleAssignedTo", body)
    estate.start()
    estate.edit(ROLES, "# The API and its roles.", "# The API.")

    estate.open_pull(6, "Anything")

    text = estate.hub.comments[6][0]["body"]
    assert "everyone" in text
    outside = CODE.sub("", text)
    assert "<img" not in outside
    assert "@everyone" not in outside
    assert "](https://evil" not in outside
    assert not any(line.startswith("::") for line in text.splitlines())


def test_journals_and_settings_are_kept(estate: Estate) -> None:
    """What was sent, and what the apps read afterwards, is an artifact of the run; neither holds a secret."""
    kept = sorted(estate.runner.folder.glob("run-*/artifacts/applied-prod/*"))

    assert {"journal.jsonl"} <= {path.name for path in kept}
    for path in kept:
        text = path.read_text() if path.is_file() else ""
        assert "secretText" not in text
        assert not re.search(r"eyJ[\w-]+\.eyJ", text), "no token"


def test_what_was_read_before_and_after_an_apply_is_kept(estate: Estate) -> None:
    """Two files, an artifact of the run of a private repository."""
    kept = sorted(estate.runner.folder.glob("run-*/artifacts/snapshots-prod/*"))

    assert {path.name for path in kept} == {"before.json", "after.json"}
    for path in kept:
        assert json.loads(path.read_text(encoding="utf-8"))["environment"] == "prod"
