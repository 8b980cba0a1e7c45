"""A plan of the worked example as JSON, as Markdown and as the requests that it would send."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema

from tests.unit.cli.example import PLAN
from tests.unit.cli.ran import ROOT, Run


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
