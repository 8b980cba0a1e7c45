"""The query string of a request in; its options by name, and a refusal of what nobody honours, out."""

from collections.abc import Mapping

from entra_emulator.graph.call import Call, QueryOptions
from entra_emulator.graph.errors import ODataError, bad_request

_KNOWN = {
    "$filter",
    "$select",
    "$expand",
    "$search",
    "$orderby",
    "$top",
    "$count",
    "$skiptoken",
    "$deltatoken",
    "$format",
    "$skip",
}


def parse(call: Call, written: frozenset[str]) -> QueryOptions:
    """Read the options of a request: a write has those of its route alone; names without `$` are others'
    and ignored.
    """
    found = _known(call.query)
    if "$skip" in found:
        raise bad_request("'$skip' is not supported by the service.")
    if found.get("$format", "json").casefold().split(";")[0] not in {"json", "application/json"}:
        raise bad_request(
            "A supported MIME type could not be found that matches the acceptable MIME types for the request."
        )
    if call.method != "GET" and (strange := [name for name in found if name not in {*written, "$format"}]):
        raise not_applicable(strange[0])
    return QueryOptions(found)


def refuse_all(query: Mapping[str, str]) -> None:
    """Refuse every option: a batch has none, its parts have theirs."""
    for name in _known(query):
        raise not_applicable(name)


def refuse_unread(call: Call) -> None:
    """Refuse a read whose answer took no notice of an option."""
    for name in call.options.unread():
        raise not_applicable(name)


def _known(query: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in query.items():
        key = name.casefold() if name.startswith("$") else f"${name.casefold()}"
        if key not in _KNOWN:
            if name.startswith("$"):
                raise bad_request(f"The query parameter '{name}' is not supported.", "BadRequest")
            continue
        if key in found:
            text = (
                f"Query option '{key}' was specified more than once, but it must be specified at most once."
            )
            raise bad_request(text, "BadRequest")
        found[key] = value
    return found


def not_applicable(name: str) -> ODataError:
    """Refuse an option that the resource does not have."""
    text = (
        f"The query specified in the URI is not valid. Query option '{name}' cannot be applied to the "
        "requested resource."
    )
    return bad_request(text, "BadRequest")
