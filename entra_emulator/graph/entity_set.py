"""A collection of the directory in; how it is listed, counted and read by id out: alike for all of them."""

from collections.abc import Callable
from dataclasses import dataclass, field

from entra_emulator.graph import counting, lookup, queries, render
from entra_emulator.graph.call import Call, CollectionResponse
from entra_emulator.graph.expanding import Expand
from entra_emulator.graph.permissions import RequiredPermissions
from entra_emulator.graph.properties import Rules
from entra_emulator.graph.routing import Route, Routes
from entra_emulator.table import Row


@dataclass(frozen=True, slots=True)
class EntitySet:
    """One of them: `table` is its name in paths, `kind` the type of its entities, `rules` what queries
    may do.

    `found`: how a path names one of them, where that is not its id alone.
    """

    table: str
    kind: str
    rules: Rules
    expand: Expand = field(default_factory=dict)
    found: Callable[[Call], Row] | None = None

    def listed(self, call: Call) -> CollectionResponse:
        """Answer GET /SET."""
        found = queries.page(call, self.rules, call.view(self.table, listing=True))
        body = render.listed(call, self.kind, self.table, found, expand=self.expand)
        return CollectionResponse(200, body)

    def counted(self, call: Call) -> CollectionResponse:
        """Answer GET /SET/$count."""
        return counting.table(call, self.rules, self.table)

    def one(self, call: Call) -> CollectionResponse:
        """Answer GET /SET/{id}."""
        row = self.found(call) if self.found else lookup.find(call, self.table, call.params[0])
        context = f"{self.table}/$entity"
        return CollectionResponse(200, render.entity(call, self.kind, row, context, expand=self.expand))

    def routes(self, read: RequiredPermissions) -> Routes:
        """Return what it serves to whoever may read it."""
        return {
            ("GET", self.table): Route(self.listed, read),
            ("GET", f"{self.table}/$count"): Route(self.counted, read),
            ("GET", f"{self.table}/*"): Route(self.one, read),
        }
