"""Since when people are in the groups through which they hold roles, by what the audit log answers."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from entra_config.actual.access import Holding
from entra_config.drift import joined
from entra_config.errors import GraphError
from entra_config.graph.request import Request, Response

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
ALICE = Holding("api", "Admin", "user", "alice@contoso.com", "alice", 'group "Staff"', group="staff")
DIRECT = Holding("api", "Admin", "user", "bob@contoso.com", "bob", "")
ITSELF = Holding("api", "Admin", "group", "Staff", "staff", "", group="staff")


class Log:
    """An audit log of one page, newest first; or one that is refused."""

    def __init__(self, *records: dict[str, Any], refused: int = 0) -> None:
        self.records, self.refused = list(records), refused
        self.asked: list[str] = []

    async def send(self, requests: Sequence[Request]) -> list[Response]:
        """Answer, or refuse."""
        self.asked += [str(request.path) for request in requests]
        if self.refused:
            raise GraphError("refused", status=self.refused)
        return [Response(200, {}, {}) for _ in requests]

    def page(self, request: Request, response: Response) -> tuple[list[dict[str, Any]], Request | None]:
        """Give all of it."""
        del request, response
        return self.records, None


def record(activity: str, day: int, member: str = "alice", group: str = "staff") -> dict[str, Any]:
    """Return what the log says of somebody and a group."""
    old, new = (group, None) if activity == joined.REMOVED else (None, group)
    return {
        "id": f"{activity} {day}",
        "correlationId": "c",
        "result": "success",
        "activityDisplayName": activity,
        "activityDateTime": f"2026-11-{day:02}T07:00:00Z",
        "initiatedBy": {},
        "targetResources": [
            {
                "id": member,
                "modifiedProperties": [
                    {
                        "displayName": "Group.ObjectID",
                        "oldValue": old and f'"{old}"',
                        "newValue": new and f'"{new}"',
                    }
                ],
            }
        ],
    }


def since(log: Log, *holdings: Holding, **options: Any) -> tuple[list[str], str]:
    """Return since when each is in its group, and what is said."""
    found, message = asyncio.run(joined.reported(log, holdings, now=NOW, **options))
    assert [each.id for each in found] == [each.id for each in holdings]
    return [each.member_since for each in found], message


@pytest.mark.parametrize(
    ("records", "day"),
    [
        ([], ""),
        ([record(joined.ADDED, 3)], "2026-11-03T07:00:00Z"),
        (
            [record(joined.ADDED, 9), record(joined.REMOVED, 5), record(joined.ADDED, 3)],
            "2026-11-09T07:00:00Z",
        ),
        ([record(joined.REMOVED, 5), record(joined.ADDED, 3)], ""),  # and when he came back is not there yet
        ([record("Update group", 9), record(joined.ADDED, 3)], "2026-11-03T07:00:00Z"),
        ([record(joined.ADDED, 3, group="others")], ""),
        ([record(joined.REMOVED, 9) | {"targetResources": []}], ""),
        ([record(joined.ADDED, 3, member="bob")], ""),
    ],
)
def test_the_last_word_of_the_log_tells_since_when(records: list[dict[str, Any]], day: str) -> None:
    """Who left last has no day; who holds it directly, or is a group, is asked about by nobody."""
    log = Log(*records)

    assert since(log, ALICE, DIRECT) == ([day, ""], "")
    (path,) = log.asked
    assert "category%20eq%20'GroupManagement'" in path
    assert "2026-10-21T08:00:00Z" in path
    since(log, ALICE, person="alice")
    assert "targetResources/any(t:t/id%20eq%20'alice')" in log.asked[-1]
    quiet = Log()
    assert since(quiet, DIRECT, ITSELF) == (["", ""], "")
    assert quiet.asked == []


@pytest.mark.parametrize("status", [401, 403])
def test_a_log_that_nobody_may_read_is_said(status: int) -> None:
    """The holders are told all the same."""
    assert since(Log(refused=status), ALICE) == (
        [""],
        "since when people are in their groups is not known: nobody may read the audit log here",
    )


def test_any_other_error_is_one() -> None:
    """What Graph could not answer is no refusal."""
    with pytest.raises(GraphError):
        since(Log(refused=404), ALICE)
