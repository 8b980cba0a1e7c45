"""A report of lint in every format: valid where a standard says how, the most severe first, and no name that
is a command.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from entra_config.errors import Item, Position, Problem
from entra_config.lint import table
from entra_config.lint.model import LintFinding, Report, Suppressed
from entra_config.plan.model import Notice, Refusal, Withheld
from entra_config.report import drift_sarif, github, lint_json, lint_junit, lint_sarif
from tests.unit.report.drifts import HOSTILE, sample
from tests.unit.report.plans import HERE, worked_example

DATA = Path(__file__).parent / "data"
SCHEMA_FILE = DATA / "sarif-schema-2.1.0.json"
STANDARD = jsonschema.Draft4Validator(json.loads(SCHEMA_FILE.read_text(encoding="utf-8")))
PUBLISHED = jsonschema.Draft202012Validator(
    json.loads((DATA.parents[3] / "docs/schemas/lint.schema.json").read_text(encoding="utf-8"))
)
ROOT = "manifests/entra-config.yaml"
RULES = table.built_in()


def finding(
    rule: str = "redirect-http", severity: str = "E", line: int = 3, message: str = "`x` is told"
) -> LintFinding:
    """Make a finding by hand."""
    where = Position("manifests/my apps/späte#1.yaml", line, 9)
    return LintFinding(
        rule, severity, "high", "regular", message, "Do it.", where, "app", "x", ("dev", "prod")
    )  # type: ignore[arg-type]  # by hand


REPORT = Report(
    "myapp",
    ("dev", "prod"),
    (
        finding("redirect-many", "I", 2),
        finding("implicit-id-token", "W", 3),
        finding(),
        finding(line=8),
        finding(line=9, message=HOSTILE),
        replace(
            finding("secret-exists" if "secret-exists" in RULES else "cert-weak"), position=None, live=True
        ),
    ),
    suppressed=(Suppressed(finding("redirect-localhost-prod", "W"), Position(ROOT, 4, 2), "it is a demo"),),
    not_read=("owners of `app`: Forbidden",),
)


def test_the_standard_s_schema_is_the_standard_s() -> None:
    """The file is what its source has, by its hash."""
    digest = hashlib.sha256(SCHEMA_FILE.read_bytes()).hexdigest()

    assert digest in (DATA / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("report", [REPORT, replace(REPORT, findings=())], ids=["findings", "none"])
def test_sarif_is_what_the_standard_says(report: Report) -> None:
    """Under its own schema; drift's log too."""
    STANDARD.validate(json.loads(lint_sarif.render(report, RULES, root=ROOT)))
    STANDARD.validate(json.loads(drift_sarif.render(sample(), root=ROOT)))


def test_the_standard_s_schema_refuses_what_is_wrong() -> None:
    """It is one that a wrong log fails."""
    log = lint_sarif.document(REPORT, RULES, root=ROOT)
    log["runs"][0]["results"][0]["level"] = "high"

    assert not STANDARD.is_valid(log)


def test_a_finding_is_known_again_on_another_line() -> None:
    """The fingerprint is of rule, application and thing; the second of two alike is another."""
    moved = replace(
        REPORT, findings=tuple(replace(each, position=Position(ROOT, 99, 1)) for each in REPORT.findings)
    )
    first, second = (lint_sarif.fingerprints(each) for each in (REPORT, moved))

    assert first == second
    assert len(set(first)) == len(first)


def test_json_is_what_the_published_schema_says() -> None:
    """Every finding with its place, what is silenced and what could not be read."""
    document = json.loads(lint_json.render(REPORT))

    PUBLISHED.validate(document)
    assert [each["severity"] for each in document["findings"]] == ["I", "W", "E", "E", "E", "E"]
    assert document["findings"][5]["position"] is None
    assert (document["suppressed"][0]["because"], document["notRead"]) == (
        "it is a demo",
        ["owners of `app`: Forbidden"],
    )


def test_annotations_stand_at_the_manifest_s_line_the_gravest_first() -> None:
    """GitHub shows ten of each level of a step."""
    lines = github.lint(REPORT).splitlines()

    assert [line.partition(" ")[0] for line in lines] == ["::error"] * 4 + ["::warning", "::notice"]
    place = "file=manifests/my apps/späte#1.yaml,line=3,col=9,title=redirect-http"
    assert lines[0].startswith(f"::error {place}::`x` is told (in dev, prod). Do it.")
    assert all(re.match(r"::(error|warning|notice) [^\n]*::", line) for line in lines)
    assert not any(character in "".join(lines) for character in ("\x1b", "\u202e"))


def test_what_an_item_makes_names_the_item() -> None:
    """File and line are the same for all items of an entry with `each`."""
    made = finding()
    assert made.position is not None
    found = replace(made, position=made.position._replace(item=Item("orders", "lists.yaml", 3)))
    report = replace(REPORT, findings=(found,))
    (log,) = lint_sarif.document(report, RULES, root=ROOT)["runs"]
    assert log["results"][0]["message"]["text"] == "`x` is told (in dev, prod) (orders)"
    assert github.lint(report).endswith("Do it. (orders)\n")
    assert 'name="manifests/my apps/späte#1.yaml:3:9 (orders)"' in lint_junit.render(report, RULES, "I")


def test_a_manifest_that_does_not_hold_is_annotated() -> None:
    """Each problem at its place; one without a place without one."""
    reported = github.problems([Problem(HERE, "100% wrong"), Problem(None, "no file")])

    assert reported == (
        "::error file=manifests/applications/api.yaml,line=3,col=3,title=entra-config::100%25 wrong\n"
        "::error title=entra-config::no file\n"
    )


def test_a_plan_is_annotated_without_names() -> None:
    """Refusals and what is withheld before warnings, and the changes last."""
    plan = replace(
        worked_example(),
        refusals=(Refusal("many", "too many", position=HERE),),
        withheld=(Withheld("nothing new", "look at it", position=HERE),),
        warnings=(Notice("look here", position=HERE),),
    )
    lines = github.plan(plan, names=False).splitlines()

    assert [line.split("::")[1].split(" ")[0] for line in lines] == [
        "error",
        "warning",
        "warning",
        "notice",
        "notice",
        "notice",
    ]
    assert "Lifted by --allow many" in lines[0]
    assert "title=myapp/prod%3A update::application api" in lines[3]


def test_drift_is_annotated_by_gravity_and_names_nobody() -> None:
    """People are named only where they are asked for."""
    named, unnamed = (github.drift(sample(), names=names) for names in (True, False))

    assert "alice@contoso.com" in named
    assert "alice@contoso.com" not in unnamed
    assert all(line.startswith("::") for line in unnamed.splitlines())


def test_junit_has_a_case_for_each_finding_and_each_rule() -> None:
    """What is below the least severity passes; a rule that found nothing passes too."""
    suite = ET.fromstring(lint_junit.render(REPORT, RULES, "W")).find("testsuite")
    assert suite is not None
    failed = [case.get("classname") for case in suite if case.find("failure") is not None]

    assert suite.get("failures") == str(len(failed)) == "5"
    assert "redirect-many" not in failed
    assert {case.get("classname") for case in suite} == set(RULES) | {each.rule for each in REPORT.findings}
