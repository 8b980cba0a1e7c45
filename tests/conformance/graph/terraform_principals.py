"""A service principal's life as Terraform leads it, and an assignment's: functions that send the
provider's requests.
"""

import uuid
from typing import Any

from tests.conformance.graph.terraform import Terraform, destroy
from tests.conformance.graph.terraform_applications import OF_APP, create_application, role

PRINCIPAL = "/v1.0/servicePrincipals"
OF_PRINCIPAL = f"{PRINCIPAL}/{{id}}"
ASSIGNED = f"{OF_PRINCIPAL}/appRoleAssignedTo"
GRANTS = "/v1.0/oauth2PermissionGrants"


def create_principal(tf: Terraform, app_id: str) -> str:
    """Create a service principal as the provider does; return its id."""
    bound = [f"https://graph.microsoft.com/v1.0/directoryObjects/{tf.me}"]
    values = {
        "accountEnabled": True,
        "appId": app_id,
        "appRoleAssignmentRequired": False,
        "owners@odata.bind": bound,
    }
    values["@odata.type"] = "#microsoft.graph.servicePrincipal"
    assert tf.call(200, "GET", PRINCIPAL, query="$filter=appId eq '…'", values=(app_id,))["value"] == []
    made = tf.write(201, 51, **values, description=f"TERRAFORM_UPDATE_{uuid.uuid4()}")
    tf.write(204, 54, made["id"], description=None)
    tf.call(204, "DELETE", f"{OF_PRINCIPAL}/owners/{{id}}/$ref", made["id"], tf.me)
    return str(made["id"])


def plan_principal(tf: Terraform, object_id: str) -> dict[str, Any]:
    """Read a service principal as each plan does."""
    principal = tf.call(200, "GET", OF_PRINCIPAL, object_id)
    tf.call(200, "GET", "/beta/servicePrincipals/{id}", object_id, query="$select=samlMetadataUrl")
    owners = tf.call(200, "GET", f"{OF_PRINCIPAL}/owners", object_id)["value"]
    return {**principal, "owners": [owner["id"] for owner in owners]}


def lead_principal(tf: Terraform) -> None:
    """Lead a service principal with owners and a grant, edited by hand and repaired; Microsoft's own
    stays.
    """
    alice = tf.graph.get("/users/alice@contoso.com").json()["id"]
    app = create_application(tf, "tf-principal")
    object_id = create_principal(tf, app["appId"])
    assert plan_principal(tf, object_id)["owners"] == []
    tf.write(
        204, 61, object_id, **{"@odata.id": f"https://graph.microsoft.com/v1.0/directoryObjects/{alice}"}
    )
    assert plan_principal(tf, object_id)["owners"] == [alice]
    tf.call(204, "DELETE", f"{OF_PRINCIPAL}/owners/{{id}}/$ref", object_id, alice)
    settings = {"accountEnabled": True, "appRoleAssignmentRequired": True, "notes": "n"}
    tf.write(204, 55, object_id, **settings)
    assert (
        tf.graph.patch(
            f"/servicePrincipals/{object_id}", {"notes": "by hand", "accountEnabled": False}
        ).status_code
        == 204
    )
    drifted = plan_principal(tf, object_id)
    assert (drifted["notes"], drifted["accountEnabled"]) == ("by hand", False)
    tf.write(204, 56, object_id, **settings, relayState="x")
    repaired = plan_principal(tf, object_id)
    assert (repaired["notes"], repaired["accountEnabled"], repaired["appRoleAssignmentRequired"]) == (
        "n",
        True,
        True,
    )
    graph = tf.call(
        200, "GET", PRINCIPAL, query="$filter=appId eq '…'", values=("00000003-0000-0000-c000-000000000000",)
    )
    resource = graph["value"][0]["id"]
    grant = tf.write(
        201, 47, clientId=object_id, consentType="AllPrincipals", resourceId=resource, scope="User.Read"
    )
    assert tf.call(200, "GET", f"{GRANTS}/{{id}}", grant["id"])["scope"] == "User.Read"
    tf.call(204, "DELETE", f"{GRANTS}/{{id}}", grant["id"])
    tf.call(404, "GET", f"{GRANTS}/{{id}}", grant["id"])
    tf.call(403, "DELETE", OF_PRINCIPAL, resource)
    destroy(tf, OF_PRINCIPAL, object_id)
    destroy(tf, OF_APP, app["id"])


def lead_assignment(tf: Terraform) -> None:
    """Lead a role of one application's, given to another's service principal, taken away by hand, given
    again, destroyed.
    """
    api = create_application(tf, "tf-api", 27, appRoles=[role("Reader")])
    client = create_application(tf, "tf-client")
    resource, principal = create_principal(tf, api["appId"]), create_principal(tf, client["appId"])
    values = {"appRoleId": role("Reader")["id"], "principalId": principal, "resourceId": resource}
    assert plan_principal(tf, resource)["appRoles"][0]["value"] == "Reader"
    made = tf.write(201, 57, resource, **values)
    one = f"{ASSIGNED}/{{id}}"
    assert tf.call(200, "GET", one, resource, made["id"])["principalId"] == principal
    assert (
        tf.graph.delete(f"/servicePrincipals/{principal}/appRoleAssignments/{made['id']}").status_code == 204
    )
    tf.call(404, "GET", one, resource, made["id"])
    again = tf.write(201, 57, resource, **values)
    tf.call(204, "DELETE", one, resource, again["id"])
    tf.call(404, "GET", one, resource, again["id"])
    for principal_id, app in ((resource, api), (principal, client)):
        destroy(tf, OF_PRINCIPAL, principal_id)
        destroy(tf, OF_APP, app["id"])
