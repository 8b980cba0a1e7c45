"""What the parameters of a request to sign in are read as."""

from typing import Any

import pytest

from entra_emulator.login import claims_request
from entra_emulator.login.claims_request import ClaimsRequest
from entra_emulator.login.errors import LoginError
from entra_emulator.login.scopes import GRAPH, ScopeRequest, of_resource, parse
from entra_emulator.login.urls import NOTHING, split


@pytest.mark.parametrize(
    ("text", "oidc", "by_resource", "mixes"),
    [
        ("", (), (), False),
        ("openid OpenID profile", ("openid", "profile"), (), False),
        ("email offline_access", ("email", "offline_access"), (), False),
        ("User.Read", (), ((GRAPH, ("User.Read",)),), False),
        (f"{GRAPH}/User.Read Mail.Read", (), ((GRAPH, ("User.Read", "Mail.Read")),), False),
        ("api://a/b/c.d", (), (("api://a/b", ("c.d",)),), False),
        ("https://a.test//.default", (), (("https://a.test/", (".default",)),), False),
        ("a/x b/y a/x a/z", (), (("a", ("x", "z")), ("b", ("y",))), False),
        ("/x", (), (("", ("x",)),), False),
        ("a/.default openid", ("openid",), (("a", (".default",)),), False),
        ("a/.default a/x", (), (("a", (".default", "x")),), True),
        ("a/.default b/x", (), (("a", (".default",)), ("b", ("x",))), True),
        ("a/.default b/.default", (), (("a", (".default",)), ("b", (".default",))), False),
    ],
)
def test_scopes_are_read_by_resource(
    text: str, oidc: tuple[str, ...], by_resource: tuple[tuple[str, tuple[str, ...]], ...], mixes: bool
) -> None:
    """In the order asked, each once; one without prefix is Graph's, and the last slash separates."""
    found = parse(text)
    assert (found.text, found.oidc) == (text, oidc)
    assert found.by_resource == tuple(ScopeRequest(*each) for each in by_resource)
    assert found.mixes_default is mixes
    assert [each.is_default for each in found.by_resource] == [
        ".default" in names for _, names in by_resource
    ]


def test_what_a_v1_client_asks_is_all_that_was_granted_of_its_resource() -> None:
    """With a refresh token; of no resource it is signed in and no more."""
    assert of_resource("api://a") == "openid profile offline_access api://a/.default"
    assert of_resource("") == "openid profile"
    assert ScopeRequest("api://a", ()).prefixed("x") == "api://a/x"


@pytest.mark.parametrize(
    ("text", "id_token", "access_token"),
    [
        (None, {}, {}),
        ("", {}, {}),
        ("{}", {}, {}),
        ('{"id_token": null}', {}, {}),
        ('{"id_token": {"email": null}}', {"email": None}, {}),
        ('{"access_token": {"acrs": {"value": "c1"}}, "userinfo": 1}', {}, {"acrs": {"value": "c1"}}),
    ],
)
def test_requested_claims_are_read_for_each_token(
    text: str | None, id_token: dict[str, Any], access_token: dict[str, Any]
) -> None:
    """What is not named is nothing."""
    assert claims_request.read(text) == ClaimsRequest(id_token, access_token)


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "null",
        "1",
        '{"id_token": []}',
        '{"access_token": "x"}',
        '{"id_token": false}',
        "[" * 99_999,
    ],
)
def test_what_is_no_request_for_claims_is_refused(text: str) -> None:
    """As an invalid request."""
    with pytest.raises(LoginError) as refused:
        claims_request.read(text)
    assert (refused.value.code, refused.value.error, refused.value.status) == (
        9002313,
        "invalid_request",
        400,
    )


def test_claims_of_two_requests_are_both_asked_for() -> None:
    """The first one's where both name the same."""
    first = ClaimsRequest({"a": 1}, {"b": 1})
    assert first.with_more(ClaimsRequest({"a": 2, "c": 2}, {"b": 2, "d": 2})) == ClaimsRequest(
        {"a": 1, "c": 2}, {"b": 1, "d": 2}
    )


@pytest.mark.parametrize(
    ("text", "seconds"), [(None, None), ("", None), ("0", 0), ("3600", 3600), ("9" * 9, 999_999_999)]
)
def test_max_age_is_a_number_of_seconds(text: str | None, seconds: int | None) -> None:
    """Nothing where it is not said; 0 is not nothing."""
    assert claims_request.read_max_age(text) == seconds
    assert (claims_request.read_max_age(text) is None) is (seconds is None)


@pytest.mark.parametrize("text", ["-1", "1.5", "x", " 1", "1" * 10, "²", "١"])
def test_any_other_max_age_is_refused(text: str) -> None:
    """With what is wrong."""
    with pytest.raises(LoginError, match="max_age") as refused:
        claims_request.read_max_age(text)
    assert refused.value.code == 90023


@pytest.mark.parametrize(
    ("wanted", "values", "cp1"),
    [
        (None, [], False),
        ("cp1", [], False),
        ({}, [], False),
        ({"value": "CP1"}, ["CP1"], True),
        ({"value": 1}, ["1"], False),
        ({"value": None}, [], False),
        ({"values": ["a", None, "cp1"]}, ["a", "cp1"], True),
        ({"values": [], "value": "cp1"}, [], False),
        ({"values": "cp1"}, [], False),
        ({"values": "x", "value": "cp1"}, ["cp1"], True),
    ],
)
def test_a_claim_is_asked_for_with_a_value_or_with_values(wanted: Any, values: list[str], cp1: bool) -> None:
    """A list comes before a single one; `cp1` is read in any case."""
    assert claims_request.values_of(wanted) == values
    assert claims_request.declares_cp1({"xms_cc": wanted}) is cp1
    assert claims_request.declares_cp1({"other": wanted}) is False


@pytest.mark.parametrize("text", ["https://[a", "https://a:x/", "https://a:99999/"])
def test_what_is_no_url_has_empty_parts(text: str) -> None:
    """Its port counts."""
    assert split(text) == NOTHING


def test_a_url_is_taken_apart() -> None:
    """As it is written."""
    assert tuple(split("https://a:1/b?c#d")) == ("https", "a:1", "/b", "c", "d")
