"""The $expand of a read in; the related objects written beside an object's own properties, out."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from entra_emulator.graph import queries
from entra_emulator.graph.call import Call
from entra_emulator.graph.errors import ODataError, bad_request, unsupported_query
from entra_emulator.graph.naming import unknown
from entra_emulator.graph.schema import spellings, types
from entra_emulator.table import Row

MOST_EXPANDED = 20
_PART = re.compile(r"(\w+)(?:\((.*)\))?", re.DOTALL)
_LEVELS = re.compile(r"[1-9][0-9]{0,3}")
_APART = re.compile(r",(?![^(]*\))")


@dataclass(frozen=True)
class Wanted:
    """One relationship that is asked for, and how far."""

    name: str
    select: frozenset[str] | None = None
    levels: int = 1


# A relationship to what gives the objects at its other end.
Expand = Mapping[str, Callable[[Call, Row, Wanted], Any]]
NOTHING: Expand = {}


def read(call: Call, kind: str, expand: Expand) -> list[Wanted]:
    """Give the relationships that a read asks for; a syntax or a name that is not known is refused."""
    text = call.options.get("$expand")
    if text is None:
        return []
    found = [_wanted(kind, text, part.strip()) for part in _APART.split(text)]
    for wanted in found:
        if wanted.name not in expand:
            raise ODataError(
                501, "NotImplemented", f"The emulator does not expand '{wanted.name}' of a {kind}."
            )
    return found


def read_of_list(call: Call, kind: str, expand: Expand) -> list[Wanted]:
    """Give the relationships that a list asks for; together with an advanced query they are refused
    (aad-advanced-queries, 2023-04-14), except that of a user's manager, which needs one.
    """
    found = read(call, kind, expand)
    searching = call.options.values(("$search",)) != [None]
    if (searching or queries.wants_count(call)) and any(wanted.name != "manager" for wanted in found):
        raise unsupported_query("$expand is not supported together with advanced query parameters.")
    return found


def names_of_list(call: Call) -> set[str]:
    """Give what a list is called in the faults that refuse it: by its collection and what it expands, or by
    its collection where it asks for all grants for the whole tenant.
    """
    query = {name.casefold().removeprefix("$"): value for name, value in call.query.items()}
    collection = str(call.segments[0])
    if call.method != "GET" or len(call.segments) > 1:
        return set()
    if collection.casefold() == "oauth2permissiongrants":
        return {collection} if query.get("filter", "").casefold().startswith("consenttype eq ") else set()
    return {
        f"{collection}/{part.partition('(')[0].strip()}" for part in _APART.split(query.get("expand", ""))
    }


def write(call: Call, row: Row, body: dict[str, Any], wanted: Wanted, expand: Expand) -> None:
    """Write related objects beside an object's properties, as they are at the replica that answers for the
    object.
    """
    with call.one_replica(str(call.segments[0]), listing=len(call.segments) == 1):
        found = expand[wanted.name](call, row, wanted)
    if isinstance(found, list):
        body[wanted.name] = [cut(each, wanted) for each in found[:MOST_EXPANDED]]
    elif found is not None:
        body[wanted.name] = found


def _wanted(kind: str, text: str, part: str) -> Wanted:
    match = _PART.fullmatch(part)
    if match is None:
        raise _syntax(text)
    name = spellings(kind).get(match[1].casefold(), "")
    if name not in types()[kind].navigation:
        raise unknown(kind, match[1])
    select: frozenset[str] | None = None
    levels = 1
    for option in match[2].split(";") if match[2] is not None else ():
        key, _, value = option.strip().partition("=")
        match key.casefold().removeprefix("$"):
            case "select" if value:
                select = frozenset(each.strip().casefold() for each in value.split(","))
            case "levels" if name == "manager" and (value.casefold() == "max" or _LEVELS.fullmatch(value)):
                levels = 1000 if value.casefold() == "max" else int(value)
            case _:
                raise _syntax(text)
    return Wanted(name, select, levels)


def cut(item: dict[str, Any], wanted: Wanted) -> dict[str, Any]:
    """Return what is asked for of a related object: all of it, or what its $select names."""
    if wanted.select is None:
        return item
    return {
        key: value
        for key, value in item.items()
        if key in {"@odata.type", "id"} or key.casefold() in wanted.select
    }


def _syntax(text: str) -> ODataError:
    return bad_request(f"Syntax error in '{text}'.", "BadRequest")
