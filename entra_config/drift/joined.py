"""Holders in; since when each of them is in the group through which it holds, as far as the audit log
tells, out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from entra_config.actual.access import Holding
from entra_config.drift import log
from entra_config.drift.audit import Event, events
from entra_config.errors import GraphError
from entra_config.graph.odata import literal
from entra_config.graph.request import Request

ADDED, REMOVED = "Add member to group", "Remove member from group"


async def reported(
    graph: log.LogReader, holdings: Sequence[Holding], *, now: datetime, person: str = ""
) -> tuple[list[Holding], str]:
    """Return the holdings with `member_since` where the log has it, and why it may lack more; `person` is the
    only one, by id.
    """
    if not any(each.group and each.type == "user" for each in holdings):
        return list(holdings), ""
    window = f"activityDateTime%20ge%20{now - log.RETENTION:%Y-%m-%dT%H:%M:%SZ}"
    about = (
        f"targetResources/any(t:t/id%20eq%20{literal(person)})"
        if person
        else f"category%20eq%20{literal('GroupManagement')}"
    )
    try:
        records, left = await log.records(
            graph, [Request("GET", f"{log.PATH}?$filter={window}%20and%20{about}&$top={log.PAGE}")]
        )
    except GraphError as error:
        if error.status in {401, 403}:
            return list(
                holdings
            ), "since when people are in their groups is not known: nobody may read the audit log here"
        raise
    newest: dict[tuple[str, str], Event] = {}
    for event in events(records):
        if event.activity in {ADDED, REMOVED} and event.targets:
            newest.setdefault((event.targets[0], event.fact("Group.ObjectID")), event)
    message = f"the audit log was read back to {left:%Y-%m-%d %H:%M} UTC only" if left else ""
    found = [replace(each, member_since=_since(newest.get((each.id, each.group)))) for each in holdings]
    return found, message


def _since(event: Event | None) -> str:
    """Return when somebody joined; nothing where the last word is that he left: when he came back is not
    in the log yet.
    """
    return event.time.strftime("%Y-%m-%dT%H:%M:%SZ") if event is not None and event.activity == ADDED else ""
