"""Who really did what, beside the audit log, which tells less: kept where a test asks for it, and shown by
no endpoint.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from entra_emulator.table import Links, Row
from entra_emulator.tenant import Tenant

LINKS = ("owners", "members")


@dataclass(frozen=True)
class RecordedChange:
    """One row or link that one call changed: when, by whom (an object id), what it was and what it became.

    `place` is the table, `owners` or `members`; the id of a link is `SOURCE/TARGET`. `records` are the ids of
    what the audit log got of the call.
    """

    time: datetime
    actor: str
    place: str
    id: str
    before: Row | None
    after: Row | None
    records: tuple[str, ...]


@contextmanager
def watched(tenant: Tenant, *, actor: str, now: datetime) -> Iterator[None]:
    """Add what the block changes to the tenant's deeds, where they are kept."""
    if tenant.deeds is None:
        yield
        return
    before, known = _state(tenant), {record["id"] for record in tenant.audit}
    yield
    records = tuple(record["id"] for record in tenant.audit if record["id"] not in known)
    for place, after in _state(tenant).items():
        rows = before[place]
        # Most rows are the very same objects: what is one object need not be compared.
        moved = [
            id_
            for id_ in sorted({*rows, *after})
            if rows.get(id_) is not after.get(id_) and rows.get(id_) != after.get(id_)
        ]
        tenant.deeds += [
            RecordedChange(now, actor, place, id_, rows.get(id_), after.get(id_), records) for id_ in moved
        ]


def _state(tenant: Tenant) -> dict[str, Mapping[str, Row]]:
    # A row is replaced, never changed in place: a copy of the table holds the rows of now.
    tables: dict[str, Mapping[str, Row]] = {name: dict(table.rows) for name, table in tenant.tables.items()}
    return {**tables, **{name: _linked(getattr(tenant, name)) for name in LINKS}}


def _linked(links: Links) -> dict[str, Row]:
    return {
        f"{source}/{target}": {"source": source, "target": target}
        for source, targets in links.forward.items()
        for target in targets
    }
