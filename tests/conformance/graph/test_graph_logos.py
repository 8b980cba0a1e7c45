"""The logo of an application."""

import base64
from typing import Any

import pytest

from tests.conformance.graph.audit_records import records
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

    refused(graph.send("GET", path), 404, "Request_ResourceNotFound", "Resource 'logo'")
    for content, kind in (
        (b"GIF89a", "image/gif"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"else", "image/*"),
        (b"x" * 102_400, "image/*"),
        (PICTURE, "image/png"),
    ):
        assert sent(content, "image/png").status_code == 204
        shown = graph.send("GET", path)
        assert (shown.status_code, shown.content, shown.headers["content-type"]) == (200, content, kind)
    batch = {"requests": [{"id": "1", "method": "GET", "url": path.removeprefix("/v1.0")}]}
    (part,) = graph.post("/$batch", batch).json()["responses"]
    assert base64.b64decode(part["body"]) == PICTURE
    address = graph.get(f"/applications/{app['id']}").json()["info"]["logoUrl"]
    tenant = graph.get("/organization").json()["value"][0]["id"]
    assert address.startswith(f"https://aadcdn.msftauthimages.net/{tenant}/{app['appId']}/logo?ts=")
    assert graph.get(f"/servicePrincipals/{principal['id']}").json()["info"]["logoUrl"] == address
    (record,) = records(graph, app["id"])[-1:]
    assert record["activityDisplayName"] == "Update application"
    words = "Unsupported media type: a logo is image/gif, image/jpeg or image/png."
    refused(sent(b"{}", "application/json"), 400, "BadRequest", words)
    refused(sent(b"", "image/png"), 400, "BadRequest", words)
    large = sent(b"\0" * 102_401, "image/png")
    refused(large, 400, "Request_BadRequest", "'logo' of resource 'Application'.")
