"""Plan, apply and destroy as their users call them: each exit code, what is data and what is talk."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from entra_config.apply.events import Event, StepDone, StepFailed, StepSkipped, StepStarted, Waiting
from entra_config.cli.demo import tampering
from entra_config.cli.demo.story import session
from entra_config.cli.output import Output
from entra_config.cli.progress import record, shown
from entra_config.emulator import seed
from entra_config.emulator.embedded import Embedded
from entra_config.errors import GraphError
from entra_config.graph.request import Request
from entra_config.plan.model import Plan, TenantInfo
from entra_config.plan.steps import Phase, Step
from entra_config.resource import Address
from tests.unit.cli.ran import ROOT, Run

PLAN = ("plan", "-e", "dev")
APPLY = ("apply", "-e", "dev", "--auto-approve")
STEP = Step(
    "application.api/create", (Address("application", "api"),), Phase.CREATE, Request("POST", "/applications")
)


def edit(file: str, old: str, new: str) -> None:
    """Change one place of a manifest's file."""
    path = Path("manifests") / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_the_worked_example_from_empty_to_empty(run: Run, tenant: Embedded) -> None:
    """Plan, apply, no changes, five hand-made drifts, exactly those, repaired, destroyed, all else
    untouched.
    """
    before = tampering.snapshot(tenant)

    assert "21 to add, 0 to change, 0 to remove" in run(*PLAN).out
    assert "23 done, 0 failed" in run(*APPLY).out
    assert "No changes: 21 unchanged" in run(*PLAN, "--detailed-exitcode").out
    tampering.tamper(tenant)
    drifted = run(*PLAN, "--detailed-exitcode")
    assert drifted.code == 2
    assert "1 to add, 3 to change, 1 to remove, 17 unchanged" in drifted.out
    assert run(*APPLY).code == 0
    assert run(*PLAN, "--detailed-exitcode").code == 0
    assert run("destroy", "-e", "dev", "--auto-approve").code == 0
    assert tampering.snapshot(tenant) == before


def test_dev_and_prod_live_side_by_side_in_one_tenant(run: Run) -> None:
    """What one environment applies or destroys is no change of the other."""
    assert run(*APPLY).code == 0
    assert run("apply", "-e", "prod", "--auto-approve").code == 0
    assert run(*PLAN, "--detailed-exitcode").code == 0
    assert run("destroy", "-e", "dev", "--auto-approve").code == 0

    assert run("plan", "-e", "prod", "--detailed-exitcode").code == 0


def test_exit_code_2_is_for_pending_changes_alone(run: Run) -> None:
    """With --detailed-exitcode changes are 2; without it a plan that was made is 0."""
    assert run(*PLAN).code == 0
    assert run(*PLAN, "--detailed-exitcode").code == 2


def test_exit_code_3_wins_over_2(run: Run) -> None:
    """A consent that the policy does not give is left out, the rest is applied, and the exit code is 3."""
    edit("applications/clients.yaml", "[openid, profile, offline_access]", "[openid, profile, Mail.Read]")

    planned = run(*PLAN, "--detailed-exitcode")
    applied = run(*APPLY)

    assert planned.code == 3
    assert "Left out: spa: consent to Microsoft Graph/Mail.Read (delegated)" in planned.out
    assert applied.code == 3
    assert "0 failed, 0 not tried" in applied.out
    assert (
        "spa: after a look at what it asks for, an administrator consents at https://login.microsoftonline.com/"
        in applied.err
    )
    assert run(*APPLY).code == 3  # nothing is left to do, and a human is still needed


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
    run("apply", "-e", "prod", "--auto-approve", "--write-lock")

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
    run("apply", "-e", "prod", "--auto-approve", "--write-lock")
    run("destroy", "-e", "prod", "--auto-approve", "--allow", "delete")
    refused = run("apply", "-e", "prod", "--auto-approve")

    assert refused.code == 3
    assert "--allow restore" in refused.err
    assert run("apply", "-e", "prod", "--auto-approve", "--allow", "restore").code == 0


def test_a_restore_is_finished_by_the_apply_that_begins_it(run: Run, folder: Path) -> None:
    """The saved plan announces what follows the restore; its apply does that too, and the next plan is
    empty.
    """
    run("apply", "-e", "dev", "--auto-approve")
    run("destroy", "-e", "dev", "--auto-approve")
    planned = run("plan", "-e", "dev", "--out", str(folder / "restore.plan"))
    assert "then, once it is back and was read" in planned.out
    assert "deleted by application" in planned.out

    applied = run("apply", "-e", "dev", str(folder / "restore.plan"))

    assert applied.code == 0, applied.err
    assert run("plan", "-e", "dev", "--detailed-exitcode").code == 0


def test_allow_takes_known_words_only(run: Run) -> None:
    """A typo is an error before anything is read."""
    ran = run(*PLAN, "--allow", "everything")

    assert ran.code == 1
    assert "expected one of many, last, delete, restore, used, dangerous" in ran.err


def test_allow_words_come_from_the_environment_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A workflow's input arrives as one variable with words; an empty one lifts nothing."""
    monkeypatch.setenv("ENTRA_CONFIG_ALLOW", "")
    assert run(*PLAN).code == 0
    monkeypatch.setenv("ENTRA_CONFIG_ALLOW", "many last")
    assert run(*PLAN).code == 0
    monkeypatch.setenv("ENTRA_CONFIG_ALLOW", "many,whatever")
    assert run(*PLAN).code == 1


def test_apply_needs_an_answer_or_a_flag(run: Run, tenant: Embedded) -> None:
    """Without a terminal, apply and destroy want to be told; nothing was read or written."""
    before = tampering.snapshot(tenant)

    for command in (("apply", "-e", "dev"), ("destroy", "-e", "dev")):
        ran = run(*command)
        assert ran.code == 1
        assert "--auto-approve" in ran.err
    assert tampering.snapshot(tenant) == before


def test_a_saved_plan_is_carried_out(run: Run) -> None:
    """`plan --out` and `apply FILE`: the very plan needs no other approval."""
    assert run(*PLAN, "--out", "plan.json").code == 0
    applied = run("apply", "-e", "dev", "plan.json")

    assert applied.code == 0
    assert "23 done" in applied.out


def test_a_saved_plan_of_another_tenant_state_is_refused(run: Run, tenant: Embedded) -> None:
    """Where the tenant moved since, nothing is changed and what moved is named."""
    run(*APPLY)
    edit("applications/api.yaml", "Changes records.", "Changes and deletes records.")
    run(*PLAN, "--out", "plan.json")
    tampering.tamper(tenant)
    before = tampering.snapshot(tenant)

    stale = run("apply", "-e", "dev", "plan.json")

    assert stale.code == 1
    assert "moved since this plan was made; nothing was changed" in stale.err
    assert tampering.snapshot(tenant) == before


def test_a_digest_stands_for_a_plan(run: Run) -> None:
    """A job may hand over the digest alone."""
    run(*PLAN, "--out", "plan.json")
    digest = json.loads(Path("plan.json").read_text())["digest"]

    assert run("apply", "-e", "dev", "--digest", "0" * 64).code == 1
    assert run("apply", "-e", "dev", "--digest", digest).code == 0


def test_json_is_data_alone(run: Run) -> None:
    """Stdout holds one valid document; talk goes to stderr."""
    schema = json.loads((ROOT / "docs/schemas/plan.schema.json").read_text())
    ran = run(*PLAN, "--format", "json", "--show-requests", "--out", "plan.json")

    found = json.loads(ran.out)
    jsonschema.Draft202012Validator(schema).validate(found)
    assert found["summary"]["add"] == 21
    assert len(found["requests"]) == 23
    assert "saved: plan.json" in ran.err


def test_each_change_of_a_plan_names_the_line_that_asks_for_it(run: Run) -> None:
    """An authorized client by its own entry, not by its API's."""
    changes = json.loads(run(*PLAN, "--format", "json").out)["changes"]
    assert [each["address"] for each in changes if not each.get("position")] == []
    entries = {
        each["address"]["key"]: Path(each["position"]["file"])
        .read_text(encoding="utf-8")
        .splitlines()[each["position"]["line"] - 1]
        for each in changes
        if each["address"]["kind"] == "authorizedClient"
    }
    assert {key: line.strip() for key, line in entries.items()} == {
        f"{client}/api": f"{client}: [user.read, user.write]" for client in ("spa", "devClient", "docs")
    }


def test_markdown_names_no_people(run: Run) -> None:
    """A comment counts people and names groups."""
    ran = run(*PLAN, "--format", "markdown")

    assert "MyApp Writers" in ran.out
    assert "alice" not in ran.out
    assert "alice@contoso.com" in run(*PLAN, "--format", "markdown", "--names").out


def test_show_requests_lists_what_would_be_sent(run: Run) -> None:
    """Each request of the plan, with its step."""
    ran = run(*PLAN, "--show-requests")

    assert "POST /applications\n" in ran.out
    assert "step application.api/create" in ran.out


def test_events_are_json_lines(run: Run) -> None:
    """`--events json`: one object a line on stdout, from the plan to the end; the plan for people goes to
    stderr.
    """
    ran = run(*APPLY, "--events", "json")
    events = [json.loads(line) for line in ran.out.splitlines()]

    assert events[0]["event"] == "plan"
    assert events[0]["version"] == 1
    assert events[-1]["event"] == "end"
    assert events[-1]["complete"] is True
    assert [event["event"] for event in events].count("done") == 23
    assert "application api" in ran.err
    published = jsonschema.Draft202012Validator(
        json.loads((ROOT / "docs/schemas/events.schema.json").read_text())
    )
    assert [error for event in events for error in published.iter_errors(event)] == []


@pytest.mark.parametrize(
    "event",
    [
        StepStarted(STEP),
        StepDone(STEP, "it was so already", rule="apply-so-already"),
        StepFailed(
            STEP,
            GraphError(
                "no",
                status=403,
                code="Authorization_RequestDenied",
                request_id="r",
                advice="ask",
                rule="graph-x",
            ),
        ),
        StepSkipped(STEP, "what it needs failed"),
        Waiting("throttled", 1.23456),
    ],
    ids=lambda event: type(event).__name__,
)
def test_each_event_fits_the_published_schema(event: Event) -> None:
    """Whatever apply tells is a line of the published schema, and a line with more than that is not."""
    published = jsonschema.Draft202012Validator(
        json.loads((ROOT / "docs/schemas/events.schema.json").read_text())
    )

    published.validate(record(event))
    assert not published.is_valid(record(event) | {"more": 1})


def test_plain_lines_without_a_terminal(run: Run) -> None:
    """A CI log gets one line for each step, numbered."""
    ran = run(*APPLY)

    assert '[ 1/23] done      application api "MyApp API (dev)": create\n' in ran.err
    assert "[23/23]" in ran.err
    assert "\x1b" not in ran.err + ran.out


def test_quiet_says_nothing_but_data(run: Run) -> None:
    """--quiet silences talk; the report stays."""
    ran = run(*APPLY, "--quiet")

    assert ran.err == ""
    assert "23 done" in ran.out


def test_verbose_tells_who_is_signed_in_and_each_answer(run: Run) -> None:
    """-v tells on stderr what is asked; the data stays the same but for what a plan leaves out."""
    ran = run(*PLAN, "-v")

    assert "signed in to tenant 11111111-1111-1111-1111-111111111111 as Emulator deployer" in ran.err
    assert "200 GET /organization (" in ran.err
    assert "embedded." not in ran.err  # the token


def test_a_wait_while_reading_is_told(run: Run, tenant: Embedded) -> None:
    """Who is throttled sees for how long and why, in a log as on a terminal."""
    tenant.faults.plan = replace(tenant.faults.plan, throttle_rate=0.5)
    ran = run(*PLAN)

    assert ran.code == 0
    assert "waiting " in ran.err


def test_a_journal_is_written(run: Run) -> None:
    """The plan that is begun, each try of each request without its body, and its end are a JSON line each."""
    run(*APPLY, "--journal", "journal.jsonl")
    first, *entries, last = [json.loads(line) for line in Path("journal.jsonl").read_text().splitlines()]

    assert first["steps"] == 23
    assert (last["plan"], last["complete"]) == (first["plan"], True)
    assert {"step", "method", "path", "status", "requestId", "seconds"} <= entries[0].keys()
    assert len([entry for entry in entries if entry["method"] != "GET"]) == 23


def test_a_token_for_another_tenant_stops_everything(run: Run, tenant: Embedded) -> None:
    """The manifest's tenant and the token's must be one."""
    path = Path("manifests/entra-config.yaml")
    path.write_text(
        path.read_text().replace(
            "11111111-1111-1111-1111-111111111111", "22222222-2222-2222-2222-222222222222"
        )
    )
    for lock in Path("manifests").glob("*.lock.yaml"):
        lock.unlink()
    ran = run(*PLAN)

    assert ran.code == 1
    assert "nothing was read" in ran.err


def without_permission(tenant: Embedded, permission: str) -> Callable[[], None]:
    """Take a Graph permission from the deployer; returns what gives it back."""
    directory = tenant.directory.default
    deployer, graph = (
        directory.service_principal_by_app_id(each) for each in (seed.DEPLOYER_APP_ID, seed.GRAPH_APP_ID)
    )
    assert deployer
    assert graph
    role = next(each["id"] for each in graph["appRoles"] if each["value"] == permission)
    held = directory.app_role_assignments.find("principalId", deployer["id"])
    row = next(each for each in held if each["appRoleId"] == role)
    directory.app_role_assignments.remove(row["id"])
    return lambda: directory.app_role_assignments.put(row)


def test_a_failed_step_is_told_with_its_place_and_exit_code_1(run: Run, tenant: Embedded) -> None:
    """What was done, failed and not tried is said; the next apply goes on."""
    give_back = without_permission(tenant, "AppRoleAssignment.ReadWrite.All")
    with run.signed_in(session(tenant)):
        failed = run(*APPLY)
    give_back()

    assert failed.code == 1
    assert "Failed: " in failed.out
    assert 'failed app role assignment api/Admin ← group "MyApp Developers" (12dc…): assign' in failed.out
    assert "manifests/entra-config.yaml:13" in failed.out
    assert "Run apply again" in failed.out
    assert run(*APPLY).code == 0
    assert run(*PLAN, "--detailed-exitcode").code == 0


def test_a_target_that_does_not_change_is_done_and_one_that_is_nowhere_an_error(run: Run) -> None:
    """What manifest and tenant have may be a target whether it changes or not; a typing error is no empty
    plan.
    """
    assert run(*APPLY).code == 0
    edit("applications/api.yaml", "Reads everything.", "Reads all.")

    unchanged = run(*PLAN, "--detailed-exitcode", "--target", "application.spa")
    assert (unchanged.code, "No changes" in unchanged.out) == (0, True)
    assert run(*PLAN, "--detailed-exitcode", "--target", "application.api").code == 2
    mistyped = run(*PLAN, "--target", "application.sap")
    assert mistyped.code == 1
    assert "application.sap: neither the manifest nor the tenant" in mistyped.err


def test_a_step_s_note_is_said_beside_it(capsys: pytest.CaptureFixture[str]) -> None:
    """What was so already, or found again, is told in brackets; a step without a note ends with its name."""
    request = Request("POST", "/applications")
    steps = [
        Step(id=f"application.{name}/create", carries=(), phase=Phase.CREATE, request=request, chain="")
        for name in "ab"
    ]
    plan = Plan("p", "dev", TenantInfo("t", "T"), (), tuple(steps))
    with shown(plan, Output(), "text") as observe:
        observe(StepDone(steps[0], "it was so already"))
        observe(StepDone(steps[1], ""))

    assert capsys.readouterr().err.splitlines() == [
        "[1/2] done      application.a/create  (it was so already)",
        "[2/2] done      application.b/create",
    ]
    assert record(StepDone(steps[0], "found again"))["note"] == "found again"


def test_a_long_run_is_thinned_in_a_log(capsys: pytest.CaptureFixture[str]) -> None:
    """Of 1,000 steps about a hundred lines, and every one that fails, is left out or has a note, and the
    last.
    """
    request = Request("POST", "/applications")
    steps = [
        Step(id=f"application.a{n}/create", carries=(), phase=Phase.CREATE, request=request, chain="")
        for n in range(1001)
    ]
    plan = Plan("p", "dev", TenantInfo("t", "T"), (), tuple(steps))
    with shown(plan, Output(), "text") as observe:
        for number, step in enumerate(steps):
            if number == 3:
                observe(StepFailed(step, GraphError("no")))
            elif number == 4:
                observe(StepSkipped(step, "what it needs failed"))
            else:
                observe(StepDone(step, "found again" if number == 5 else ""))

    lines = capsys.readouterr().err.splitlines()
    assert 100 <= len(lines) <= 110
    assert [line[12:] for line in lines[:3]] == [
        "FAILED    application.a3/create  (no)",
        "not tried application.a4/create  (what it needs failed)",
        "done      application.a5/create  (found again)",
    ]
    assert lines[-1].startswith("[1001/1001] done ")
