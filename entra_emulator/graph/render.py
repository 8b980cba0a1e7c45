"""Rows in, the JSON that reads show out: default properties, $select, reordered collections."""

from hashlib import sha256
from typing import Any

from entra_emulator.graph import expanding, extended, naming, queries
from entra_emulator.graph.call import Call
from entra_emulator.graph.expanding import NOTHING, Expand
from entra_emulator.graph.properties import Entity, Form
from entra_emulator.graph.schema import ANY_OBJECT, BETA, blank, entity_of, is_stream, only_beta, types
from entra_emulator.table import Row

# The most values whose order in later reads was recorded, besides one list of four.
_ORDER_KNOWN = 2


def entity(
    call: Call, kind: str, row: Row, context: str, *, created: bool = False, expand: Expand = NOTHING
) -> dict[str, Any]:
    """Write one object with its context; what was just created comes in the order of the request."""
    names = selected(call, kind)
    if names is not None:
        context = f"{context.removesuffix('/$entity')}({','.join(names)})/$entity"
    body = {"@odata.context": call.context(context), **item(call, kind, row, names, created=created)}
    if call.query:
        if expand:
            # Ignored without a list to count: the documentation sends it so.
            queries.wants_count(call)
        for wanted in expanding.read(call, kind, expand):
            expanding.write(call, row, body, wanted, expand)
    return body


def listed(
    call: Call, kind: str, context: str, found: queries.Page, *, expand: Expand = NOTHING
) -> dict[str, Any]:
    """Write a page of a list of one type."""
    names = selected(call, kind)
    expansions = expanding.read_of_list(call, kind, expand) if call.query else []
    items = [item(call, kind, row, names) for row in found.rows]
    for wanted in expansions:
        for row, body in zip(found.rows, items, strict=True):
            expanding.write(call, row, body, wanted, expand)
    return queries.envelope(call, f"{context}({','.join(names)})" if names else context, found, items)


def selected(call: Call, kind: str) -> list[str] | None:
    """Give the names of $select as the type spells them; none without $select."""
    if not call.query:
        return None
    text = call.options.get("$select")
    if not text or text == "*":
        return None
    entity = entity_of(kind) if "_" in text else None
    extensions = extended.selectable(call, entity.resource) if entity and entity.extensible else {}
    names = naming.select(kind, text, extensions)
    if call.version != "beta":
        for name in names:
            if name in only_beta(kind):
                raise naming.unknown(kind, name)
    return names


def item(
    call: Call, kind: str, row: Row, names: list[str] | None, *, created: bool = False
) -> dict[str, Any]:
    """Write one object without context."""
    shown = written(call, kind, row, created=created)
    if names is not None:
        body = {name: value for name, value in shown.items() if name in names and name[0] != "_"}
        unset = [name for name in names if name not in body and not is_stream(kind, name)]
        body.update({name: blank(kind, name) for name in unset if not _of_schema(name)})
        if "keyCredentials" in names:
            body["keyCredentials"] = row["keyCredentials"]
        if "_extensions" in row:
            body.update(
                {name: _extension(value) for name, value in row["_extensions"].items() if name in names}
            )
    else:
        body = default(call, kind, shown, id_first=created)
        if call.version == "beta":
            known = entity_of(kind)
            more = known.shown_by_beta if known is not None else BETA.get(kind, ())
            body.update({name: row.get(name) for name in more})
    if names is None and "keyCredentials" in body:
        body["keyCredentials"] = [{**key, "key": None} for key in body["keyCredentials"]]
    return body


def _of_schema(name: str) -> bool:
    """Say whether a name is that of a schema extension: it is left out where an object has no value of it."""
    return "_" in name and not name.startswith(extended.PREFIX)


def _extension(value: Any) -> Any:
    return (
        {"@odata.type": "#microsoft.graph.ComplexExtensionValue", **value}
        if isinstance(value, dict)
        else value
    )


def default(call: Call, kind: str, row: Row, *, id_first: bool = True) -> dict[str, Any]:
    """Write the properties that come without $select."""
    known = entity_of(kind)
    hidden = known.form(call.month).hidden if known is not None else frozenset()
    shown = {name: value for name, value in row.items() if name not in hidden and name[0] != "_"}
    if known is not None and known.id_last and not id_first:
        # First after a create and in lists of mixed objects.
        shown["id"] = shown.pop("id")
    return shown


def mixed(call: Call, kind: str, row: Row, names: list[str] | None = None) -> dict[str, Any]:
    """Write an item of a list of mixed directory objects: its type first, and what was selected of what it
    has.
    """
    if names is None:
        shown = default(call, kind, written(call, kind, row))
    else:
        declared = types()[kind].properties
        shown = {
            name: row.get(name, blank(kind, name))
            for name in names
            if name in declared and not is_stream(kind, name)
        }
    body = {"@odata.type": f"#microsoft.graph.{kind}", **shown}
    if body.get("keyCredentials"):
        body["keyCredentials"] = [{**key, "key": None} for key in body["keyCredentials"]]
    return body


def mixed_entity(call: Call, kind: str, row: Row) -> dict[str, Any]:
    """Write one object of a path that leads to objects of any type, with its context."""
    names = selected(call, ANY_OBJECT)
    context = f"directoryObjects({','.join(names)})/$entity" if names else "directoryObjects/$entity"
    return {"@odata.context": call.context(context), **mixed(call, kind, row, names)}


def written(call: Call, kind: str, row: Row, *, created: bool = False) -> Row:
    """Return a row as Graph writes it as of the call's month: lists as reads were seen to reverse them, so
    that no client relies on an order, and each complex property where its value puts it.
    """
    known = entity_of(kind)
    if known is None:
        return row
    form = known.form(call.month)
    shown = {**row, **dict.fromkeys(form.null_in_creates)} if created else _reversed(call, known, row)
    if known.complete is not None:
        shown = known.complete(shown)
    if form.passing or form.absent:
        parts = form.absent.items()
        shown = {**shown, **dict.fromkeys(form.passing)}
        shown |= {name: _without(shown.get(name), absent) for name, absent in parts}
    return _placed(form, shown) if form.places else shown


def _without(value: Any, parts: frozenset[str]) -> Any:
    return {name: part for name, part in value.items() if name not in parts} if value else value


def _reversed(call: Call, known: Entity, row: Row) -> Row:
    changed: Row = {}
    for name, inside in known.reversals:
        value = row.get(name)
        if not value:
            continue
        if inside:
            for each in inside:
                if len(value[each]) > 1:
                    value = changed[name] = {**value, each: _later(call, row, value[each])}
        elif len(value) > 1:
            changed[name] = _later(call, row, value)
    return {**row, **changed} if changed else row


def _later(call: Call, row: Row, values: list[Any]) -> list[Any]:
    """Return the values of a list as later reads give them: two were seen reversed, more are not known."""
    if len(values) > _ORDER_KNOWN and call.graph.faults.plan.reorders_lists:
        return sorted(values, key=lambda value: sha256(f"{row['id']} {value}".encode()).digest())
    return values[::-1]


def _placed(form: Form, row: Row) -> Row:
    """Put each complex property where Graph writes it: one that is null with the plain ones, one that is set
    among the objects (azure-cli recordings of managed identities, 2022-08 to 2025-05, and of applications,
    2024-09 and 2024-11; manifests of 2025-11 and 2026-05).
    """
    moved: dict[str, str] = {}
    for name, (after_if_set, after_if_null) in form.places.items():
        after = after_if_null if row.get(name) is None else after_if_set
        if after and name in row:
            moved[after] = name
    if not moved:
        return row
    body: Row = {}
    for name, value in row.items():
        if name not in moved.values():
            body[name] = value
        if name in moved:
            body[moved[name]] = row[moved[name]]
    return body
