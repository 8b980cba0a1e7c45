"""The page of drift: each finding has its square, its filters, who did it and both ways out; earlier reports
are a picture.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from entra_config.drift.model import Finding
from entra_config.drift.risks import risk
from entra_config.errors import UsageError
from entra_config.report import drift_history, drift_html, drift_json, remedies
from entra_config.report.drift_history import Tally
from entra_config.report.made import HowMade
from entra_config.resource import Address
from tests.unit.report.drifts import API, CHECKED, HOSTILE, SPA, sample

WHOSE = ("myapp", "dev", "11111111-1111-1111-1111-111111111111")


def test_each_finding_has_one_square_that_leads_to_it() -> None:
    """The number of the square is that of the finding, and its colour that of its risk."""
    drift = sample()
    page = drift_html.render(drift)
    squares = re.findall(r'<a class="square (\w+)" href="#finding-(\d+)"', page)
    articles = re.findall(r'<article class="is-(\w+) of-\d+" id="finding-(\d+)">', page)
    assert sorted(squares, key=lambda each: int(each[1])) == articles
    assert [level for level, _ in articles] == [risk(each) for each in drift.findings]


def test_each_finding_can_be_filtered_by_risk_and_application() -> None:
    """Each class of an article has its box, and the style a rule that hides it where that is not checked."""
    page = drift_html.render(sample())
    for level, application in set(re.findall(r'<article class="is-(\w+) of-(\d+)"', page)):
        for box, rule in (
            (f"risk-{level}", f".is-{level}"),
            (f"application-{application}", f".of-{application}"),
        ):
            assert f'<input type="checkbox" id="{box}" checked>' in page
            assert re.search(rf"main:has\(#{box}:not\(:checked\)\) {re.escape(rule)}\s*[,{{]", page)


def test_values_are_whole() -> None:
    """However long a URI is, all of it is there."""
    assert page_text(drift_html.render(sample())).count("very-long-path/" * 12) == 2


def page_text(page: str) -> str:
    """Return what is between the tags."""
    return re.sub(r"<[^>]+>", "", page)


def test_the_ways_out_are_commands_that_a_shell_takes_as_they_are() -> None:
    """Names are quoted, and only what exists is offered."""
    edit = ("app-role", "assign", f"api/{HOSTILE}", "--user", "7")
    held = Finding(Address("appRoleAssignment", "x"), "added", "assignment-added", "s", edit=edit)
    drift = replace(sample(), environment="dev; rm -rf /")
    words = shlex.split(remedies.accept(held, drift).command)
    assert words == ["entra-config", *edit, "-e", "dev; rm -rf /"]
    words = shlex.split(remedies.revert(held, drift).command)
    assert words[1:] == [
        *("drift", "-e", "dev; rm -rf /", "--revert", "appRoleAssignment.x"),
        *("--out", "revert.json"),
    ]


def test_the_ways_out_of_a_page_are_of_its_manifest_and_its_tenant() -> None:
    """Run in a fleet, each command that the page shows names where it was run; an edit of files no tenant."""
    edit = ("app-role", "assign", "api/Admin", "--user", "7")
    held = Finding(Address("appRoleAssignment", "x"), "added", "assignment-added", "s", edit=edit)
    how = HowMade(where=("-f", "shop"))
    where = ("-f", "shop", "--fleet", "fleet.yaml", "--tenant", "contoso")
    drift = replace(sample(), findings=(held,), where=where, revision="v1")
    shown = page_text(drift_html.render(drift, how=how))
    assert "app-role assign api/Admin --user 7 -e dev -f shop\nRevert" in shown
    assert (
        "entra-config drift -e dev --revert appRoleAssignment.x --out revert.json --base v1 -f shop --fleet "
        "fleet.yaml --tenant contoso" in shown
    )


def test_what_no_apply_takes_away_says_what_does() -> None:
    """A secret by Azure's command line; what that has no word for by hand."""
    secret = Finding(API, "added", "secret-added", "s", "passwordCredentials", element="k1", mended=False)
    secret = replace(secret, ends={"object": "o1"})
    shown = remedies.revert(secret, sample()).command
    assert shown == "az ad app credential delete --id o1 --key-id k1"
    holder = replace(secret, rule="undeclared-holder-added", path="appRoleAssignedTo")
    assert remedies.revert(holder, sample()) == remedies.Remedy(
        words="No apply takes it away: whoever manages the tenant does, by hand."
    )


def test_earlier_reports_are_a_picture_and_words() -> None:
    """The last fourteen, the one of now included; a report alone has no history."""
    earlier = [
        Tally(CHECKED - timedelta(days=day), {"high": 2 if day == 5 else 0, "low": 1}) for day in range(1, 20)
    ]
    page = drift_html.render(sample(), earlier=earlier)
    assert "Open findings, last 14 reports" in page
    # The fifth day before, and now: a member of a secret is rated as the secret.
    assert page.count('class="bar high"') == 2
    assert "in the report before 1. The last one before with a high finding was of 2026-11-15." in page
    assert "Open findings" not in drift_html.render(sample())


def test_a_report_of_another_environment_is_no_history() -> None:
    """Two environments in one picture would say nothing."""
    document = drift_json.document(sample())
    assert drift_history.tallies([(Path("a.json"), document)], WHOSE)[0].whole == len(sample().findings)
    with pytest.raises(UsageError, match=r"--history a\.json: it is of myapp/dev in tenant"):
        drift_history.tallies([(Path("a.json"), document)], ("myapp", "prod", WHOSE[2]))


def test_the_sentence_counts_what_is_high() -> None:
    """What gives power is in the first two lines."""
    secret = Finding(SPA, "added", "secret-added", "s", "passwordCredentials")
    page = page_text(drift_html.render(replace(sample(), findings=(secret, secret))))
    assert "2 changes that the manifest does not know. 2 of them are High: 2 × secret added." in page
    page = page_text(drift_html.render(replace(sample(), findings=(secret,))))
    assert "1 of them is High: 1 × secret added." in page
