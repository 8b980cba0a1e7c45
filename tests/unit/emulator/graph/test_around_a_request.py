"""What the service does around one request: options that nobody reads, metadata, deeds."""

from __future__ import annotations

import pytest

from tests.unit.emulator.graph.sending import ADVANCED, World


@pytest.mark.parametrize(("accept", "bare"), [("application/json;odata.metadata=none", True), ("", False)])
def test_without_metadata(accept: str, bare: bool) -> None:
    """Hold that a body without OData's notes is sent to who wants none."""
    found = World().get("/users?$top=1&$select=id&$count=true", headers={**ADVANCED, "accept": accept})
    names = {"@odata.count", "@odata.nextLink", "value"}
    assert found.bare == bare
    assert set(found.body or {}) == (names if bare else {*names, "@odata.context"})
