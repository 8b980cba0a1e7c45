"""The directory audit log: newest first, by time, object, actor, activity."""

from datetime import datetime, timedelta

from entra_emulator.clock import read_stamp
from entra_emulator.faults import Faults
from entra_emulator.graph import permissions, queries, render
from entra_emulator.graph.call import Call, CollectionResponse
from entra_emulator.graph.entities.directory_audit import DIRECTORY_AUDIT
from entra_emulator.graph.errors import not_found
from entra_emulator.graph.routing import Route, Routes
from entra_emulator.table import Row

_PAGE = 1000


def list_all(call: Call) -> CollectionResponse:
    """Answer GET /auditLogs/directoryAudits."""
    size = queries.top(call, _PAGE, _PAGE)
    rows = _arrived(call)
    test = queries.filtered(call, DIRECTORY_AUDIT.rules, advanced=call.advanced)
    if test is not None:
        rows = [row for row in rows if test(row)]
    # Filters and order go together here: the log is no directory object.
    order = queries.sorting(call, DIRECTORY_AUDIT.rules, advanced=True)
    if order is None or order.backwards:
        rows = rows[::-1]
    offset = queries.offset_of(queries.read_token(call))
    token = str(offset + size) if offset + size < len(rows) else None
    page = queries.Page(rows[offset : offset + size], token)
    return CollectionResponse(200, render.listed(call, "directoryAudit", "auditLogs/directoryAudits", page))


def get(call: Call) -> CollectionResponse:
    """Answer GET /auditLogs/directoryAudits/{id}."""
    for row in _arrived(call):
        if row["id"] == call.params[0]:
            return CollectionResponse(
                200, render.entity(call, "directoryAudit", row, "auditLogs/directoryAudits/$entity")
            )
    raise not_found(str(call.params[0]))


def _arrived(call: Call) -> list[Row]:
    """Give the records that can be read already, oldest first."""
    faults = call.graph.faults
    if not (faults.plan.audit_delay or faults.plan.audit_spread):
        return call.tenant.audit
    return [row for row in call.tenant.audit if _arrives(row, faults) <= call.now]


def _arrives(row: Row, faults: Faults) -> datetime:
    return read_stamp(row["activityDateTime"]) + timedelta(seconds=faults.audit_delay_of(row["id"]))


ROUTES: Routes = {
    ("GET", "auditLogs/directoryAudits"): Route(list_all, permissions.AUDIT_READ),
    ("GET", "auditLogs/directoryAudits/*"): Route(get, permissions.AUDIT_READ),
}
