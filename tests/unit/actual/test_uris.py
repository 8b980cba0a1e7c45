"""Who holds newly claimed identifier URIs, and which domains the tenant verified."""

from __future__ import annotations

from entra_config.actual import uris
from entra_config.actual.fetch import Questions, Responses
from entra_config.actual.question import (
    DELETED_URIS,
    ORGANIZATION,
    UriHolders,
)
from entra_config.actual.uris import Claims
from entra_config.graph.request import Request
from entra_config.kinds.directory import Subject
from tests.unit.actual.asked import with_uris

SELECT = "$select=id,appId,displayName,deletedDateTime,identifierUris"


def asked(*each: str) -> Questions:
    """Return what is asked of new URIs."""
    found: Questions = {
        UriHolders(uri): Request(
            "GET",
            "/applications?$filter=identifierUris/any(u:u%20eq%20"
            f"'{uri.replace('://', '%3A%2F%2F')}')&{SELECT}",
        )
        for uri in each
    }
    path = f"/directory/deletedItems/microsoft.graph.application?{SELECT}&$top=999"
    return {**found, DELETED_URIS: Request("GET", path)}


def test_only_new_uris_are_asked_for() -> None:
    """In lower case, each once and in order; a long one cannot be compared; without any, nothing is."""
    manifest = with_uris(
        ["api://B", "api://a"], None, ["api://b", "api://held", "api://" + "x" * 115, "api://" + "y" * 114]
    )
    sure = {"x": Subject("x", {"identifierUris": ["api://HELD"]}), "y": Subject("y", {}), "z": Subject("z")}
    found = uris.questions(manifest, sure)
    assert found == asked("api://a", "api://b", "api://" + "y" * 114)
    assert list(found) == [*map(UriHolders, ("api://a", "api://b", "api://" + "y" * 114)), DELETED_URIS]
    many = [f"api://{number}" for number in (5, 3, 9, 1, 7)]
    assert list(uris.questions(with_uris(many), {})) == [*map(UriHolders, sorted(many)), DELETED_URIS]
    assert uris.questions(with_uris(["api://held"]), sure) == {}
    assert uris.questions(with_uris(None), {}) == {}


LIVE, GONE = {"id": "1"}, {"id": "2", "identifierUris": ["api://A", "api://c"]}


def test_a_uri_is_held_by_what_is_live_and_by_what_is_deleted() -> None:
    """Both are read, or it is not known who holds it."""
    responses = Responses()
    responses.add(UriHolders("api://a"), [LIVE])
    responses.add(UriHolders("api://b"), [])
    responses.add(DELETED_URIS, [GONE, {"id": "3", "identifierUris": None}])
    questions = asked("api://a", "api://b", "api://c")
    held = {"api://a": (LIVE, GONE), "api://b": (), "api://c": None}
    assert uris.claims(questions, responses) == Claims(held, None)
    responses.drop(DELETED_URIS)
    responses.add(ORGANIZATION, [{"verifiedDomains": [{"name": "Contoso.com"}, {"name": "x.org"}]}])
    expected = Claims(dict.fromkeys(held), frozenset({"contoso.com", "x.org"}))
    assert uris.claims(questions, responses) == expected
    assert uris.claims({}, Responses()) == Claims({}, None)
