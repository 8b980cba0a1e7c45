"""Headers, envelopes and error bodies of Graph."""

import json
import re
from typing import Any

import httpx
import pytest

from tests.conformance.graph_client import Graph, refused

fact = pytest.mark.fact


@fact("success content type", source="AZ-APP", grade="R")
def test_success_content_type(reader: Graph) -> None:
    """Answers with a body name their metadata level and carry OData's version."""
    response = reader.get("/applications?$top=1")
    assert response.headers["content-type"].startswith("application/json;odata.metadata=minimal")
    assert response.headers["odata-version"] == "4.0"
    assert response.headers["vary"] == "Accept-Encoding"


@fact("headers of every answer", source="AZ-APP", grade="R")
@pytest.mark.parametrize(
    "name", ["request-id", "x-ms-ags-diagnostic", "x-ms-resource-unit", "strict-transport-security", "date"]
)
def test_headers(reader: Graph, name: str) -> None:
    """Every answer carries Graph's headers."""
    assert reader.get("/applications?$top=1").headers[name]


@fact("resource units", source="AZ-APP, AZ-SP, AZ-GRANT, AZ-GROUP; throttling-limits 2025-01-14", grade="R")
@pytest.mark.parametrize(
    ("path", "units"),
    [
        ("/applications?$filter=appId eq '00000000-0000-0000-0000-000000000001'", 2),
        ("/applications?$select=id", 1),
        ("/applications?$expand=owners", 3),
        ("/applications?$top=5", 1),
        ("/applications?$top=5&$select=id&$expand=owners", 1),
        ("/applications/{application}", 1),
        ("/applications/{application}/owners", 1),
        ("/applications/{application}/federatedIdentityCredentials", 1),
        ("/servicePrincipals?$filter=appId eq '00000000-0000-0000-0000-000000000001'", 1),
        ("/servicePrincipals/{principal}/appRoleAssignments", 2),
        ("/servicePrincipals/{principal}/appRoleAssignments?$select=id", 1),
        ("/servicePrincipals/{principal}/appRoleAssignedTo", 1),
        ("/servicePrincipals/{principal}/transitiveMemberOf", 2),
        ("/oauth2PermissionGrants?$filter=clientId eq '00000000-0000-0000-0000-000000000001'", 2),
        ("/groups/{group}/members", 3),
        ("/groups/{group}/transitiveMembers", 5),
        ("/subscribedSkus", 3),
        ("/users", 2),
        ("/users?$top=20", 2),
    ],
)
def test_resource_units(graph: Graph, path: str, units: int) -> None:
    """A read costs what Microsoft's table lists and recordings show; its options change that."""
    application = graph.application()
    principal = graph.principal(application)
    group = graph.group()
    url = path.format(application=application["id"], principal=principal["id"], group=group["id"])
    response = graph.get(url)
    assert response.status_code == 200, response.text
    assert response.headers["x-ms-resource-unit"] == str(units)


@fact("resource units of actions", source="AZ-GROUP; throttling-limits 2025-01-14", grade="R")
@pytest.mark.parametrize(
    ("action", "body", "units"),
    [
        ("/directoryObjects/getByIds", {"ids": ["{group}"]}, 3),
        ("/directoryObjects/getByIds?$select=id", {"ids": ["{group}"]}, 2),
        ("/servicePrincipals/{principal}/checkMemberGroups", {"groupIds": ["{group}"]}, 4),
        ("/servicePrincipals/{principal}/getMemberGroups", {"securityEnabledOnly": False}, 2),
        ("/applications/{application}/addPassword", {}, 1),
    ],
)
def test_resource_units_of_actions(graph: Graph, action: str, body: dict[str, Any], units: int) -> None:
    """Reads by POST cost more than a write."""
    application = graph.application()
    ids = {"application": application["id"], "principal": graph.principal(application)["id"]}
    ids["group"] = graph.group()["id"]
    sent = {name: [ids["group"]] if isinstance(value, list) else value for name, value in body.items()}
    assert graph.post(action.format(**ids), sent).headers["x-ms-resource-unit"] == str(units)


@fact("context of lists and entities", source="AZ-APP", grade="R")
def test_context(graph: Graph) -> None:
    """The context names the collection, the entity and the selected properties."""
    app = graph.application()
    assert app["@odata.context"].endswith("/v1.0/$metadata#applications/$entity")
    assert graph.get("/applications").json()["@odata.context"].endswith("/v1.0/$metadata#applications")
    assert (
        graph.get("/users?$select=id,displayName").json()["@odata.context"].endswith("#users(id,displayName)")
    )


@fact("a path may begin with the caller's tenant", source="PNP", grade="C", verdict="uncertain")
@pytest.mark.parametrize("name", ["myorganization", "contoso.com"])
def test_tenant_first(reader: Graph, name: str) -> None:
    """`myorganization`, the tenant's id and each of its verified domains: the same resources."""
    tenant_id = reader.get("/organization").json()["value"][0]["id"]
    found = reader.get("/users?$top=1").json()
    for first in (name, name.upper(), tenant_id):
        assert reader.get(f"/{first}/users?$top=1").json()["value"] == found["value"]
    assert reader.batch({"method": "GET", "url": f"/{name}/users?$top=1"})["1"]["status"] == 200


@fact(
    "a path that begins with another tenant",
    source="PNP; the answer was not seen",
    grade="S",
    verdict="uncertain",
)
def test_another_tenant_first(reader: Graph) -> None:
    """The token is of one tenant: the path is one that Graph does not have."""
    for first in ("fabrikam.com", "22222222-2222-2222-2222-222222222222", "example.org"):
        refused(reader.get(f"/{first}/users"), 400, "BadRequest", f"segment '{first}'")


@fact("Location of a create is an internal URL", source="AZ-APP, AZ-SMR", grade="R")
def test_location(graph: Graph) -> None:
    """The Location of a create leads to the directory's own address, not to v1.0."""
    response = graph.post("/applications", {"displayName": "located"})
    tail = f"/directoryObjects/{response.json()['id']}/Microsoft.DirectoryServices.Application"
    assert response.headers["location"].startswith("https://graph.microsoft.com/v2/")
    assert response.headers["location"].endswith(tail)
    graph.delete(f"/applications/{response.json()['id']}")


@fact("error body", source="AZ-APP", grade="R")
def test_error_body(reader: Graph) -> None:
    """An error has code, message and innerError, whose date has neither fraction nor Z."""
    missing = "00000000-0000-0000-0000-00000000dead"
    response = reader.get(f"/applications/{missing}")
    error = refused(response, 404, "Request_ResourceNotFound")
    text = (
        f"Resource '{missing}' does not exist or one of its queried reference-property objects are not "
        "present."
    )
    assert error["message"] == text
    assert list(error) == ["code", "message", "innerError"]
    inner = error["innerError"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", inner["date"])
    assert inner["client-request-id"] == inner["request-id"] == response.headers["request-id"]
    assert response.headers["content-type"].startswith("application/json")


@fact("client-request-id is echoed inside errors", source="AZ-APP", grade="R")
def test_client_request_id(reader: Graph) -> None:
    """The caller's own request id comes back in the error."""
    own = "6c8f3a43-8a1f-4c94-9d0e-5a5ff4a5b7f0"
    response = reader.get("/applications/00000000-0000-0000-0000-00000000dead", client_request_id=own)
    assert response.json()["error"]["innerError"]["client-request-id"] == own


@fact("id that is no GUID", source="", grade="S", verdict="uncertain")
def test_invalid_id(reader: Graph) -> None:
    """A path segment that is no GUID is refused as such."""
    refused(
        reader.get("/applications/nonsense"),
        400,
        "Request_BadRequest",
        "Invalid object identifier 'nonsense'.",
    )
    refused(reader.get("/applications/*"), 400, "Request_BadRequest", "Invalid object identifier '*'.")


@fact("method not allowed", source="json-batching documentation", grade="D")
def test_method_not_allowed(reader: Graph) -> None:
    """A method that the target does not have is 405."""
    text = "Specified HTTP method is not allowed for the request target."
    refused(reader.send("PUT", "/applications", {}), 405, "Request_BadRequest", text)


@fact("empty token", source="", grade="S", verdict="uncertain")
def test_no_token(reader: Graph) -> None:
    """A request without a token is 401."""
    response = reader.send("GET", "/applications", headers={"Authorization": ""})
    refused(response, 401, "InvalidAuthenticationToken", "Access token is empty.")


@fact("path segments are case-insensitive", source="AZ-GRANT", grade="R")
def test_path_case(reader: Graph) -> None:
    """Collections are found however they are spelled."""
    assert reader.get("/oAuth2PermissionGrants").status_code == 200


@fact("a doubled slash after the version is collapsed", source="msgraph-sdk", grade="R")
def test_doubled_slash(reader: Graph) -> None:
    """The SDK's default base URL ends in a slash, and works."""
    assert reader.get("/v1.0//applications").status_code == 200


@fact("errors of the router are JSON", source="msgraph-sdk", grade="R")
def test_unknown_path(reader: Graph) -> None:
    """What is not there is refused in Graph's form."""
    response = reader.get("/nothingOfTheKind")
    assert response.status_code in {400, 404}
    assert response.headers["content-type"].startswith("application/json")
    assert response.json()["error"]["message"]


@fact("a body names its type", source="msgraph-cli#258, msgraph-sample-pythondjangoapp#22", grade="R")
def test_content_types(graph: Graph) -> None:
    """A body is JSON and says so, with or without parameters; where it does not, it is refused, and
    nothing is made.
    """
    name = graph.application()["displayName"] + " typed"
    content = json.dumps({"displayName": name})

    def sent(headers: dict[str, str]) -> httpx.Response:
        return graph.send("POST", "/v1.0/applications", None, headers, content=content)

    text = "Write requests (excluding DELETE) must contain the Content-Type header declaration."
    refused(sent({}), 400, "BadRequest", text)
    text = "Entity only allows writes with a JSON Content-Type header."
    for kind in ("text/plain", "application/x-www-form-urlencoded", "image/png", "text/json", "json"):
        refused(sent({"Content-Type": kind}), 400, "BadRequest", text)
    assert graph.get(f"/applications?$filter=displayName eq '{name}'").json()["value"] == []
    for kind in (
        "application/json",
        "Application/JSON; odata.metadata=minimal",
        "application/json;charset=UTF-8",
    ):
        assert sent({"Content-Type": kind}).status_code == 201
    for app in graph.get(f"/applications?$filter=displayName eq '{name}'").json()["value"]:
        graph.delete(f"/applications/{app['id']}")


@fact("a body that is no JSON", source="RFC 8259; the words as for any body that cannot be read", grade="D")
@pytest.mark.parametrize(
    "content",
    [
        b'{"displayName": "x", "tags": [NaN]}',
        b'{"displayName": "\\ud800"}',
        b'{"displayName": "\\udc00\\ud800"}',
        b'{"displayName": "x", "tags": ["\\ud83d"]}',
        '{"displayName": "x"}'.encode("utf-16"),
        b'{"displayName": "\xff"}',
        b'{"displayName": "x"',
        b"displayName=x",
    ],
)
def test_unreadable(graph: Graph, content: bytes) -> None:
    """Numbers that JSON has not, half a surrogate pair, another encoding than UTF-8: refused, for they
    could not be shown.
    """
    response = graph.send(
        "POST", "/v1.0/applications", None, {"Content-Type": "application/json"}, content=content
    )
    refused(response, 400, "BadRequest", "Unable to read JSON request payload.")


@fact(
    "a body that no method takes",
    source="RFC 9110 9.3.1: content of a GET has no meaning",
    grade="S",
    verdict="uncertain",
)
def test_body_of_a_read(graph: Graph) -> None:
    """What stands in the body of a GET or DELETE is not read, JSON or not, of whatever size."""
    app = graph.application()
    for content in (b"no JSON", b"x" * (4 * 1024 * 1024 + 1)):
        assert graph.send("GET", f"/v1.0/applications/{app['id']}", content=content).status_code == 200
    assert graph.send("DELETE", f"/v1.0/applications/{app['id']}", content=b"no JSON").status_code == 204


@fact("a body that is too large", source="python-o365#308, microsoft-graph-docs#11806", grade="R")
def test_too_large(graph: Graph) -> None:
    """Four megabytes are read, more are not, whatever they are."""
    path, headers = "/v1.0/applications", {"Content-Type": "application/json"}
    large = b'{"displayName": "x", "tags": []}' + b" " * (4 * 1024 * 1024)
    text = "The maximum request length supported is 4MB."
    refused(graph.send("POST", path, None, headers, content=large), 413, "BadRequest", text)
    refused(graph.send("POST", "/v1.0/$batch", None, headers, content=large), 413, "BadRequest", text)
    response = graph.send("POST", path, None, headers, content=large[: 4 * 1024 * 1024])
    assert response.status_code == 201
    graph.delete(f"/applications/{response.json()['id']}")
