"""The members of a kind with what was taken out, as a table: a column for each thing, or one for all."""

from __future__ import annotations

import re
from typing import Any

import pytest

from entra_fleet.report import html
from entra_fleet.report.document import FleetGroupPart
from tests.unit.report import fleets


def member(number: int, taken: dict[str, str], **said: Any) -> dict[str, Any]:
    """Return a shard with what was taken out of it, by what the manifest says there; it counts nobody."""
    out = [
        {"place": f"a.yaml:{line}:1", "declared": each, "value": value}
        for line, (each, value) in enumerate(taken.items())
    ]
    return fleets.member(number) | {"notCompared": out, "counts": [], "digest": "", **said}


def lines(rows: list[dict[str, Any]], most: int | None = None) -> list[str]:
    """Return the lines of the table below its caption, and what stands below the table."""
    group = FleetGroupPart.model_validate(fleets.group(rows, "low"))
    page = html._kind(group, "drift", "DIR", ["said"], html._open(group, most))
    _, _, table = page.partition("<caption>Members, with what was taken out to find them alike</caption>\n")
    return [str(line) for line in table.removesuffix("</div></details>\n").splitlines() if line]


def heads(line: str) -> list[str]:
    """Return the names of the columns."""
    return re.findall(r'role="columnheader">(.*?)</th>', line)


def cells(line: str) -> list[tuple[str, str]]:
    """Return the cells of a row with their labels; the first one is the head of the row."""
    (head,) = re.findall(r'role="rowheader">(.*?)</th>', line)
    return [("", head), *re.findall(r'data-label="(.*?)">(.*?)</td>', line)]


def test_each_thing_that_was_taken_out_has_a_column() -> None:
    """With a dash where a member has none of it; names and values are no markup."""
    head, first, second, end = lines(
        [member(1, {"${a}": "<1>"}, wave=2), member(2, {"${b}": "2"}, shard="<t2>/shop")]
    )
    assert heads(head) == ["Tenant", "Wave", "${a}", "${b}"]
    assert cells(first) == [("", "t1/shop"), ("Wave", "2"), ("${a}", "<code>&lt;1&gt;</code>"), ("${b}", "–")]
    assert cells(second) == [
        ("", "&lt;t2&gt;/shop"),
        ("Wave", "1"),
        ("${a}", "–"),
        ("${b}", "<code>2</code>"),
    ]
    assert end == "</tbody></table>"


def test_a_value_stands_once_and_people_are_counted_beside() -> None:
    """Whatever number of places have it; thousands have a comma, and what nobody counted says so."""
    out = [
        {"place": f"a.yaml:{line}:1", "declared": "${a}", "value": value}
        for line, value in enumerate(("x", "y", "x"))
    ]
    counts = [
        {"action": "lose", "what": "api/R", "people": 1200},
        {"action": "gain", "what": "api/R", "people": None},
    ]
    head, row, _ = lines([member(1, {}, notCompared=out, counts=counts)])
    assert heads(head) == ["Tenant", "Wave", "${a}", "lose api/R", "gain api/R"]
    assert cells(row)[2:] == [
        ("${a}", "<code>x</code><br><code>y</code>"),
        ("lose api/R", "<code>1,200</code>"),
        ("gain api/R", "<code>nobody knows</code>"),
    ]


@pytest.mark.parametrize(
    ("names", "fitting"),
    [
        (["a" * 22, "b" * 22], True),
        (["a" * 22, "b" * 23], False),
        (["a", "b", "c", "d", "e"], True),
        (["a", "b", "c", "d", "e", "f"], False),
        (["a" * 20 + " " + "b" * 20 + " c"], True),
    ],
)
def test_what_has_no_room_stands_in_one_column(names: list[str], fitting: bool) -> None:
    """A column takes its longest word, eight characters at least, and 44 are there for all of them."""
    head, row, _ = lines([member(1, dict.fromkeys(names, "<v>"))])
    assert heads(head) == ["Tenant", "Wave", *(names if fitting else ["Taken out"])]
    shown = "<br>".join(f"<code>{each}</code> → <code>&lt;v&gt;</code>" for each in names)
    assert cells(row)[2:] == (
        [(each, "<code>&lt;v&gt;</code>") for each in names] if fitting else [("Taken out", shown)]
    )


def test_a_member_without_anything_has_a_dash_in_the_one_column() -> None:
    """As it has in a column of its own."""
    _, _, row, _ = lines([member(1, {"a" * 50: "<v>"}), member(2, {})])
    assert cells(row) == [("", "t2/shop"), ("Wave", "1"), ("Taken out", "–")]


def test_plans_have_the_beginning_of_their_digest() -> None:
    """A column for it is there where one member has one; the whole is its title."""
    head, first, second, _ = lines([member(1, {}, digest="0123456789abcdef"), member(2, {})])
    assert heads(head) == ["Tenant", "Wave", "Plan"]
    assert cells(first)[2:] == [("Plan", '<code title="0123456789abcdef">01234567…</code>')]
    assert cells(second)[2:] == [("Plan", '<code title="">…</code>')]


@pytest.mark.parametrize(("most", "left"), [(None, ""), (3, ""), (2, "1"), (1, "2"), (0, "3")])
def test_the_first_members_are_shown_and_the_rest_counted(most: int | None, left: str) -> None:
    """All of them where there is room; what any of them has taken out keeps its column."""
    found = lines([member(each, {f"${each}": "v"}) for each in range(3)], most)
    shown = 3 - int(left or 0)
    assert heads(found[0]) == ["Tenant", "Wave", "$0", "$1", "$2"]
    assert [cells(each)[0][1] for each in found[1 : 1 + shown]] == [f"t{each}/shop" for each in range(shown)]
    ends = ["</tbody></table>", f"<p>And {left} more: <code>--format json</code> has all.</p>"]
    assert found[1 + shown :] == ends[: 1 + bool(left)]
