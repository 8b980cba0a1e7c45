"""What import reads of the tenant and Graph refuses."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest

from entra_config.errors import GraphError
from entra_config.graph.client import Graph
from entra_config.graph.request import Response
from entra_config.importing import tenant

BODY = {"error": {"code": "Authorization_RequestDenied", "message": "Insufficient privileges"}}


def test_a_refused_read_names_the_request_its_id_and_the_permission() -> None:
    """As each other command does."""

    async def send(requests: Any) -> list[Response]:
        return [Response(403, BODY, {"request-id": "r1"}) for _ in requests]

    graph = cast("Graph", SimpleNamespace(send=send))
    with pytest.raises(GraphError) as refused:
        asyncio.run(tenant.describe(graph, [{"appId": "a1", "id": "o1", "displayName": "Api"}]))
    assert str(refused.value).startswith("Insufficient privileges (GET /servicePrincipals(appId='a1'))")
    assert refused.value.request_id == "r1"
    assert "Application.Read.All" in str(refused.value.advice)
