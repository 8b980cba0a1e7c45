"""Permission grant policies and classified permissions: made, shown, removed."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.conformance.graph_client import NOBODY, Graph, refused, scope

fact = pytest.mark.fact


@fact(
    "permission grant policies are kept and shown",
    source="permissiongrantpolicy, permissiongrantconditionset documentation",
    grade="D",
)
def test_permission_grant_policies(as_app: Callable[..., Graph], graph: Graph) -> None:
    """A policy is made, named, given conditions and removed; Microsoft's own are there and nobody's to
    change.
    """
    writer = as_app("Policy.ReadWrite.PermissionGrant")
    path = "/policies/permissionGrantPolicies"
    assert writer.post(path, {"id": "ours", "DisplayName": "Ours"}).status_code == 201
    assert writer.patch(f"{path}/ours", {"description": "d"}).status_code == 204
    made = writer.post(
        f"{path}/ours/includes",
        {"permissionType": "delegated", "permissionClassification": "low", "permissions": None},
    ).json()
    assert (made["permissionClassification"], made["clientApplicationIds"]) == ("low", ["all"])
    for wrong in (
        {},
        {"permissionType": "delegatedUserConsentable"},
        {"permissionType": "delegated", "permissions": []},
    ):
        refused(writer.post(f"{path}/ours/includes", wrong), 400, "Request_BadRequest")
    body = writer.get(f"{path}/ours").json()
    assert (body["displayName"], body["description"], body["includes"], body["excludes"]) == (
        "Ours",
        "d",
        [_plain(made)],
        [],
    )
    assert writer.get(f"{path}/ours/includes").json()["value"] == [_plain(made)]
    excluded = writer.post(f"{path}/ours/EXCLUDES", {"permissionType": "application"}).json()
    assert writer.get(f"{path}/ours/excludes").json()["value"] == [_plain(excluded)]
    assert writer.delete(f"{path}/ours/includes/{made['id'].upper()}").status_code == 204
    refused(writer.delete(f"{path}/ours/includes/{made['id']}"), 404, "Request_ResourceNotFound", made["id"])
    assert writer.get(f"{path}/ours").json()["excludes"] == [_plain(excluded)]
    refused(writer.patch(f"{path}/ours", {"id": "other"}), 400, "Request_BadRequest", "read-only")
    assert writer.delete(f"{path}/ours").status_code == 204
    refused(writer.get(f"{path}/ours"), 404, "Request_ResourceNotFound")
    assert {"microsoft-user-default-legacy", "microsoft-user-default-low"} <= {
        item["id"] for item in writer.get(path).json()["value"]
    }
    refused(writer.delete(f"{path}/microsoft-user-default-low"), 403, "Authorization_RequestDenied")
    assert writer.get(f"{path}/MICROSOFT-user-default-low").status_code == 200
    for response in (
        writer.patch(f"{path}/microsoft-user-default-low", {"displayName": "x"}),
        writer.delete(f"{path}/microsoft-user-default-low/excludes/x"),
    ):
        refused(response, 403, "Authorization_RequestDenied")
    refused(writer.post(path, {"id": "microsoft-ours"}), 400, "Request_BadRequest")
    refused(writer.post(f"{path}/microsoft-company-admin/includes", {}), 403, "Authorization_RequestDenied")
    refused(graph.get(path), 403, "Authorization_RequestDenied")


def _plain(body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name[0] != "@"}


@fact(
    "classified permissions",
    source="delegatedpermissionclassification documentation",
    grade="D",
    verdict="uncertain",
)
def test_classifications(as_app: Callable[..., Graph], graph: Graph) -> None:
    """A permission is classified once, listed with its name, and no longer."""
    writer = as_app("Policy.ReadWrite.PermissionGrant", "Application.Read.All")
    permission = scope("items.read")
    principal = graph.principal(graph.application(api={"oauth2PermissionScopes": [permission]}))
    path = f"/servicePrincipals/{principal['id']}/delegatedPermissionClassifications"
    made = writer.post(path, {"permissionId": permission["id"], "classification": "low"})
    assert made.status_code == 201, made.text
    assert made.json()["permissionName"] == "items.read"
    assert writer.post(path, {"permissionId": permission["id"], "classification": "low"}).status_code == 400
    assert writer.post(path, {"permissionId": NOBODY, "classification": "low"}).status_code == 400
    assert [item["id"] for item in writer.get(path).json()["value"]] == [made.json()["id"]]
    other = (
        f"/servicePrincipals/{graph.principal(graph.application())['id']}/delegatedPermissionClassifications"
    )
    assert writer.get(other).json()["value"] == []
    refused(writer.delete(f"{other}/{made.json()['id']}"), 404, "Request_ResourceNotFound")
    assert writer.delete(f"{path}/{made.json()['id']}").status_code == 204
    assert writer.get(path).json()["value"] == []
    refused(
        graph.post(path, {"permissionId": permission["id"], "classification": "low"}),
        403,
        "Authorization_RequestDenied",
    )
