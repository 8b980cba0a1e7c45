"""How much a client wants to be told about an answer in; the answer without OData's notes, and its content
type, out.
"""

import re
from typing import Any

from entra_emulator.graph.call import Call

_TYPE = "application/json;odata.metadata={};odata.streaming=true;IEEE754Compatible=false;charset=utf-8"
_NONE = re.compile(r"\bodata\.metadata\s*=\s*none\b", re.IGNORECASE)
# What says how many there are and where it goes on stays.
_KEPT = frozenset({"@odata.count", "@odata.nextLink", "@odata.deltaLink"})


def wants_none(call: Call) -> bool:
    """Say whether a request, by `$format` or by its Accept header, asks for answers without metadata."""
    requested = (call.options.values(("$format",))[0] if call.query else None) or call.headers.get(
        "accept", ""
    )
    # Nearly nobody does.
    return "none" in requested.casefold() and _NONE.search(requested) is not None


def bare(value: Any) -> Any:
    """Give an answer without annotations."""
    if isinstance(value, dict):
        return {name: bare(item) for name, item in value.items() if "@odata." not in name or name in _KEPT}
    return [bare(item) for item in value] if isinstance(value, list) else value


def content_type(*, none: bool = False) -> str:
    """Give the content type of an answer with a body."""
    return _TYPE.format("none" if none else "minimal")
