"""Names that a filter, a selection and an expansion write: spelled as the schema has them, or refused."""

from __future__ import annotations

from typing import Any

import pytest

from entra_emulator.graph import expanding, naming, options
from entra_emulator.graph.errors import ODataError
from entra_emulator.graph.expanding import Wanted
from entra_emulator.graph.filters import Bare, Combine, Compare, Function, In, Lambda, Not
from tests.unit.emulator.graph.sending import World, refusal

GUID = "aaaaaaaa-0000-4000-8000-000000000001"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("DISPLAYNAME eq 'a'", Compare(("displayName",), "eq", "a")),
        ("API/requestedaccesstokenversion eq 2", Compare(("api", "requestedAccessTokenVersion"), "eq", 2)),
        ("nothing/At eq 'a'", Compare(("nothing", "At"), "eq", "a")),
        ("displayname/More eq 'a'", Compare(("displayName", "More"), "eq", "a")),
        (("web/Nothing/IMPLICITGRANTSETTINGS eq "
         "'a'"), Compare(("web", "Nothing", "IMPLICITGRANTSETTINGS"), "eq", "a")),
        ("Owners/$count eq 0", Compare(("owners",), "eq", 0, count=True)),
        ("not (displayname eq 'a')", Not(Compare(("displayName",), "eq", "a"))),
        ("appid eq 'a' or displayname eq 'b'",
         Combine("or", Compare(("appId",), "eq", "a"), Compare(("displayName",), "eq", "b"))),
        ("startswith(displayname,'a')", Function("startswith", ("displayName",), "a")),
        ("displayname in ('a','b')", In(("displayName",), ("a", "b"))),
        ("Tags/any(t:t eq 'a')", Lambda(("tags",), all=False, inner=Compare((), "eq", "a"))),
        ("tags/any()", Lambda(("tags",), all=False, inner=None)),
        ("keycredentials/any(k:k/KEYID eq 'a')",
         Lambda(("keyCredentials",), all=False, inner=Compare(("keyId",), "eq", "a"))),
        ("nothing/any(k:k/KEYID eq 'a')",
         Lambda(("nothing",), all=False, inner=Compare(("KEYID",), "eq", "a"))),
    ],
)  # fmt: skip
def test_filters_are_spelled(text: str, expected: Any) -> None:
    """Hold that names have no case, as far as the schema knows them."""
    assert naming.compiled("application", text) == expected


MISFIT = (
    "400 BadRequest: Invalid filter clause: A binary operator with incompatible types was detected. "
    "Found operand "
    "types '{}' and '{}' for operator kind '{}'."
)
BOOLEAN, MOMENT, NUMBER, STRING, ID = (
    "Edm.Boolean",
    "Edm.DateTimeOffset",
    "Edm.Int32",
    "Edm.String",
    "Edm.Guid",
)


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("application", "displayName eq 1", MISFIT.format(STRING, NUMBER, "Equal")),
        ("application", "displayName ne true", MISFIT.format(STRING, BOOLEAN, "NotEqual")),
        ("application", ("displayName ge "
                        "2026-01-01T00:00:00Z"), MISFIT.format(STRING, MOMENT, "GreaterThanOrEqual")),
        ("application", f"displayName gt {GUID}", MISFIT.format(STRING, ID, "GreaterThan")),
        ("application", "createdDateTime le 'a'", MISFIT.format(MOMENT, STRING, "LessThanOrEqual")),
        ("application", "createdDateTime lt 1", MISFIT.format(MOMENT, NUMBER, "LessThan")),
        ("application", "createdDateTime ge 2026-01-01T00:00:00Z", ""),
        ("application", "displayName eq null", ""),
        ("application", "isFallbackPublicClient eq true", ""),
        ("application", "isFallbackPublicClient eq null", ""),
        ("application", "isFallbackPublicClient eq 'true'", MISFIT.format(BOOLEAN, STRING, "Equal")),
        ("application", "isFallbackPublicClient in (true,'a')", MISFIT.format(BOOLEAN, STRING, "Equal")),
        ("application", "displayName in ('a',1)", MISFIT.format(STRING, NUMBER, "Equal")),
        ("application", "tags eq 1", ""),
        ("application", "web eq 1", ""),
        ("application", "owners/$count eq 1", ""),
        ("application", "nothing eq 1", ""),
        ("application", "api/requestedAccessTokenVersion eq 2", ""),
        ("application", "api/requestedAccessTokenVersion eq 2.5", ""),
        ("application", "api/requestedAccessTokenVersion eq '2'", MISFIT.format(NUMBER, STRING, "Equal")),
        ("application", f"keyCredentials/any(k:k/keyId eq {GUID})", ""),
        ("application", "keyCredentials/any(k:k/keyId eq 'a')", ""),
        ("application", "keyCredentials/any(k:k/keyId eq 1)", MISFIT.format(ID, NUMBER, "Equal")),
        ("application", "tags/any(t:t eq 1)", MISFIT.format(STRING, NUMBER, "Equal")),
        ("servicePrincipal", f"appOwnerOrganizationId eq {GUID}", ""),
        ("servicePrincipal", "appOwnerOrganizationId eq 'a'", ""),
        ("servicePrincipal", "accountEnabled eq 'a'", MISFIT.format(BOOLEAN, STRING, "Equal")),
    ],
)  # fmt: skip
def test_literals_that_fit(kind: str, text: str, expected: str) -> None:
    """Hold which a property can be compared with."""
    found = ""
    try:
        naming.compiled(kind, text)
    except ODataError as error:
        found = refusal(error)
    assert found == expected


KNOWN = {"extension_a": ("Extension_A",), "ext_b/size": ("ext_B", "Size")}
TO_A, TO_B = ("_extensions", "Extension_A"), ("_extensions", "ext_B", "Size")
OTHER = Compare(("displayName",), "eq", "a")


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (Compare(("EXTENSION_A",), "eq", "a"), Compare(TO_A, "eq", "a")),
        (Compare(("ext_b", "SIZE"), "ge", 1), Compare(TO_B, "ge", 1)),
        (Function("startswith", ("extension_a",), "a"), Function("startswith", TO_A, "a")),
        (In(("extension_a",), ("a",)), In(TO_A, ("a",))),
        (Not(Compare(("extension_a",), "eq", "a")), Not(Compare(TO_A, "eq", "a"))),
        (
            Combine("or", OTHER, Compare(("extension_a",), "eq", "a")),
            Combine("or", OTHER, Compare(TO_A, "eq", "a")),
        ),
        (
            Combine("and", Compare(("extension_a",), "eq", "a"), OTHER),
            Combine("and", Compare(TO_A, "eq", "a"), OTHER),
        ),
        (Function("startswith", ("other",), "a"), Function("startswith", ("other",), "a")),
        (In(("other",), ("a",)), In(("other",), ("a",))),
        (OTHER, OTHER),
        (Compare(("ext_b",), "eq", Bare("x")), Compare(("ext_b",), "eq", Bare("x"))),
    ],
)
def test_extensions_in_a_filter(node: Any, expected: Any) -> None:
    """Hold that they lead to where rows keep their values."""
    assert naming.extended(node, KNOWN) == expected


UNKNOWN = "400 BadRequest: Could not find a property named '{}' on type 'microsoft.graph.application'."


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("application", "OWNERS", [Wanted("owners")]),
        ("application", "owners , federatedIdentityCredentials",
         [Wanted("owners"), Wanted("federatedIdentityCredentials")]),
        ("application", ("owners($select= id , "
                        "DisplayName)"), [Wanted("owners", frozenset({"id", "displayname"}))]),
        ("application", "owners(SELECT=id),federatedIdentityCredentials",
         [Wanted("owners", frozenset({"id"})), Wanted("federatedIdentityCredentials")]),
        ("user", "manager($levels=3; $select=id)", [Wanted("manager", frozenset({"id"}), 3)]),
        ("user", "manager(levels=MAX)", [Wanted("manager", None, 1000)]),
        ("user", "manager($levels=9999)", [Wanted("manager", None, 9999)]),
        ("user", "manager($levels=0)", "400 BadRequest: Syntax error in 'manager($levels=0)'."),
        ("user", "manager($levels=10000)", "400 BadRequest: Syntax error in 'manager($levels=10000)'."),
        ("user", "directReports($levels=2)", "400 BadRequest: Syntax error in 'directReports($levels=2)'."),
        ("application", "owners()", "400 BadRequest: Syntax error in 'owners()'."),
        ("application", "owners($select=)", "400 BadRequest: Syntax error in 'owners($select=)'."),
        ("application", "owners($top=1)", "400 BadRequest: Syntax error in 'owners($top=1)'."),
        ("application", "own ers", "400 BadRequest: Syntax error in 'own ers'."),
        ("application", "displayName", UNKNOWN.format("displayName")),
        ("application", "nothing", UNKNOWN.format("nothing")),
        ("application", "createdOnBehalfOf",
         "501 NotImplemented: The emulator does not expand 'createdOnBehalfOf' of a application."),
    ],
)  # fmt: skip
def test_expansions(kind: str, text: str, expected: Any) -> None:
    """Hold which relationships a read asks for, how far, and what of them."""
    call = World().call("GET", "/x")
    call.query = {"$expand": text}
    call.options = options.parse(call, frozenset())
    names = ("owners", "federatedIdentityCredentials", "manager", "directReports")
    try:
        found: Any = expanding.read(call, kind, {name: lambda *_: None for name in names})
    except ODataError as error:
        found = refusal(error)
    assert found == expected


@pytest.mark.parametrize(
    ("related", "wanted", "expected"),
    [
        ([{"id": str(n)} for n in range(21)], Wanted("owners"), [{"id": str(n)} for n in range(20)]),
        ([{"@odata.type": "t", "id": "1", "displayName": "n", "mail": "m"}],
         Wanted("owners", frozenset({"displayname"})),
         [{"@odata.type": "t", "id": "1", "displayName": "n"}]),
        ({"id": "1", "mail": "m"}, Wanted("owners", frozenset({"x"})), {"id": "1", "mail": "m"}),
        (None, Wanted("owners"), None),
    ],
)  # fmt: skip
def test_what_is_written_beside_an_object(related: Any, wanted: Wanted, expected: Any) -> None:
    """Hold that twenty are at most, cut to what is selected, read at the replica of the object."""
    call = World().call("GET", "/applications/x")
    seen: list[tuple[str, bool] | None] = []

    def related_to(*_: Any) -> Any:
        seen.append(call.replica)
        return related

    body: dict[str, Any] = {}
    expanding.write(call, {"id": "x"}, body, wanted, {"owners": related_to})
    assert body == ({} if expected is None else {"owners": expected})
    assert (seen, call.replica) == ([("applications", False)], None)
