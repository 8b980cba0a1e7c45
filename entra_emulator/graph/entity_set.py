"""What all collections do alike: list, count, create, read, update, upsert and delete, and list changes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from entra_emulator.graph import audit, counting, delta, lifecycle, lookup, permissions, queries, render
from entra_emulator.graph.call import NO_CONTENT, AlternateKey, Call, CollectionResponse
from entra_emulator.graph.entities import DIRECTORY_OBJECTS
from entra_emulator.graph.errors import not_found
from entra_emulator.graph.expanding import Expand
from entra_emulator.graph.permissions import RequiredPermissions
from entra_emulator.graph.properties import Entity
from entra_emulator.graph.routing import Route, Routes
from entra_emulator.table import Row

_LOCATION = "https://graph.microsoft.com/v2/{tenant}/{path}"
_OBJECT = "directoryObjects/{id}/Microsoft.DirectoryServices.{type}"


def require_ownership(call: Call, row: Row) -> None:
    """Refuse a caller whose permission covers only what it owns."""
    permissions.require_ownership(call, row["id"])


def save(call: Call, entity: Entity, old: Row, new: Row) -> None:
    """Store a changed directory object, and write the audit record."""
    call.put(entity.table, new)
    audit.record(call, entity, "Update", new, audit.changes(old, new, entity.readers))


@dataclass(frozen=True, kw_only=True)
class EntitySet:
    """One collection. Each function is what is special about it; without one, it does as others do."""

    entity: Entity
    # The path before its name: of a folder, or of the objects that each have such a collection.
    folder: str = ""
    parent: str = ""
    # The name in the path, where it is not that of the table; the index of the table by parent.
    name: str = ""
    index: str = ""
    expand: Expand = field(default_factory=dict)
    # Whether the answer of a create says where the object is; that of a directory object always does.
    located: bool = False
    # The object that a path names.
    find: Callable[[Call], Row] | None = None
    # What this version of Graph shows of an object.
    show: Callable[[Call, Row], Row] | None = None
    # Refuse a caller who may not change an object.
    allow: Callable[[Call, Row], None] = require_ownership
    # Store a new object, made from a body, and return what the answer shows of it.
    insert: Callable[[Call, dict[str, Any]], Row] | None = None
    # Return the object as a body changes it.
    change: Callable[[Call, Row, dict[str, Any]], Row] | None = None
    # Store a changed object, or remove one, and write the audit records.
    save: Callable[[Call, Row, Row], None] | None = None
    remove: Callable[[Call, Row], None] | None = None

    @property
    def path(self) -> str:
        """Return the template of its path."""
        name = self.name or self.entity.table
        return f"{self.parent}/*/{name}" if self.parent else f"{self.folder}{name}"

    def list_all(self, call: Call) -> CollectionResponse:
        """Answer GET /SET."""
        context, ids = self._context(call), self._ids(call)
        found = queries.page(call, self.entity.rules, call.view(self.entity.table, listing=True), within=ids)
        if self.show is not None:
            found = queries.Page([self.show(call, row) for row in found.rows], found.token, found.count)
        body = render.listed(call, self.entity.name, context, found, expand=self.expand)
        return CollectionResponse(200, body)

    def count(self, call: Call) -> CollectionResponse:
        """Answer GET /SET/$count."""
        return counting.table(call, self.entity.rules, self.entity.table, within=self._ids(call))

    def list_changes(self, call: Call) -> CollectionResponse:
        """Answer GET /SET/delta: all entities, then what changed since."""
        return delta.read(call, self.entity)

    def get(self, call: Call) -> CollectionResponse:
        """Answer GET /SET/{id}."""
        row = self._find(call)
        return CollectionResponse(200, self._write(call, row))

    def create(self, call: Call) -> CollectionResponse:
        """Answer POST /SET."""
        return self.insert_body(call, call.object_body(self.entity.name))

    def update(self, call: Call) -> CollectionResponse:
        """Answer PATCH /SET/{id}, and the upsert by an alternate key."""
        assert self.change is not None
        body = call.object_body(self.entity.name)
        key = call.params[-1] if call.params else ""
        if isinstance(key, AlternateKey) and self.find is None:
            found = lookup.seek_to_upsert(call, self.entity, key)
            if found is None:
                return self.insert_body(call, {**body, key.name: key.value})
        else:
            found = self._find(call)
        self.allow(call, found)
        old = lookup.current(call, self.entity.table, found)
        new = self.change(call, old, body)
        if new != old:
            if self.save is not None:
                self.save(call, old, new)
            else:
                save(call, self.entity, old, new)
        return NO_CONTENT

    def delete(self, call: Call) -> CollectionResponse:
        """Answer DELETE /SET/{id}."""
        row = lookup.current(call, self.entity.table, self._find(call))
        self.allow(call, row)
        if self.remove is not None:
            self.remove(call, row)
        else:
            lifecycle.delete(call, self.entity, row)
        return NO_CONTENT

    def routes(
        self,
        read: RequiredPermissions,
        *,
        create: RequiredPermissions | None = None,
        update: RequiredPermissions | None = None,
        delete: RequiredPermissions | None = None,
        reads: Sequence[str] = ("", "/$count", "/*", "/delta"),
    ) -> Routes:
        """Return what it serves, and which permission each needs."""
        handlers = {"": self.list_all, "/$count": self.count, "/*": self.get, "/delta": self.list_changes}
        found = {("GET", self.path + tail): Route(handlers[tail], read) for tail in reads}
        if create is not None:
            found["POST", self.path] = Route(self.create, create)
        if update is not None:
            found["PATCH", f"{self.path}/*"] = Route(self.update, update)
        if delete is not None:
            found["DELETE", f"{self.path}/*"] = Route(self.delete, delete)
        return found

    def owner(self, call: Call) -> Row:
        """Return the object whose collection a path names."""
        return lookup.find(call, self.parent, call.params[0])

    def insert_body(self, call: Call, body: dict[str, Any]) -> CollectionResponse:
        """Create an entity from a body, and answer with it."""
        assert self.insert is not None
        shown = self.insert(call, body)
        where = _OBJECT if self.entity in DIRECTORY_OBJECTS else "{table}/{id}" if self.located else ""
        path = where.format(id=shown["id"], type=self.entity.resource, table=self.entity.table)
        location = _LOCATION.format(tenant=call.tenant.tenant_id, path=path)
        return CollectionResponse(
            201, self._write(call, shown, created=True), headers=(("Location", location),) if where else ()
        )

    def _write(self, call: Call, row: Row, *, created: bool = False) -> dict[str, Any]:
        shown = row if self.show is None else self.show(call, row)
        context = f"{self._context(call)}/$entity"
        expand = {} if created else self.expand
        return render.entity(call, self.entity.name, shown, context, created=created, expand=expand)

    def _find(self, call: Call) -> Row:
        if self.find is not None:
            return self.find(call)
        if not self.parent and not self.folder:
            return lookup.find(call, self.entity.table, call.params[0])
        owner = self.owner(call) if self.parent else None
        row_id = str(call.params[-1])
        row = call.view(self.entity.table).get(row_id.casefold())
        if row is None or (owner is not None and row[f"_{self.index}"] != owner["id"]):
            raise not_found(row_id)
        return row

    def _ids(self, call: Call) -> list[str] | None:
        if not self.parent:
            return None
        view = call.view(self.entity.table, listing=True)
        return [row["id"] for row in view.find(self.index, self.owner(call)["id"])]

    def _context(self, call: Call) -> str:
        name = self.name or self.entity.table
        return f"{self.parent}('{self.owner(call)['id']}')/{name}" if self.parent else f"{self.folder}{name}"
