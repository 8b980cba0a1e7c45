"""Findings in, what the directory's audit log says about their objects out.

The log allows five requests in ten seconds, so few objects are asked for one by one, and many by one list of the time window.
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
from entra_config.graph.request import Request

# Microsoft keeps the log 30 days with Entra ID P1 and P2, 7 days without.
RETENTION = timedelta(days=30)
ONE_BY_ONE = 4
PATH = "/auditLogs/directoryAudits"


class Lists(Protocol):
    """What reads lists from Graph: `graph.client.Graph` in a real run."""

    async def lists(self, requests: Sequence[Request]) -> list[list[dict[str, Any]]]:
        """Return all items of all lists."""
        ...


async def read(graph: Lists, findings: Iterable[Finding], *, good_at: datetime | None, now: datetime) -> Log:
    """Return the events about the findings' objects, from when the tenant was last good (or as far back as the log goes)."""
    since = max(good_at - SKEW, now - RETENTION) if good_at else now - RETENTION
    subjects = sorted({subject for finding in findings for subject in finding.subjects})
    if not subjects:
        return Log((), since, now)
    try:
        pages = await graph.lists(questions(subjects, since))
    except GraphError as error:
        if error.status in {401, 403}:
            return Log((), since, now, refused="no_access")
        raise
    records = [record for page in pages for record in page]
    return Log(events(records), since, now, failed_only=_failed(records))


def questions(subjects: Sequence[str], since: datetime) -> list[Request]:
    """Return the list requests: one for each object while they are few, else one of the whole window."""
    window = f"activityDateTime%20ge%20{since:%Y-%m-%dT%H:%M:%SZ}"
    if len(subjects) > ONE_BY_ONE:
        # App role assignments of users and groups are logged under other categories: ask by service instead.
        return [_question(f"{window}%20and%20loggedByService%20eq%20{literal('Core Directory')}")]
    return [_question(f"{window}%20and%20targetResources/any(t:t/id%20eq%20{literal(subject)})") for subject in subjects]


def _question(filters: str) -> Request:
    return Request("GET", f"{PATH}?$filter={filters}&$top=999")


def _failed(records: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Return the objects of failed attempts."""
    return frozenset(
        str(target.get("id"))
        for record in records
        if record.get("result") != "success"
        for target in record.get("targetResources") or ()
    )
