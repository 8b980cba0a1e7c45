"""Drift as SARIF, under what the 2.1.0 standard says of the parts that are written."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from entra_config.report import drift_sarif
from tests.unit.report.drifts import HOSTILE, sample

SCHEMA = json.loads((Path(__file__).parent / "data/sarif-2.1.0.subset.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
ROOT = "manifests/entra-config.yaml"


def written() -> Any:
    """Render the sample and read it as an upload would."""
    return json.loads(drift_sarif.render(sample(), root=ROOT).encode("utf-8"))


def test_the_report_is_valid_sarif() -> None:
    """Every finding, grade and reason makes a log that the standard allows."""
    VALIDATOR.validate(written())


def test_no_findings_are_valid_sarif() -> None:
    """A log without results closes the alerts of the last one."""
    log = json.loads(drift_sarif.render(replace(sample(), findings=(), warnings=()), root=ROOT))

    VALIDATOR.validate(log)
    assert log["runs"][0]["results"] == []


def test_each_result_names_its_rule_by_index_too() -> None:
    """`ruleIndex` leads to the rule of `ruleId`, as readers rely on (3.27.6)."""
    (run,) = written()["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]

    assert [rules[result["ruleIndex"]] for result in run["results"]] == [
        result["ruleId"] for result in run["results"]
    ]


def test_places_are_uri_references() -> None:
    """A path with a space, a letter beyond ASCII or `#` is percent-encoded (3.4.3)."""
    (run,) = written()["runs"]
    places = {
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in run["results"]
    }

    assert places == {"manifests/my%20apps/sp%C3%A4te%231.yaml", "manifests/api.yaml", ROOT}


def test_no_control_character_reaches_a_message() -> None:
    """What strangers chose as a name cannot move the cursor or turn the text around."""
    reported = [result["message"]["text"] for result in written()["runs"][0]["results"]]

    assert not any(
        character in text for text in reported for character in set(HOSTILE) & {"\x1b", "\u202e", "\ud800"}
    )


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("version",), "2.0.0"),
        (("runs", 0, "tool"), {}),
        (("runs", 0, "columnKind"), "bytes"),
        (("runs", 0, "results", 0, "level"), "high"),
        (("runs", 0, "results", 0, "severity"), "high"),
        (("runs", 0, "results", 0, "message"), {}),
        (("runs", 0, "results", 0, "locations", 0, "physicalLocation", "region", "startLine"), 0),
        (
            ("runs", 0, "results", 0, "locations", 0, "physicalLocation", "artifactLocation", "uri"),
            "a b.yaml",
        ),
    ],
)
def test_the_schema_refuses_what_the_standard_does(path: tuple[str | int, ...], value: Any) -> None:
    """The schema is one that a wrong log fails."""
    log = written()
    place = log
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value

    assert not VALIDATOR.is_valid(log)
