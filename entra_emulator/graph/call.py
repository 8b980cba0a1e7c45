"""One request as the collections see it, and what they answer; HTTP on one side, rows on the other."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from entra_emulator.callers import Caller
from entra_emulator.clock import Clock, seconds_stamp
from entra_emulator.directory import Tenants
from entra_emulator.faults import Faults
from entra_emulator.graph.errors import bad_request, not_json
from entra_emulator.graph.schema import spelled
from entra_emulator.table import Row, Table
from entra_emulator.tenant import Tenant


@dataclass
class HttpCall:
    """A request as it arrived: raw path segments, raw query, lower-case header names."""

    method: str
    segments: list[str]
    query: str
    headers: dict[str, str]
    body: bytes
    base_url: str
    # What the parts of a batch were and became, for the log: "GET /applications 200".
    parts: list[str] = field(default_factory=list)
    # Who calls, once the token was read.
    caller: Caller | None = None


@dataclass(frozen=True)
class HttpReply:
    """An answer ready to be sent."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


@dataclass(frozen=True)
class AlternateKey:
    """A key predicate of a path: `applications(uniqueName='x')`."""

    name: str
    value: str


class QuotedKey(str):
    """A key in parentheses, which may begin with a dollar: `users('$a@contoso.com')`."""

    __slots__ = ()


class QueryOptions:
    """The query options of a request by their lower-case names; it knows which of them an answer took
    notice of.
    """

    __slots__ = ("_given", "_read")

    def __init__(self, given: dict[str, str]) -> None:
        self._given = given
        self._read: set[str] = set()

    def get(self, name: str) -> str | None:
        """Give the value of an option."""
        self._read.add(name)
        return self._given.get(name)

    def values(self, names: tuple[str, ...]) -> list[str | None]:
        """Give the values of options, without taking notice of them."""
        return [self._given.get(name) for name in names]

    def unread(self) -> list[str]:
        """Give the options that nobody asked for."""
        return [name for name in self._given if name not in self._read and name != "$format"]


NO_OPTIONS = QueryOptions({})


@dataclass
class CollectionResponse:
    """What a collection answers; the service sets `units`, what Graph charges for it."""

    status: int = 200
    body: dict[str, Any] | None = None
    # A plain number, for `$count`.
    text: str | None = None
    # A picture, and what type it is.
    picture: tuple[bytes, str] | None = None
    headers: tuple[tuple[str, str], ...] = ()
    # Whether the client asked for no metadata.
    bare: bool = False
    units: int = field(default=1, compare=False)


NO_CONTENT = CollectionResponse(204)


class Service(Protocol):
    """What collections ask of the service that runs them."""

    directory: Tenants
    clock: Clock
    faults: Faults


@dataclass
class Call:
    """One request, or one part of a batch."""

    graph: Service
    tenant: Tenant
    caller: Caller
    method: str
    version: str
    segments: list[str | AlternateKey]
    query: dict[str, str]
    headers: dict[str, str]
    body: Any
    base_url: str
    correlation_id: str
    # The variable segments of the path, in order.
    params: list[str | AlternateKey] = field(default_factory=list)
    # Whether this is a part of a batch.
    batched: bool = False
    # The caller's permission reaches only objects that it owns.
    owned_only: bool = False
    # The directory roles of which one, if it is for this object, makes up for that.
    admins: frozenset[str] = frozenset()
    # The query options, once they were parsed.
    options: QueryOptions = NO_OPTIONS
    # The collection whose replica answers for all that is read, and whether as a list; None: each its own.
    replica: tuple[str, bool] | None = None

    @property
    def now(self) -> datetime:
        """Give the emulator's time."""
        return self.graph.clock.now()

    @property
    def stamp(self) -> str:
        """Give the emulator's time as reads show it."""
        return seconds_stamp(self.now)

    @property
    def month(self) -> str:
        """Return the month as of which Graph answers."""
        return self.graph.directory.month

    @property
    def advanced(self) -> bool:
        """Say whether the request asks for advanced queries."""
        return self.headers.get("consistencylevel", "").casefold() == "eventual"

    def context(self, tail: str) -> str:
        """Give the `@odata.context` of an answer."""
        return f"{self.base_url}/{self.version}/$metadata#{tail}"

    def put(self, table: str, row: Row) -> None:
        """Write a row; under lag its old version stays visible for a while."""
        self._prepare(table).put(row, self.now)

    def remove(self, table: str, row_id: str) -> Row:
        """Take a row out; under lag it stays visible for a while."""
        return self._prepare(table).remove(row_id, self.now)

    @contextmanager
    def one_replica(self, collection: str, *, listing: bool) -> Iterator[None]:
        """Read objects of any type as late as one collection: a replica has all objects of a directory, and
        one replica gives one answer (entra-docs, architecture).
        """
        self.replica = (collection, listing)
        try:
            yield
        finally:
            self.replica = None

    def view(self, table: str, *, listing: bool = False) -> "TableView":
        """Give a collection as this read may see it."""
        rows = self.tenant.tables[table]
        if not rows.history:
            return TableView(rows, {})
        collection, whole = self.replica or (table, False)
        lag = self.graph.faults.lag_of(collection, listing=listing or whole)
        return TableView(rows, stale(rows, self.now, lag) if lag else {})

    def object_body(self, type_name: str = "") -> dict[str, Any]:
        """Give the body, which must be an object; of a type, its names are written as the type has them."""
        if isinstance(self.body, bytes):
            raise not_json()
        if not isinstance(self.body, dict):
            raise bad_request(
                "Unable to read JSON request payload. Please ensure Content-Type header is set.", "BadRequest"
            )
        if type_name:
            self.body = spelled(type_name, self.body)
        return self.body

    def parameters(self, *names: str) -> dict[str, Any]:
        """Give the parameters of an action, whose names have no case; others are refused."""
        known = {name.casefold(): name for name in names}
        found: dict[str, Any] = {}
        for given, value in self.object_body().items():
            if "@" in given:
                continue
            name = known.get(given.casefold())
            if name is None or name in found:
                action = self.segments[-1]
                text = (
                    f"The parameter '{given}' in the request payload is not a valid parameter for the "
                    f"operation '{action}'."
                )
                raise bad_request(text, "BadRequest")
            found[name] = value
        return found

    def _prepare(self, table: str) -> Table:
        rows = self.tenant.tables[table]
        faults = self.graph.faults
        rows.keep_history = faults.lags()
        if rows.history:
            longest = max([0.0, *faults.plan.lag.values(), *faults.plan.list_lag.values()])
            rows.forget_history(self.now - timedelta(seconds=longest))
        return rows


def stale(table: Table, now: datetime, lag: float) -> dict[str, Row | None]:
    """Give, by id, the older version of each row that changed within the lag."""
    since = now - timedelta(seconds=lag)
    older: dict[str, Row | None] = {}
    for at, row_id, row in reversed(table.history):
        if at <= since:
            break
        older[row_id] = row
    return older


@dataclass(frozen=True)
class TableView:
    """A table with some rows as they were before; `older` is empty without lag."""

    table: Table
    older: dict[str, Row | None]

    @classmethod
    def of(cls, rows: Iterable[Row]) -> "TableView":
        """Return a view of rows that no table of a tenant has."""
        table = Table()
        for row in rows:
            table.put(row)
        return cls(table, {})

    def get(self, row_id: str) -> Row | None:
        """Give the row of an id as this read sees it."""
        if row_id in self.older:
            return self.older[row_id]
        return self.table.rows.get(row_id)

    def find(self, index: str, key: str) -> list[Row]:
        """Give the rows under a key as this read sees them, ordered by id."""
        rows = self.table.find(index, key)
        if not self.older:
            return rows
        keys = self.table.keys_of(index)
        old = [row for row in self.older.values() if row is not None and key in keys(row)]
        return sorted([r for r in rows if r["id"] not in self.older] + old, key=lambda row: str(row["id"]))


Handler = Callable[[Call], CollectionResponse]
