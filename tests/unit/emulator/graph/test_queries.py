"""The pages of a list: which rows, in which order, how many of them there are, and where it goes on."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote_plus

import pytest

from entra_emulator.graph import options, queries
from entra_emulator.graph.call import Call, TableView
from entra_emulator.graph.entities.group import GROUP
from entra_emulator.table import Row, Table
from entra_emulator.tenant import TABLES
from tests.unit.emulator.graph.sending import ADVANCED, World

NAMES = {"1": "delta", "2": "Alpha", "3": "charlie x", "4": "bravo x", "5": "echo x"}
Pages = list[tuple[str, int | None]]


def row(row_id: str, name: str | None, **more: Any) -> Row:
    """Return a group."""
    return {"id": row_id, "displayName": name, "mailNickname": f"m{row_id}", **more}


def table(**more: str | None) -> Table:
    """Return groups by id."""
    made = Table(TABLES["groups"])
    for row_id, name in {**NAMES, **{key.strip("_"): name for key, name in more.items()}}.items():
        made.put(row(row_id, name))
    return made


def read(query: str, *, advanced: bool = False, world: World | None = None) -> Call:
    """Return a read of groups, its options parsed."""
    call = (world or World()).call("GET", f"/groups?{query}", headers=ADVANCED if advanced else {})
    call.options = options.parse(call, frozenset())
    return call


def pages(query: str, view: TableView, *, advanced: bool = False, within: list[str] | None = None) -> Pages:
    """Return the ids and the count of each page, from the first to the last."""
    found: Pages = []
    while True:
        call = read(query, advanced=advanced)
        page = queries.page(call, GROUP.rules, view, within=within)
        found.append(("".join(each["id"] for each in page.rows), page.count))
        if page.token is None:
            return found
        query = unquote_plus(queries.next_link(call, page.token).partition("?")[2])


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("$count=true&$top=2", [("12", 5), ("34", None), ("5", None)]),
        ("$count=TRUE", [("12345", 5)]),
        ("$count=false", [("12345", None)]),
        ("$count=true&$orderby=displayName&$top=2", [("24", 5), ("31", None), ("5", None)]),
        ("$count=true&$orderby=displayName&$top=5", [("24315", 5)]),
        ("$count=false&$orderby=displayName&$top=4", [("2431", None), ("5", None)]),
        ("$count=true&$filter=displayName ne 'delta'&$orderby=displayName&$top=2", [("24", 4), ("35", None)]),
        ("$count=true&$filter=displayName ne 'delta'&$orderby=displayName desc&$top=4", [("5342", 4)]),
        ("$count=true&$filter=startswith(displayName,'a') or startswith(displayName,'e')", [("25", 2)]),
        ("$count=true&$filter=displayName eq 'Alpha'&$orderby=displayName", [("2", 1)]),
        ("$count=true&$filter=displayName ne 'delta'&$top=3", [("234", 4), ("5", None)]),
        ("$count=true&$filter=startswith(displayName,'c')&$search=\"displayName:x\"", [("3", 1)]),
        ("$count=true&$filter=mailNickname ne 'm4'&$search=\"displayName:x\"", [("35", 2)]),
        ("$count=true&$filter=displayName ne 'delta'&$search=\"mailNickname:m\"", [("2345", 4)]),
        ('$count=true&$search="displayName:x"&$orderby=displayName&$top=2', [("43", 3), ("5", None)]),
        ('$search="displayName:x"', [("345", None)]),
        ("$count=true&$search=\"mailNickname:m4\"&$filter=startswith(displayName,'b')", [("4", 1)]),
        ("$count=true&$search=\"displayName:x\"&$filter=displayName eq 'Alpha'", [("", 0)]),
    ],
)  # fmt: skip
def test_pages_of_advanced_queries(query: str, expected: Pages) -> None:
    """Hold that the first page alone counts all matches of filter and search."""
    assert pages(query, TableView(table(), {}), advanced=True) == expected


def test_what_has_no_name_comes_first() -> None:
    """Hold that a row without a name is listed too, wherever the page begins."""
    view = TableView(table(_6=None), {})
    assert pages("$orderby=displayName&$top=4", view) == [("6243", None), ("15", None)]
    assert pages("$orderby=displayName&$top=6", view) == [("624315", None)]
    counted = pages("$orderby=displayName&$top=4&$count=true", view, advanced=True)
    assert counted == [("6243", 6), ("15", None)]


OLDER = {
    "0": row("0", "yankee"),
    "1": row("1", "zulu x"),
    "2": None,
    "7": row("7", "bravo y"),
    "8": row("8", "golf"),
    "9": row("9", "foxtrot"),
}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("$count=true", [("01345789", 8)]),
        ("$count=true&$top=5", [("01345", 8), ("789", None)]),
        ("$orderby=displayName&$count=true&$top=4", [("4735", 8), ("9801", None)]),
        ("$filter=displayName eq 'delta'&$count=true", [("", 0)]),
        ("$filter=displayName eq 'zulu x'&$count=true", [("1", 1)]),
        ("$filter=displayName in ('zulu x','bravo y','echo x','yankee')", [("0157", None)]),
        ("$filter=displayName eq 'Alpha'", [("", None)]),
        ('$search="displayName:x"&$count=true', [("1345", 4)]),
    ],
)  # fmt: skip
def test_pages_of_a_lagging_replica(query: str, expected: Pages) -> None:
    """Hold that rows are listed, ordered, found and counted as they were."""
    assert pages(query, TableView(table(), OLDER), advanced=True) == expected


EVEN_MORE = "','".join("987654321")


@pytest.mark.parametrize(
    ("query", "within", "ids"),
    [
        ("", "135", "135"),
        ("$filter=displayName eq 'delta'", "135", "1"),
        ("$filter=displayName eq 'Alpha'", "135", ""),
        (f"$filter=id in ('{EVEN_MORE}')", "123456789", "12345"),
        ("$filter=startswith(mailNickname,'m')", "45", "45"),
    ],
)
def test_some_of_a_table(query: str, within: str, ids: str) -> None:
    """Hold that a filter leaves of some what matches, in the order of ids; the count is alike."""
    view = TableView(table(), {})
    assert pages(query, view, within=list(within)) == [(ids, None)]
    if not query:
        assert pages("$orderby=displayName", view, within=list(within)) == [("315", None)]
    counted = pages(f"{query}&$count=true".strip("&"), view, advanced=True, within=list(within))
    assert counted == [(ids, len(ids))]
    rules = GROUP.rules
    assert queries.total(read(query, advanced=True), rules, view, within=list(within)) == len(ids)
    everything = queries.total(read(query, advanced=True), rules, view)
    assert everything == (5 if not query or " in " in query or "starts" in query else 1)
