"""Random filters, bodies and batches: whatever comes, Graph refuses or answers, and never fails."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conformance.graph_client import Graph

fact = pytest.mark.fact
QUICK = settings(max_examples=60)

NAMES = [
    "displayName",
    "appId",
    "tags",
    "id",
    "identifierUris",
    "nothing",
    "owners/$count",
    "t",
    "t/x",
    "createdDateTime",
    "$count",
]
OPERATORS = [
    "eq",
    "ne",
    "ge",
    "in",
    "has",
    "not",
    "and",
    "or",
    "any(",
    "all(",
    "startswith(",
    "endswith(",
    "contains(",
]
LITERALS = [
    "'x'",
    "'it''s'",
    "null",
    "true",
    "5",
    "-1.5",
    "2024-01-01",
    "2024-01-01T00:00:00Z",
    "(",
    ")",
    ":",
    ",",
    "'",
    "[",
]
words = st.sampled_from(NAMES + OPERATORS + LITERALS)
filters = st.lists(words, max_size=14).map(" ".join) | st.text(max_size=60)
values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
properties = st.sampled_from(
    [
        "displayName",
        "appRoles",
        "api",
        "web",
        "spa",
        "tags",
        "identifierUris",
        "keyCredentials",
        "passwordCredentials",
        "requiredResourceAccess",
        "optionalClaims",
        "uniqueName",
        "signInAudience",
        "owners@odata.bind",
        "info",
        "x",
    ]
)
paths = st.sampled_from(
    [
        "/applications",
        "/servicePrincipals",
        "/groups",
        "/users",
        "/oauth2PermissionGrants",
        "/applications/{}",
        "/applications/{}/owners/$ref",
        "/applications/{}/addPassword",
        "/applications/{}/removePassword",
        "/applications/{}/federatedIdentityCredentials",
        "/applications(uniqueName='x')",
        "/applications(nothing='x')",
        "/servicePrincipals/{}/appRoleAssignedTo",
        "/directoryObjects/getByIds",
        "/directoryObjects/{}/checkMemberGroups",
        "/directory/deletedItems/{}/restore",
        "/directory/deletedItems/{}",
        "/$batch",
        "/me",
        "/nothing",
    ]
)


@fact("random filters", source="this project", grade="C")
@QUICK
@given(
    text=filters,
    advanced=st.booleans(),
    collection=st.sampled_from(["applications", "servicePrincipals", "auditLogs/directoryAudits"]),
)
def test_filters(emulated: Graph, text: str, advanced: bool, collection: str) -> None:
    """A filter is answered with 200 or refused with 400."""
    headers = {"ConsistencyLevel": "eventual"} if advanced else {}
    params = {"$filter": text, "$count": "true"}
    response = emulated.send("GET", f"/{collection}", headers=headers, params=params)
    assert response.status_code in {200, 400}, response.text


@fact("random query options", source="this project", grade="C")
@QUICK
@given(
    options=st.dictionaries(
        st.sampled_from(
            ["$select", "$expand", "$orderby", "$top", "$skiptoken", "$search", "$count", "$unknown", "x"]
        ),
        st.text(max_size=20),
        max_size=4,
    )
)
def test_options(emulated: Graph, options: dict[str, str]) -> None:
    """Query options are served or refused."""
    for path in (
        "/applications",
        "/groups",
        "/directory/deletedItems/microsoft.graph.application",
        "/auditLogs/directoryAudits",
    ):
        response = emulated.send("GET", path, params=options, headers={"ConsistencyLevel": "eventual"})
        assert response.status_code in {200, 400}, response.text


@fact("random bodies", source="this project", grade="C")
@QUICK
@given(
    method=st.sampled_from(["GET", "POST", "PATCH", "DELETE", "PUT"]),
    path=paths,
    body=st.dictionaries(properties, values, max_size=4) | values,
)
def test_bodies(emulated: Graph, method: str, path: str, body: Any) -> None:
    """A request is served or refused, whatever its body holds; 501 says what the emulator has not."""
    app = emulated.get("/applications?$top=1&$select=id").json()["value"]
    target = path.format(app[0]["id"] if app else "00000000-0000-4000-8000-00000000dead")
    response = emulated.send(method, target, body)
    assert response.status_code < 500 or response.json()["error"]["code"] == "NotImplemented", response.text
    assert response.status_code == 204 or response.json()


@fact("random batches", source="this project", grade="C")
@QUICK
@given(
    requests=st.lists(
        st.fixed_dictionaries(
            {
                "id": st.text(max_size=2),
                "method": st.sampled_from(["GET", "PATCH", "POST", "x"]),
                "url": paths | st.text(max_size=15),
            },
            optional={
                "dependsOn": st.lists(st.text(max_size=2), max_size=2),
                "body": values,
                "headers": values | st.just({"Content-Type": "application/json"}),
            },
        ),
        max_size=6,
    )
)
def test_batches(emulated: Graph, requests: list[dict[str, Any]]) -> None:
    """A batch is 200 or 400, and no part fails; 501 says what the emulator has not."""
    response = emulated.post("/$batch", {"requests": requests})
    assert response.status_code in {200, 400}, response.text
    if response.status_code == 200:
        assert all(item["status"] < 500 or item["status"] == 501 for item in response.json()["responses"])


@fact("bodies that are no JSON", source="msgraph-sdk", grade="R")
@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"null", b'"x"'])
def test_no_json(emulated: Graph, content: bytes) -> None:
    """What is no JSON object is refused in Graph's form."""
    response = emulated.send("POST", "/applications", content=content)
    assert response.status_code == 400
    assert response.json()["error"]["code"]
