"""What was approved elsewhere against the plan of now: the very one, or the rest of it, or nothing at all."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from entra_config.apply import journal as journals
from entra_config.apply import rest as rests
from entra_config.cli.apply import Approved
from entra_config.cli.plan_options import PlanOptions
from entra_config.errors import StalePlanError
from entra_config.plan import file as files

SAVED: Any = SimpleNamespace(digest="d1", at=None, path="plan.json")
PLAN: Any = SimpleNamespace()
REST = object()
OPTIONS = PlanOptions(frozenset({"many"}))
JOURNAL = Path("journal")


@pytest.mark.parametrize(
    ("saved", "moved", "digest", "now", "journal", "outcome"),
    [
        (None, False, "", "d2", None, None),
        (None, False, "d1", "d1", None, None),
        (
            None,
            False,
            "d1",
            "d2",
            None,
            "this plan, made with --allow many, is not the one with digest d1. Either",
        ),
        (SAVED, False, "", "d1", None, None),
        (SAVED, False, "d1", "d1", None, None),
        (
            SAVED,
            False,
            "d9",
            "d1",
            None,
            "this plan, made with --allow many, is not the one with digest d9. Either",
        ),
        (SAVED, True, "", "d2", None, "it moved"),
        (SAVED, True, "", "d2", JOURNAL, REST),
        (SAVED, True, "d1", "d2", JOURNAL, REST),
        (SAVED, True, "d9", "d2", JOURNAL, "it moved"),  # what was approved is another plan than the file
        (SAVED, True, "d1", "d2", None, "it moved"),
    ],
)
def test_what_is_approved(  # noqa: PLR0917  # the columns of a table
    saved: Any,
    moved: bool,
    digest: str,
    now: str,
    journal: Path | None,
    outcome: object,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A journal tells the rest of a plan that was killed; without one, what moved is refused."""

    def compare(*_: object) -> None:
        if moved:
            raise StalePlanError("it moved")

    monkeypatch.setattr(Approved, "saved", lambda _: saved)
    monkeypatch.setattr(files, "compare", compare)
    monkeypatch.setattr(files, "digest", lambda _: now)
    monkeypatch.setattr(rests, "find_rest", lambda *_, **__: REST)
    monkeypatch.setattr(journals, "read_died", lambda *_: object())
    approved = Approved(digest=digest)
    if isinstance(outcome, str):
        with pytest.raises(StalePlanError, match=outcome):
            approved.check(PLAN, approved.died(journal), OPTIONS)
    else:
        assert approved.check(PLAN, approved.died(journal), OPTIONS) is outcome


def test_where_requests_are_noted() -> None:
    """Where it was chosen, else beside the file of the plan; of a digest alone nowhere."""
    beside = Approved(Path("out/plan.json"))
    assert beside.journal(None) == Path("out/plan.json.journal")
    assert beside.journal(JOURNAL) == JOURNAL
    assert Approved(digest="d1").journal(None) is None
    assert [each.given for each in (Approved(), Approved(digest="d1"), beside)] == [False, True, True]
