"""What an apply writes while it goes: JSON lines, lines of a log, a journal; and how silent or loud it is."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import jsonschema

from entra_emulator.embedded import Embedded
from tests.unit.cli.example import APPLY, PLAN
from tests.unit.cli.ran import ROOT, Run


def test_events_are_json_lines(run: Run) -> None:
    """`--events json`: one object a line on stdout, from the plan to the end; the plan for people goes to
    stderr.
    """
    ran = run(*APPLY, "--events", "json")
    events = [json.loads(line) for line in ran.out.splitlines()]

    assert events[0]["event"] == "plan"
    assert events[0]["version"] == 2
    assert events[-1]["event"] == "end"
    assert events[-1]["complete"] is True
    assert [event["event"] for event in events].count("done") == 23
    assert "application api" in ran.err
    published = jsonschema.Draft202012Validator(
        json.loads((ROOT / "docs/schemas/events.schema.json").read_text())
    )
    assert [error for event in events for error in published.iter_errors(event)] == []


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
