"""A changed application in; the row, its mirror on the service principal and the audit records written."""

from entra_emulator.graph import audit
from entra_emulator.graph.call import Call
from entra_emulator.graph.entities.application import APPLICATION
from entra_emulator.graph.entities.service_principal import SERVICE_PRINCIPAL, mirror_application
from entra_emulator.table import Row


def save_application(call: Call, old: Row, new: Row) -> None:
    """Write a changed application, its mirror on the service principal, and the audit records."""
    call.put("applications", new)
    changed = audit.changes(old, new, APPLICATION.readers)
    keys = audit.changes(old, new, audit.KEYS)
    # Where only a key came or went, this record has no property at all (UAL21, 12 of 12; KAV).
    target = audit.AuditTarget(
        new["id"], "Application", new["displayName"], changes=[] if len(changed) == 1 < len(keys) else changed
    )
    audit.write(call, "Update application", "Update", [target], app_id=new["appId"])
    if len(keys) > 1:
        secrets = audit.AuditTarget(new["id"], "Application", new["displayName"], changes=keys)
        audit.write(call, audit.UPDATED_SECRETS, "Update", [secrets], app_id=new["appId"])
    principal = call.tenant.service_principal_by_app_id(new["appId"])
    if principal is not None:
        mirrored = mirror_application(principal, new)
        if mirrored != principal:
            call.put("servicePrincipals", mirrored)
        # Often a stub: a record whose list of properties is empty.
        changes = [
            *audit.changes(principal, mirrored, SERVICE_PRINCIPAL.readers),
            audit.principal_names(mirrored),
        ]
        follower = audit.AuditTarget(
            principal["id"], "ServicePrincipal", mirrored["displayName"], changes=changes
        )
        audit.write(call, "Update service principal", "Update", [follower], app_id=new["appId"])
