"""What of the audit log is asked for, and what its answers are taken for."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from entra_config.drift import log
from entra_config.drift.attribution import SKEW, Log
from entra_config.drift.model import Finding
from entra_config.errors import GraphError
from entra_config.graph.request import Request, Response
from entra_config.resource import Address

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
OLDEST = NOW - log.RETENTION


class Lists:
    """A log of pages, each a list of records; or a refusal."""

    def __init__(self, *pages: list[dict[str, Any]], refused: int = 0) -> None:
        """Begin with these pages for each request."""
        self.pages, self.refused = pages, refused
        self.sent: list[Request] = []

    async def send(self, requests: Sequence[Request]) -> list[Response]:
        """Return the pages by number."""
        self.sent += requests
        if self.refused:
            raise GraphError("no", status=self.refused, code="")
        return [Response(200) for _ in requests]

    def page(self, request: Request, _: Response) -> tuple[list[dict[str, Any]], Request | None]:
        """Return the items of a page, and the next request."""
        number = int(str(request.path).rpartition("#")[2]) if "#" in str(request.path) else 0
        rest = Request("GET", f"{str(request.path).partition('#')[0]}#{number + 1}")
        items = self.pages[number] if number < len(self.pages) else []
        return items, rest if number + 1 < len(self.pages) else None


def finding(*subjects: str, good_at: datetime | None = None) -> Finding:
    """Make a finding about objects."""
    return Finding(Address("application", "api"), "added", "r", "", subjects=subjects, good_at=good_at)


def record(id_: str, minutes: int, **more: Any) -> dict[str, Any]:
    """Make a record."""
    at = NOW - timedelta(minutes=minutes)
    return {
        "id": id_,
        "activityDateTime": at.isoformat(),
        "activityDisplayName": "Update",
        "result": "success",
        **more,
    }


def read(lists: Lists, *findings: Finding) -> Log:
    """Read the log about findings."""
    return asyncio.run(log.read(lists, findings, now=NOW))


@pytest.mark.parametrize(
    ("good", "since"),
    [
        ([None], OLDEST),
        ([NOW - timedelta(days=2)], NOW - timedelta(days=2) - SKEW),
        ([NOW - timedelta(days=2), NOW - timedelta(days=5)], NOW - timedelta(days=5) - SKEW),
        ([NOW - timedelta(days=2), None], OLDEST),
        ([NOW - timedelta(days=40)], OLDEST),
    ],
)
def test_the_log_is_read_from_the_first_window(good: list[datetime | None], since: datetime) -> None:
    """With some minutes before it, and never further back than it is kept."""
    lists = Lists()
    assert read(lists, *(finding("o", good_at=each) for each in good)) == Log([], since, NOW)
    window = f"activityDateTime%20ge%20{since:%Y-%m-%dT%H:%M:%SZ}"
    path = (
        f"/auditLogs/directoryAudits?$filter={window}%20and%20targetResources/any(t:t/id%20eq%20'o')&$top=999"
    )
    older = f"/auditLogs/directoryAudits?$filter=activityDateTime%20le%20{since:%Y-%m-%dT%H:%M:%SZ}&$top=1"
    assert lists.sent == [Request("GET", path), Request("GET", older)]


def test_few_objects_are_asked_one_by_one_and_many_by_service() -> None:
    """Each once and in order; without any nothing is asked."""
    lists = Lists()
    read(lists, finding("d", "b"), finding("a", "b", "c"))
    assert lists.sent[:-1] == log.questions(["a", "b", "c", "d"], OLDEST)
    assert len(lists.sent) == 4 + 1
    many = Lists()
    read(many, finding(*"edcba"))
    window = f"activityDateTime%20ge%20{OLDEST:%Y-%m-%dT%H:%M:%SZ}"
    service = "loggedByService%20eq%20'Core%20Directory'"
    path = f"/auditLogs/directoryAudits?$filter={window}%20and%20{service}&$top=999"
    assert many.sent[:-1] == [Request("GET", path)]
    nothing = Lists()
    assert read(nothing, finding()) == Log((), OLDEST, NOW)
    assert read(nothing) == Log((), OLDEST, NOW)
    assert nothing.sent == []


def test_what_may_not_be_read_is_no_error() -> None:
    """Nobody is accused then; all else is an error."""
    for status in (401, 403):
        assert read(Lists(refused=status), finding("o")) == Log((), OLDEST, NOW, refused="no_access")
    for status in (400, 402, 404, 500):
        with pytest.raises(GraphError):
            read(Lists(refused=status), finding("o"))


def test_each_page_is_read_and_failed_attempts_are_told() -> None:
    """Newest first; of failures only whose objects they were."""
    failed = record("3", 30, result="failure", targetResources=[{"id": "x"}, {"id": "y"}])
    other = record("4", 40, result=None, targetResources=None)
    lists = Lists([record("1", 50)], [record("2", 5), failed], [other])
    found = read(lists, finding("o"))
    assert [each.id for each in found.events] == ["2", "1"]
    assert (found.failed_only, found.read_to) == (frozenset({"x", "y"}), None)
    assert len(lists.sent) == 3 + 1
    assert found.reaches


@pytest.mark.parametrize(("pages", "read_to"), [(99, None), (100, None), (101, 100), (150, 100)])
def test_a_hundred_pages_are_read(pages: int, read_to: int | None) -> None:
    """And back to when all was read, where there is more."""
    lists = Lists(*([record(f"{number}", number)] for number in range(1, pages + 1)))
    found = read(lists, finding("o"))
    assert len(lists.sent) == min(pages, 100) + 1
    assert found.read_to == (NOW - timedelta(minutes=read_to) if read_to else None)


def test_of_several_lists_all_was_read_back_to_the_latest() -> None:
    """Of each as far as it came."""
    lists = Lists(*([record(f"{number}", number)] for number in range(1, 80)))
    found = read(lists, finding("a", "b"))
    assert len(lists.sent) == 100 + 1
    assert found.read_to == NOW - timedelta(minutes=50)
