"""Findings in, what the directory's audit log says about their objects out.

The log allows five requests in ten seconds, so few objects are asked for one by one, and many by one list of
the time window.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from entra_config.drift.attribution import SKEW, Log
from entra_config.drift.audit import events
from entra_config.drift.model import Finding
from entra_config.errors import GraphError
from entra_config.graph.odata import literal
from entra_config.graph.paging import Pages
from entra_config.graph.request import Request, Response
from entra_config.moments import parse_moment

# Microsoft keeps the log 30 days with Entra ID P1 and P2, 7 days without.
RETENTION = timedelta(days=30)
ONE_BY_ONE = 4
MOST_PAGES = 100
PAGE = 999
PATH = "/auditLogs/directoryAudits"


class LogReader(Protocol):
    """What reads lists from Graph: `graph.client.Graph` in a real run."""

    async def send(self, requests: Sequence[Request]) -> list[Response]:
        """Send requests side by side."""
        ...

    def page(self, request: Request, response: Response) -> tuple[list[dict[str, Any]], Request | None]:
        """Return the items of a list's page, and the request of the next one."""
        ...


async def read(graph: LogReader, findings: Iterable[Finding], *, now: datetime) -> Log:
    """Return the events about the findings' objects, newest first, from when the first of their windows
    opens.

    Anybody can fill the log: at most 100 pages of it are read.
    """
    findings = list(findings)
    opened = [finding.good_at for finding in findings]
    oldest = now - RETENTION
    since = (
        max(min((at for at in opened if at), default=oldest) - SKEW, oldest) if None not in opened else oldest
    )
    subjects = sorted({subject for finding in findings for subject in finding.subjects})
    if not subjects:
        return Log((), since, now)
    return await _read(graph, questions(subjects, since), since, now)


async def everything(graph: LogReader, *, now: datetime) -> Log:
    """Return all events that the log keeps, newest first."""
    since = now - RETENTION
    return await _read(graph, [_everything(since)], since, now)


async def _read(graph: LogReader, requests: Sequence[Request], since: datetime, now: datetime) -> Log:
    older = Request("GET", f"{PATH}?$filter=activityDateTime%20le%20{since:%Y-%m-%dT%H:%M:%SZ}&$top=1")
    try:
        found, left = await records(graph, requests)
        before, _ = await records(graph, [older], most=1)
    except GraphError as error:
        if error.status in {401, 403}:
            return Log((), since, now, refused="no_access")
        raise
    return Log(events(found), since, now, failed_only=_failed(found), read_to=left, reaches=bool(before))


async def records(
    graph: LogReader, requests: Sequence[Request], *, most: int | None = None
) -> tuple[list[Mapping[str, Any]], datetime | None]:
    """Return what the lists hold, and back to when all of it was read where that was too much."""
    found: list[Mapping[str, Any]] = []
    left = dict(enumerate(requests))
    bounds, reached = [Pages() for _ in requests], dict.fromkeys(left, "")
    count = 0
    while left:
        if count + len(left) > (most or MOST_PAGES):
            ends = [parse_moment(reached[number]) for number in left if reached[number]]
            return found, max(ends, default=None)
        responses = await graph.send(list(left.values()))
        count += len(left)
        for (number, request), response in zip(list(left.items()), responses, strict=True):
            items, rest = graph.page(request, response)
            found += items
            reached[number] = str(items[-1]["activityDateTime"]) if items else reached[number]
            if rest := bounds[number].follow(request, items, rest):
                left[number] = rest
            else:
                del left[number]
    return found, None


def questions(subjects: Sequence[str], since: datetime) -> list[Request]:
    """Return the list requests: one for each object while they are few, else one of the whole window."""
    window = f"activityDateTime%20ge%20{since:%Y-%m-%dT%H:%M:%SZ}"
    if len(subjects) > ONE_BY_ONE:
        return [_everything(since)]
    return [
        _question(f"{window}%20and%20targetResources/any(t:t/id%20eq%20{literal(subject)})")
        for subject in subjects
    ]


def _everything(since: datetime) -> Request:
    # App role assignments of users and groups are logged under other categories: ask by service instead.
    window = f"activityDateTime%20ge%20{since:%Y-%m-%dT%H:%M:%SZ}"
    return _question(f"{window}%20and%20loggedByService%20eq%20{literal('Core Directory')}")


def _question(filters: str) -> Request:
    return Request("GET", f"{PATH}?$filter={filters}&$top={PAGE}")


def _failed(records: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Return the objects of failed attempts."""
    failed = (record for record in records if record.get("result") != "success")
    return frozenset(
        str(target.get("id")) for record in failed for target in record.get("targetResources") or ()
    )
