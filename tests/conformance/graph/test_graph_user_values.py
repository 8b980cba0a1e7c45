"""Values of a user that Graph's documentation rules out: each is refused, and the user stays as it was."""

import uuid
from typing import Any

import pytest

from tests.conformance.graph_client import Graph, refused

fact = pytest.mark.fact
ALICE = "alice@contoso.com"
LENGTHS = {
    "city": 128,
    "companyName": 64,
    "country": 128,
    "department": 64,
    "displayName": 256,
    "employeeId": 16,
    "givenName": 64,
    "jobTitle": 128,
    "mailNickname": 64,
    "mobilePhone": 64,
    "postalCode": 40,
    "state": 128,
    "streetAddress": 1024,
    "surname": 64,
}


def _person(**more: Any) -> dict[str, Any]:
    name = f"conf{uuid.uuid4().hex[:8]}"
    profile = {"password": "Conformance-1-Password"}
    body = {"accountEnabled": True, "displayName": name, "mailNickname": name, "passwordProfile": profile}
    return {**body, "userPrincipalName": f"{name}@contoso.com", **more}


@fact(
    "lengths of a user's texts",
    source="user documentation, msgraph-sdk-dotnet#1453",
    grade="R",
    verdict="uncertain",
)
@pytest.mark.parametrize("name", LENGTHS)
def test_lengths(graph: Graph, name: str) -> None:
    """The longest that is documented is taken, one more is not."""
    before = graph.get(f"/users/{ALICE}?$select={name}").json()[name]
    text = f"The {name} should be between 1 and {LENGTHS[name]} characters."
    refused(
        graph.patch(f"/users/{ALICE}", {name: "x" * (LENGTHS[name] + 1)}), 400, "Request_BadRequest", text
    )
    assert graph.get(f"/users/{ALICE}?$select={name}").json()[name] == before
    assert graph.patch(f"/users/{ALICE}", {name: "x" * LENGTHS[name]}).status_code == 204
    assert graph.patch(f"/users/{ALICE}", {name: ""}).status_code == 400
    assert graph.get(f"/users/{ALICE}?$select={name}").json()[name] == "x" * LENGTHS[name]
    if before is not None:
        graph.patch(f"/users/{ALICE}", {name: before})


@fact(
    "a user's principal name",
    source="user documentation, username policies; the words were not seen",
    grade="D",
    verdict="uncertain",
)
@pytest.mark.parametrize(
    "local",
    [
        "",
        "a b",
        "a@b",
        "ä",
        "a/b",
        "a(b)",
        'a"b',
        ".a",
        "a.",
        "a*b",
        "a+b",
        "x" * 65,
        "<script>",
        "a\u0000",
        "a\n",
    ],
)
def test_principal_names(graph: Graph, local: str) -> None:
    """Letters, digits and six marks, 64 at most, no dot at either end: neither made nor changed otherwise."""
    name = f"{local}@contoso.com"
    text = "Property userPrincipalName is invalid."
    refused(graph.post("/users", _person(userPrincipalName=name)), 400, "Request_BadRequest", text)
    refused(graph.patch(f"/users/{ALICE}", {"userPrincipalName": name}), 400, "Request_BadRequest", text)
    for other in (5, None, "contoso.com", "a@", f"a@{'x' * 45}.com", "a@other.example"):
        assert graph.patch(f"/users/{ALICE}", {"userPrincipalName": other}).status_code == 400
    assert graph.get(f"/users/{ALICE}").json()["userPrincipalName"] == ALICE


@fact(
    "a user's addresses and numbers",
    source="user documentation; the words were not seen",
    grade="D",
    verdict="uncertain",
)
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("mail", "nobody"),
        ("mail", "a b@contoso.com"),
        ("mail", "ä@contoso.com"),
        ("otherMails", ["nobody"]),
        ("otherMails", [""]),
        ("otherMails", ["x" * 250 + "@y.example"]),
        ("businessPhones", ["1", "2"]),
        ("mailNickname", "a b"),
        ("mailNickname", "a@b"),
        ("mailNickname", "ä"),
        ("identities", [{"signInType": "emailAddress", "issuer": "contoso.onmicrosoft.com"}]),
        ("identities", [{"issuerAssignedId": "x"}]),
        ("employeeHireDate", "x"),
        ("employeeHireDate", "2026-02-30T00:00:00Z"),
        ("employeeHireDate", "2026-02-03"),
        ("employeeHireDate", "2026-02-03T00:00:00"),
        ("id", "5b7a1f7e-31c4-4b0e-9d53-0d3c8d1f2a6b"),
    ],
)
def test_addresses(graph: Graph, name: str, value: Any) -> None:
    """Addresses have an @ and no accents, one business phone, whole identities, moments with a zone, an id
    of Graph's own.
    """
    refused(graph.post("/users", _person(**{name: value})), 400, "Request_BadRequest")
    refused(graph.patch(f"/users/{ALICE}", {"city": "changed", name: value}), 400, "Request_BadRequest")
    assert graph.get(f"/users/{ALICE}?$select=city").json()["city"] != "changed"


@fact("moments", source="OData: DateTimeOffset", grade="D")
@pytest.mark.parametrize(
    "moment", ["2026-02-03T00:00:00Z", "2026-02-03T00:00Z", "2026-02-03T01:00:00.1234567+01:00"]
)
def test_moments(graph: Graph, moment: str) -> None:
    """A day, a time and a zone, with or without fractions."""
    assert graph.patch(f"/users/{ALICE}", {"employeeHireDate": moment}).status_code == 204
