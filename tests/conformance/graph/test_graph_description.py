"""The emulator's own description, walked by schemathesis: no request makes it fail."""

import asyncio
from functools import cache
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings

from entra_config.emulator.clock import ManualClock
from entra_config.emulator.embedded import Embedded
from entra_config.emulator.graph.description import describe
from entra_config.emulator.graph.routes import ROUTER
from entra_config.emulator.seed import ADMIN_APP_ID
from tests.conformance.graph_client import EMULATED, Graph

schema = schemathesis.openapi.from_dict(describe(ROUTER))
schema.config.phases.coverage.enabled = False


@cache
def client() -> Graph:
    """Give one client for all requests: what they leave behind is part of the test."""
    embedded = Embedded.create(seed="description", clock=ManualClock())
    http = embedded.client(embedded.app_caller(ADMIN_APP_ID))
    http.base_url = EMULATED
    return Graph(http, asyncio.Runner(), fresh=True)


@pytest.mark.fact("random requests by the description", source="this project", grade="C")
@schema.parametrize()
@settings(max_examples=5, suppress_health_check=list(HealthCheck))
def test_no_failure(case: schemathesis.Case[Any]) -> None:
    """Every route answers or refuses in Graph's form, whatever comes; 501 says what the emulator has not."""
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


@pytest.mark.fact("the description names every route", source="this project", grade="C")
def test_description(emulated: Graph) -> None:
    """The description is served, and holds the paths that are served."""
    document = emulated.send("GET", "/_emulator/openapi.json").json()
    assert "post" in document["paths"]["/v1.0/applications/{key1}/addPassword"]
    assert len(document["paths"]) > 70
