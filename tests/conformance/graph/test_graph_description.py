"""The emulator's own description, walked by schemathesis: no request makes it fail."""

import asyncio
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from entra_emulator.clock import ManualClock
from entra_emulator.embedded import Embedded
from entra_emulator.graph.description import describe
from entra_emulator.graph.routes import ROUTER
from entra_emulator.seed import ADMIN_APP_ID
from tests import seeds
from tests.conformance.graph_client import EMULATED, Graph

DOCUMENT = describe(ROUTER)
OPERATIONS = [
    f"{method.upper()} {path}" for path, operations in DOCUMENT["paths"].items() for method in operations
]
DRAWN = seeds.sample("operations", range(len(OPERATIONS)), 45)


@cache
def client() -> Graph:
    """Give one client for all requests: what they leave behind is part of the test."""
    embedded = Embedded.create(seed="description", clock=ManualClock())
    http = embedded.client(embedded.app_caller(ADMIN_APP_ID))
    http.base_url = EMULATED
    return Graph(http, asyncio.Runner(), fresh=True)


@cache
def requests() -> dict[str, Callable[[], None]]:
    """Return what sends each operation's requests: made where the tests run, not when they are collected."""
    import schemathesis
    from schemathesis.core.result import Ok
    from schemathesis.pytest.lazy import get_all_tests

    schema = schemathesis.openapi.from_dict(DOCUMENT)
    schema.config.phases.coverage.enabled = False
    made = get_all_tests(schema=schema, test_func=responded, settings=None, given_kwargs=None)
    # One that the document describes wrongly is not among them: its test fails for it.
    sound = (each.ok() for each in made if isinstance(each, Ok))
    return {operation.label: send for operation, send in sound}


@settings(max_examples=5, suppress_health_check=list(HealthCheck))
def responded(case: Any) -> None:
    """Send one request."""
    kwargs = case.as_transport_kwargs(base_url=EMULATED)
    response = client().send(
        kwargs["method"],
        kwargs["url"].removeprefix(EMULATED),
        json=kwargs.get("json"),
        headers={
            name: value
            for name, value in (kwargs.get("headers") or {}).items()
            if name.casefold() == "consistencylevel"
        },
        params=kwargs.get("params"),
    )
    assert response.status_code < 500 or response.status_code == 501, response.text
    if response.status_code >= 400:
        assert response.json()["error"]["message"]


@pytest.mark.fact("random requests by the description", source="this project", grade="C")
@pytest.mark.parametrize("operation", [OPERATIONS[number] for number in DRAWN])
def test_no_failure(operation: str) -> None:
    """A route answers or refuses in Graph's form, whatever comes; 501 says what the emulator has not. Only a
    sample of the operations.
    """
    requests()[operation]()


@pytest.mark.faults
@pytest.mark.parametrize("operation", OPERATIONS)
def test_no_failure_of_any(operation: str) -> None:
    """The same of every route."""
    requests()[operation]()


@pytest.mark.fact("the description names every route", source="this project", grade="C")
def test_description(emulated: Graph) -> None:
    """The description is served, and holds the paths that are served."""
    document = emulated.send("GET", "/_emulator/openapi.json").json()
    assert "post" in document["paths"]["/v1.0/applications/{key1}/addPassword"]
    assert len(document["paths"]) > 70
