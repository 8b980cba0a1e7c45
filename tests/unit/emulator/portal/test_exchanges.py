"""A request as the pages read it: who, at which client, about which API, and how it ended."""

import base64
import json
from typing import Any

import pytest

from entra_emulator.callers import Caller
from entra_emulator.portal.exchanges import BatchLine, SeenExchange, is_fault
from entra_emulator.traffic import Exchange, SignInFacts

ID = "0d000000-0000-4000-8000-00000000000a"
API = frozenset({"api://orders", ID})
FORM = {"content-type": "Application/x-www-form-urlencoded ; charset=utf-8"}
NOTED = SignInFacts("noted", "bob", "b")
PERSON = Caller("user", "t", "ann", "cli", scopes=frozenset("gfedcba"), roles=frozenset({"R"}))


def exchange(kind: Any = "Sign-in", path: str = "/", **given: Any) -> SeenExchange:
    """Give a request that ended well, or as is said."""
    rest = {"query": "", "status": 200, **given}
    if not isinstance(rest.setdefault("response", b""), bytes):
        rest["response"] = json.dumps(rest["response"]).encode()
    return SeenExchange(Exchange("", kind, rest.pop("method", "POST"), path, milliseconds=1.0, **rest))


def handed_out(claims: Any, **given: Any) -> SeenExchange:
    """Give a sign-in that ended with a token."""
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return exchange(response={"access_token": f"head.{payload}.signature"}, **given)


@pytest.mark.parametrize(
    ("kind", "path", "query", "shown"),
    [
        ("Graph", "/v1.0/users", "", "/users"),
        ("Graph", "/V1.0/users/v1.0", "", "/users/v1.0"),
        ("Graph", "/beta/users", "", "/beta/users"),
        ("Graph", "/users", "", "/users"),
        ("Graph", "/", "", "/"),
        ("Graph", "/v1.0", "", "/"),
        ("Graph", f"/v1.0/users/{ID}", "$top=1&$filter=a+eq%20b", "/users/0d000000…?$top=1&$filter=a eq b"),
        ("Graph", "/v1.0/a%20b", "", "/a b"),
        ("Sign-in", "/contoso.com/oauth2/v2.0/token", "client_id=x", "/token"),
        ("Sign-in", "/v1.0/a/token", "", "/token"),
        ("Sign-in", "/token", "", "/token"),
        ("Sign-in", "/", "", "/"),
    ],
)
def test_a_path_is_shown_without_what_every_request_has(kind: str, path: str, query: str, shown: str) -> None:
    """The version of Graph, or the tenant of a sign-in; ids are short."""
    assert exchange(kind, path, query=query).path == shown


@pytest.mark.parametrize(
    ("kind", "given", "refused", "label", "outcome"),
    [
        ("Graph", {"status": 200}, False, "200", ""),
        ("Graph", {"status": 399}, False, "399", ""),
        ("Graph", {"status": 400, "response": {"error": {"code": "Bad", "message": "so"}}}, True, "400",
         "Bad: so"),
        ("Graph", {"status": 200, "response": {"error": {"code": "Bad", "message": "so"}}}, False, "200", ""),
        ("Graph", {"status": 404, "response": b"<html>"}, True, "404", ""),
        ("Graph", {"status": 403, "response": b"AADSTS50057: text"}, True, "403", ""),
        ("Sign-in", {"response": b"AADSTS50057: text that a person typed"}, False, "200", ""),
        ("Graph", {"status": 501}, True, "501", ""),
        ("Graph", {"status": 503}, True, "503 fault", ""),
        ("Graph", {"status": 0}, True, "cut fault", "the connection was cut by a fault"),
        ("Sign-in", {"status": 0}, True, "cut", "the connection was cut by a fault"),
        ("Sign-in", {"sign_in": SignInFacts(code=50057, text="Off.")}, True, "AADSTS50057",
         "the person is disabled"),
        ("Sign-in", {"sign_in": SignInFacts(code=12, text="It's off.")}, True, "AADSTS12", "It's off."),
    ],
)  # fmt: skip
def test_how_it_ended(kind: str, given: dict[str, Any], refused: bool, label: str, outcome: str) -> None:
    """By its status, and a sign-in by the code that it was refused with."""
    seen = exchange(kind, **given)
    assert (seen.refused, seen.label, seen.outcome) == (refused, label, outcome)


@pytest.mark.parametrize(
    ("kind", "status", "fault"),
    [
        ("Graph", 0, True), ("Graph", 1, False), ("Graph", 200, False), ("Graph", 428, False),
        ("Graph", 429, True), ("Graph", 499, False), ("Graph", 500, True), ("Graph", 501, False),
        ("Graph", 502, True), ("Graph", 503, True), ("Sign-in", 500, False), ("Sign-in", 0, False),
    ],
)  # fmt: skip
def test_what_only_a_fault_gives(kind: str, status: int, fault: bool) -> None:
    """Not 501: that is what the emulator has not."""
    assert is_fault(kind, status) is fault


@pytest.mark.parametrize(("kind", "method", "writes"), [
    ("Graph", "GET", False), ("Graph", "PATCH", True), ("Sign-in", "POST", False),
])  # fmt: skip
def test_what_asks_for_a_change(kind: str, method: str, writes: bool) -> None:
    """Of the directory: a sign-in does not."""
    assert exchange(kind, method=method).writes is writes


def test_a_form_is_read_with_the_parameters_of_the_address() -> None:
    """What is empty is there; a body of another type is no form."""
    body = b"b=2&empty=&a=3"
    assert exchange(query="a=1&none=", headers=FORM, body=body).form == {
        "a": "3", "none": "", "b": "2", "empty": "",
    }  # fmt: skip
    assert exchange(query="a=1", headers={"content-type": "text/plain"}, body=body).form == {"a": "1"}
    assert exchange(query="a=1", body=body).form == {"a": "1"}


@pytest.mark.parametrize("length", range(8))
def test_the_claims_of_a_token_that_was_handed_out(length: int) -> None:
    """However long they are."""
    assert handed_out({"oid": "x" * length}).token == {"oid": "x" * length}


@pytest.mark.parametrize(
    "response",
    [b"<html>access_token", {}, [], {"access_token": None}, {"access_token": "a.%.b"}, {"access_token": "x"}],
)
def test_what_is_no_token_has_no_claims(response: Any) -> None:
    """Nor has a token that stands in an answer of Graph, or one of something else than claims."""
    assert exchange(response=response).token == {}
    assert exchange("Graph", response=handed_out({"oid": "x"}).raw.response).token == {}
    assert handed_out(["oid"]).token == {}


@pytest.mark.parametrize(
    ("seen", "client", "person", "scopes", "audience", "roles"),
    [
        (exchange("Graph", caller=PERSON), "cli", "ann", "a b c d e f g", "", []),
        (exchange("Graph"), "", "", "", "", []),
        (exchange(), "", "", "", "", []),
        (handed_out({"azp": "v2", "appid": "v1", "oid": "ann", "scp": "a", "aud": ID, "roles": ["R", 1]},
                    sign_in=NOTED), "v2", "ann", "a", ID, ["R", "1"]),
        (handed_out({"appid": "v1", "roles": "R"}, sign_in=SignInFacts("noted")), "v1", "", "", "", []),
        (exchange(sign_in=NOTED), "noted", "bob", "b", "", []),
    ],
)  # fmt: skip
def test_who_for_what_at_which_client(  # noqa: PLR0917  # the columns of the table
    seen: SeenExchange, client: str, person: str, scopes: str, audience: str, roles: list[str]
) -> None:
    """By the token that called or was handed out, else by what sign-in noted."""
    found = (seen.client_id, seen.person_id, seen.scopes, seen.audience, seen.roles)
    assert found == (client, person, scopes, audience, roles)


@pytest.mark.parametrize(
    ("seen", "is_for"),
    [
        (handed_out({"aud": ID}), True),
        (handed_out({"aud": "other"}, sign_in=SignInFacts(scope="api://orders/read")), False),
        (exchange(sign_in=SignInFacts(scope="openid api://orders/read")), True),
        (exchange(sign_in=SignInFacts(scope="openid api://other/read")), False),
        (exchange(sign_in=SignInFacts(scope=f"openid {ID}/.default")), True),
        (exchange(), False),
    ],
)
def test_about_which_api_a_sign_in_is(seen: SeenExchange, is_for: bool) -> None:
    """By the token's audience where there is one, else by what was asked for."""
    assert seen.is_for(API) is is_for


def test_the_parts_of_a_batch_with_how_each_ended() -> None:
    """In the order of the request, without secrets; a part without an answer has none."""
    requested = [
        {"id": "1", "method": "GET", "url": f"/users/{ID}"},
        {"id": 2, "method": "POST", "url": "/a%20b", "body": {"password": "x", "name": "ü"}},
        {"id": "3", "method": "GET", "url": "/x"},
    ]
    responses = [{"id": "2", "status": 503, "body": {"name": "ü"}}, {"id": 1, "status": 200}]
    given = {"body": json.dumps({"requests": requested}).encode(), "response": {"responses": responses}}
    assert exchange("Graph", "/v1.0/$Batch", **given).parts == [
        BatchLine("GET", "/users/0d000000…", 200, fault=False),
        BatchLine(
            "POST", "/a b", 503, fault=True, body='{\n  "password": "masked",\n  "name": "ü"\n}',
            response='{\n  "name": "ü"\n}',
        ),
        BatchLine("GET", "/x", 0, fault=True),
    ]  # fmt: skip
    assert exchange("Graph", "/v1.0/users", **given).parts == []
    assert exchange("Graph", "/v1.0/$batch", body=b"{broken").parts == []
