"""Pages of a list: which there are, which rows stand on each, and to which of them the page leads."""

from __future__ import annotations

from itertools import pairwise
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entra_emulator.portal.listing import SIZE, Cell, ListFilter, ListPage, by_name, page_of
from entra_emulator.portal.visit import Visit
from entra_emulator.table import Table


def page(found: int, number: int) -> ListPage:
    """Return a page of so many rows."""
    return ListPage([], found, found, number, {})


@given(st.integers(0, 400), st.integers(1, 30))
def test_pages_have_each_row_once(found: int, number: int) -> None:
    """The rows of all pages one after another are all rows; a list of nothing has one page."""
    pages = [page(found, each) for each in range(1, page(found, 1).pages + 1)]

    assert [row for each in pages for row in range(each.first, each.last + 1)] == list(range(1, found + 1))
    assert all(each.last - each.first < SIZE for each in pages)
    number = min(number, len(pages))
    near = page(found, number).near
    shown = [each for each in near if each]
    assert shown == sorted(set(shown))
    assert {number, 1, len(pages)} <= set(shown) <= set(range(1, len(pages) + 1))
    for before, after in pairwise(near):
        assert after == before + 1 or 0 in (before, after), "a gap is shown, and only where one is"
        assert (before, after) != (0, 0)


@pytest.mark.parametrize(
    ("pages", "number", "near"),
    [
        (1, 1, [1]),
        (2, 1, [1, 2]),
        (3, 1, [1, 2, 3]),
        (4, 1, [1, 2, 0, 4]),
        (9, 5, [1, 2, 0, 4, 5, 6, 0, 9]),
        (9, 9, [1, 2, 0, 8, 9]),
        (9, 3, [1, 2, 3, 4, 0, 9]),
    ],
)
def test_a_page_leads_to_its_neighbours_and_to_the_ends(pages: int, number: int, near: list[int]) -> None:
    """The first two, the one before, the one after and the last; 0 stands for a gap."""
    assert page(pages * SIZE, number).near == near
    assert page(pages * SIZE - SIZE + 1, number).near == near, "one row more is a page more"


class Address:
    """What a page asks of the visit: the parameters of its address."""

    def __init__(self, **given: str) -> None:
        self.given = given

    def param(self, name: str) -> str:
        """Return a parameter, or nothing."""
        return self.given.get(name, "")


NAMES = [f"Name {number:03}" for number in range(60)]


def shown(keep: bool = False, **given: str) -> tuple[ListPage, list[str]]:
    """Return the page that an address asks for of sixty names, and the names on it."""
    made = page_of(
        cast("Visit", Address(**given)),
        [{"name": name, "number": number} for number, name in enumerate(NAMES)],
        len(NAMES),
        texts=lambda row: [row["name"], row["number"]],
        cells=lambda row: [Cell(row["name"])],
        keep=(lambda row: row["number"] % 2 == 0) if keep else None,
        choices=[ListFilter("even", "Even", (("no", "any"),), "no")],
    )
    return made, [cells[0].text for cells in made.rows]


@pytest.mark.parametrize(
    ("requested", "number", "rows"),
    [
        ("", 1, NAMES[:25]),
        ("1", 1, NAMES[:25]),
        ("2", 2, NAMES[25:50]),
        ("3", 3, NAMES[50:]),
        ("4", 3, NAMES[50:]),
        ("9999999", 3, NAMES[50:]),
        ("99999999", 1, NAMES[:25]),
        ("0", 1, NAMES[:25]),
        ("-1", 1, NAMES[:25]),
        ("two", 1, NAMES[:25]),
        ("²", 1, NAMES[:25]),
        ("٣", 1, NAMES[:25]),
    ],
)
def test_the_address_says_which_page(requested: str, number: int, rows: list[str]) -> None:
    """Past the end is the last page, and what is no number of pages the first."""
    made, names = shown(page=requested)

    assert (made.page, names, made.pages) == (number, rows, 3)
    assert (made.total, made.found, made.filtered) == (60, 60, False)
    assert made.requested == {"q": "", "even": "no"}


def test_a_search_and_a_filter_leave_what_both_mean() -> None:
    """Whatever the case; of all texts of a row that are texts; found and total are told apart."""
    made, names = shown(q="NAME 00")
    assert (names, made.found, made.total, made.filtered) == (NAMES[:10], 10, 60, True)
    made, names = shown(keep=True)
    assert (names, made.found, made.filtered) == (NAMES[::2][:25], 30, True)
    assert shown(keep=True, q="name 00")[1] == NAMES[:10:2]
    made, names = shown(q="nobody")
    assert (names, made.page, made.pages, made.first, made.last) == ([], 1, 1, 1, 0)
    assert shown(q="7\n8")[1] == [], "rows are searched text by text"


@given(
    st.dictionaries(st.uuids().map(str), st.sampled_from(["b", "B", "a", "A b", "é", "ẞ", "ss", "Z", None]))
)
def test_rows_stand_by_their_names_whatever_the_case(names: dict[str, str | None]) -> None:
    """Also where some have none: these come first. Names that are equal but for the case stand by id."""
    table = Table()
    for row_id, name in names.items():
        table.put({"id": row_id, "displayName": name})

    found = [row["id"] for row in by_name(table)]

    assert found == sorted(names, key=lambda row_id: ((names[row_id] or "").casefold(), row_id))


def test_one_row_without_a_name_moves_no_other() -> None:
    """The index of names has no place for it: the rows are sorted then, and stand as they did."""
    table = Table()
    for row_id, name in (("1", "beta"), ("2", "Alpha"), ("3", "alpha"), ("4", "Émile"), ("5", "Zoë")):
        table.put({"id": row_id, "displayName": name})
    before = [row["id"] for row in by_name(table)]
    table.put({"id": "0", "displayName": None})

    assert before == ["2", "3", "1", "5", "4"]
    assert [row["id"] for row in by_name(table)] == ["0", *before]
