"""How objects are found: by the words of their names, by keys in paths, and by opaque tokens of pages."""

from __future__ import annotations

from typing import Any

import pytest

from entra_emulator.graph import lookup, options, searching
from entra_emulator.graph.entities.application import make_app_role, make_scope
from entra_emulator.graph.entities.directory_audit import DIRECTORY_AUDIT
from entra_emulator.graph.entities.group import GROUP
from entra_emulator.graph.errors import ODataError
from entra_emulator.graph.searching import Search
from entra_emulator.table import Table
from tests.unit.emulator.graph.sending import ADVANCED, World, refusal

UNREADABLE = "400 BadRequest: Syntax error: character ':' is not valid at position 0 in '{}'."


def read(text: str | None, rules: Any = GROUP.rules, *, advanced: bool = True) -> Any:
    """Return the search of a request, or the refusal."""
    call = World().call("GET", "/x", headers=ADVANCED if advanced else {})
    call.query = {} if text is None else {"$search": text}
    call.options = options.parse(call, frozenset())
    try:
        return searching.read(call, rules)
    except ODataError as error:
        return refusal(error)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, None),
        ('"DISPLAYNAME:One"', Search(((("displayName", "one"),),))),
        (' "displayName:a b" ', Search(((("displayName", "a b"),),))),
        ('"displayName:a" AND "mail:b" OR "description:c"',
         Search(((("displayName", "a"), ("mail", "b")), (("description", "c"),)))),
        ('"displayName:a"  AND  "mail:b"', Search(((("displayName", "a"), ("mail", "b")),))),
        ('"displayName:a\\"b"', Search(((("displayName", 'a\\"b'),),))),
        ("displayName:a", UNREADABLE.format("displayName:a")),
        ('"a"', UNREADABLE.format('"a"')),
        ('"displayName:"', UNREADABLE.format('"displayName:"')),
        ('"nothing:a"', ("400 BadRequest: Could not find a property named 'nothing' on type "
                        "'microsoft.graph.group'.")),
        ('"securityEnabled:a"', ("400 Request_UnsupportedQuery: Property 'securityEnabled' of "
                                "resource 'Group' is not "
                                "searchable.")),
    ],
)  # fmt: skip
def test_searches(text: str | None, expected: Any) -> None:
    """Hold what one looks for."""
    assert read(text) == expected


def test_who_searches() -> None:
    """Hold that it takes advanced queries, and a collection that can be searched."""
    assert read('"displayName:a"', advanced=False) == (
        "400 Request_UnsupportedQuery: Request with $search query parameter only works through "
        "MSGraph with a special "
        "request header: 'ConsistencyLevel: eventual'"
    )
    refused = "400 Request_UnsupportedQuery: $search is not supported on resource 'DirectoryAudit'."
    assert read('"displayName:a"', DIRECTORY_AUDIT.rules) == refused
    assert read(None, DIRECTORY_AUDIT.rules, advanced=False) is None


@pytest.mark.parametrize(
    ("alternatives", "expected"),
    [
        (((("displayName", "x"),),), ["1", "2", "3"]),
        (((("displayName", "x"), ("displayName", "a")),), ["1"]),
        (((("displayName", "x"), ("mail", "a")),), ["1", "2", "3"]),
        (((("displayName", "c"),), (("displayName", "a"),)), ["1", "3"]),
        (((("displayName", "c"),), (("mail", "a"),)), None),
        (((("mail", "a"),),), None),
    ],
)
def test_what_names_narrow(alternatives: Any, expected: list[str] | None) -> None:
    """Hold that the rarest word of each alternative does."""
    table = Table()
    for row_id, name in (("3", "x c"), ("1", "x a"), ("2", "x b")):
        table.put({"id": row_id, "displayName": name})
    assert Search(alternatives).narrowed(table) == expected


NOBODY = "eeeeeeee-0000-4000-8000-000000000001"


@pytest.mark.parametrize("table", ["applications", "servicePrincipals", "groups", "users", "devices"])
def test_objects_of_any_type(table: str) -> None:
    """Hold that each is found with its kind; a read that lags sees what was."""
    made = World()
    row = {"id": NOBODY, "displayName": "n"}
    made.tenant.tables[table].put(row)
    call = made.call("GET", "/x")
    kind = {"applications": "application", "servicePrincipals": "servicePrincipal"}.get(table, table[:-1])
    assert lookup.any_object(call, NOBODY) == (kind, row)
    assert lookup.current(call, table, {"id": NOBODY, "old": True}) == row
    assert lookup.is_live(call, NOBODY)
    made.faults.plan.lag = {"*": 60.0}
    call.remove(table, NOBODY)
    assert lookup.any_object(call, NOBODY) == (kind, row)
    assert not lookup.is_live(call, NOBODY)
    with pytest.raises(ODataError):
        lookup.current(call, table, row)
    made.clock.advance(60)
    assert lookup.any_object(call, NOBODY) is None


@pytest.mark.parametrize("admin", [True, False])
def test_permissions_as_reads_show_them(*, admin: bool) -> None:
    """Hold a scope and a role with every property."""
    assert make_scope("s", "read", ("name", "text"), admin=admin) == {
        "adminConsentDescription": "text",
        "adminConsentDisplayName": "name",
        "id": "s",
        "isEnabled": True,
        "type": "Admin" if admin else "User",
        "userConsentDescription": None if admin else "text",
        "userConsentDisplayName": None if admin else "name",
        "value": "read",
    }
    assert make_app_role("r", None, "name", "text", ["User"]) == {
        "allowedMemberTypes": ["User"],
        "description": "text",
        "displayName": "name",
        "id": "r",
        "isEnabled": True,
        "origin": "Application",
        "value": None,
    }
