"""The query of a list in; the page of rows, the next link and the count out."""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from entra_emulator.graph import extended, matching, naming, searching, tokens
from entra_emulator.graph.call import Call, TableView
from entra_emulator.graph.clauses import check_filter
from entra_emulator.graph.errors import bad_request, unsupported_query
from entra_emulator.graph.properties import Rules
from entra_emulator.graph.schema import spellings, types
from entra_emulator.table import Row

DEFAULT_PAGE = 100
MOST_PER_PAGE = 999
# What decides which rows a list has, and in which order: a token is good for the same ones.
_MEANING = ("$filter", "$search", "$orderby")
_BY_NAME = (["displayname"], ["displayname", "asc"])


@dataclass(frozen=True)
class Page:
    """One page of a list."""

    rows: list[Row]
    token: str | None
    # The number of all matches; only the first page of an advanced query has it.
    count: int | None = None


def page(
    call: Call, rules: Rules, view: TableView, *, within: list[str] | None = None, size: int = DEFAULT_PAGE
) -> Page:
    """Run a list query over a table, or over some of its ids (ordered)."""
    counting = wants_count(call)
    limit = top(call, size)
    test, candidates = _search_space(call, rules, view, advanced=counting)
    if within is not None:
        candidates = within if candidates is None else sorted(set(within) & set(candidates))
    start = read_token(call)
    order = sorting(call, rules, advanced=counting)
    if order is not None:
        offset = offset_of(start)
        if test is None and candidates is None and not view.older and order.text.split() in _BY_NAME:
            found = view.table.by_name(offset, offset + limit)
            if found is not None:
                more = offset + limit < len(view.table)
                return Page(
                    found,
                    str(offset + limit) if more else None,
                    len(view.table) if counting and not start else None,
                )
        rows = order.sorted(list(_rows(view, candidates, test, "")))
        token = str(offset + limit) if offset + limit < len(rows) else None
        counted = len(rows) if counting and not start else None
        return Page(rows[offset : offset + limit], token, counted)
    rows = []
    more = False
    for row in _rows(view, candidates, test, start):
        if len(rows) == limit:
            more = True
            break
        rows.append(row)
    counted = _count(view, candidates, test) if counting and not start else None
    return Page(rows, rows[-1]["id"] if more else None, counted)


def total(call: Call, rules: Rules, view: TableView, *, within: list[str] | None = None) -> int:
    """Count the rows of a table, or of some of its ids, that a `$count` segment asks for."""
    test, candidates = _search_space(call, rules, view, advanced=True)
    if within is not None:
        candidates = within if candidates is None else sorted(set(within) & set(candidates))
    return _count(view, candidates, test)


def wants_count(call: Call) -> bool:
    """Say whether the request asks for advanced queries and for the number of matches: one without the
    other is ignored.
    """
    text = call.options.get("$count")
    if text is None:
        return False
    if text.casefold() not in {"true", "false"}:
        raise bad_request(f"Invalid value '{text}' for $count query option found.", "BadRequest")
    return call.advanced and text.casefold() == "true"


def envelope(call: Call, context: str, found: Page, items: list[dict[str, Any]]) -> dict[str, Any]:
    """Write a list's answer: context, count, next link, value, in Graph's order."""
    body: dict[str, Any] = {"@odata.context": call.context(context)}
    if found.count is not None:
        body["@odata.count"] = found.count
    if found.token is not None:
        body["@odata.nextLink"] = next_link(call, found.token)
    body["value"] = items
    return body


def next_link(call: Call, token: str) -> str:
    """Write the absolute link to the next page; it repeats the original query."""
    query = {k: v for k, v in call.query.items() if k.casefold().removeprefix("$") != "skiptoken"}
    query["$skiptoken"] = tokens.seal(call, token, *call.options.values(_MEANING))
    text = "&".join(f"{quote(name, safe='$')}={quote(value, safe='(),:')}" for name, value in query.items())
    path = "".join(_segment(segment) for segment in call.segments)
    return f"{call.base_url}/{call.version}{path}?{text}"


def top(call: Call, size: int, most: int = MOST_PER_PAGE) -> int:
    """Read $top."""
    text = call.options.get("$top")
    if text is None:
        return size
    if not (text.isascii() and text.isdecimal()) or len(text) > 9:
        raise bad_request(f"Invalid value '{text}' for $top query option found.", "BadRequest")
    if not 0 < int(text) <= most:
        raise bad_request(f"Invalid page size specified: '{text}'. Must be between 1 and {most} inclusive.")
    return int(text)


def read_token(call: Call) -> str:
    """Read the $skiptoken of a request: empty without one; it is opaque, and one that was made up is
    refused.
    """
    text = call.options.get("$skiptoken")
    if text is None:
        return ""
    position = tokens.unseal(call, text, *call.options.values(_MEANING))
    if position is None:
        raise bad_request(
            "The specified page token value has expired and can no longer be used.",
            "Directory_ExpiredPageToken",
        )
    return position


def offset_of(token: str) -> int:
    """Read the token of a sorted list: the number of rows before its page."""
    return int(token or 0)


def filtered(call: Call, rules: Rules, *, advanced: bool) -> matching.Test | None:
    """Compile the $filter of a request; none without one."""
    text = call.options.get("$filter")
    if text is None:
        return None
    node = naming.compiled(rules.type, text)
    if "_" in text:
        node = naming.extended(node, extended.filterable(call, rules.resource))
    check_filter(rules, node, advanced=advanced)
    return matching.compile_test(node, lambda row, name: _size(call, row, name))


@dataclass(frozen=True)
class Sorting:
    """The order that a request asks for."""

    text: str
    name: str
    backwards: bool

    def sorted(self, rows: list[Row]) -> list[Row]:
        """Put rows in that order."""
        return sorted(rows, key=lambda row: str(row.get(self.name) or "").casefold(), reverse=self.backwards)


def sorting(call: Call, rules: Rules, *, advanced: bool) -> Sorting | None:
    """Read $orderby: one property, without advanced queries for some types only; none without it."""
    text = call.options.get("$orderby")
    if text is None:
        return None
    given, _, direction = text.strip().partition(" ")
    name = spellings(rules.type).get(given.casefold(), given) if rules.type in types() else given
    known = rules.sortable.get(name)
    if known is None or ((not known or call.options.get("$filter") is not None) and not advanced):
        raise unsupported_query("Sorting not supported for current query.")
    if direction.strip().casefold() not in {"", "asc", "desc"}:
        raise bad_request(f"Syntax error in '{text}'.", "BadRequest")
    return Sorting(text.casefold(), name, direction.strip().casefold() == "desc")


def _search_space(
    call: Call, rules: Rules, view: TableView, *, advanced: bool
) -> tuple[matching.Test | None, list[str] | None]:
    test = filtered(call, rules, advanced=advanced)
    candidates: list[str] | None = None
    text = call.options.get("$filter")
    if text is not None:
        candidates = matching.indexed(naming.compiled(rules.type, text), view.table)
    search = searching.read(call, rules)
    if search is not None:
        narrowed = search.narrowed(view.table)
        if narrowed is not None and (candidates is None or len(narrowed) < len(candidates)):
            candidates = narrowed
        test = search.matches if test is None else _both(test, search.matches)
    if candidates is not None and view.older:
        candidates = sorted({*candidates, *view.older})
    return test, candidates


def _rows(
    view: TableView, candidates: list[str] | None, test: matching.Test | None, start: str
) -> Iterator[Row]:
    ids = candidates
    if ids is None:
        ids = view.table.order if not view.older else sorted({*view.table.order, *view.older})
    for row_id in ids[bisect_right(ids, start) :] if start else ids:
        row = view.get(row_id)
        if row is not None and (test is None or test(row)):
            yield row


def _count(view: TableView, candidates: list[str] | None, test: matching.Test | None) -> int:
    if candidates is None and test is None and not view.older:
        return len(view.table)
    return sum(1 for _ in _rows(view, candidates, test, ""))


def _both(first: matching.Test, second: Callable[[Any], bool]) -> matching.Test:
    return lambda row: first(row) and second(row)


def _size(call: Call, row: Row, name: str) -> int:
    """Count a relationship of a row, for `owners/$count eq 0` and its like."""
    match name:
        case "owners":
            return len(call.tenant.owners.targets(row["id"]))
        case "members":
            return len(call.tenant.members.targets(row["id"]))
        case "federatedIdentityCredentials":
            return len(call.tenant.federated_identity_credentials.ids("application", row["id"]))
    return 0


def _segment(segment: Any) -> str:
    if isinstance(segment, str):
        return "/" + quote(segment, safe="()',$.:@")
    return f"({segment.name}='{quote(segment.value)}')"
