"""Query options of a list in; the page of rows, the next link and the count out."""

import base64
import binascii
import json
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from entra_config.emulator.graph import filters, matching
from entra_config.emulator.graph.call import Call, View
from entra_config.emulator.graph.errors import bad_request, unsupported_query
from entra_config.emulator.graph.rules import Rules, check_filter
from entra_config.emulator.table import Row, words

DEFAULT_PAGE = 100
MOST_PER_PAGE = 999
_KNOWN = {"$filter", "$select", "$expand", "$search", "$orderby", "$top", "$count", "$skiptoken", "$format", "$skip"}
_BY_NAME = (["displayName"], ["displayName", "asc"])
_SEARCH = re.compile(r'"([A-Za-z]+):((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True)
class Page:
    """One page of a list."""

    rows: list[Row]
    token: str | None
    # The number of all matches; only the first page of an advanced query has it.
    count: int | None = None


def options(call: Call) -> dict[str, str]:
    """Give the query options by lower-case name; unknown `$` options are refused, others ignored."""
    found: dict[str, str] = {}
    for name, value in call.query.items():
        key = name.casefold() if name.startswith("$") else f"${name.casefold()}"
        if name.startswith("$") and key not in _KNOWN:
            raise bad_request(f"The query parameter '{name}' is not supported.", "BadRequest")
        if key in _KNOWN:
            found[key] = value
    return found


def page(call: Call, rules: Rules, view: View, *, within: list[str] | None = None, size: int = DEFAULT_PAGE) -> Page:
    """Run a list query over a table, or over some of its ids (ordered)."""
    query = options(call)
    counting = call.advanced and query.get("$count", "").casefold() == "true"
    limit = top(query, size)
    test, candidates = _search_space(call, rules, view, query, advanced=counting)
    if within is not None:
        candidates = within if candidates is None else sorted(set(within) & set(candidates))
    start = read_token(query.get("$skiptoken"))
    if "$orderby" in query:
        offset = int(start or 0)
        if test is None and candidates is None and not view.older and query["$orderby"].split() in _BY_NAME:
            _check_sorting(rules, query, advanced=counting)
            found = view.table.by_name(offset, offset + limit)
            if found is not None:
                more = offset + limit < len(view.table)
                return Page(found, str(offset + limit) if more else None, len(view.table) if counting and not start else None)
        rows = _ordered(rules, query, list(_rows(view, candidates, test, "")), advanced=counting)
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
    packed = base64.urlsafe_b64encode(json.dumps({"after": token}).encode()).decode().rstrip("=")
    query = {**{k: v for k, v in call.query.items() if k.casefold() != "$skiptoken"}, "$skiptoken": packed}
    text = "&".join(f"{quote(name, safe='$')}={quote(value, safe='(),:')}" for name, value in query.items())
    path = "".join(_segment(segment) for segment in call.segments)
    return f"{call.base_url}/{call.version}{path}?{text}"


def top(query: dict[str, str], size: int, most: int = MOST_PER_PAGE) -> int:
    """Read $top."""
    text = query.get("$top")
    if text is None:
        return size
    if not text.isdecimal() or len(text) > 9:
        raise bad_request(f"Invalid value '{text}' for $top query option found.", "BadRequest")
    if not 0 < int(text) <= most:
        raise bad_request(f"Invalid page size specified: '{text}'. Must be between 1 and {most} inclusive.")
    return int(text)


def read_token(text: str | None) -> str:
    """Read a $skiptoken; it is opaque, and one that was made up is refused."""
    if not text:
        return ""
    try:
        data = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        return str(data["after"])
    except (binascii.Error, ValueError, KeyError, TypeError) as error:
        raise bad_request(
            "The specified page token value has expired and can no longer be used.", "Directory_ExpiredPageToken"
        ) from error


def matches(call: Call, rules: Rules, text: str) -> matching.Test:
    """Compile a filter for a collection that is not a table."""
    node = filters.parse(text)
    check_filter(rules, node, advanced=call.advanced)
    return matching.compile_test(node, _no_count)


def _search_space(
    call: Call, rules: Rules, view: View, query: dict[str, str], *, advanced: bool
) -> tuple[matching.Test | None, list[str] | None]:
    test: matching.Test | None = None
    candidates: list[str] | None = None
    if "$filter" in query:
        node = filters.parse(query["$filter"])
        check_filter(rules, node, advanced=advanced)
        test = matching.compile_test(node, lambda row, name: _size(call, row, name))
        candidates = matching.indexed(node, view.table)
    if "$search" in query:
        searched, narrowed = _search(call, query["$search"], view)
        if narrowed is not None and (candidates is None or len(narrowed) < len(candidates)):
            candidates = narrowed
        test = searched if test is None else _both(test, searched)
    if candidates is not None and view.older:
        candidates = sorted({*candidates, *view.older})
    return test, candidates


def _rows(view: View, candidates: list[str] | None, test: matching.Test | None, start: str) -> Iterator[Row]:
    ids = candidates
    if ids is None:
        ids = view.table.order if not view.older else sorted({*view.table.order, *view.older})
    for row_id in ids[bisect_right(ids, start) :] if start else ids:
        row = view.get(row_id)
        if row is not None and (test is None or test(row)):
            yield row


def _count(view: View, candidates: list[str] | None, test: matching.Test | None) -> int:
    if candidates is None and test is None and not view.older:
        return len(view.table)
    return sum(1 for _ in _rows(view, candidates, test, ""))


def _check_sorting(rules: Rules, query: dict[str, str], *, advanced: bool) -> tuple[str, bool]:
    name, _, direction = query["$orderby"].strip().partition(" ")
    known = rules.sortable.get(name)
    if known is None:
        raise unsupported_query("Sorting not supported for current query.")
    if ("$filter" in query or not known) and not advanced:
        raise unsupported_query("Sorting not supported for current query.")
    if direction.strip().casefold() not in {"", "asc", "desc"}:
        raise bad_request(f"Syntax error in '{query['$orderby']}'.", "BadRequest")
    return name, direction.strip().casefold() == "desc"


def _ordered(rules: Rules, query: dict[str, str], rows: list[Row], *, advanced: bool) -> list[Row]:
    name, backwards = _check_sorting(rules, query, advanced=advanced)
    return sorted(rows, key=lambda row: str(row.get(name) or "").casefold(), reverse=backwards)


def _search(call: Call, text: str, view: View) -> tuple[matching.Test, list[str] | None]:
    """Give the test of a search, and the ids that the words of names narrow it to, if they do."""
    if not call.advanced:
        # advanced-queries documentation
        raise unsupported_query(
            "Request with $search query parameter only works through MSGraph with a special request header: "
            "'ConsistencyLevel: eventual'"
        )
    alternatives = []
    for alternative in re.split(r"\s+OR\s+", text.strip()):
        terms = []
        for part in re.split(r"\s+AND\s+", alternative):
            match = _SEARCH.fullmatch(part.strip())
            if match is None:
                raise bad_request(f"Syntax error: character ':' is not valid at position 0 in '{text}'.", "BadRequest")
            terms.append((match.group(1), match.group(2).casefold()))
        alternatives.append(terms)
    narrowed = [[view.table.with_word(value) for name, value in terms if name == "displayName"] for terms in alternatives]
    ids = sorted({row_id for found in narrowed for row_id in min(found, key=len)}) if all(narrowed) else None
    return (lambda row: any(all(_has_word(row, name, value) for name, value in terms) for terms in alternatives)), ids


def _has_word(row: Row, name: str, value: str) -> bool:
    text = row.get(name)
    if not isinstance(text, str):
        return False
    folded = text.casefold()
    return folded.startswith(value) or any(word.startswith(value) for word in words(folded))


def _both(first: matching.Test, second: Callable[[Any], bool]) -> matching.Test:
    return lambda row: first(row) and second(row)


def _no_count(_row: Row, _name: str) -> int:
    return 0


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
