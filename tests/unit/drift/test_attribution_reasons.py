"""Links that go with their ends, what is younger than what was good, and why nobody is named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from entra_config.drift.attribution import Log, attribute
from entra_config.drift.audit import Event
from entra_config.drift.model import Attribution, Finding, Reason
from tests.unit.drift.records import (
    ADDED,
    AGAIN,
    ALICE,
    BOB,
    CAME,
    EVE,
    GONE,
    MADE,
    NOW,
    OURS,
    PIPELINE,
    REMOVED,
    SINCE,
    UNASSIGNED,
    ago,
    exact,
    found,
    link,
    possible,
    rec,
)

DELETED, RESTORED = (link(f"{word} service principal", BOB, 50, "sp-9") for word in ("Delete", "Restore"))
TAKEN = link(UNASSIGNED, ALICE, 60)
MARKED = link(f"{UNASSIGNED} (deletion-marked)", ALICE, 60)
GIVEN = link("Add app role assignment to service principal", ALICE, 60)


@pytest.mark.parametrize(
    ("finding", "events", "expected"),
    [
        pytest.param(GONE, (TAKEN,), exact(TAKEN), id="taken away"),
        pytest.param(GONE, (DELETED,), possible(DELETED), id="gone with its end"),
        pytest.param(GONE, (TAKEN, DELETED), exact(TAKEN), id="taken away before its end went"),
        pytest.param(GONE, (TAKEN, RESTORED), exact(TAKEN), id="what was taken away does not come back"),
        pytest.param(GONE, (MARKED, DELETED), possible(DELETED, ALICE, suspects=2), id="marked with its end"),
        pytest.param(GONE, (MARKED, RESTORED), possible(MARKED), id="may have come back"),
        pytest.param(CAME, (GIVEN,), exact(GIVEN), id="given"),
        pytest.param(CAME, (GIVEN, DELETED), possible(GIVEN), id="may have gone with its end"),
        pytest.param(CAME, (GIVEN, RESTORED), possible(RESTORED, ALICE, suspects=2), id="came back"),
        pytest.param(CAME, (TAKEN, RESTORED), possible(RESTORED), id="an end came"),
        pytest.param(CAME, (TAKEN, DELETED), Attribution("none", reason="too_recent"), id="gone twice"),
        pytest.param(GONE, (RESTORED,), Attribution("none", reason="not_recorded"), id="came back only"),
    ],
)  # fmt: skip
def test_a_link_goes_and_comes_with_its_ends(
    finding: Finding, events: tuple[Event, ...], expected: Attribution
) -> None:
    """What is taken away by itself is gone; what goes with an end may come back with it."""
    assert found(finding, *events) == expected


def test_records_of_a_deployer_alone_are_said_and_prove_nothing() -> None:
    """An apply may have made them; whoever else fits is named instead."""
    by_deployer = replace(DELETED, actor=PIPELINE)
    assert found(GONE, by_deployer) == Attribution("none", reason="deployer_only")
    assert found(GONE, by_deployer, replace(DELETED, id="e", correlation="e", actor=EVE)) == possible(
        replace(DELETED, actor=EVE)
    )


def test_a_named_removal_since_is_a_suspect_of_a_link_that_was_taken_away() -> None:
    """Only what goes along with an end is passed over, not a record that may be of the same link."""
    vague = replace(TAKEN, id="v", correlation="v", time=ago(45), actor=EVE, old={}, new={})
    assert found(GONE, TAKEN, DELETED, vague) == possible(vague, ALICE, suspects=2)


def test_what_bears_its_own_id_is_its_record_s_at_once() -> None:
    """A secret's record made it, whatever is recorded since, and there is no later word to wait for."""
    secret = replace(ADDED, path="passwordCredentials", element="k1")
    old, new = {"KeyDescription": []}, {"KeyDescription": ["[KeyIdentifier=k1,KeyType=Password]"]}
    made = replace(rec("stub", PIPELINE, 2), id="k", old=old, new=new, named=frozenset(old))
    expected = replace(exact(made, ours=True), as_of=None)
    assert found(secret, made, rec("stub", BOB, 1)) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (5, exact(MADE)),
        (4, possible(MADE)),
        (0, possible(MADE)),
        (-1, Attribution("none", reason="no_events")),
    ],
)
def test_what_was_good_is_younger_than_that(seconds: int, expected: Attribution) -> None:
    """A record before the time is nobody's, and one dated just after it may be of before."""
    good_at = MADE.time - timedelta(seconds=seconds)
    assert found(replace(ADDED, good_at=good_at), MADE) == expected


TOUCHED = rec("keep", ALICE, 60)


@pytest.mark.parametrize(
    ("finding", "events", "log", "reason"),
    [
        (ADDED, (MADE,), {"refused": "no_access"}, "no_access"),
        (replace(ADDED, path="appId"), (MADE,), {}, "not_told"),
        (ADDED, (), {"failed_only": frozenset({"sp-1"})}, "failed_attempts_only"),
        (ADDED, (), {"failed_only": frozenset({"sp-2"})}, "no_events"),
        (ADDED, (TOUCHED,), {"failed_only": frozenset({"sp-1"})}, "not_recorded"),
        (ADDED, (AGAIN, REMOVED), {}, "too_recent"),
        (replace(ADDED, good_at=ago(29)), (), {}, "too_recent"),
        (replace(ADDED, good_at=ago(30)), (), {}, "no_events"),
        (ADDED, (), {"read_to": ago(90)}, "not_read"),
        (ADDED, (TOUCHED,), {"read_to": ago(90)}, "not_read"),
        (replace(ADDED, good_at=ago(91)), (), {"read_to": ago(90)}, "not_read"),
        (replace(ADDED, good_at=ago(90)), (), {"read_to": ago(90)}, "no_events"),
        (replace(ADDED, good_at=SINCE - timedelta(1)), (TOUCHED,), {}, "not_recorded"),
        (replace(ADDED, good_at=SINCE - timedelta(1)), (), {}, "beyond_retention"),
        (replace(ADDED, good_at=SINCE), (), {}, "no_events"),
        (ADDED, (), {}, "no_events"),
    ],
)
def test_nobody_has_a_reason(
    finding: Finding, events: tuple[Event, ...], log: Mapping[str, Any], reason: Reason
) -> None:
    """Each reason and its bounds, the more telling first."""
    assert found(finding, *events, **log) == Attribution("none", reason=reason)


def test_each_finding_has_its_own() -> None:
    """Findings keep their order; each is compared with the whole log."""
    findings = [replace(ADDED, good_at=ago(50)), ADDED]
    log = Log([MADE], SINCE, NOW)
    assert [each.attribution.grade for each in attribute(findings, log)] == ["none", "exact"]
    assert [each.attribution.ours for each in attribute([ADDED], Log([OURS], SINCE, NOW))] == [False]
