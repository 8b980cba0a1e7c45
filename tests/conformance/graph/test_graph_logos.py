"""The logo of an application."""

import base64
from typing import Any

import pytest

from tests.conformance.graph_client import Graph, refused

fact = pytest.mark.fact
PICTURE = b"\x89PNG\r\n\x1a\n" + b"\0" * 32


@fact(
    "a logo",
    source="application documentation, terraform-provider-azuread 3.9.0",
    grade="D",
    verdict="uncertain",
)
def test_logo(graph: Graph) -> None:
    """A picture is put, read, and has an address, on the service principal too; anything
    else is refused.
    """
    app = graph.application()
    principal = graph.principal(app)
    path = f"/v1.0/applications/{app['id']}/logo"

    def sent(content: bytes, kind: str) -> Any:
        return graph.send("PUT", path, content=content, headers={"Content-Type": kind})

    assert graph.send("GET", path).status_code == 404
    assert sent(PICTURE, "image/png").status_code == 204
    shown = graph.send("GET", path)
    assert (shown.status_code, shown.content) == (200, PICTURE)
    batch = {"requests": [{"id": "1", "method": "GET", "url": path.removeprefix("/v1.0")}]}
    (part,) = graph.post("/$batch", batch).json()["responses"]
    assert base64.b64decode(part["body"]) == PICTURE
    address = graph.get(f"/applications/{app['id']}").json()["info"]["logoUrl"]
    assert address.startswith("https://")
    assert graph.get(f"/servicePrincipals/{principal['id']}").json()["info"]["logoUrl"] == address
    refused(sent(b"{}", "application/json"), 400, "BadRequest")
    refused(sent(b"\0" * 102_401, "image/png"), 400, "Request_BadRequest")
