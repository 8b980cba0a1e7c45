"""The workflows of `.github/`, script for script: a role by pull request, drift, and all that must stop
where it should.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from entra_config.credentials import keypair
from entra_config.emulator import seed
from tests.workflows.estate import Estate
from tests.workflows.runs import assert_all

CODE = re.compile(r"(?s)(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)")
AUDITOR = (
    "      Auditor: { displayName: Auditor, description: Looks into the books., allowedMemberTypes: "
    "[User] }\n"
)
ROLES = "manifests/applications/api.yaml"
ACCESS = "manifests/access.yaml"
CLIENTS = "manifests/applications/clients.yaml"
GRAPH = "00000003-0000-0000-c000-000000000000"


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


def test_a_fork_gets_no_plan_and_no_token(estate: Estate) -> None:
    """A stranger's manifest is validated; nothing of the tenant is read or told."""
    estate.start()
    estate.edit(ACCESS, "users: [alice@contoso.com]", "users: [alice@contoso.com, mallory@contoso.com]")

    jobs = estate.open_pull(2, "Let me in", fork=True)

    assert jobs["validate"].result == "success"
    assert jobs["review"].skipped
    assert not jobs.keys() & {"plan/dev", "plan/prod", "comment"}
    assert 2 not in estate.hub.comments


def test_an_invalid_manifest_stops_before_any_sign_in(estate: Estate) -> None:
    """What does not hold is said with file and line; nobody signs in for it."""
    estate.start()
    estate.edit(ACCESS, "groups: [All Staff]", "gruops: [All Staff]")

    jobs = estate.open_pull(3, "A typo")

    assert jobs["validate"].result == "failure"
    assert "manifests/access.yaml:" in jobs["validate"].log
    assert "groups" in jobs["validate"].log
    assert jobs["review"].skipped


def test_what_lint_finds_stops_before_any_sign_in(estate: Estate) -> None:
    """An error of a rule is annotated at its line; nobody signs in for it, and a comment does not silence
    it.
    """
    estate.start()
    wildcard = "https://*.example.com/    # entra-config: ignore[redirect-wildcard] because the demo needs it"
    estate.edit(CLIENTS, "      - ${spaUrl}/\n", f"      - {wildcard}\n")

    jobs = estate.open_pull(12, "A wildcard")

    assert jobs["validate"].result == "failure"
    assert (
        "::error file=manifests/applications/clients.yaml,line=7,col=9,title=redirect-wildcard::"
        in jobs["validate"].log
    )
    assert "title=suppression-refused::" in jobs["validate"].log
    assert jobs["review"].skipped


def test_an_access_test_that_fails_is_told_with_what_a_change_does_to_tests_and_stops(estate: Estate) -> None:
    """The comment says which test fails and why, below those that the pull request removes; nothing of it
    is applied.
    """
    estate.start()
    delete = "      user.delete: { displayName: Delete, description: Deletes., whoCanConsent: admins }\n"
    estate.edit(ROLES, "    appRoles:\n", f"{delete}    appRoles:\n")
    estate.entra("settings")
    people = estate.desk / "manifests/tests/people.yaml"
    text = people.read_text()
    gone = next(part for part in text.split("\n\n") if "keeps strangers out" in part)
    people.write_text(
        text.replace(f"{gone}\n\n", "").replace("it: lets writers write", "it: lets writers write again")
    )

    jobs = estate.open_pull(12, "Let somebody delete")

    fails = "offers no scope that deletes"
    assert jobs["tests"].result == "failure", "a fork's pull request is told too, without an identity"
    assert f"FAIL  {fails} (prod)" in jobs["tests"].log
    assert "::error file=manifests/applications/api.yaml,line=" in jobs["tests"].log, (
        "as the pull request names files"
    )
    assert jobs["plan/dev"].result == jobs["plan/prod"].result == "success"
    assert jobs["comment"].result == "failure", "the check is red after the comment is written"
    (comment,) = estate.hub.comments[12]
    body = comment["body"]
    assert "**1 of 33 access tests fails in prod; by this change 2 removed, 1 added**" in body
    assert "**1 of 20 access tests fails in dev; by this change 2 removed, 1 added**" in body
    names = body.partition("Removed access tests: 2")[2]
    assert names.startswith(
        f"\n\n```diff\n- lets writers write\n- keeps strangers out\n```\n\n**Fails:** `{fails}` in `prod`"
    )
    assert "- `expected AADSTS650053, got AADSTS65001`" in names
    assert "  - `Nobody consented to user.delete of MyApp API for MyApp SPA.`" in names

    jobs = estate.push(estate.merge(12))

    assert jobs["plan-dev"].result == "failure"
    assert f"**Fails:** `{fails}` in `dev`" in jobs["plan-dev"].summary
    assert all(job.skipped for name, job in jobs.items() if name.startswith("apply"))
    estate.git("revert", "--no-edit", "-m", "1", "HEAD")
    estate.git("push", "--quiet", "origin", "HEAD:main")
    assert_all(estate.push(estate.git("rev-parse", "HEAD")), "success", "skipped")


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
    assert "moved since" in jobs["apply-dev"].log
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


def test_a_consent_that_no_policy_lists_stops(estate: Estate) -> None:
    """The comment says what is left out and why, the check is red; merged, no writer is started for it."""
    estate.start()
    requested = "Microsoft Graph: { delegated: [openid, profile, offline_access"
    estate.edit(CLIENTS, requested, f"{requested}, User.ReadBasic.All")

    jobs = estate.open_pull(13, "Read everybody")

    assert jobs["validate"].result == jobs["tests"].result == "success"
    assert jobs["comment"].result == "failure", "the check is red after the comment is written"
    (comment,) = estate.hub.comments[13]
    assert "User.ReadBasic.All" in comment["body"]
    assert "of this environment does not list it" in comment["body"]

    jobs = estate.push(estate.merge(13))

    assert jobs["plan-dev"].result == "failure"
    assert all(job.skipped for name, job in jobs.items() if name.startswith("apply"))
    estate.git("revert", "--no-edit", "-m", "1", "HEAD")
    estate.git("push", "--quiet", "origin", "HEAD:main")


def test_what_the_tenant_s_own_policy_refuses_is_told_in_the_pull_request(estate: Estate) -> None:
    """The comment warns of each environment before anybody merges; that it stops is up to the tenant, and to
    `--strict`.
    """
    estate.start()
    policy = "/policies/defaultAppManagementPolicy"
    longest = {"restrictionType": "asymmetricKeyLifetime", "maxLifetime": "P30D", "state": "enabled"}
    restricted = {"isEnabled": True, "applicationRestrictions": {"keyCredentials": [longest]}}
    with allowed(estate, "Policy.ReadWrite.ApplicationConfiguration") as who:
        estate.graph("PATCH", policy, restricted, who)
    now = datetime.now(UTC)
    pem = keypair.made("nightly", now, now + timedelta(days=90), keypair.private_key).pem.reveal()
    public = pem[pem.index("-----BEGIN CERTIFICATE") :].replace("\n", "\n            ")
    key = f"    credentials:\n      certificates:\n        main:\n          pem: |\n            {public}\n"
    estate.edit(CLIENTS, "  nightly:\n    type: daemon\n", f"  nightly:\n    type: daemon\n{key}")
    estate.entra("settings")

    jobs = estate.open_pull(14, "A key for the night")

    assert jobs["plan/dev"].result == jobs["plan/prod"].result == "success"
    (comment,) = estate.hub.comments[14]
    assert comment["body"].count("refuses certificate `main`, which lives longer than P30D") == 2
    with allowed(estate, "Policy.ReadWrite.ApplicationConfiguration") as who:
        estate.graph("PATCH", policy, {"isEnabled": False}, who)


@contextmanager
def allowed(estate: Estate, permission: str) -> Iterator[httpx.Client]:
    """Give the administrator's application one permission of Microsoft Graph more for a while."""
    graph = estate.graph("GET", f"/servicePrincipals(appId='{GRAPH}')")
    own = estate.graph("GET", f"/servicePrincipals(appId='{seed.ADMIN_APP_ID}')")
    role = next(each["id"] for each in graph["appRoles"] if each["value"] == permission)
    given = {"principalId": own["id"], "resourceId": graph["id"], "appRoleId": role}
    path = f"/servicePrincipals/{own['id']}/appRoleAssignments"
    made = estate.graph("POST", path, given)
    with estate.client(seed.ADMIN_APP_ID, seed.ADMIN_SECRET) as client:
        yield client
    estate.graph("DELETE", f"{path}/{made['id']}")


def test_what_is_refused_in_dev_is_not_tried_in_prod(estate: Estate) -> None:
    """What a policy refuses in dev alone stops prod too, where nothing is refused; by hand, prod is
    applied alone.
    """
    estate.start()
    requested = "{ Microsoft Graph: { delegated: [openid, profile, offline_access, User.ReadBasic.All] } }"
    estate.edit(
        "manifests/entra-config.yaml",
        "    overrides:\n      appRole",
        f"    overrides:\n      applications: {{ spa: {{ apiPermissions: {requested} }} }}\n      appRole",
    )
    estate.edit(ROLES, "description: Administers.,      allowed", "description: Administers all.,  allowed")
    estate.propose(14, "Everybody's names in dev")
    sha = estate.merge(14)

    jobs = estate.push(sha)

    assert jobs["plan-dev"].result == "failure"
    assert jobs["plan-prod"].skipped
    assert jobs["apply-prod"].skipped

    jobs = estate.by_hand(sha, environment="prod", allow="")

    assert_all(jobs, "success", "skipped")
    assert not jobs["apply-prod"].skipped
    estate.git("revert", "--no-edit", "-m", "1", "HEAD")
    estate.git("push", "--quiet", "origin", "HEAD:main")
    assert_all(estate.push(estate.git("rev-parse", "HEAD")), "success", "skipped")


def test_more_than_five_comments_show_needs_a_word_by_hand(estate: Estate) -> None:
    """What gives power stands first and whole over several comments; where it cannot, nothing is applied
    without `unseen`.
    """
    estate.start()
    before = (estate.desk / CLIENTS).read_text()
    few = "".join(f"      - https://new.example.com/{index:03}/{'x' * 190}\n" for index in range(240))
    estate.edit(CLIENTS, "      - ${spaUrl}/\n", f"      - ${{spaUrl}}/\n{few}")

    assert_all(estate.open_pull(9, "Two hundred and forty more"), "success")
    assert len(estate.hub.comments[9]) == 3
    shown = [
        line
        for each in estate.hub.comments[9]
        for line in each["body"].splitlines()
        if line.startswith("! redirect host")
    ]
    assert [line.split()[-1][24:27] for line in shown] == [f"{index:03}" for index in range(240)] * 2, (
        "prod's, then dev's"
    )

    many = "".join(f"      - https://new.example.com/{index:03}/{'x' * 190}\n" for index in range(250))
    web = "  {key}:\n    type: web\n    displayName: {key}${{suffix}}\n    redirectUris:\n{uris}"
    text = before + "".join(web.format(key=f"more{number}", uris=many) for number in range(3))
    (estate.desk / CLIENTS).write_text(text)

    jobs = estate.open_pull(9, "Three times as much")

    assert jobs["comment"].result == "failure"
    assert len(estate.hub.comments[9]) == 5
    assert "too much to review at once: split it, or `--allow unseen`" in estate.hub.comments[9][0]["body"]
    jobs = estate.push(estate.merge(9))
    assert jobs["plan-dev"].result == "failure"
    assert jobs["apply-dev"].skipped
    assert "too much to review at once" in jobs["plan-dev"].summary

    estate.start()
    (estate.desk / CLIENTS).write_text(before)
    assert_all(estate.open_pull(10, "Nothing of it"), "success")
    assert len(estate.hub.comments[10]) == 1
    estate.merge(10)


def test_a_lock_line_is_read_first(estate: Estate) -> None:
    """A pull request that leads a pinned name elsewhere says so at its head, with both names, against
    main's lock file.
    """
    estate.start()
    lock = estate.desk / "manifests/entra-config.prod.lock.yaml"
    text = lock.read_text()
    names = ("MyApp Admins", "MyApp Writers")
    pins = dict(line.strip().split(": ") for line in text.splitlines() if line.strip().startswith(names))
    lock.write_text(text.replace(pins["MyApp Admins"], pins["MyApp Writers"]))

    jobs = estate.open_pull(11, "A better pin")

    assert jobs["comment"].result == "failure", "the role would lose its last holder, and the new one waits"
    (comment,) = estate.hub.comments[11]
    line = (
        "! pin                   group 'MyApp Admins' is now 'MyApp Writers' "
        f"({pins['MyApp Writers'][:8]}…)\n"
    )
    assert comment["body"].index(line) < comment["body"].index("#### Warnings")
    assert comment["body"].count(line) == 1, "prod's alone"
    estate.start()


def test_what_is_held_back_starts_no_writer_and_stops_nothing(estate: Estate) -> None:
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
    assert (jobs["plan-prod"].outputs["steps"], jobs["plan-prod"].outputs["held-back"]) == ("0", "1")
    assert jobs["apply-prod"].skipped
    assert "Held back: 1" in jobs["plan-prod"].summary

    estate.start()
    estate.edit(
        ROLES, "description: Lets the app read your data.", "description: Lets the app read what is yours."
    )
    estate.propose(8, "Say it better")
    jobs = estate.push(estate.merge(8))

    assert jobs["apply-dev"].result == "success"
    assert jobs["plan-prod"].outputs["held-back"] == "1"
    assert jobs["apply-prod"].result == "failure", "what was held back in prod is not called done"
    assert "Held back: 1" in jobs["apply-prod"].log
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
