"""A consent in, the records that the audit log keeps of it out."""

from collections.abc import Iterable
from typing import Any

from entra_config.emulator.clock import fine_stamp
from entra_config.emulator.directory import Tenant
from entra_config.emulator.graph.audit import fact, principal_names
from entra_config.emulator.login.consent import Written
from entra_config.emulator.login.parties import Party, Row
from entra_config.emulator.login.service import SignIn


def write(service: SignIn, tenant: Tenant, client: Party, written: Iterable[Written], by: Row, *, everyone: bool) -> None:
    """Add a record for each grant and one for the consent itself, all with one correlation id."""
    correlation = service.guid()
    texts = []
    for grant in written:
        row, resource = grant.row, grant.resource
        changes = [
            # A scope that came from the consent page begins with a space.
            {**fact("DelegatedPermissionGrant.Scope", f" {row['scope']}"), "oldValue": fact("", grant.before)["newValue"]},
            fact("DelegatedPermissionGrant.ConsentType", row["consentType"]),
            fact("ServicePrincipal.ObjectID", row["clientId"]),
            principal_names(dict(resource.service_principal)),
        ]
        targets = [_target(resource.id, resource.name, changes), _target(row["clientId"], None, [])]
        _append(service, tenant, "Add delegated permission grant", targets, by, correlation=correlation)
        texts.append(
            f"[Id: {row['id']}, ClientId: {row['clientId']}, PrincipalId: {row['principalId'] or ''}, ResourceId: {resource.id}, "
            f"ConsentType: {row['consentType']}, Scope:  {row['scope']}, CreatedDateTime: , LastModifiedDateTime ]"
        )
    consent = [
        fact("ConsentContext.IsAdminConsent", str(everyone)),
        fact("ConsentContext.IsAppOnly", "False"),
        fact("ConsentContext.OnBehalfOfAll", str(everyone)),
        fact("ConsentContext.Tags", "WindowsAzureActiveDirectoryIntegratedApp"),
        fact("ConsentAction.Permissions", f"[] => [{', '.join(texts)}]; "),
        principal_names(dict(client.service_principal)),
    ]
    target = _target(client.id, client.name, consent)
    _append(service, tenant, "Consent to application", [target], by, correlation=correlation)


def _append(service: SignIn, tenant: Tenant, activity: str, targets: list[dict[str, Any]], by: Row, *, correlation: str) -> None:
    user = {
        "id": by["id"],
        "displayName": None,
        "userPrincipalName": by.get("userPrincipalName"),
        "ipAddress": "127.0.0.1",
        "userType": None,
        "homeTenantId": None,
        "homeTenantName": None,
    }
    noise = service.guid().replace("-", "")
    tenant.audit.append(
        {
            "id": f"Directory_{correlation}_{noise[:5].upper()}_{int(noise[5:12], 16)}",
            "category": "ApplicationManagement",
            "correlationId": correlation,
            "result": "success",
            "resultReason": "",
            "activityDisplayName": activity,
            "activityDateTime": fine_stamp(service.now()),
            "loggedByService": "Core Directory",
            "operationType": "Assign",
            "initiatedBy": {"user": user, "app": None},
            "targetResources": targets,
            "additionalDetails": [],
        }
    )


def _target(object_id: str, name: str | None, changes: list[dict[str, str | None]]) -> dict[str, Any]:
    return {
        "id": object_id,
        "displayName": name,
        "type": "ServicePrincipal",
        "userPrincipalName": None,
        "groupType": None,
        "modifiedProperties": changes,
    }
