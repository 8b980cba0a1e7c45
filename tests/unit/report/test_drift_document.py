"""What the JSON of a drift says of each finding, and what is read of an earlier one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from entra_config.drift.model import Attribution, Finding, Overdue
from entra_config.errors import Item, Position
from entra_config.report import drift_json
from entra_config.report.drift_document import DriftDocument
from entra_config.resource import Address
from tests.unit.report.drifts import ALICE, API, CHECKED, ROBOT, sample

HERE = Position("manifests/api.yaml", 7, 3, Item("orders"))


def document(**more: Any) -> DriftDocument:
    """Return the document of a drift with these parts."""
    return drift_json.document(replace(sample(findings=False), **more))


def test_a_finding_says_all_that_is_known() -> None:
    """Its place, both values, its ids; a list where its element is several."""
    found = Finding(
        API, "changed", "property-changed", "s", "displayName", "was", "is",
        ("a", "b"), (), HERE, ends={"object": "o1"}, good_at=CHECKED,
    )  # fmt: skip
    (part,) = document(findings=(found,)).findings
    assert part.model_dump(exclude={"attribution", "fingerprint", "risk"}) == {
        "address": "application.api",
        "sign": "changed",
        "rule": "property-changed",
        "sentence": "s",
        "path": "displayName",
        "element": ["a", "b"],
        "ids": {"object": "o1"},
        "declared": "was",
        "live": "is",
        "file": "manifests/api.yaml",
        "line": 7,
        "item": "orders",
        "since": CHECKED,
        "revert": "entra-config drift -e dev --revert application.api --out revert.json",
        "not_reverted": "",
    }
    assert part.fingerprint == found.fingerprint
    (part,) = document(findings=(replace(found, position=None, element="a"),)).findings
    assert (part.file, part.line, part.item, part.element) == (None, None, None, "a")


@pytest.mark.parametrize(
    ("path", "live", "expected"),
    [
        ("passwordCredentials.secretText", "hush", "(secret)"),
        ("passwordCredentials.secretText", None, None),
        ("displayName", "A", "A"),
        ("displayName", None, None),
    ],
)
def test_a_secret_is_told_without_its_value(path: str, live: Any, expected: Any) -> None:
    """That there is none is no secret."""
    (part,) = document(findings=(Finding(API, "added", "r", "s", path, None, live),)).findings
    assert (part.declared, part.live) == (None, expected)


def test_who_did_it() -> None:
    """The first time only where several records fit."""
    first = CHECKED - timedelta(hours=1)
    who = Attribution(
        "exact", ALICE, CHECKED, first, others=(ROBOT,), record_id="r1", suspects=2, as_of=CHECKED,
        ours=True,
    )  # fmt: skip
    found = Finding(API, "added", "r", "s", attribution=who)
    (part,) = document(findings=(found,)).findings
    assert part.attribution.model_dump() == {
        "grade": "exact",
        "reason": "",
        "actor": {"kind": "user", "id": "1", "name": "alice@contoso.com", "via": "Azure portal"},
        "when": CHECKED,
        "first": first,
        "others": [{"kind": "application", "id": "2", "name": "Deployment robot", "via": ""}],
        "suspects": 2,
        "as_of": CHECKED,
        "ours": True,
        "record": "r1",
    }
    (part,) = document(findings=(replace(found, attribution=replace(who, first=CHECKED)),)).findings
    assert part.attribution.first is None


def test_what_is_over_stands_apart() -> None:
    """With its last day and the command that takes it away."""
    over = Overdue(API, date(2026, 11, 1), "s", "appRoles", "Admin", HERE, "entra-config apply")
    parts = document(overdue=(over, replace(over, position=None))).overdue
    assert [part.model_dump() for part in parts] == [
        {
            "address": "application.api",
            "sentence": "s",
            "until": date(2026, 11, 1),
            "path": "appRoles",
            "element": "Admin",
            "remedy": "entra-config apply",
            "file": file,
            "line": line,
            "item": item,
        }
        for file, line, item in (("manifests/api.yaml", 7, "orders"), (None, None, None))
    ]


def test_an_earlier_report_tells_since_when_and_which_objects_were_gone() -> None:
    """An object is gone where all of it was removed; so is a link. A part, or one that was added, is none."""
    findings = (
        Finding(API, "removed", "r", "s", good_at=CHECKED),
        Finding(Address("application", "part"), "removed", "r", "s", "appRoles"),
        Finding(Address("application", "new"), "added", "r", "s"),
        Finding(Address("appRoleAssignment", "link"), "removed", "r", "s"),
    )
    drift = replace(sample(), findings=findings, manifest="m1")
    earlier, read = drift_json.read(drift_json.render(drift).encode())
    assert read == drift_json.document(drift)
    assert earlier.gone == {"api", "appRoleAssignment.link"}
    assert earlier.since == {each.fingerprint: each.good_at for each in findings}
    assert (earlier.at, earlier.manifest) == (CHECKED, "m1")
