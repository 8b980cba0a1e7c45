"""Drift as JSON, under its published schema (that the file is current, test_report_json.py holds for all
of them).
"""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema

from entra_config.report import drift_json
from tests.unit.report.drifts import sample

SCHEMA = json.loads(
    (Path(__file__).parents[3] / "docs/schemas/drift.schema.json").read_text(encoding="utf-8")
)
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())


def test_every_kind_of_finding_is_valid() -> None:
    """All signs, grades and reasons, and names with lone surrogates, make a document of the schema."""
    document = json.loads(drift_json.render(sample()))

    VALIDATOR.validate(document)
    assert (document["kind"], document["checkedAt"]) == ("drift", "2026-11-20T08:00:00Z")
    assert [finding["attribution"]["grade"] for finding in document["findings"][:4]] == [
        "exact",
        "exact",
        "possible",
        "exact",
    ]


def test_the_text_is_ascii_and_holds_no_secret() -> None:
    """No name moves a terminal's cursor, and a secret's place says that one is there."""
    text = drift_json.render(sample())

    assert text.isascii()
    assert "\x1b" not in text
    assert "never-shown" not in text
    assert json.loads(text)["findings"][3]["live"] == "(secret)"


def test_the_schema_refuses_what_the_document_does_not_have() -> None:
    """A further key, a grade that is none, and a line of zero are refused."""
    whole = json.loads(drift_json.render(sample()))
    finding = whole["findings"][0]
    wrong = [
        {**whole, "more": 1},
        {**whole, "findings": [{**finding, "line": 0}]},
        {**whole, "findings": [{**finding, "attribution": {**finding["attribution"], "grade": "sure"}}]},
    ]

    assert not any(VALIDATOR.is_valid(each) for each in wrong)
