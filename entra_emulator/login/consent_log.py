"""A consent that somebody gives in; its grants and the records that the audit log keeps of it out."""

from collections.abc import Iterable
from typing import Any

from entra_emulator.clock import fine_stamp
from entra_emulator.deeds import watched
from entra_emulator.graph.assignment_records import recorded
from entra_emulator.graph.audit import fact, keep, principal_names, record_id, shown
from entra_emulator.graph.entities.service_principal import SERVICE_PRINCIPAL
from entra_emulator.login.consent import ConsentedGrant, Need, assign, record
from entra_emulator.login.parties import Party, Row
from entra_emulator.login.service import SignIn
from entra_emulator.tenant import Tenant


def consented(
    service: SignIn,
    tenant: Tenant,
    client: Party,
    needs: Iterable[Need],
    by: Row,
    *,
    everyone: bool,
    roles: bool = False,
) -> None:
    """Write the grants of a consent, for everybody or for the one who gave it, and all their records under
    one correlation id.

    `roles`: the roles that the client asks for are assigned, too.
    """
    correlation = service.guid()
    with watched(tenant, actor=str(by["id"]), now=service.now()):
        written = record(tenant, client, needs, None if everyone else by)
        for grant in written:
            _granted(service, tenant, grant, by, correlation)
        for row, resource in assign(service, tenant, client) if roles else ():
            activity, category, targets = recorded(
                row, dict(resource), dict(client.service_principal), removed=False
            )
            reported = [shown(target) for target in targets]
            _append(service, tenant, activity, reported, by, correlation=correlation, category=category)
        _append(
            service,
            tenant,
            "Consent to application",
            [_consent(client, written, everyone=everyone)],
            by,
            correlation=correlation,
        )


def _granted(service: SignIn, tenant: Tenant, grant: ConsentedGrant, by: Row, correlation: str) -> None:
    row, resource = grant.row, grant.resource
    changes = [
        # A scope that came from the consent page begins with a space.
        {
            **fact("DelegatedPermissionGrant.Scope", f" {row['scope']}"),
            "oldValue": fact("", grant.before)["newValue"],
        },
        fact("DelegatedPermissionGrant.ConsentType", row["consentType"]),
        fact("ServicePrincipal.ObjectID", row["clientId"]),
        principal_names(dict(resource.service_principal)),
    ]
    targets = [_target(resource.id, resource.name, changes), _target(row["clientId"], None, [])]
    _append(service, tenant, "Add delegated permission grant", targets, by, correlation=correlation)
    if grant.before:
        # A widened consent is logged as an addition and as a removal, both with the same values (UAL21, 8 of
        # 8; RTS).
        _append(service, tenant, "Remove delegated permission grant", targets, by, correlation=correlation)


def _consent(client: Party, written: Iterable[ConsentedGrant], *, everyone: bool) -> dict[str, Any]:
    texts = [_permission(grant.row) for grant in written]
    changes = [
        fact("ConsentContext.IsAdminConsent", str(everyone)),
        fact("ConsentContext.IsAppOnly", "False"),
        fact("ConsentContext.OnBehalfOfAll", str(everyone)),
        fact("ConsentContext.Tags", "WindowsAzureActiveDirectoryIntegratedApp"),
        fact("ConsentAction.Permissions", f"[] => [{', '.join(texts)}]; "),
        principal_names(dict(client.service_principal)),
    ]
    return _target(client.id, client.name, changes)


def _permission(row: Row) -> str:
    ends = (
        f"ClientId: {row['clientId']}, PrincipalId: {row['principalId'] or ''}, ResourceId: "
        f"{row['resourceId']}"
    )
    kind = f"ConsentType: {row['consentType']}, Scope:  {row['scope']}"
    return f"[Id: {row['id']}, {ends}, {kind}, CreatedDateTime: , LastModifiedDateTime ]"


def _append(
    service: SignIn,
    tenant: Tenant,
    activity: str,
    targets: list[dict[str, Any]],
    by: Row,
    *,
    correlation: str,
    category: str = SERVICE_PRINCIPAL.category,
) -> None:
    user = {
        "id": by["id"],
        # The consent screen signs as a service, with the human's id and name beside it (RTS, SPL).
        "displayName": "Azure ESTS Service",
        "userPrincipalName": by.get("userPrincipalName"),
        "ipAddress": "127.0.0.1",
        "userType": None,
        "homeTenantId": None,
        "homeTenantName": None,
    }
    keep(
        tenant,
        {
            "id": record_id(service.guid(), correlation),
            "category": category,
            "correlationId": correlation,
            "result": "success",
            "resultReason": "",
            "activityDisplayName": activity,
            "activityDateTime": fine_stamp(service.now()),
            "loggedByService": "Core Directory",
            "operationType": "Unassign" if activity.startswith("Remove ") else "Assign",
            "initiatedBy": {"user": user, "app": None},
            "targetResources": targets,
            "additionalDetails": [{"key": "User-Agent", "value": "EvoSTS"}],
        },
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
