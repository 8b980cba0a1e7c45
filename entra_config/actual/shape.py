"""An answer of Graph in; an error that names its request and the property, where it has not the shape that
the rest counts on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from entra_config.errors import GraphError
from entra_config.graph.request import Request, Response, picture
from entra_config.kinds.table import SIGN_IN_LISTS
from entra_config.properties import PROPERTIES, Type

# Whether a value that is not null is of a type, and what the type is called.
_CHECKS: Mapping[Type, tuple[Callable[[Any], bool], str]] = {
    "id": (lambda value: isinstance(value, str) and bool(value), "text"),
    "text": (lambda value: isinstance(value, str), "text"),
    "flag": (lambda value: isinstance(value, bool), "boolean"),
    "whole": (lambda value: isinstance(value, int), "number"),
    "texts": (lambda value: _is_list(value, str), "list of strings"),
    "objects": (lambda value: _is_list(value, dict), "list of objects"),
    "object": (lambda value: isinstance(value, dict), "object"),
}
# A property is known by its path in whichever object, or entry of a list, has it.
_ROWS = {row.path: row for row in reversed(PROPERTIES)}
_NEEDED: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("/appRoleAssign", ("principalId", "principalType", "resourceId", "appRoleId")),
    ("/oauth2PermissionGrants", ("clientId", "consentType", "resourceId")),
    *((f"/{each.path}", ("name",)) for each in SIGN_IN_LISTS),
)

# The one of its kind in a tenant.
_WITHOUT_ID = frozenset({"/policies/adminConsentRequestPolicy"})


def check(request: Request, response: Response, items: list[dict[str, Any]]) -> None:
    """Raise an error for the first property of an answer that is missing or of another type than Graph's
    reference says.
    """
    path, _, query = str(request.path).partition("?")
    needed = [
        *([] if path in _WITHOUT_ID else ["id"]),
        *next((names for part, names in _NEEDED if part in path), ()),
    ]
    # Selected or not, nothing can be told apart without these.
    needed += ["appId"] if "appId," in query.partition("$select=")[2] else []
    # Policies restrict what applications have, under the same names: who reads them looks at each value.
    policies = path.startswith("/policies/")
    for number, item in enumerate(items):
        try:
            wrongs = _wrong(
                f"[{number}]", {name: item[name] for name in item if name == "id" or not policies}
            )
            wrong = next(iter((*_missing(f"[{number}]", item, needed), *wrongs)), None)
        except RecursionError:
            wrong = f"[{number}] is nested deeper than any response of Graph's"
        if wrong:
            raise _unlike(request, response, wrong)


def pictures(request: Request, response: Response) -> list[dict[str, Any]]:
    """Return the picture that an answer is, as `{"content": bytes}`; nothing where it is empty.

    GraphError where it is anything else.
    """
    if response.body is None:
        return []
    if (content := picture(response)) is None:
        raise _unlike(request, response, "it is no picture")
    return [{"content": content}]


def _unlike(request: Request, response: Response, wrong: str) -> GraphError:
    path = str(request.path).partition("?")[0]
    return GraphError(
        f"Graph's response to {request.method} {path} is not what its reference says: {wrong}",
        status=response.status,
        request_id=response.request_id,
        advice=(
            "Run the same again; if it lasts, something between this program and Graph changes responses."
        ),
    )


def _missing(place: str, item: dict[str, Any], names: list[str] | tuple[str, ...]) -> list[str]:
    return [f"{place} has no {name}" for name in names if item.get(name) in (None, "")]


def _wrong(place: str, item: dict[str, Any], inside: str = "") -> Iterator[str]:
    """Yield what is wrong in an object, or in the part of it at the path `inside`."""
    for name, value in item.items():
        here, path = f"{place}.{name}", f"{inside}{name}"
        expected = _expected(path, value)
        if expected:
            yield f"{here} is no {expected}"
        elif isinstance(value, dict):
            yield from _wrong(here, value, f"{path}.")
        elif path in _ROWS and _ROWS[path].type == "objects":
            for number, entry in enumerate(value or ()):
                yield from _missing(f"{here}[{number}]", entry, _ROWS[path].present)
                yield from _wrong(f"{here}[{number}]", entry)


def _expected(path: str, value: Any) -> str:
    """Return what a property should be where it is not, else ""."""
    row = _ROWS.get(path)
    if row is None or row.type == "" or (value is None and row.type != "id"):
        return ""
    fits, words = _CHECKS[row.type]
    return "" if fits(value) else words


def _is_list(value: Any, of: type) -> bool:
    return isinstance(value, list) and all(isinstance(each, of) for each in value)
