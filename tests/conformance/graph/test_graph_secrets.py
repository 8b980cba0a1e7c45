"""Secrets of applications and service principals: made by actions only, shown once, removed."""

import uuid

import pytest

from tests.conformance.graph_client import Graph, refused

fact = pytest.mark.fact


@fact("new secrets in a PATCH are refused", source="msgraph-sdk-dotnet#2788", grade="R")
def test_secrets_by_patch(graph: Graph) -> None:
    """Secrets come by actions only: neither the first, nor one more among those of a whole application
    that was fetched.
    """
    app = graph.application()
    path, mine = f"/applications/{app['id']}", {"displayName": "mine"}
    text = "New password credentials must be generated using service actions."
    refused(graph.patch(path, {"passwordCredentials": [mine]}), 400, "Request_BadRequest", text)
    graph.post(f"{path}/addPassword", {"passwordCredential": {"displayName": "theirs"}})
    fetched = {name: value for name, value in graph.get(path).json().items() if name[0] != "@"}
    whole = {**fetched, "passwordCredentials": [*fetched["passwordCredentials"], mine]}
    refused(graph.patch(path, whole), 400, "Request_BadRequest", text)
    assert [each["displayName"] for each in graph.get(path).json()["passwordCredentials"]] == ["theirs"]


@fact("addPassword and removePassword", source="AZ-SMR, AZ-CRED", grade="R")
def test_passwords(graph: Graph) -> None:
    """A secret is told once, newest first in reads, and gone after its removal."""
    app = graph.application()
    path = f"/applications/{app['id']}"
    first = graph.post(f"{path}/addPassword", {"passwordCredential": {"displayName": "key1"}})
    assert first.status_code == 200
    body = first.json()
    assert list(body) == [
        "@odata.context",
        "customKeyIdentifier",
        "displayName",
        "endDateTime",
        "hint",
        "keyId",
        "secretText",
        "startDateTime",
    ]
    assert body["secretText"].startswith(body["hint"])
    assert int(body["endDateTime"][:4]) == int(body["startDateTime"][:4]) + 2
    second = graph.post(
        f"{path}/addPassword", {"passwordCredential": {"endDateTime": "2100-12-31T11:59:59Z"}}
    ).json()
    assert second["endDateTime"] == "2100-12-31T11:59:59Z"
    listed = graph.get(path).json()["passwordCredentials"]
    assert [item["keyId"] for item in listed] == [second["keyId"], body["keyId"]]
    assert {item["secretText"] for item in listed} == {None}
    assert graph.post(f"{path}/removePassword", {"keyId": body["keyId"]}).status_code == 204
    assert [item["keyId"] for item in graph.get(path).json()["passwordCredentials"]] == [second["keyId"]]


@fact("actions are called by their qualified names too", source="AZPS", grade="R")
def test_qualified_names(graph: Graph) -> None:
    """As by the short ones, whatever their case; no other name may be qualified."""
    app = graph.application()
    path = f"/applications/{app['id']}"
    made = graph.post(f"{path}/microsoft.graph.addPassword", {"passwordCredential": {}})
    assert made.status_code == 200
    removal = {"keyId": made.json()["keyId"]}
    assert graph.post(f"{path}/Microsoft.Graph.removePassword", removal).status_code == 204
    graph.delete(path)
    restored = graph.post(f"/directory/deletedItems/{app['id']}/microsoft.graph.restore")
    assert restored.status_code == 200
    groups = graph.post("/me/microsoft.graph.nonsense")
    refused(groups, 400, "BadRequest")
    refused(graph.get(f"{path}/microsoft.graph.owners"), 400, "BadRequest")


@fact(
    "a secret keeps the caller's keyId, and times with an offset are answered in UTC",
    source="AZPS",
    grade="R",
)
def test_caller_s_key_id(graph: Graph) -> None:
    """With the fraction of a second that was sent; a second secret of the same id is refused."""
    app = graph.application()
    for path in (f"/applications/{app['id']}", f"/servicePrincipals/{graph.principal(app)['id']}"):
        key_id = str(uuid.uuid4())
        wanted = {"keyId": key_id, "startDateTime": "2026-01-01T08:05:26.1557753+08:00"}
        made = graph.post(f"{path}/addPassword", {"passwordCredential": wanted}).json()
        assert (made["keyId"], made["startDateTime"]) == (key_id, "2026-01-01T00:05:26.1557753Z")
        assert graph.get(path).json()["passwordCredentials"][0]["keyId"] == key_id
        for same in (key_id, key_id.upper()):
            again = {"passwordCredential": {**wanted, "keyId": same}}
            refused(graph.post(f"{path}/addPassword", again), 400, "Request_BadRequest")
        assert graph.post(f"{path}/removePassword", {"keyId": key_id.upper()}).status_code == 204
        again = {"passwordCredential": {**wanted, "keyId": key_id.upper()}}
        assert graph.post(f"{path}/addPassword", again).json()["keyId"] == key_id


@fact("secrets of service principals", source="AZ-SPCRED", grade="R")
def test_principal_secret(graph: Graph) -> None:
    """A service principal's secret has no hint and is not listed on the application."""
    app = graph.application()
    principal = graph.principal(app)
    made = graph.post(
        f"/servicePrincipals/{principal['id']}/addPassword", {"passwordCredential": {"displayName": "k"}}
    ).json()
    assert made["hint"] is None
    assert made["secretText"]
    assert graph.get(f"/applications/{app['id']}").json()["passwordCredentials"] == []
    assert (
        graph.post(
            f"/servicePrincipals/{principal['id']}/removePassword", {"keyId": made["keyId"]}
        ).status_code
        == 204
    )


@fact(
    "what Graph makes of a secret",
    source="ansible-collections/azure#2250, microsoft-graph-docs#6179; not all words were seen",
    grade="R",
    verdict="uncertain",
)
@pytest.mark.parametrize("name", ["secretText", "hint"])
def test_secrets(graph: Graph, name: str) -> None:
    """Text and hint of a secret are Graph's own: a client that brings them is refused, and gets no other
    secret instead.
    """
    value = str(uuid.uuid4())
    app = graph.application()
    paths = [f"/applications/{app['id']}", f"/servicePrincipals/{graph.principal(app)['id']}"]
    text = f"Property '{name}' is read-only and cannot be set."
    for path in paths:
        refused(
            graph.post(f"{path}/addPassword", {"passwordCredential": {name: value}}),
            400,
            "Request_BadRequest",
            text,
        )
        assert graph.get(path).json()["passwordCredentials"] == []
        kept = {"passwordCredential": {"customKeyIdentifier": "YWI=", name: None}}
        assert graph.post(f"{path}/addPassword", kept).json()["customKeyIdentifier"] == "YWI="
    if name == "secretText":
        text = "New password credentials must be generated using service actions."
    body = {"displayName": "conf secret", "passwordCredentials": [{name: value}]}
    refused(graph.post("/applications", body), 400, "Request_BadRequest", text)
    made = graph.post(
        "/applications", {**body, "displayName": "x", "passwordCredentials": [{"displayName": "s"}]}
    )
    (secret,) = made.json()["passwordCredentials"]
    assert (secret["displayName"], secret["secretText"][:3]) == ("s", secret["hint"])
    for wrong in ("x", ["x"], [{"nonsense": 1}], [{"displayName": 1}], {}, [{"endDateTime": "tomorrow"}]):
        refused(
            graph.post("/applications", {**body, "passwordCredentials": wrong}), 400, "Request_BadRequest"
        )
    assert graph.get("/applications?$filter=displayName eq 'conf secret'").json()["value"] == []
