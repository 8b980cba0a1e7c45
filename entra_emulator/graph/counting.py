"""A `$count` segment in; a plain number out."""

from entra_emulator.graph import queries
from entra_emulator.graph.call import Call, CollectionResponse
from entra_emulator.graph.errors import bad_request
from entra_emulator.graph.properties import Rules


def table(call: Call, rules: Rules, name: str, *, within: list[str] | None = None) -> CollectionResponse:
    """Count the rows of a table, or of some of its ids, that a filter or a search leaves."""
    check(call)
    return CollectionResponse(
        200, text=str(queries.total(call, rules, call.view(name, listing=True), within=within))
    )


def check(call: Call) -> None:
    """Refuse to count without advanced queries."""
    if not call.advanced:
        raise bad_request("$count is not currently supported.")
