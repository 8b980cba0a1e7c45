"""A table of objects and a filter in; one page of its rows, at the cost of a look at each name, out."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import islice
from typing import Any

from entra_emulator.portal.labels import DeclaredBy
from entra_emulator.portal.visit import Visit
from entra_emulator.table import Table

Row = Mapping[str, Any]
SIZE = 25
# What of a long list the page of another object shows; whoever has more is told the number.
LISTED = 100
_NEAR = 400


@dataclass(frozen=True)
class Cell:
    """One cell: its text, where it leads, and a second line."""

    text: str = ""
    address: str = ""
    more: str = ""
    code: bool = False
    mark: DeclaredBy | None = None
    risk: str = ""
    # Where a change of the row begins, and the verb.
    act: str = ""
    verb: str = ""


@dataclass(frozen=True)
class ListFilter:
    """One filter: its name, words, options and what is chosen."""

    name: str
    words: str
    options: tuple[tuple[str, str], ...]
    value: str


@dataclass
class ListPage:
    """One page of a list."""

    rows: list[list[Cell]]
    total: int
    found: int
    page: int
    requested: dict[str, str]
    filtered: bool = False
    near_names: list[tuple[str, str]] = field(default_factory=list)

    @property
    def pages(self) -> int:
        """Return how many pages there are."""
        return max(1, -(-self.found // SIZE))

    @property
    def first(self) -> int:
        """Return the number of the first row of this page."""
        return (self.page - 1) * SIZE + 1

    @property
    def last(self) -> int:
        """Return the number of the last row of this page."""
        return min(self.found, self.page * SIZE)

    @property
    def near(self) -> list[int]:
        """Return the pages to lead to, 0 for a gap."""
        shown = sorted(
            {1, 2, self.page - 1, self.page, self.page + 1, self.pages} & set(range(1, self.pages + 1))
        )
        found: list[int] = []
        for number in shown:
            if found and number - found[-1] > 1:
                found.append(0)
            found.append(number)
        return found


def page_of(
    visit: Visit,
    rows: Iterable[Row],
    total: int,
    *,
    texts: Callable[[Row], Iterable[Any]],
    cells: Callable[[Row], list[Cell]],
    keep: Callable[[Row], bool] | None = None,
    choices: Iterable[ListFilter] = (),
) -> ListPage:
    """Return the page that the address asks for of rows that are in order already."""
    words = visit.param("q").casefold()
    requested = {"q": visit.param("q"), **{choice.name: choice.value for choice in choices}}
    filtered = bool(words) or keep is not None
    if filtered:
        rows = [
            row for row in rows if (keep is None or keep(row)) and (not words or _matches(texts(row), words))
        ]
        found = len(rows)
    else:
        found = total
    number = _page(visit.param("page"), found)
    shown = islice(iter(rows), (number - 1) * SIZE, number * SIZE)
    return ListPage([cells(row) for row in shown], total, found, number, requested, filtered)


def by_name(table: Table) -> list[dict[str, Any]]:
    """Return a table's rows by their names, whatever the case; those without one first, equal names by id."""
    return table.by_name(0, len(table)) or sorted(
        table, key=lambda row: (str(row.get("displayName") or "").casefold(), row["id"])
    )


def near_links(visit: Visit, table: Table, kind: str) -> list[tuple[str, str]]:
    """Return objects whose names are like what a list was searched for, with their pages."""
    found = near_names(table, visit.param("q"))
    return [(name, visit.path(kind, object_id)) for name, object_id in found.items()]


def near_names(table: Table, text: str) -> dict[str, str]:
    """Return up to three names that are like what was looked for and not found, each with its object's id."""
    words = text.casefold()
    ids = islice(table.with_word(words[:2]), _NEAR) if words else ()
    names = {str(table.rows[row_id].get("displayName")): row_id for row_id in ids}
    parts = {part.casefold(): name for name in names for part in (name, *name.split())}
    found = dict.fromkeys(parts[part] for part in get_close_matches(words, parts, 5, 0.6))
    return {name: names[name] for name in list(found)[:3]}


def _matches(texts: Iterable[Any], words: str) -> bool:
    return words in "\n".join(text for text in texts if isinstance(text, str)).casefold()


def _page(text: str, found: int) -> int:
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 8 else 1
    return max(1, min(number, -(-found // SIZE)))
