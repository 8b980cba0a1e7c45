"""What reports on a fleet say alike: sentences of a kind, of a shard and of the whole, as a table."""

from __future__ import annotations

from typing import Any

import pytest

from entra_fleet.report import wording
from entra_fleet.report.document import FleetGroupPart, FleetResultDocument
from tests.unit.report import fleets

SHOP, PAY = fleets.member(1), fleets.member(2) | {"shard": "t2/pay"}


def kind(number: int = 1, risk: str = "low", **said: Any) -> FleetGroupPart:
    """Return a kind of so many shards."""
    return FleetGroupPart.model_validate(
        fleets.group([fleets.member(each) for each in range(number)], risk, **said)
    )


def counted(people: list[int | None], verb: str = "lose", own: int | None = None) -> FleetGroupPart:
    """Return a kind whose members count so many people, each for one thing; `own` of them count nothing."""
    members = [
        fleets.member(number)
        | {"counts": [{"action": verb, "what": "api/Reader", "people": each}] if number != own else []}
        for number, each in enumerate(people)
    ]
    counts = [{"action": verb, "what": "api/Reader", "people": people[0]}]
    return FleetGroupPart.model_validate(fleets.group(members, "low", counts=counts, headline=[]))


@pytest.mark.parametrize(
    ("groups", "others", "said"),
    [
        ([[SHOP]], {}, "Fleet plan of shop"),
        ([[SHOP], [fleets.member(2)]], {}, "Fleet plan of shop"),
        ([[SHOP, PAY]], {}, "Fleet plan"),
        ([[SHOP]], {"failed": [PAY]}, "Fleet plan"),
        ([[SHOP]], {"withoutResult": [PAY]}, "Fleet plan"),
        ([[SHOP]], {"notPlanned": [PAY]}, "Fleet plan"),
        ([], {"failed": [PAY]}, "Fleet plan of pay"),
        ([], {}, "Fleet plan"),
        ([[SHOP]], {"do": "apply"}, "Fleet apply of shop"),
        ([[SHOP]], {"do": ""}, "Fleet of shop"),
        ([], {"do": ""}, "Fleet"),
    ],
)
def test_a_report_is_named_after_what_was_done_and_the_project_that_is_alone_in_it(
    groups: list[list[dict[str, Any]]], others: dict[str, Any], said: str
) -> None:
    """Whatever came of its shards."""
    report = fleets.report([fleets.group(each, "low") for each in groups], **others)
    assert wording.about(report) == said


def alike(number: int, **said: Any) -> dict[str, Any]:
    """Return a kind of low risk of so many shards, in which nobody gains or loses."""
    members = [fleets.member(each) for each in range(number)]
    return fleets.group(members, said.pop("risk", "low"), **{"counts": [], **said})


@pytest.mark.parametrize(
    ("groups", "others", "said"),
    [
        ([], {}, ""),
        ([alike(1)], {}, ""),
        ([alike(2)], {}, "2 are alike and nobody gains or loses."),
        ([alike(2), alike(1200)], {}, "1,200 are alike and nobody gains or loses."),
        ([alike(2, counts=[fleets.lost(1)])], {}, "2 are alike."),
        ([alike(2, risk="none")], {}, "2 are alike and nobody gains or loses."),
        ([alike(1, risk="high")], {}, "1 needs a look: 1 high."),
        ([alike(2, risk="medium")], {}, "2 need a look: 2 medium."),
        ([alike(2, obstacle="withheld"), alike(3, risk="high")], {}, "5 need a look: 2 withheld, 3 high."),
        ([alike(1, after="base")], {}, ""),
        ([alike(2, outcome="done")], {}, "2 are alike and nobody gains or loses."),
        ([alike(2, outcome="moved")], {}, "2 need a look: 2 the plan moved."),
        ([alike(2)], {"failed": [SHOP]}, "2 are alike and nobody gains or loses. 1 needs a look: 1 failed."),
        ([], {"failed": [SHOP], "withoutResult": [SHOP, PAY]},
         "3 need a look: 1 failed, 2 without a result."),
        ([], {"withoutResult": [fleets.member(each) for each in range(1000)]},
         "1,000 need a look: 1,000 without a result."),
    ],
)  # fmt: skip
def test_the_lead_says_how_many_are_alike_and_how_many_need_a_look(
    groups: list[dict[str, Any]], others: dict[str, Any], said: str
) -> None:
    """The largest kind of those that need none; what is in the way of a kind stands before its level."""
    assert wording.lead(fleets.report(groups, **others)) == said


@pytest.mark.parametrize(
    ("groups", "others", "said"),
    [
        ([alike(1)], {}, "1 shard: 1 in 1 kind"),
        ([alike(2), alike(1500)], {}, "1,502 shards: 1,502 in 2 kinds"),
        ([], {"shards": 0}, "0 shards: 0 in 0 kinds"),
        ([alike(1)], {"failed": [SHOP], "withoutResult": [SHOP, PAY], "notPlanned": [PAY], "shards": 5},
         "5 shards: 1 in 1 kind, 1 failed, 2 without a result, 1 not planned"),
    ],
)  # fmt: skip
def test_each_shard_is_in_one_number_of_the_headline(
    groups: list[dict[str, Any]], others: dict[str, Any], said: str
) -> None:
    """Numbers of nothing are left out."""
    assert wording.headline(fleets.report(groups, **others)) == said


@pytest.mark.parametrize(
    ("group", "title", "stopped", "unapproved"),
    [
        (kind(), "Low · 1 shard", False, ""),
        (kind(2, "none"), "No change · 2 shards", False, ""),
        (kind(1, "high", obstacle="refused"), "Refused · High · 1 shard", True,
         "refused: change what stands in the way, and run it again"),
        (kind(1, "high", obstacle="withheld"), "Withheld · High · 1 shard", True,
         "withheld: change what stands in the way, and run it again"),
        (kind(1, "medium", obstacle="partlyRefused"), "Refused in part · Medium · 1 shard", True, ""),
        (kind(1, "medium", obstacle="after", after="base"), "After base · Medium · 1 shard", True,
         "after base: it makes what this refers to; apply that, and plan again"),
        (kind(1, outcome="done"), "Done · Low · 1 shard", False, ""),
        (kind(1, outcome="done", obstacle="partlyRefused"), "Done · Low · 1 shard", False, ""),
        (kind(1, outcome="stopped"), "Not let in · Low · 1 shard", True, ""),
        (kind(1, outcome="partly"), "Done in part · Low · 1 shard", True, ""),
    ],
)  # fmt: skip
def test_a_kind_says_what_is_in_its_way_before_its_level(
    group: FleetGroupPart, title: str, stopped: bool, unapproved: str
) -> None:
    """And why it cannot be approved."""
    assert wording.title(group) == title
    assert wording.stopped(group) is stopped
    assert wording.unapproved(group) == unapproved


def test_what_has_nothing_to_do_is_not_approved() -> None:
    """A kind is, where one of its shards changes something."""
    still, changes = fleets.member(1) | {"code": 0}, fleets.member(2)
    nothing = FleetGroupPart.model_validate(fleets.group([still], "none"))
    some = FleetGroupPart.model_validate(fleets.group([still, changes], "low"))
    assert wording.unapproved(nothing) == "nothing to do"
    assert wording.unapproved(some) == ""
    assert wording.approving([nothing, kind(), some]) == f"--class {kind().id} --class {some.id}"
    assert wording.approving([nothing]) == ""


def result(**said: Any) -> FleetResultDocument:
    """Return what came of a shard."""
    found = {
        "version": 3, "kind": "fleetResult", "run": "one", "shard": "t1/shop", "tenantId": "t", "owner": "o",
        "do": "plan", "hash": "", "allow": [], "cloud": "global", "ended": "", "code": 0, "error": "",
        "digest": "", "change": None, "loss": None, "applied": None, "lock": "", "text": "", "unnamed": "",
        "changes": [], **said,
    }  # fmt: skip
    return FleetResultDocument.model_validate(found)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ({}, "nothing to do"),
        ({"code": 2}, "changes pending, or drift found"),
        ({"code": 3}, "refused by a policy or limit"),
        ({"code": 1, "error": "no network"}, "failed: no network"),
        ({"code": 0, "applied": {"approval": "a", "outcome": "done", "sent": 1}}, "done"),
        ({"code": 1, "error": "x", "applied": {"approval": "a", "outcome": "unknown", "sent": None}},
         "nobody knows: x"),
    ],
)  # fmt: skip
def test_a_shard_is_said_in_a_line(found: dict[str, Any], said: str) -> None:
    """What came of an apply, else what its exit code means; then why."""
    assert wording.came(result(**found)) == said


@pytest.mark.parametrize(
    ("group", "said"),
    [
        (counted([1]), ["1 person loses api/Reader"]),
        (counted([1], "gain"), ["1 person gains api/Reader"]),
        (counted([0]), ["0 people lose api/Reader"]),
        (counted([1, 2]), ["3 people lose api/Reader (t1 2, t0 1)"]),
        (counted([1, 0]), ["1 person loses api/Reader (t0 1, t1 0)"]),
        (counted([1000, 2, 3]), ["1,005 people lose api/Reader (t0 1,000, t2 3, t1 2)"]),
        (counted([4, 2, 3, 1]), ["10 people lose api/Reader (t0 4, t2 3, t1 2 and 1 more)"]),
        (counted([4, None]), ["nobody knows how many people lose api/Reader"]),
        (counted([4, 3], own=1), ["nobody knows how many people lose api/Reader"]),
        (kind(counts=[], headline=[]), ["nothing to do"]),
        (kind(counts=[], headline=["a", "b"]), ["a", "b"]),
        (kind(counts=[], headline=[str(each) for each in range(12)]), [str(each) for each in range(12)]),
        (kind(counts=[], headline=[str(each) for each in range(14)]),
         [*(str(each) for each in range(12)), "and 2 more"]),
    ],
)  # fmt: skip
def test_a_kind_says_who_gains_and_loses_then_what_it_does(group: FleetGroupPart, said: list[str]) -> None:
    """In all members together, and in which most; the first lines of the rest."""
    assert wording.said(group) == said


def test_what_nobody_could_count_does_not_hide_what_follows() -> None:
    """Each thing that somebody gains or loses has its line."""
    counts = [
        {"action": "lose", "what": "api/Reader", "people": None},
        {"action": "gain", "what": "api/Writer", "people": 2},
    ]
    group = fleets.group([fleets.member(1) | {"counts": counts}], "low", headline=[], counts=counts)
    assert wording.said(FleetGroupPart.model_validate(group)) == [
        "nobody knows how many people lose api/Reader",
        "2 people gain api/Writer",
    ]


@pytest.mark.parametrize(("number", "more"), [(1, ""), (12, ""), (13, " and 1 more"), (20, " and 8 more")])
def test_the_first_names_of_members_are_said(number: int, more: str) -> None:
    """And how many there are beside them."""
    names = ", ".join(f"t{each}/shop" for each in range(min(number, 12)))
    assert wording.members(kind(number)) == f"{names}{more}"
