"""Policies on sign-in and tokens: made, given to applications and service principals, taken back, removed."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.conformance.graph_client import Graph, refused

fact = pytest.mark.fact
PATH = "/policies/homeRealmDiscoveryPolicies"
DEFINITION = [
    '{"HomeRealmDiscoveryPolicy":{"AccelerateToFederatedDomain":true,"PreferredDomain":"federated.example.edu"}}'
]
SOURCE = "homerealmdiscoverypolicy, serviceprincipal-post-homerealmdiscoverypolicies documentation"
Writer = Callable[..., Graph]


def make(graph: Graph, **properties: Any) -> dict[str, Any]:
    """Make a policy and give what the create answered."""
    response = graph.post(PATH, {"displayName": "Realm", "definition": DEFINITION, **properties})
    assert response.status_code == 201, response.text
    return dict(response.json())


def link(policy: dict[str, Any]) -> dict[str, str]:
    """Write a reference to a policy."""
    return {"@odata.id": f"https://graph.microsoft.com/v1.0{PATH}/{policy['id']}"}


@fact("home realm discovery policies", source=SOURCE, grade="D")
def test_life(as_app: Writer) -> None:
    """A policy is made, found, changed, given to a service principal, listed at both ends, taken back and
    removed.
    """
    writer = as_app("Policy.ReadWrite.ApplicationConfiguration", "Application.ReadWrite.All")
    made = make(writer, description="d")
    assert (made["isOrganizationDefault"], made["definition"]) == (False, DEFINITION)
    path = f"{PATH}/{made['id']}"
    assert writer.patch(path, {"DisplayName": "Renamed", "isOrganizationDefault": True}).status_code == 204
    assert writer.get(path).json()["displayName"] == "Renamed"
    assert [row["id"] for row in writer.get(f"{PATH}?$filter=displayName eq 'renamed'").json()["value"]] == [
        made["id"]
    ]
    principal = writer.principal(writer.application())
    given = f"/servicePrincipals/{principal['id']}/homeRealmDiscoveryPolicies"
    assert writer.post(f"{given}/$ref", link(made)).status_code == 204
    assert [row["id"] for row in writer.get(given).json()["value"]] == [made["id"]]
    applies = writer.get(f"{path}/appliesTo").json()["value"]
    assert [(row["@odata.type"], row["id"]) for row in applies] == [
        ("#microsoft.graph.servicePrincipal", principal["id"])
    ]
    assert writer.delete(f"{given}/{made['id']}/$ref").status_code == 204
    assert writer.get(given).json()["value"] == []
    refused(writer.delete(f"{given}/{made['id']}/$ref"), 400, "Request_BadRequest", "do not exist")
    assert writer.post(f"{given}/$ref", link(made)).status_code == 204
    assert writer.delete(path).status_code == 204
    assert writer.get(given).json()["value"] == []
    refused(writer.get(path), 404, "Request_ResourceNotFound")
    refused(writer.post(f"{given}/$ref", link(made)), 404, "Request_ResourceNotFound")


@fact("home realm discovery policies: what is missing, and who may", source=SOURCE, grade="D")
def test_refusals(as_app: Writer, graph: Graph) -> None:
    """A policy needs a name and a definition; it is read and written by who may, an owner of one principal
    included.
    """
    writer = as_app("Policy.ReadWrite.ApplicationConfiguration")
    refused(writer.post(PATH, {"definition": DEFINITION}), 400, "Request_BadRequest", "'displayName'")
    refused(writer.post(PATH, {"displayName": "x"}), 400, "Request_BadRequest", "'definition'")
    refused(
        writer.post(PATH, {"displayName": "x", "definition": DEFINITION, "nonsense": 1}),
        400,
        "Request_BadRequest",
    )
    made = make(writer)
    refused(
        writer.patch(f"{PATH}/{made['id']}", {"definition": []}), 400, "Request_BadRequest", "'definition'"
    )
    refused(as_app("Directory.Read.All").get(PATH), 403, "Authorization_RequestDenied")
    refused(as_app("Policy.Read.All").post(PATH, {"displayName": "x"}), 403, "Authorization_RequestDenied")
    others = graph.principal(graph.application())["id"]
    owner = as_app("Policy.Read.All", "Application.ReadWrite.OwnedBy")
    own = owner.principal(owner.application())["id"]
    assert (
        owner.post(f"/servicePrincipals/{own}/homeRealmDiscoveryPolicies/$ref", link(made)).status_code == 204
    )
    of_others = f"/servicePrincipals/{others}/homeRealmDiscoveryPolicies/$ref"
    refused(owner.post(of_others, link(made)), 403, "Authorization_RequestDenied")
    refused(
        as_app("Application.ReadWrite.All").post(of_others, link(made)), 403, "Authorization_RequestDenied"
    )


@fact(
    "home realm discovery policies: one default, one for a principal, a definition that defines one",
    source=f"{SOURCE}; the answers were not seen",
    grade="D",
    verdict="uncertain",
)
def test_only_one(as_app: Writer) -> None:
    """A second default, a second policy of a principal and a definition of something else are refused."""
    writer = as_app("Policy.ReadWrite.ApplicationConfiguration", "Application.ReadWrite.All")
    first, second = make(writer, isOrganizationDefault=True), make(writer)
    refused(
        writer.patch(f"{PATH}/{second['id']}", {"isOrganizationDefault": True}),
        400,
        "Request_BadRequest",
        "conflicting",
    )
    given = (
        f"/servicePrincipals/{writer.principal(writer.application())['id']}/homeRealmDiscoveryPolicies/$ref"
    )
    assert writer.post(given, link(first)).status_code == 204
    refused(writer.post(given, link(second)), 400, "Request_BadRequest", "conflicting")
    for wrong in ("nonsense", "[]", '{"TokenLifetimePolicy":{}}'):
        refused(
            writer.post(PATH, {"displayName": "x", "definition": [wrong]}),
            400,
            "Request_BadRequest",
            "'definition'",
        )


@fact(
    "claims-mapping, token issuance and token lifetime policies",
    source="claimsmappingpolicy, tokenissuancepolicy, tokenlifetimepolicy documentation",
    grade="D",
)
@pytest.mark.parametrize("kind", ["ClaimsMapping", "TokenIssuance", "TokenLifetime"])
def test_on_tokens(as_app: Writer, kind: str) -> None:
    """One of each kind is given beside a home realm discovery policy, and neither is in the other's list."""
    writer = as_app("Policy.ReadWrite.ApplicationConfiguration", "Application.ReadWrite.All")
    collection = f"{kind[0].lower()}{kind[1:]}Policies"
    body = {"displayName": kind, "definition": [f'{{"{kind}Policy":{{"Version":1}}}}']}
    made, realm = writer.post(f"/policies/{collection}", body).json(), make(writer)
    refused(
        writer.post(f"/policies/{collection}", {**body, "definition": DEFINITION}), 400, "Request_BadRequest"
    )
    app = writer.application()
    of_principal = f"/servicePrincipals/{writer.principal(app)['id']}"
    reference = {"@odata.id": f"https://graph.microsoft.com/v1.0/policies/{collection}/{made['id']}"}
    assert writer.post(f"{of_principal}/homeRealmDiscoveryPolicies/$ref", link(realm)).status_code == 204
    assert writer.post(f"{of_principal}/{collection}/$ref", reference).status_code == 204
    refused(writer.post(f"{of_principal}/{collection}/$ref", reference), 400, "Request_BadRequest")
    assert [row["id"] for row in writer.get(f"{of_principal}/{collection}").json()["value"]] == [made["id"]]
    refused(
        writer.delete(f"{of_principal}/{collection}/{realm['id']}/$ref"),
        400,
        "Request_BadRequest",
        "do not exist",
    )
    of_application = writer.post(f"/applications/{app['id']}/{collection}/$ref", reference)
    assert of_application.status_code == (400 if kind == "ClaimsMapping" else 204)
    assert writer.delete(f"/policies/{collection}/{made['id']}").status_code == 204
    assert writer.get(f"{of_principal}/{collection}").json()["value"] == []
