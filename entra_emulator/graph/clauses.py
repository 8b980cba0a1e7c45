"""A filter and the rules of its collection in; a refusal of what the collection does not serve out."""

from typing import Any

from entra_emulator.graph import matching
from entra_emulator.graph.errors import bad_request, unsupported_query
from entra_emulator.graph.filters import Compare, Function, In, Lambda, Node, Not
from entra_emulator.graph.naming import EXTENSIONS, unknown
from entra_emulator.graph.properties import Rules
from entra_emulator.graph.schema import types

MOST_IN = 15
LONGEST_LITERAL = 120
_ADVANCED_OPERATORS = {"ne"}
# extensibility documentation: as the type's own text properties are.
_OF_EXTENSIONS = frozenset({"eq", "in", "startswith", "ge", "le"})
# user-list documentation.
_OF_SCHEMA_EXTENSIONS = frozenset({"eq"})


def check_filter(rules: Rules, node: Node, *, advanced: bool) -> None:
    """Refuse what the collection does not serve, as the facts' matrix has it."""
    for part in matching.nodes(node):
        match part:
            case Not(_):
                if not advanced:
                    raise _needs_advanced("not")
            case Compare(path, op, value, count):
                name = "/".join(path) + ("/$count" if count else "")
                _check(rules, name, "ne" if op == "ne" else op, value, advanced=advanced)
            case Function(name, path, value):
                _check(rules, "/".join(path), name, value, advanced=advanced)
            case In(path, values):
                if len(values) > MOST_IN and not advanced:
                    text = (
                        "Too many child clauses specified in search filter expression containing 'OR' "
                        f"operators: {len(values)}."
                    )
                    raise bad_request(f"{text} Max allowed: {MOST_IN}.")
                for value in values:
                    _check(rules, "/".join(path), "in", value, advanced=advanced)
            case Lambda(path, _, inner):
                _check_lambda(rules, "/".join(path), inner, advanced=advanced)
            case _:
                pass


def _check_lambda(rules: Rules, name: str, inner: Node | None, *, advanced: bool) -> None:
    parts = matching.nodes(inner) if inner is not None else []
    for part in parts:
        match part:
            case Compare(path, op, value, _):
                _check(rules, "/".join((f"{name}/any", *path)), op, value, advanced=advanced)
            case Function(function, path, value):
                _check(rules, "/".join((f"{name}/any", *path)), function, value, advanced=advanced)
            case In(path, values):
                _check(rules, "/".join((f"{name}/any", *path)), "in", values[0], advanced=advanced)
            case Not(_) if not advanced:
                raise _needs_advanced("not")
            case _:
                pass
    if not parts:
        _check(rules, f"{name}/any", "eq", "-", advanced=advanced)


def _check(rules: Rules, name: str, op: str, value: Any, *, advanced: bool) -> None:
    root = name.split("/", 1)[0]
    graph_type = types().get(rules.type)
    allowed = rules.default.get(name)
    if root == EXTENSIONS:
        allowed = _OF_EXTENSIONS if name.count("/") == 1 else _OF_SCHEMA_EXTENSIONS
        if name.count("/") > 1 and op not in allowed:
            raise _unsupported(rules, name.split("/")[1])
    elif (
        graph_type
        and root not in graph_type.properties
        and root not in graph_type.navigation
        and allowed is None
    ):
        raise unknown(graph_type.name, root)
    # msgraph-sdk-dotnet#159
    too_long = isinstance(value, str) and len(value) > LONGEST_LITERAL and not advanced
    if (allowed is None and name not in rules.advanced) or op == "contains" or too_long:
        raise _unsupported(rules, root)
    if advanced:
        return
    if op in _ADVANCED_OPERATORS or op == "endswith":
        raise _needs_advanced("NotEqualsMatch" if op == "ne" else "EndsWith")
    if value is None:
        raise unsupported_query(
            f"Filter operator 'Equals' with a null value is not supported for property '{root}'."
        )
    if value == "" or allowed is None or (op not in allowed and not (op in {"gt", "lt"} and "ge" in allowed)):
        raise _unsupported(rules, root)


def _unsupported(rules: Rules, name: str) -> Exception:
    return unsupported_query(
        f"Unsupported or invalid query filter clause specified for property '{name}' of resource "
        f"'{rules.resource}'."
    )


def _needs_advanced(operator: str) -> Exception:
    return unsupported_query(
        f"Operator '{operator}' is not supported because the required parameters might be missing. Try "
        "adding $count=true "
        "query parameter and ConsistencyLevel:eventual header. Refer to "
        "https://aka.ms/graph-docs/advanced-queries for "
        "more information"
    )
