"""Object ids at the other end of a relationship in; their list, filtered, ordered, cast, counted or as
references, out.
"""

from dataclasses import dataclass

from entra_emulator.graph import counting, lookup, naming, queries, render, searching
from entra_emulator.graph.call import Call, CollectionResponse
from entra_emulator.graph.entities import DIRECTORY_OBJECTS
from entra_emulator.graph.errors import unsupported_query
from entra_emulator.graph.filters import Combine, Compare, In, Node
from entra_emulator.graph.properties import Rules
from entra_emulator.graph.schema import ANY_OBJECT, entity_of
from entra_emulator.table import Row

# The names of collections by that of the type; there are no contacts.
_CONTEXTS = {"orgContact": "contacts", **{entity.name: entity.table for entity in DIRECTORY_OBJECTS}}
# Segment to kind.
CASTS = {f"microsoft.graph.{kind}": kind for kind in sorted(_CONTEXTS)}
_KINDS = {segment.casefold(): kind for segment, kind in CASTS.items()}
# The ends of paths that ask for less than all objects, or for something else of them.
_NARROWED = frozenset({"$count", "$ref", *_KINDS})
_REFERENCE = (
    "https://graph.microsoft.com/v2/{tenant}/directoryObjects/{id}/Microsoft.DirectoryServices.{type}"
)
_TYPES = {entity.name: entity.resource for entity in DIRECTORY_OBJECTS}
# Lists of mixed objects: only ids without advanced queries, what several types share with them.
LINKED = Rules(
    ANY_OBJECT,
    "DirectoryObject",
    {"id": frozenset({"eq", "in"})},
    frozenset(
        {
            "accountEnabled",
            "appId",
            "createdDateTime",
            "description",
            "displayName",
            "mail",
            "mailEnabled",
            "mailNickname",
            "securityEnabled",
            "userPrincipalName",
            "userType",
        }
    ),
    {"displayName": False},
    searchable=True,
)


@dataclass(frozen=True)
class Ends:
    """The objects at the other end that a request is about, in the order of linking."""

    rows: list[Row]
    # Object id to kind.
    kinds: dict[str, str]
    rules: Rules
    # The one kind that the path asks for.
    cast: str | None


def response(call: Call, ids: list[str], hidden: frozenset[str] = frozenset()) -> CollectionResponse:
    """Answer with a page of the objects, or, for `$count` and `$ref`, with their number or their links.

    The replica that shows a link shows the object at its end: that was created before the link.
    """
    names = (str(segment) for segment in reversed(call.segments))
    relationship = next(name for name in names if name.casefold() not in _NARROWED)
    with call.one_replica(relationship, listing=True):
        return _response(call, ids, hidden)


def _response(call: Call, ids: list[str], hidden: frozenset[str]) -> CollectionResponse:
    last = str(call.segments[-1]).casefold()
    if not call.query and last not in _NARROWED:
        return _plain(call, ids, hidden)
    if last == "$count":
        counting.check(call)
        ends = _ends(call, ids, hidden, str(call.segments[-2]))
        return CollectionResponse(200, text=str(len(_matching(call, ends, advanced=True))))
    ends = _ends(call, ids, hidden, last)
    advanced = queries.wants_count(call)
    rows = _matching(call, ends, advanced=advanced)
    order = queries.sorting(call, ends.rules, advanced=advanced)
    if order is not None:
        rows = order.sorted(rows)
    size = queries.top(call, queries.DEFAULT_PAGE)
    offset = queries.offset_of(queries.read_token(call))
    token = str(offset + size) if offset + size < len(rows) else None
    page = queries.Page(rows[offset : offset + size], token, len(rows) if advanced and not offset else None)
    if last == "$ref":
        links = [{"@odata.id": reference(call, row["id"], ends.kinds[row["id"]])} for row in page.rows]
        return CollectionResponse(200, queries.envelope(call, "Collection($ref)", page, links))
    if ends.cast is not None and entity_of(ends.cast) is not None:
        return CollectionResponse(200, render.listed(call, ends.cast, _CONTEXTS[ends.cast], page))
    names = render.selected(call, ANY_OBJECT)
    items = [render.mixed(call, ends.kinds[row["id"]], row, names) for row in page.rows]
    context = _CONTEXTS[ends.cast] if ends.cast is not None else "directoryObjects"
    return CollectionResponse(
        200, queries.envelope(call, f"{context}({','.join(names)})" if names else context, page, items)
    )


def _plain(call: Call, ids: list[str], hidden: frozenset[str]) -> CollectionResponse:
    """Answer with the first page of all objects: most reads have no query option, so none is looked for."""
    found = [
        each
        for each in (lookup.any_object(call, object_id) for object_id in ids)
        if each and each[0] not in hidden
    ]
    size = queries.DEFAULT_PAGE
    items = [render.mixed(call, kind, row) for kind, row in found[:size]]
    page = queries.Page([], str(size) if size < len(found) else None)
    return CollectionResponse(200, queries.envelope(call, "directoryObjects", page, items))


def _ends(call: Call, ids: list[str], hidden: frozenset[str], segment: str) -> Ends:
    cast = _KINDS.get(segment.casefold())
    rows, kinds = [], {}
    for object_id in ids:
        found = lookup.any_object(call, object_id)
        if found is not None and found[0] not in hidden and cast in {None, found[0]}:
            rows.append(found[1])
            kinds[object_id] = found[0]
    known = entity_of(cast) if cast is not None else None
    return Ends(rows, kinds, known.rules if known is not None else LINKED, cast)


def _matching(call: Call, ends: Ends, *, advanced: bool) -> list[Row]:
    text = call.options.get("$filter")
    if text is not None and not advanced and not _of_ids(naming.compiled(ends.rules.type, text)):
        # msgraph-sdk-java#1841
        raise unsupported_query(
            "The specified filter to the reference property query is currently not supported."
        )
    test = queries.filtered(call, ends.rules, advanced=advanced)
    search = searching.read(call, ends.rules)
    rows = ends.rows if test is None else [row for row in ends.rows if test(row)]
    return rows if search is None else [row for row in rows if search.matches(row)]


def _of_ids(node: Node) -> bool:
    """Say whether a filter asks for ids alone: Terraform's provider looks up an owner so."""
    match node:
        case Compare(("id",), "eq", _, False) | In(("id",), _):
            return True
        case Combine("or", left, right):
            return _of_ids(left) and _of_ids(right)
    return False


def reference(call: Call, object_id: str, kind: str) -> str:
    """Return the link to an object of a type."""
    return _REFERENCE.format(tenant=call.tenant.tenant_id, id=object_id, type=_TYPES[kind])
