"""A collection's delta query in; all objects first and then what changed since, page by page, out."""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from entra_emulator.graph import naming, queries, render, tokens
from entra_emulator.graph.call import Call, CollectionResponse
from entra_emulator.graph.errors import ODataError, bad_request, unsupported_query
from entra_emulator.graph.filters import Combine, Compare, In, Node
from entra_emulator.graph.lookup import any_object
from entra_emulator.graph.properties import Entity
from entra_emulator.table import Row

# How many sessions a tenant remembers: older links are told to begin anew.
_MOST = 200
_MEMBERS = "members@delta"


@dataclass(frozen=True)
class Snapshot:
    """A collection at one moment: rows are never changed in place, so that a copy of the table is cheap."""

    rows: dict[str, Row]
    members: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class DeltaRound:
    """What one round of a delta query is about."""

    number: str
    names: list[str] | None
    ids: frozenset[str] | None
    before: Snapshot
    now: Snapshot
    # What is told in this round, in order.
    changed: list[str]


def read(call: Call, entity: Entity) -> CollectionResponse:
    """Answer GET /SET/delta."""
    session, offset = _session(call, entity.name, entity.table)
    size = queries.top(call, queries.DEFAULT_PAGE)
    ids = session.changed[offset : offset + size]
    names = session.names
    context = f"{entity.path}({','.join(names)})" if names else entity.path
    body: dict[str, Any] = {"@odata.context": call.context(context)}
    if ids:
        # The last page is empty, and only it has the link to the changes after this moment.
        body["@odata.nextLink"] = _link(call, "$skiptoken", f"{session.number} {offset + len(ids)}")
    else:
        body["@odata.deltaLink"] = _link(call, "$deltatoken", session.number)
    body["value"] = [_item(call, entity.name, session, row_id) for row_id in ids]
    return CollectionResponse(200, body)


def _session(call: Call, kind: str, table: str) -> tuple[DeltaRound, int]:
    sessions = _sessions(call)
    token = call.options.get("$skiptoken")
    if token is not None:
        number, _, after = _read(call, "$skiptoken", token).partition(" ")
        return _known(sessions, number), int(after)
    since = call.options.get("$deltatoken")
    now = _snapshot(call, kind, table)
    if since is not None and since.casefold() != "latest":
        old = _known(sessions, _read(call, "$deltatoken", since))
        names, ids, before = old.names, old.ids, old.now
    else:
        names, ids = render.selected(call, kind), _wanted(call, kind)
        before = now if since is not None else Snapshot({})
    changed = [row_id for row_id in sorted({*before.rows, *now.rows}) if _differs(before, now, row_id)]
    if ids is not None:
        changed = [row_id for row_id in changed if row_id in ids]
    session = DeltaRound(call.graph.directory.ids.guid(), names, ids, before, now, changed)
    sessions[session.number] = session
    while len(sessions) > _MOST:
        sessions.popitem(last=False)
    return session, 0


def _differs(before: Snapshot, now: Snapshot, row_id: str) -> bool:
    old, new = before.rows.get(row_id), now.rows.get(row_id)
    return (old is not new and old != new) or before.members.get(row_id) != now.members.get(row_id)


def _snapshot(call: Call, kind: str, table: str) -> Snapshot:
    rows = call.tenant.tables[table].rows
    links = call.tenant.members.forward if kind == "group" else {}
    return Snapshot(
        dict(rows),
        {row_id: tuple(members) for row_id, members in links.items() if members},
    )


def _item(call: Call, kind: str, session: DeltaRound, row_id: str) -> dict[str, Any]:
    row = session.now.rows.get(row_id)
    if row is None:
        # Soft-deleted is a change, gone for good a deletion.
        return {
            "id": row_id,
            "@removed": {"reason": "changed" if row_id in call.tenant.deleted_items else "deleted"},
        }
    body = render.item(call, kind, row, session.names)
    body.setdefault("id", row_id)
    if session.names is None:
        changes = _member_changes(call, session, row_id)
        if changes:
            body[_MEMBERS] = changes
    return body


def _member_changes(call: Call, session: DeltaRound, group: str) -> list[dict[str, Any]]:
    old, new = session.before.members.get(group, ()), session.now.members.get(group, ())
    came = [{**_typed(call, member), "id": member} for member in new if member not in old]
    left = [
        {**_typed(call, member), "id": member, "@removed": {"reason": "deleted"}}
        for member in old
        if member not in new
    ]
    return came + left


def _typed(call: Call, member: str) -> dict[str, str]:
    found = any_object(call, member)
    return {"@odata.type": f"#microsoft.graph.{found[0]}"} if found is not None else {}


def _wanted(call: Call, kind: str) -> frozenset[str] | None:
    text = call.options.get("$filter")
    if text is None:
        return None
    ids = _ids(naming.compiled(kind, text))
    if ids is None:
        raise unsupported_query("Delta queries can be filtered by id only.")
    return frozenset(ids)


def _ids(node: Node) -> list[str] | None:
    match node:
        case Compare(("id",), "eq", str() as value, False):
            return [value.casefold()]
        case In(("id",), values):
            return [str(value).casefold() for value in values]
        case Combine("or", left, right):
            first, second = _ids(left), _ids(right)
            return None if first is None or second is None else first + second
    return None


def _sessions(call: Call) -> "OrderedDict[str, DeltaRound]":
    return call.tenant.deltas


def _known(sessions: "OrderedDict[str, DeltaRound]", number: str) -> DeltaRound:
    session = sessions.get(number)
    if session is None:
        # delta-query-overview documentation: the client begins anew.
        raise ODataError(
            410, "syncStateNotFound", "The sync state is not found. A full synchronization is required."
        )
    return session


def _read(call: Call, name: str, token: str) -> str:
    position = tokens.unseal(call, token, name)
    if position is None:
        raise bad_request("Badly formed token.")
    return position


def _link(call: Call, name: str, position: str) -> str:
    token = tokens.seal(call, position, name)
    path = "/".join(str(segment) for segment in call.segments)
    return f"{call.base_url}/{call.version}/{path}?{name}={token}"
