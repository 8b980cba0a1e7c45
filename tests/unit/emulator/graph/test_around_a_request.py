"""What the service does around one request: options that nobody reads, metadata, deeds."""

from __future__ import annotations

import pytest

from tests.unit.emulator.graph.sending import ADVANCED, World


@pytest.mark.parametrize(
    ("method", "target", "headers", "expected"),
    [
        ("GET", "/users/{}?$search=x", {}, ("400 BadRequest: The query specified in the URI is not "
                                           "valid. Query "
                                           "option '$search' cannot be applied to the requested resource.")),
        ("GET", "/users/{}?$format=json", {}, "200"),
        ("PATCH", "/users/{}?$top=1", {}, ("400 BadRequest: The query specified in the URI is not valid. "
                                          "Query "
                                          "option '$top' cannot be applied to the requested resource.")),
        ("PATCH", "/users/{}?other=1", {}, "204"),
        ("PATCH", "/users/{}", {"accept": "application/json;odata.metadata=none"}, "204"),
        ("GET", "/users/$count", {**ADVANCED, "accept": "application/json;odata.metadata=none"}, "200"),
    ],
)  # fmt: skip
def test_options_that_nobody_reads(method: str, target: str, headers: dict[str, str], expected: str) -> None:
    """Hold that a read refuses an option that has no effect, and a write what it does not have."""
    made = World()
    row_id = made.user("alice")["id"]
    assert made.short(method, target.format(row_id), {"city": "x"}, headers=headers) == expected


@pytest.mark.parametrize(("accept", "bare"), [("application/json;odata.metadata=none", True), ("", False)])
def test_without_metadata(accept: str, bare: bool) -> None:
    """Hold that a body without OData's notes is sent to who wants none."""
    found = World().get("/users?$top=1&$select=id&$count=true", headers={**ADVANCED, "accept": accept})
    names = {"@odata.count", "@odata.nextLink", "value"}
    assert found.bare == bare
    assert set(found.body or {}) == (names if bare else {*names, "@odata.context"})


@pytest.mark.parametrize(
    ("method", "kept", "number"), [("PATCH", True, 1), ("PATCH", False, None), ("GET", True, 0)]
)
def test_deeds(method: str, kept: bool, number: int | None) -> None:
    """Hold that what a write changes is kept where somebody wants to know it."""
    made = World()
    made.tenant.deeds = [] if kept else None
    made.send(method, f"/users/{made.user('alice')['id']}", {"city": "x"})
    deeds = made.tenant.deeds
    assert (None if deeds is None else len(deeds)) == number
    assert all((each.actor, each.place) == (made.as_app().oid, "users") for each in deeds or ())
