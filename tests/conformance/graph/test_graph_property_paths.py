"""A property of an object, read by a path of its own."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.conformance.graph_client import NOBODY, Graph, refused, role

fact = pytest.mark.fact
DOCUMENTED = "authenticationbehaviors-get documentation, OData 4.01"


def value_of(graph: Graph, path: str, **headers: str) -> dict[str, Any]:
    """Return the body of a property."""
    response = graph.get(path, **headers)
    assert response.status_code == 200, response.text
    return dict(response.json())


@fact("a property of an object by a path of its own", source=DOCUMENTED, grade="D")
def test_property(graph: Graph) -> None:
    """A list, a text, and a part of a complex property are under `value`; a complex one has its own names."""
    reader = role("Reader")
    app = graph.application(
        web={"redirectUris": ["https://a.example/1"], "homePageUrl": "https://a.example"}, appRoles=[reader]
    )
    principal = graph.principal(app)
    path = f"/applications/{app['id']}"
    at = f"$metadata#applications('{app['id']}')"

    names = value_of(graph, f"{path}/displayName")
    assert names == {"@odata.context": names["@odata.context"], "value": app["displayName"]}
    assert names["@odata.context"].endswith(f"{at}/displayName")
    assert value_of(graph, f"{path}/APPROLES")["value"] == app["appRoles"]
    web = value_of(graph, f"{path}/web")
    assert web.pop("@odata.context").endswith(f"{at}/web")
    assert web == graph.get(path).json()["web"]
    assert value_of(graph, f"{path}/web/redirectUris")["value"] == ["https://a.example/1"]
    assert value_of(graph, f"{path}/web/redirectUris")["@odata.context"].endswith(f"{at}/web/redirectUris")
    by_key = value_of(graph, f"/servicePrincipals(appId='{app['appId']}')/appRoles")
    assert [item["value"] for item in by_key["value"]] == ["Reader"]
    assert f"servicePrincipals('{principal['id']}')" in by_key["@odata.context"]


@fact("the plain value of a property", source="OData", grade="D")
def test_plain_value(graph: Graph) -> None:
    """`$value` asks for a text, a number or a truth value without JSON around it."""
    app = graph.application(isDeviceOnlyAuthSupported=False)
    path = f"/applications/{app['id']}"
    for name, text in (("displayName", app["displayName"]), ("isDeviceOnlyAuthSupported", "false")):
        response = graph.get(f"{path}/{name}/$value")
        assert (response.status_code, response.text) == (200, text)
        assert response.headers["content-type"].startswith("text/plain")
    for name in ("web", "appRoles"):
        assert graph.get(f"{path}/{name}/$value").status_code >= 400


@fact("a property that is null, by a path of its own", source=DOCUMENTED, grade="D", verdict="uncertain")
@pytest.mark.parametrize("name", ["description", "description/$value", "info/logoUrl", "optionalClaims"])
def test_null(graph: Graph, name: str) -> None:
    """It has no content."""
    response = graph.get(f"/applications/{graph.application()['id']}/{name}")
    assert (response.status_code, response.content) == (204, b"")


@fact("a property of the caller", source=DOCUMENTED, grade="D")
def test_own_property(as_user: Callable[..., Graph]) -> None:
    """`/me` has properties as the user has."""
    alice = as_user("alice@contoso.com", "User.Read")
    assert alice.get("/me/userPrincipalName/$value").text == "alice@contoso.com"
    assert "#users('" in value_of(alice, "/me/displayName")["@odata.context"]


@fact("the path of a property needs what its object needs", source=DOCUMENTED, grade="D")
def test_access(graph: Graph, as_app: Callable[..., Graph]) -> None:
    """A caller who may not read the object is refused, and so is an object that is not there."""
    path = f"/applications/{graph.application()['id']}/displayName"
    refused(as_app("User.Read.All").get(path), 403, "Authorization_RequestDenied")
    assert as_app("Application.Read.All").get(path).status_code == 200
    refused(graph.get(f"/applications/{NOBODY}/displayName"), 404, "Request_ResourceNotFound")


@fact("the path of a property that only the beta endpoint has", source="OData", grade="D")
def test_beta(graph: Graph) -> None:
    """It is unknown to version 1.0."""
    path = f"/servicePrincipals/{graph.principal(graph.application())['id']}/samlMetadataUrl"
    refused(graph.get(path), 400, "BadRequest", "Resource not found for the segment 'samlMetadataUrl'.")
    assert graph.send("GET", f"/beta{path}").status_code == 204


@fact("a property by its path has no query options here", source="OData", grade="D", verdict="uncertain")
@pytest.mark.parametrize("option", ["$select=value", "$filter=value eq 'x'", "$top=1", "$expand=owners"])
def test_options(graph: Graph, option: str) -> None:
    """None is ignored silently."""
    app = graph.application(appRoles=[role()])
    refused(graph.get(f"/applications/{app['id']}/appRoles?{option}"), 400, "BadRequest")


@fact(
    "writing a property by its path",
    source="OData",
    grade="D",
    verdict="differs: 501; the object is changed by a PATCH of its own path",
)
@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_writes(graph: Graph, method: str) -> None:
    """It is refused, and nothing changes."""
    app = graph.application()
    path = f"/applications/{app['id']}/displayName"
    refused(graph.send(method, path, {"value": "other"}), 501, "NotImplemented")
    assert value_of(graph, path)["value"] == app["displayName"]
