"""The words of drift reports: who did something, when and how sure that is; a report in a sentence."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from entra_config.drift.model import Actor, Attribution, Drift, Overdue
from entra_config.report import drift_wording
from entra_config.report.drift_wording import REASONS
from entra_config.resource import Address
from tests.unit.report import drifts

NOON = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
LATER = NOON + timedelta(hours=2)
ALICE, ROBOT = Actor("user", "1", "alice"), Actor("application", "2", "robot")
WHOLE = drifts.sample()
NONE = drifts.sample(findings=False)
OVER = Overdue(Address("application", "api"), date(2026, 11, 1), "secret ci of api", remedy="apply")


@pytest.mark.parametrize(
    ("who", "name"),
    [
        (ALICE, "alice"),
        (replace(ALICE, via="Azure portal"), "alice (Azure portal)"),
        (ROBOT, "application robot"),
        (Actor("microsoft", "3", "Provisioning"), "Provisioning (a Microsoft service, by its name)"),
        (Actor("microsoft", "", "Provisioning"), "Provisioning"),
        (Actor("microsoft"), "a Microsoft service"),
        (Actor("unknown", "4", "x"), "unknown"),
    ],
)
def test_an_actor_has_a_name_and_what_kind_it_is(who: Actor, name: str) -> None:
    """Where that is not plain: of a service of Microsoft's only its name says so."""
    assert drift_wording.actor(who) == name


AT = "2026-11-20 12:30 UTC"
DEPLOYER = " (our deployer; not in what this compares with: by hand, or another commit)"
UNSURE = REASONS["perhaps_not_applied"]
NOBODY = "by unknown: no record proves who it was; the records that fit are of"


@pytest.mark.parametrize(
    ("who", "said"),
    [
        (Attribution("none", reason="perhaps_not_applied"), f"perhaps nobody: {UNSURE}"),
        (Attribution("none", reason="no_access"), f"by unknown: {REASONS['no_access']}"),
        (Attribution("exact", ALICE, NOON), f"by alice, {AT}"),
        (Attribution("exact", ALICE), "by alice, at an unknown time"),
        (Attribution("exact", ALICE, NOON, as_of=LATER), f"by alice, {AT} (as of 2026-11-20 14:30 UTC)"),
        (Attribution("exact", ROBOT, NOON, ours=True), f"by application robot{DEPLOYER}, {AT}"),
        (
            Attribution("possible", when=LATER, first=NOON, others=(ALICE,), suspects=1),
            f"{NOBODY} alice, between {AT} and 2026-11-20 14:30 UTC",
        ),
        (Attribution("possible", when=NOON, others=(ALICE, ROBOT), suspects=2),
         f"{NOBODY} alice, application robot, {AT}"),
        (
            Attribution("possible", when=NOON, others=(ALICE, ROBOT, Actor("unknown")), suspects=5),
            f"{NOBODY} alice, application robot, unknown and 2 more, {AT}",
        ),
    ],
    ids=str,
)  # fmt: skip
def test_a_sentence_says_who_when_and_how_sure(who: Attribution, said: str) -> None:
    """One time where the first and the last minute are the same; nobody is named where nothing is known."""
    assert drift_wording.sentence(who) == said


@pytest.mark.parametrize(
    ("drift", "said"),
    [
        (NONE, "No drift: the tenant is as the manifest was deployed."),
        (
            replace(NONE, overdue=(OVER,)),
            "No drift: the tenant is as the manifest was deployed, but for what has expired.",
        ),
        (replace(NONE, findings=WHOLE.findings[:1]), "1 change that the manifest does not know."),
        (replace(NONE, findings=WHOLE.findings[:2]), "2 changes that the manifest does not know."),
        (
            replace(NONE, findings=WHOLE.findings[:1], in_hand=True),
            "1 difference: made by hand, or not applied yet.",
        ),
        (
            replace(NONE, findings=WHOLE.findings[:3], in_hand=True),
            "3 differences: made by hand, or not applied yet.",
        ),
    ],
)
def test_a_report_has_a_headline(drift: Drift, said: str) -> None:
    """What was found is counted, and the singular is right."""
    assert drift_wording.headline(drift) == said


def test_what_is_over_and_what_is_not_applied_yet_is_counted() -> None:
    """Nothing is said of none."""
    assert drift_wording.overdue(NONE) == ""
    assert drift_wording.overdue(replace(NONE, overdue=(OVER, OVER))) == (
        "Expired, not yet removed: 2 (nobody did that, no drift)."
    )
    assert drift_wording.late(OVER) == "secret ci of api: until 1 Nov 2026; `apply` takes it away"
    assert drift_wording.pending(replace(NONE, pending=())) == ""
    assert drift_wording.pending(NONE) == "1 change of the manifest not applied yet (no drift)."
    assert drift_wording.pending(replace(NONE, pending=(*NONE.pending, *NONE.pending))) == (
        "2 changes of the manifest not applied yet (no drift)."
    )


@pytest.mark.parametrize(
    ("findings", "warnings", "what"),
    [
        (0, 0, ""),
        (1, 0, "1 finding"),
        (2, 0, "2 findings"),
        (0, 1, "1 warning"),
        (3, 2, "3 findings and 2 warnings"),
    ],
)
def test_what_did_not_fit_is_counted(findings: int, warnings: int, what: str) -> None:
    """With where all of it is."""
    end = " more, the slightest ones, did not fit in here: drift.json has all."
    assert drift_wording.cut(findings, warnings) == (f"{what}{end}" if what else "")
