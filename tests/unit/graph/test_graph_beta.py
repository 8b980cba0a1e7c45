"""What only the beta endpoint has is asked there, in no batch with others; its pages stay there, and the
token with Graph.
"""

from __future__ import annotations

import asyncio

import pytest

from entra_config.errors import GraphError
from entra_config.graph import batch
from entra_config.graph.client import Graph
from entra_config.graph.request import Request, Response
from tests.unit.graph.doors import Clock, Door

V1 = [Request("GET", f"/users/{number}") for number in range(3)]
BETA = Request("GET", "/reports/x", beta=True)


def test_a_batch_is_of_one_endpoint() -> None:
    """Requests to beta go together; the others keep their order and their batches around them."""
    assert list(batch.split([*V1, BETA, BETA, *V1])) == [tuple(V1), (BETA, BETA), tuple(V1)]
    assert [batch.pack(group).beta for group in batch.split([*V1, BETA, BETA])] == [False, True]
    assert [len(group) for group in batch.split(V1 * 7)] == [20, 1]
    assert list(batch.split([])) == []


@pytest.mark.parametrize(
    ("request_", "address"),
    [(V1[0], "https://graph.microsoft.com/v1.0"), (BETA, "https://graph.microsoft.com/beta")],
)
def test_the_address_is_the_version_s(request_: Request, address: str) -> None:
    """Beside that of v1.0, in each cloud."""
    assert request_.at("https://graph.microsoft.com/v1.0") == address
    assert (
        BETA.at("https://microsoftgraph.chinacloudapi.cn/v1.0")
        == "https://microsoftgraph.chinacloudapi.cn/beta"
    )


@pytest.mark.parametrize(("version", "refused"), [("beta", False), ("v1.0", True)])
def test_the_pages_of_beta_are_beta_s(version: str, refused: bool) -> None:
    """A link to the next page is followed at the version of its request, and nowhere else."""
    pages = {"/reports/x": f"https://graph.microsoft.com/{version}/reports/x?$skiptoken=1"}

    def response(request: Request) -> Response:
        link = pages.get(str(request.path))
        return Response(
            200, {"value": [{"path": request.path}]} | ({"@odata.nextLink": link} if link else {})
        )

    async def run() -> list[list[dict[str, object]]]:
        clock = Clock()
        return await Graph(Door(response), clock=clock, sleep=clock.sleep).lists([BETA])

    if refused:
        with pytest.raises(GraphError, match="not its own"):
            asyncio.run(run())
    else:
        assert asyncio.run(run()) == [[{"path": "/reports/x"}, {"path": "/reports/x?$skiptoken=1"}]]
