"""What stops a pull request: a manifest that does not hold, a test, a policy, a pin, too much to read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import httpx
import yaml

from entra_config.credentials import keypair
from entra_emulator import seed
from tests.workflows.estate import Estate
from tests.workflows.manifest_files import ACCESS, CLIENTS, ROLES
from tests.workflows.runs import assert_all

GRAPH = "00000003-0000-0000-c000-000000000000"


def test_a_fork_gets_no_plan_and_no_token(estate: Estate) -> None:
    """An attacker's manifest is validated; nothing of the tenant is read or told."""
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
    pins = yaml.safe_load(text)["groups"]
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
