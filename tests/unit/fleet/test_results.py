"""The report on a fleet's results: each shard once, in a kind, as failed, with no result, or not planned."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from entra_config.manifest.tenants.model import Fleet
from entra_emulator import seed
from entra_fleet.report.document import FleetGroupPart, FleetLimitPart, FleetMemberPart
from entra_fleet.run.run_results import FleetResults, ReadResult
from tests.unit.fleet.fleet_made import GATE, ONE, TWO, Shards, applied, kind, result

COUNT = {"action": "lose", "what": "api/Reader", "people": 3}
OUT = {"place": "fleet.yaml:1:1", "declared": "${a}", "value": "1"}


def made(fleet_: Fleet, shards: Shards, do: str = "plan", **rows: Any) -> FleetResults:
    """Return results: of each shard what is given, by the letter that it stands for."""
    names = {"one": ONE, "two": TWO, "gate": GATE}
    every = [
        ReadResult(shards[names[key]], None, row)
        if isinstance(row, str)
        else ReadResult(shards[names[key]], result(names[key], do=do, **row), "")
        for key, row in rows.items()
    ]
    return FleetResults(fleet_, "one", do, every)


def test_a_member_says_all_of_its_shard(shards: Shards) -> None:
    """Of a result its code, digest, counts and what is not compared; its error, else why there is none."""
    change = kind(counts=[COUNT], notCompared=[OUT])
    whole = ReadResult(shards[ONE], result(ONE, change=change), "")
    place = str(shards[ONE].placed.shard.position)
    expected = FleetMemberPart.model_validate(
        {
            "shard": ONE, "tenantId": seed.CONTOSO, "wave": 1, "code": 2, "reason": "", "place": place,
            "digest": f"d-{ONE}", "counts": [COUNT], "notCompared": [OUT],
        }
    )  # fmt: skip
    assert whole.member() == expected
    failed = ReadResult(shards[ONE], result(ONE, change=None, error="no network", code=1, digest=""), "")
    nothing = {"digest": "", "counts": [], "not_compared": []}
    assert failed.member() == expected.model_copy(update={**nothing, "code": 1, "reason": "no network"})
    without = ReadResult(shards[ONE], None, "no result")
    assert without.member() == expected.model_copy(update={**nothing, "code": None, "reason": "no result"})
    same = replace(without, as_at="v1").member()
    reason = "nothing that decides it has changed since v1"
    assert same == expected.model_copy(update={**nothing, "code": None, "reason": reason})
    assert place.startswith(str(shards[ONE].placed.shard.fleet))


def test_alike_are_those_of_one_kind_obstacle_and_end(known: Fleet, shards: Shards) -> None:
    """What is in the way, waits for another project, or came to another end is one of its own."""
    alike = made(known, shards, one={"change": kind()}, two={"change": kind()}, gate={"change": None})
    assert [[each.shard.placed.shard.name for each in rows] for rows in alike.kinds().values()] == [
        [ONE, TWO]
    ]
    for other in (
        {"change": kind("k2")},
        {"change": kind(obstacle="refused")},
        {"change": kind(after="platform")},
        {"change": kind(), "applied": applied("done")},
    ):
        apart = made(known, shards, one={"change": kind()}, two=other, gate="no result")
        assert [len(rows) for rows in apart.kinds().values()] == [1, 1]
    assert all(id_.startswith("c-") and len(id_) == 34 for id_ in alike.kinds())


def test_an_id_is_of_all_that_somebody_could_read(known: Fleet, shards: Shards) -> None:
    """Whatever differs is another report; the order in which it was read is no part of it."""
    whole = made(known, shards, one={}, two={})
    assert whole.id.startswith("r-")
    assert len(whole.id) == 34
    assert made(known, shards, two={}, one={}).id == whole.id
    others = [
        made(known, shards, one={}),
        made(known, shards, one={}, two={"text": "more"}),
        made(known, shards, one={}, two="no result"),
        made(known, shards, one={}, two="another reason"),
    ]
    assert len({whole.id, *(each.id for each in others)}) == 5
    (row,) = made(known, shards, one="no result").every
    assert row.read == [ONE, 1, "no result", None]


def test_a_report_has_each_shard_once(known: Fleet, shards: Shards) -> None:
    """In a kind, among those that failed, without a result, or not planned as nothing changed."""
    found = made(
        known, shards, one={"change": kind()}, two={"change": None, "error": "e", "code": 1}, gate="w"
    )
    report = found.report(None, names=False)
    one, two, gate = (each.member() for each in found.every)

    assert (report.run, report.do, report.shards, report.code) == ("one", "plan", 3, 1)
    assert (report.id, report.lock_files_without_tenant, report.guards) == (found.id, [], [])
    assert ([each.members for each in report.groups], report.failed) == ([[one]], [two])
    assert (report.without_result, report.not_planned) == ([gate], [])
    assert report.waves == ["tag asia or eu", "then 10 %", "the rest"]
    same = replace(found, every=[*found.every[:2], replace(found.every[2], as_at="v1")], guards=("lower",))
    again = same.report(None, names=False)
    assert (again.without_result, [each.shard for each in again.not_planned]) == ([], [GATE])
    assert again.guards == ["lower"]


def test_of_one_tenant_nothing_is_told_of_the_fleet(known: Fleet, shards: Shards) -> None:
    """No waves, bounds, guards or files that are left over: they are of others too."""
    path = known.projects["myapp"].root.parent / "locks/customer/gone.lock.yaml"
    path.parent.mkdir(parents=True)
    path.write_text("")
    found = replace(made(known, shards, one={"code": 0}), guards=("lower",))
    whole, mine = found.report(None, names=True), found.report("contoso", names=True)
    path.unlink()

    assert (whole.lock_files_without_tenant, whole.code, len(whole.limits)) == ([path.as_posix()], 2, 3)
    assert (mine.lock_files_without_tenant, mine.waves, mine.limits, mine.guards, mine.code) == (
        [],
        [],
        [],
        [],
        0,
    )
    assert found.report(None, names=True).code == 0


def test_a_group_is_its_first_member_s(known: Fleet, shards: Shards) -> None:
    """Its report with names only where these are wanted; each member with its own counts."""
    change = kind(risk="medium", counts=[COUNT], obstacle="partlyRefused", after="platform")
    shown = [{"risk": "medium", "following": False, "lines": []}]
    found = made(known, shards, one={"change": change, "changes": shown}, two={"change": change})
    (id_,) = found.kinds()
    (group,) = found.report(None, names=False).groups
    assert group == FleetGroupPart.model_validate(
        {
            "id": id_, "kind": "k1", "outcome": None, "obstacle": "partlyRefused", "after": "platform",
            "risk": "medium", "headline": ["does k1"], "distinct": [], "counts": [COUNT], "text": ONE,
            "changes": shown,
            "members": [each.member().model_dump(by_alias=True) for each in found.every],
        }
    )  # fmt: skip
    (named,) = found.report(None, names=True).groups
    assert named == group.model_copy(update={"text": f"{ONE} of Ann"})
    done = made(known, shards, "apply", one={"applied": applied("done")})
    assert [each.outcome for each in done.report(None, names=False).groups] == ["done"]


@pytest.mark.parametrize(
    ("rows", "order"),
    [
        ({"one": {"change": kind("k1", risk="low")}, "two": {"change": kind("k2", risk="high")}}, "k2 k1"),
        (
            {
                "one": {"change": kind("k1", risk="high")},
                "two": {"change": kind("k2", risk="none", obstacle="refused")},
            },
            "k2 k1",
        ),
        (
            {
                "one": {"change": kind("k1")},
                "gate": {"change": kind("k1")},
                "two": {"change": kind("k2")},
            },
            "k2 k1",
        ),
        ({"one": {"change": kind("k2")}, "two": {"change": kind("k1")}}, "k1 k2"),
    ],
    ids=["risk", "what is stopped", "the rarest", "its id"],
)
def test_what_needs_a_look_comes_first(known: Fleet, shards: Shards, rows: Any, order: str) -> None:
    """What is stopped, then by risk, then by how many, then by id."""
    report = made(known, shards, **rows).report(None, names=False)
    assert " ".join(each.kind for each in report.groups) == order


@pytest.mark.parametrize(
    ("codes", "code"),
    [
        ((0, 0), 0),
        ((0, 2), 2),
        ((2, 3), 3),
        ((3, 1), 1),
        ((0, None), 1),
        ((3, None), 1),
        ((7, 7), 1),
        ((), 0),
    ],
)
def test_the_worst_code_is_the_report_s(known: Fleet, shards: Shards, codes: Any, code: int) -> None:
    """1 before 3 before 2 before 0; without a result it is 1, unless nothing changed."""
    rows: dict[str, Any] = {
        name: "no result" if each is None else {"code": each}
        for name, each in zip(("one", "two"), codes, strict=False)
    }
    found = made(known, shards, **rows)
    assert found.report(None, names=False).code == code
    same = replace(found, every=[replace(each, as_at="v1") for each in found.every])
    assert same.report(None, names=False).code == 0


def loss(people: int | None, applications: int = 0, deleted: int = 0) -> dict[str, Any]:
    """Return what one plan takes away."""
    return {"people": people, "applications": applications, "deleted": deleted}


def limits(people: int | None, applications: int, deleted: int) -> list[FleetLimitPart]:
    """Return what all take away, and how much of it they may."""
    return [
        FleetLimitPart(unit="people", losses=people, limit=7),
        FleetLimitPart(unit="applications", losses=applications, limit=5),
        FleetLimitPart(unit="deleted applications", losses=deleted, limit=3),
    ]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ({"one": {"loss": loss(1, 2, 3)}, "two": {"loss": loss(10, 20, 30)}}, limits(11, 22, 33)),
        ({"one": {"loss": loss(1, 2, 3)}, "two": {"loss": loss(None, 1, 1)}}, limits(None, 3, 4)),
        ({"one": {"loss": loss(1)}, "two": {"loss": None}}, limits(1, 0, 0)),
        ({"one": {"loss": loss(1)}, "two": "no result"}, limits(1, 0, 0)),
        (
            {"one": {"loss": loss(1)}, "two": {"loss": loss(9, 9, 9), "change": kind(obstacle="withheld")}},
            limits(1, 0, 0),
        ),
        ({"one": {"loss": loss(1)}, "two": {"loss": loss(9), "change": None}}, limits(1, 0, 0)),
    ],
    ids=["a sum", "nobody could count", "no loss", "no result", "withheld", "failed"],
)
def test_bounds_are_of_what_can_be_approved(
    known: Fleet, shards: Shards, rows: Any, expected: list[FleetLimitPart]
) -> None:
    """All of it together, beside what the fleet allows; of plans alone."""
    assert made(known, shards, **rows).report(None, names=False).limits == expected
    assert made(known, shards, "drift", **rows).report(None, names=False).limits == []
