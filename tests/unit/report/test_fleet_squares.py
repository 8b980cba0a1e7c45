"""How many shards of each wave came to what: the table and the squares of it, as whole lines."""

from __future__ import annotations

import re
from typing import Any

import pytest

from entra_fleet.report import html, squares
from entra_fleet.report.document import FleetGroupPart, FleetReportDocument
from tests.unit.report import fleets

LOW, STOPPED = ("Low", "low"), ("Withheld", "stopped")


def plain(markup: str) -> str:
    """Return the words of some markup, as somebody reads them."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", markup)).strip()


def rows(report: FleetReportDocument) -> list[list[str]]:
    """Return the cells of the table, each as its words."""
    whole = html.render(report).partition("</table>")[0]
    found = re.findall(r"<tr role=\"row\">(.*?)</tr>", whole)
    return [[plain(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)] for row in found]


def test_a_fleet_of_no_shards_has_no_picture() -> None:
    """Nothing is drawn."""
    assert squares.picture(fleets.report([])) is None


def test_each_shard_counts_in_its_wave_and_in_what_came_of_it() -> None:
    """Waves in order with who is in them; a column for each thing, those of kinds first."""
    failed, without = [fleets.member(9, 3, "x")], [fleets.member(10, 1, "x")]
    groups = [
        fleets.group([fleets.member(1, 3), fleets.member(2)], "high", obstacle="withheld"),
        fleets.group([fleets.member(each, 3) for each in range(3, 6)], "low"),
        fleets.group([fleets.member(6)], "none"),
    ]
    report = fleets.report(
        groups, failed=failed, withoutResult=without, notPlanned=[fleets.member(11, 3, "x")]
    )
    assert rows(report) == [
        ["Wave", "Withheld", "Low", "No change", "Failed", "No result", "Not planned", "All"],
        ["1, tag first", "1", "–", "1", "–", "1", "–", "3"],
        ["3, the rest", "1", "3", "–", "1", "–", "1", "6"],
        ["All", "2", "3", "1", "1", "1", "1", "9"],
    ]
    whole = html.render(report).partition("</figure>")[0]
    assert 'aria-label="Wave 1: 1 Withheld, 1 No change, 1 No result"' in whole
    assert 'aria-label="Wave 3: 1 Withheld, 3 Low, 1 Failed, 1 Not planned"' in whole
    assert re.findall(r'<p class="meta">(.*?)</p>', whole) == ["Wave 1", "Wave 3"]
    legend = whole[whole.index('<p class="legend">') :]
    assert plain(legend) == "Withheld 2 Low 3 No change 1 Failed 1 No result 1 Not planned 1"


@pytest.mark.parametrize(
    ("waves", "number", "head"),
    [
        (["tag first", "the rest"], 1, "1, tag first"),
        (["tag first", "the rest"], 2, "2, the rest"),
        (["tag first", "the rest"], 3, "3"),
        (["tag <b>", "the rest"], 1, "1, tag &lt;b&gt;"),
        (["all"], 1, "1"),
        ([], 1, "1"),
    ],
)
def test_one_wave_needs_no_name_and_no_sum(waves: list[str], number: int, head: str) -> None:
    """Of several, those that the fleet describes have who is in them."""
    report = fleets.report([fleets.group([fleets.member(1, number)], "low")], waves=waves)
    assert rows(report) == [["Wave", "Low", "All"], [head, "1", "1"]]


@pytest.mark.parametrize(
    ("parts", "paths", "height"),
    [
        ([(LOW, 1)], [("low", ["0 0"])], 10),
        ([(STOPPED, 1), (LOW, 2)], [("stopped", ["0 0"]), ("low", ["10 0", "20 0"])], 10),
        ([(STOPPED, 47), (LOW, 1)], [("stopped", None), ("low", ["470 0"])], 10),
        ([(STOPPED, 48), (LOW, 2)], [("stopped", None), ("low", ["0 10", "10 10"])], 20),
        ([(STOPPED, 96)], [("stopped", None)], 20),
    ],
)
def test_squares_stand_in_rows_of_48(
    parts: list[tuple[tuple[str, str], int]], paths: list[tuple[str, list[str] | None]], height: int
) -> None:
    """Each has eight units and two of a gap; the next colour goes on where the last one ended."""
    drawn = squares._draw_wave(parts)
    for found, (expected, places) in zip(drawn["squares"], paths, strict=True):
        assert found["style"] == expected
        assert places is None or found["path"] == "".join(f"M{each}h8v8h-8z" for each in places)
    assert (drawn["width"], drawn["height"]) == (480, height)
    assert sum(each["path"].count("M") for each in drawn["squares"]) == sum(number for _, number in parts)


@pytest.mark.parametrize(
    ("group", "sign", "words"),
    [
        ({"risk": "high"}, "high", "High"),
        ({"risk": "medium"}, "medium", "Medium"),
        ({"risk": "low"}, "low", "Low"),
        ({"risk": "none"}, "", "No change"),
        ({"risk": "high", "obstacle": "withheld"}, "held", "Withheld High"),
        ({"risk": "low", "obstacle": "refused"}, "refused", "Refused Low"),
        ({"risk": "low", "obstacle": "after", "after": "base"}, "refused", "After base Low"),
        ({"risk": "medium", "outcome": "failed"}, "refused", "Failed Medium"),
        ({"risk": "medium", "outcome": "done"}, "medium", "Medium"),
    ],
)
def test_a_kind_has_the_sign_of_what_is_in_its_way(group: dict[str, Any], sign: str, words: str) -> None:
    """Else of its level; the level is said below where something is in the way."""
    known = fleets.group([fleets.member(1)], group["risk"], **{k: v for k, v in group.items() if k != "risk"})
    mark = squares.mark(FleetGroupPart.model_validate(known))
    assert mark["sign"].name == sign
    assert " ".join(filter(None, (mark["sign"].words, mark["level"]))) == words
    assert bool(mark["level"]) is (" " in words and sign in {"held", "refused"})
