"""An application's life as Terraform leads it: functions that send the provider's requests."""

import uuid
from typing import Any

from tests.conformance.graph.terraform import Terraform, destroy

APP = "/v1.0/applications"
OF_APP = f"{APP}/{{id}}"
FEDERATED = f"{OF_APP}/federatedIdentityCredentials"


def role(value: str, **more: Any) -> dict[str, Any]:
    """Write a role as the provider does."""
    ids = {"id": str(uuid.uuid5(uuid.NAMESPACE_DNS, value)), "allowedMemberTypes": ["User", "Application"]}
    return {
        **ids,
        "description": f"{value}s",
        "displayName": value,
        "isEnabled": True,
        "value": value,
        **more,
    }


def scope(value: str, **more: Any) -> dict[str, Any]:
    """Write a scope as the provider does."""
    texts = dict.fromkeys(
        (
            "adminConsentDescription",
            "adminConsentDisplayName",
            "userConsentDescription",
            "userConsentDisplayName",
        ),
        value,
    )
    return {
        **texts,
        "id": str(uuid.uuid5(uuid.NAMESPACE_DNS, value)),
        "isEnabled": True,
        "type": "User",
        "value": value,
        **more,
    }


def create_application(tf: Terraform, name: str, number: int = 23, **values: Any) -> dict[str, Any]:
    """Create as the provider does: bound owner, another name and back, its own ownership taken away."""
    bound = [f"https://graph.microsoft.com/v1.0/directoryObjects/{tf.me}"]
    settings = {"signInAudience": "AzureADMyOrg", "@odata.type": "#microsoft.graph.application", **values}
    settings |= {"enableAccessTokenIssuance": False, "enableIdTokenIssuance": False}
    made = tf.write(201, number, displayName=name, **{"owners@odata.bind": bound}, **settings)
    for temporary in (f"TERRAFORM_UPDATE_{uuid.uuid4()}", name):
        tf.write(
            204, 30, made["id"], displayName=temporary, **{"@odata.type": "#microsoft.graph.application"}
        )
    if number != 24:
        tf.call(204, "DELETE", f"{OF_APP}/owners/{{id}}/$ref", made["id"], tf.me)
    return made


def plan_application(tf: Terraform, app_id: str) -> dict[str, Any]:
    """Read an application as each plan does; return it with its owners' ids."""
    app = tf.call(200, "GET", OF_APP, app_id)
    more = tf.call(200, "GET", "/beta/applications/{id}", app_id, query="$select=oauth2RequirePostResponse")
    owners = tf.call(200, "GET", f"{OF_APP}/owners", app_id)["value"]
    assert all(owner["@odata.type"].startswith("#microsoft.graph.") for owner in owners)
    return {**app, "beta": more["oauth2RequirePostResponse"], "owners": [owner["id"] for owner in owners]}


def lead_application(tf: Terraform) -> None:
    """Lead an application with roles, scopes, owners and federated credentials, edited by hand and
    repaired.
    """
    made = create_application(tf, "tf-app")
    app_id = str(made["id"])
    read = plan_application(tf, app_id)
    assert (read["displayName"], read["owners"], read["appRoles"]) == ("tf-app", [], [])
    tf.write(204, 3, app_id, oauth2RequirePostResponse=False)
    _change_permissions(tf, app_id)
    _change_owners(tf, app_id)
    _drift_and_repair(tf, app_id)
    lead_federated_credential(tf, app_id)
    destroy(tf, OF_APP, app_id)
    tf.call(404, "GET", f"{OF_APP}/owners", app_id, query="$filter=id eq '…'", values=(tf.me,))


SETTINGS = {
    "@odata.type": "#microsoft.graph.application",
    "displayName": "tf-app",
    "signInAudience": "AzureADMyOrg",
    "enableAccessTokenIssuance": False,
    "enableIdTokenIssuance": False,
}


def _change_permissions(tf: Terraform, app_id: str) -> None:
    tf.write(204, 32, app_id, **SETTINGS, homePageUrl="https://tf.example")
    rich = {"knownClientApplications": [str(uuid.uuid4())], "oauth2PermissionScopes": [scope("read")]}
    tf.write(204, 31, app_id, **rich, requestedAccessTokenVersion=2)
    tf.write(
        204,
        33,
        app_id,
        **rich,
        **SETTINGS,
        appRoles=[role("Reader"), role("Writer")],
        requestedAccessTokenVersion=2,
    )
    changed = plan_application(tf, app_id)
    assert sorted(item["value"] for item in changed["appRoles"]) == ["Reader", "Writer"]
    assert changed["api"]["oauth2PermissionScopes"][0]["value"] == "read"
    # A live role is disabled before its text changes, and so is a scope before it leaves.
    tf.write(204, 34, app_id, id=app_id, appRoles=[role("Reader"), role("Writer", isEnabled=False)])
    tf.write(
        204, 34, app_id, id=app_id, appRoles=[role("Reader"), role("Writer", description="Writes more.")]
    )
    tf.write(204, 35, app_id, oauth2PermissionScopes=[scope("read", isEnabled=False)])
    edited = plan_application(tf, app_id)
    assert {item["value"]: item["description"] for item in edited["appRoles"]} == {
        "Reader": "Readers",
        "Writer": "Writes more.",
    }


def _change_owners(tf: Terraform, app_id: str) -> None:
    alice = tf.graph.get("/users/alice@contoso.com").json()["id"]
    tf.write(204, 43, app_id, **{"@odata.id": f"https://graph.microsoft.com/v1.0/directoryObjects/{alice}"})
    for expected in ([alice], []):
        found = tf.call(200, "GET", f"{OF_APP}/owners", app_id, query="$filter=id eq '…'", values=(alice,))[
            "value"
        ]
        assert [owner["id"] for owner in found] == expected
        if found:
            tf.call(204, "DELETE", f"{OF_APP}/owners/{{id}}/$ref", app_id, alice)


def _drift_and_repair(tf: Terraform, app_id: str) -> None:
    # Somebody renames it, takes the page away and turns a switch on.
    web = {"homePageUrl": None, "implicitGrantSettings": {"enableIdTokenIssuance": True}}
    assert (
        tf.graph.patch(f"/applications/{app_id}", {"displayName": "by hand", "web": web}).status_code == 204
    )
    drifted = plan_application(tf, app_id)
    assert (drifted["displayName"], drifted["web"]["homePageUrl"]) == ("by hand", None)
    disabled = [role("Reader", isEnabled=False), role("Writer", description="Writes more.", isEnabled=False)]
    tf.write(204, 34, app_id, id=app_id, appRoles=disabled)
    back = {
        "web.redirectUris": ["https://tf.example/callback"],
        "homePageUrl": "https://tf.example",
        "tags": ["terraform"],
    }
    tf.write(204, 36, app_id, **SETTINGS, **back)
    repaired = plan_application(tf, app_id)
    assert (repaired["displayName"], repaired["web"]["redirectUris"]) == (
        "tf-app",
        ["https://tf.example/callback"],
    )
    assert (repaired["appRoles"], repaired["web"]["implicitGrantSettings"]["enableIdTokenIssuance"]) == (
        [],
        False,
    )


def lead_federated_credential(tf: Terraform, app_id: str) -> None:
    """Lead a federated credential."""
    values = {
        "name": "github",
        "issuer": "https://token.actions.githubusercontent.com",
        "audiences": ["api://AzureADTokenExchange"],
    }
    made = tf.write(201, 37, app_id, **values, subject="repo:o/r:environment:dev")
    one = f"{FEDERATED}/{{id}}"
    assert tf.call(200, "GET", one, app_id, made["id"])["subject"].endswith("dev")
    tf.write(
        204,
        40,
        app_id,
        made["id"],
        **values,
        id=made["id"],
        subject="repo:o/r:environment:prod",
        description="d",
    )
    assert tf.call(200, "GET", one, app_id, made["id"])["subject"].endswith("prod")
    assert (
        tf.graph.patch(
            f"/applications/{app_id}/federatedIdentityCredentials/{made['id']}", {"subject": "x"}
        ).status_code
        == 204
    )
    assert tf.call(200, "GET", one, app_id, made["id"])["subject"] == "x"
    tf.write(
        204,
        40,
        app_id,
        made["id"],
        **values,
        id=made["id"],
        subject="repo:o/r:environment:prod",
        description="d",
    )
    tf.call(204, "DELETE", one, app_id, made["id"])
    tf.call(404, "GET", one, app_id, made["id"])


def lead_registration(tf: Terraform) -> None:
    """Lead a bare registration, and an application with permissions that is found by name, appId and URI."""
    made = create_application(tf, "tf-registration", 24)
    app = create_application(
        tf, "tf-required", 26, requiredResourceAccess=[_access("00000003-0000-0000-c000-000000000000")]
    )
    uri = f"api://{app['appId']}"
    assert tf.graph.patch(f"/applications/{app['id']}", {"identifierUris": [uri]}).status_code == 204
    for query, value in (
        ("$filter=displayName eq '…'", "tf-required"),
        ("$filter=appId eq '…'", app["appId"]),
        ("$filter=identifierUris/any(uri:uri eq '…')", uri),
    ):
        found = tf.call(200, "GET", APP, query=query, values=(value,))["value"]
        assert [item["id"] for item in found] == [app["id"]]
    for each in (made, app):
        destroy(tf, OF_APP, each["id"])


def _access(app_id: str) -> dict[str, Any]:
    user_read = "e1fe6dd8-ba31-4d61-89e7-88639da4683d"
    return {"resourceAppId": app_id, "resourceAccess": [{"id": user_read, "type": "Scope"}]}
