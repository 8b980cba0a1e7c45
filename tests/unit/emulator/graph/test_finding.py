"""How objects are found: by the words of their names, by keys in paths, and by opaque tokens of pages."""

from __future__ import annotations

from typing import Any

import pytest

from entra_emulator import seed
from entra_emulator.clock import ManualClock
from entra_emulator.graph import errors, lookup, options, searching, tokens
from entra_emulator.graph.call import AlternateKey
from entra_emulator.graph.entities.application import make_app_role, make_application, make_scope
from entra_emulator.graph.entities.directory_audit import DIRECTORY_AUDIT
from entra_emulator.graph.entities.group import GROUP, make_group
from entra_emulator.graph.entities.service_principal import make_service_principal, mirror_application
from entra_emulator.graph.entities.user import make_user
from entra_emulator.graph.errors import ODataError
from entra_emulator.graph.searching import Search
from entra_emulator.table import Row, Table
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
    ("row", "found"),
    [
        ({"displayName": "Alpha Beta"}, True),
        ({"displayName": "Gamma beta-x"}, True),
        ({"displayName": "alphabet"}, True),
        ({"displayName": "Al Pha"}, False),
        ({"displayName": None}, False),
        ({}, False),
        ({"displayName": ["x", "beta"]}, True),
        ({"displayName": 7}, False),
        ({"displayName": "Delta", "mail": "one@x"}, True),
        ({"displayName": "Delta", "mail": "two@x"}, False),
    ],
)
def test_words(row: Row, *, found: bool) -> None:
    """Hold that the beginning of a name, or of a word of it, is enough, and which words have to be there."""
    alternatives = ((("displayName", "alpha"),), (("displayName", "beta"),),
                    (("displayName", "d"), ("mail", "one")))  # fmt: skip
    assert Search(alternatives).matches(row) == found
    begun = Search(((("displayName", "alpha b"),),))
    assert begun.matches(row) == (row.get("displayName") == "Alpha Beta")


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


@pytest.mark.parametrize(
    ("table", "key", "expected"),
    [
        ("users", "ALICE@contoso.com", "alice"),
        ("users", "{alice}", "alice"),
        ("users", "{ALICE}", "alice"),
        ("users", AlternateKey("userPrincipalName", "Alice@Contoso.com"), "alice"),
        ("users", "x@contoso.com", "404 Request_ResourceNotFound: Resource 'x@contoso.com'"),
        ("users", NOBODY, f"404 Request_ResourceNotFound: Resource '{NOBODY}'"),
        ("users", AlternateKey("userPrincipalName", "x"), "404 Request_ResourceNotFound: Resource 'x'"),
        ("groups", "name", "400 Request_BadRequest: Invalid object identifier 'name'."),
        ("groups", "{alice}", "404 Request_ResourceNotFound: Resource '"),
    ],
)
def test_keys(table: str, key: Any, expected: str) -> None:
    """Hold what names an object, and how each other is refused."""
    made = World()
    alice = made.user("alice")
    if isinstance(key, str):
        key = key.replace("{alice}", alice["id"]).replace("{ALICE}", alice["id"].upper())
    try:
        found = "alice" if lookup.find(made.call("GET", "/x"), table, key) == alice else "another"
    except ODataError as error:
        found = refusal(error)
    assert found.startswith(expected)


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


def test_tokens_of_pages() -> None:
    """Hold that one is read with the same path, question and tenant alone, and that none can be made up."""
    made = World()
    call = made.call("GET", "/users")
    token = tokens.seal(call, "position é", "a", None)
    assert tokens.unseal(call, token, "a", None) == "position é"
    assert tokens.unseal(made.call("GET", "/USERS"), token, "a", None) == "position é"
    for other, question in (
        (made.call("GET", "/groups"), ("a", None)),
        (call, ("b", None)),
        (call, ("a", "")),
        (made.call("GET", "/users", caller=made.as_app(tenant_id=seed.FABRIKAM)), ("a", None)),
    ):
        assert tokens.unseal(other, token, *question) is None
    for text in (
        "",
        "x",
        "ab!c",
        token[:-1],
        f"{token}A",
        "é",
        f"{token[:4]}!{token[4:]}",
        "AAAAAAAAAAAAAAAA_w",
    ):
        assert tokens.unseal(call, text, "a", None) is None
    assert "=" not in token


def test_errors() -> None:
    """Hold how a refusal is written, and when."""
    error = ODataError(400, "C", "M.", details=[{"code": "D"}])
    now = ManualClock().now()
    inner = {"date": "2026-01-01T00:00:00", "request-id": "r", "client-request-id": "c"}
    assert error.body(now, "r", "c") == {
        "error": {"code": "C", "message": "M.", "details": [{"code": "D"}], "innerError": inner}
    }
    assert "details" not in ODataError(400, "C", "M.").body(now, "r", "c")["error"]


def test_a_value_that_is_taken() -> None:
    """Hold the detail that comes with the refusal."""
    text = "Another object with the same value for property x already exists."
    detail = {"code": "ObjectConflict", "message": text, "target": "None"}
    assert errors.taken("x").details == [{**detail, "blockedWord": "", "prefix": "", "suffix": ""}]


def test_what_new_objects_are() -> None:
    """Hold each default that is true or false."""
    guid, time = "03020100-0504-0706-0b0a-09080f0e0d0c", "2026-01-01T00:00:00Z"
    rows = {
        "application": make_application(guid, guid, time, "a.test"),
        "principal": make_service_principal(guid, guid, time, guid),
        "group": make_group(guid, time),
        "user": make_user(guid, "ada@b.test", time, "a.test"),
    }
    flags = {
        kind: {name: value for name, value in row.items() if isinstance(value, bool)}
        for kind, row in rows.items()
    }
    assert flags == {
        "application": {"oauth2RequirePostResponse": False},
        "principal": {"accountEnabled": True, "appRoleAssignmentRequired": False},
        "group": {"mailEnabled": False, "securityEnabled": True},
        "user": {"accountEnabled": True},
    }
    granted = rows["application"]["web"]["implicitGrantSettings"]
    assert granted == {"enableAccessTokenIssuance": False, "enableIdTokenIssuance": False}
    assert rows["user"]["mailNickname"] == "ada"


def test_what_follows_an_application() -> None:
    """Hold what its service principal takes over, and which names and tags are its own."""
    principal = make_service_principal("p", "a", None, "t") | {"_tags": ["own", "t1"]}
    app = make_application("1", "a", "2026-01-01T00:00:00Z", "contoso.com")
    app |= {
        "displayName": "App",
        "description": "d",
        "appRoles": ["r"],
        "identifierUris": ["u"],
        "tags": ["t1"],
    }
    app |= {"web": {**app["web"], "redirectUris": ["w"], "homePageUrl": "h", "logoutUrl": "l"}}
    app |= {"spa": {"redirectUris": ["s"]}, "publicClient": {"redirectUris": ["p"]}}
    app["api"] = {**app["api"], "oauth2PermissionScopes": ["s"]}
    followed = {
        "appDisplayName": "App",
        "displayName": "App",
        "appDescription": "d",
        "appRoles": ["r"],
        "oauth2PermissionScopes": ["s"],
        "replyUrls": ["w", "s", "p"],
        "servicePrincipalNames": ["a", "u"],
        "signInAudience": "AzureADMyOrg",
        "homepage": "h",
        "logoutUrl": "l",
        "info": app["info"],
        "tags": ["t1", "own"],
        "verifiedPublisher": app["verifiedPublisher"],
    }
    assert mirror_application(principal, app) == {**principal, **followed}
    named = {**principal, "displayName": "Own", "appDisplayName": "App"}
    assert mirror_application(named, app)["displayName"] == "Own"
    assert mirror_application({**named, "appDisplayName": "Before"}, app)["displayName"] == "App"
    without = {name: value for name, value in principal.items() if name != "_tags"}
    assert mirror_application(without, app)["tags"] == ["t1"]


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
