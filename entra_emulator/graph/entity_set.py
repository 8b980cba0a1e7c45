"""What all collections do alike: list, count, create, read, update, upsert and delete, and list changes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from entra_emulator.graph import (
    audit,
    authorization,
    bodies,
    counting,
    delta,
    lifecycle,
    lookup,
    queries,
    render,
    values,
)
from entra_emulator.graph.call import (
    NO_CONTENT,
    AlternateKey,
    Call,
    CollectionResponse,
    Handler,
    TableView,
)
from entra_emulator.graph.entities import DIRECTORY_OBJECTS
from entra_emulator.graph.errors import ODataError, invalid_value, missing_value, no_segment, not_found
from entra_emulator.graph.expanding import Expand
from entra_emulator.graph.properties import Entity, check_choices
from entra_emulator.graph.routing import Route, Routes
from entra_emulator.identifiers import is_guid
from entra_emulator.table import Row

_LOCATION = "https://graph.microsoft.com/v2/{tenant}/{path}"
_OBJECT = "directoryObjects/{id}/Microsoft.DirectoryServices.{type}"


def require_ownership(call: Call, row: Row) -> None:
    """Refuse a caller whose permission covers only what it owns."""
    authorization.require_ownership(call, row["id"])


@dataclass(frozen=True, kw_only=True)
class EntitySet:
    """One collection. Each function is what is special about it; without one, it does as others do."""

    entity: Entity
    expand: Expand = field(default_factory=dict)
    # Whether the answer of a create says where the object is; that of a directory object always does.
    located: bool = False
    # The object that a path names.
    find: Callable[[Call], Row] | None = None
    # What there is to read, if that is more or less than the table.
    view: Callable[[Call], TableView] | None = None
    # What this version of Graph shows of an object.
    show: Callable[[Call, Row], Row] | None = None
    # Refuse a caller who may not change an object. Without it, a caller whose permission covers only what it
    # owns needs to own the object, or the one that the object belongs to.
    allow: Callable[[Call, Row], None] | None = None
    # Return a new object, made from a body; or store it too, with its links, and return what the answer has.
    make: Callable[[Call, dict[str, Any]], Row] | None = None
    insert: Callable[[Call, dict[str, Any]], Row] | None = None
    # Return the object as a body changes it; or only merge the body, before the rows are checked.
    change: Callable[[Call, Row, dict[str, Any]], Row] | None = None
    merge: Callable[[Call, Row, dict[str, Any]], Row] | None = None
    # Refuse a new or changed object for more than what the rows of its type say.
    check: Callable[[Call, Row], None] | None = None
    # Write the audit record of what was stored or removed: the object before, if there was one, and after.
    log: Callable[[Call, Row | None, Row | None], None] | None = None
    # Store a changed object, or remove one, with all that changes with it, and write the audit records.
    save: Callable[[Call, Row, Row], None] | None = None
    remove: Callable[[Call, Row], None] | None = None

    def list_all(self, call: Call) -> CollectionResponse:
        """Answer GET /SET."""
        return self.list_within(call, self._context(call), self._ids(call))

    def list_within(self, call: Call, context: str, ids: list[str] | None) -> CollectionResponse:
        """Answer with a page of some objects, or of all."""
        view = self._view(call, listing=True)
        found = queries.page(call, self.entity.rules, view, within=ids)
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
        row = self.find_one(call)
        return CollectionResponse(200, self._write(call, row))

    def find_property(self, segments: Sequence[str | AlternateKey]) -> Handler | None:
        """Return what answers GET /SET/{id}/PROPERTY; None if the type does not have the property."""
        path = values.follow(self.entity.name, segments)
        return None if path is None else partial(self._get_property, path)

    def create(self, call: Call) -> CollectionResponse:
        """Answer POST /SET."""
        return self.insert_body(call, call.object_body(self.entity.name))

    def update(self, call: Call) -> CollectionResponse:
        """Answer PATCH /SET/{id}, and the upsert by an alternate key."""
        body = call.object_body(self.entity.name)
        key = call.params[-1] if call.params else ""
        try:
            found = self.find_one(call)
        except ODataError as error:
            # Without the Prefer header an upsert of what is absent is 404.
            if error.status != 404 or not isinstance(key, AlternateKey) or not lookup.prefers_create(call):
                raise
            if not self.entity.properties[key.name].upserts:
                raise
            return self.insert_body(call, {**body, key.name: key.value})
        self._check_caller(call, found)
        old = lookup.current(call, self.entity.table, found)
        new = self._changed(call, old, body) if self.change is None else self.change(call, old, body)
        if new != old:
            if self.save is not None:
                self.save(call, old, new)
            else:
                self._store(call, old, new)
        return NO_CONTENT

    def delete(self, call: Call) -> CollectionResponse:
        """Answer DELETE /SET/{id}."""
        found = self.find_one(call)
        self._check_caller(call, found)
        row = lookup.current(call, self.entity.table, found)
        if self.remove is not None:
            self.remove(call, row)
        elif self.log is not None:
            call.remove(self.entity.table, row["id"])
            self.log(call, row, None)
        else:
            lifecycle.delete(call, self.entity, row)
        return NO_CONTENT

    def routes(self) -> Routes:
        """Return what it serves, and which permission each needs."""
        entity, one = self.entity, f"{self.entity.path}/*"
        reads = {"": self.list_all, "/$count": self.count, "/*": self.get, "/delta": self.list_changes}
        served = (
            *(("GET", entity.path + tail, reads[tail], entity.read) for tail in entity.reads),
            ("POST", entity.path, self.create, entity.create),
            ("PATCH", one, self.update, entity.update),
            ("DELETE", one, self.delete, entity.delete),
        )
        return {
            (method, path): Route(handler, needed, values=self.find_property if handler == self.get else None)
            for method, path, handler, needed in served
            if needed
        }

    def owner(self, call: Call) -> Row:
        """Return the object whose collection a path names."""
        return lookup.find(call, self.entity.parent, call.params[0])

    def owner_to_change(self, call: Call) -> Row:
        """Return the object whose collection a path names, if the caller may change it."""
        row = lookup.current(call, self.entity.parent, self.owner(call))
        require_ownership(call, row)
        return row

    def insert_body(self, call: Call, body: dict[str, Any]) -> CollectionResponse:
        """Create an entity from a body, and answer with it."""
        shown = self._insert(call, body) if self.insert is None else self.insert(call, body)
        where = _OBJECT if self.entity in DIRECTORY_OBJECTS else "{table}/{id}" if self.located else ""
        path = where.format(id=shown["id"], type=self.entity.resource, table=self.entity.table)
        location = _LOCATION.format(tenant=call.tenant.tenant_id, path=path)
        return CollectionResponse(
            201, self._write(call, shown, created=True), headers=(("Location", location),) if where else ()
        )

    def _check_caller(self, call: Call, row: Row) -> None:
        if self.allow is not None:
            self.allow(call, row)
        elif self.entity.parent:
            self.owner_to_change(call)
        else:
            require_ownership(call, row)

    def _insert(self, call: Call, body: dict[str, Any]) -> Row:
        new = self._changed(call, None, body) if self.make is None else self.make(call, body)
        self._store(call, None, new)
        return new

    def _store(self, call: Call, old: Row | None, new: Row) -> None:
        """Store a new or changed object, and write the audit record."""
        entity = self.entity
        call.put(entity.table, new)
        if self.log is not None:
            self.log(call, old, new)
        else:
            changed = audit.changes(old, new, entity.readers)
            audit.record(call, entity, "Add" if old is None else "Update", new, changed)

    def _changed(self, call: Call, old: Row | None, body: dict[str, Any]) -> Row:
        """Return a new or changed object, once its rows allow it."""
        entity = self.entity
        before = old or entity.make(id=call.graph.directory.ids.guid())
        new = bodies.merge(entity, before, body) if self.merge is None else self.merge(call, before, body)
        for name in entity.required:
            if new[name] in (None, "", []):
                raise (missing_value if old is None else invalid_value)(name, entity.resource)
        check_choices(entity, new)
        if self.check is not None:
            self.check(call, new)
        return new

    def _get_property(self, path: values.PropertyPath, call: Call) -> CollectionResponse:
        if path.beta and call.version != "beta":
            raise no_segment(path.names[0])
        row = self.find_one(call)
        shown = row if self.show is None else self.show(call, row)
        body = render.item(call, self.entity.name, shown, [path.names[0]])
        return values.respond(call, path, f"{self._context(call)}('{row['id']}')", body)

    def _write(self, call: Call, row: Row, *, created: bool = False) -> dict[str, Any]:
        shown = row if self.show is None else self.show(call, row)
        context = f"{self._context(call)}/$entity"
        expand = {} if created else self.expand
        return render.entity(call, self.entity.name, shown, context, created=created, expand=expand)

    def find_one(self, call: Call) -> Row:
        """Return the object that a path names."""
        if self.find is not None:
            return self.find(call)
        entity = self.entity
        if entity.table in lookup.KINDS:
            return lookup.find(call, entity.table, call.params[0])
        owner = self.owner(call) if entity.parent else None
        row_id = str(call.params[-1])
        row = self._view(call).get(row_id.casefold() if is_guid(row_id) else row_id)
        if row is None or (owner is not None and row[f"_{entity.index}"] != owner["id"]):
            raise not_found(row_id)
        return row

    def _view(self, call: Call, *, listing: bool = False) -> TableView:
        return call.view(self.entity.table, listing=listing) if self.view is None else self.view(call)

    def _ids(self, call: Call) -> list[str] | None:
        if not self.entity.parent:
            return None
        view = call.view(self.entity.table, listing=True)
        return [row["id"] for row in view.find(self.entity.index, self.owner(call)["id"])]

    def _context(self, call: Call) -> str:
        path = self.entity.path
        return path.replace("/*", f"('{self.owner(call)['id']}')") if self.entity.parent else path
