"""The page of drift: each finding has its square, its filters, who did it and both ways out; earlier reports
are a picture.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import replace

from entra_config.drift.model import Finding
from entra_config.report import drift_html, remedies
from entra_config.report.made import HowMade
from entra_config.resource import Address
from tests.unit.report.drifts import API, HOSTILE, SPA, sample


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


def test_the_sentence_counts_what_is_high() -> None:
    """What gives power is in the first two lines."""
    secret = Finding(SPA, "added", "secret-added", "s", "passwordCredentials")
    page = page_text(drift_html.render(replace(sample(), findings=(secret, secret))))
    assert "2 changes that the manifest does not know. 2 of them are High: 2 × secret added." in page
    page = page_text(drift_html.render(replace(sample(), findings=(secret,))))
    assert "1 of them is High: 1 × secret added." in page
