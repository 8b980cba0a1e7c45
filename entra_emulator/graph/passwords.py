"""Client secrets of applications and service principals: added and removed by actions only."""

from datetime import datetime, timedelta
from typing import Any

from entra_emulator.clock import fine_stamp, read_stamp
from entra_emulator.graph import audit, authorization, lookup, permissions, restrictions, schema
from entra_emulator.graph.call import NO_CONTENT, Call, CollectionResponse
from entra_emulator.graph.entities.application import APPLICATION
from entra_emulator.graph.errors import bad_request, duplicate_values
from entra_emulator.graph.properties import Entity
from entra_emulator.graph.routing import Route, Routes
from entra_emulator.graph.saving import save_application
from entra_emulator.identifiers import secret_digest
from entra_emulator.table import Row

_YEARS = 2
_MADE = ("hint", "secretText")
# An answer of 2026-03.
_BETA_ORDER = (
    "customKeyIdentifier",
    "endDateTime",
    "keyId",
    "startDateTime",
    "secretText",
    "hint",
    "displayName",
)


def new_password(call: Call, table: str, owner: Row, wanted: dict[str, Any], *, hint: bool = True) -> Row:
    """Make a secret of an object: two years from now where nothing else is asked for; its text is told
    this once.
    """
    for name in _MADE:
        if wanted.get(name) is not None:
            # ansible-collections/azure#2250: refused; the words are those of any read-only property.
            raise bad_request(f"Property '{name}' is read-only and cannot be set.")
    ids = call.graph.directory.ids
    secret = ids.secret()
    start = wanted.get("startDateTime") or fine_stamp(call.now)
    begin = _moment(start)
    end = wanted.get("endDateTime") or fine_stamp(_years_later(begin))
    if _moment(end) <= begin:
        raise bad_request("Key credential end date is invalid.")
    key_id = (wanted.get("keyId") or ids.guid()).lower()
    if key_id in call.tenant.secrets:
        raise duplicate_values()
    row = {
        "customKeyIdentifier": wanted.get("customKeyIdentifier"),
        "displayName": wanted.get("displayName"),
        "endDateTime": end,
        "hint": secret[:3] if hint else None,
        # The caller's, where it brings one (AZPS).
        "keyId": key_id,
        "secretText": secret,
        "startDateTime": start,
    }
    restrictions.check_password(call, table, owner, row)
    call.tenant.secrets[str(row["keyId"])] = secret_digest(secret)
    return row


def add(call: Call) -> CollectionResponse:
    """Answer POST …/addPassword: a service principal's secret is not listed on its application."""
    entity, old = lookup.holder(call)
    authorization.require_ownership(call, old["id"])
    wanted = None if call.body is None else call.parameters("passwordCredential").get("passwordCredential")
    if wanted is not None and not isinstance(wanted, dict):
        raise bad_request("Unexpected contents in request body.")
    wanted = schema.check("passwordCredential", schema.spelled("passwordCredential", wanted or {}))
    made = new_password(call, entity.table, old, wanted, hint=entity is APPLICATION)
    old = lookup.current(call, entity.table, old)
    # The newest comes first (azure-cli recording).
    new = {**old, "passwordCredentials": [{**made, "secretText": None}, *old["passwordCredentials"]]}
    _save(call, entity, old, new, added=True)
    if call.version == "beta":
        made = {name: made[name] for name in _BETA_ORDER}
    body = {"@odata.context": call.context("microsoft.graph.passwordCredential"), **made}
    return CollectionResponse(200, body, headers=(("Location", "https://graph.microsoft.com"),))


def remove(call: Call) -> CollectionResponse:
    """Answer POST …/removePassword."""
    entity, old = lookup.holder(call)
    authorization.require_ownership(call, old["id"])
    key_id = str(call.parameters("keyId").get("keyId")).lower()
    old = lookup.current(call, entity.table, old)
    kept = [row for row in old["passwordCredentials"] if row["keyId"] != key_id]
    if len(kept) == len(old["passwordCredentials"]):
        raise bad_request("No password credential found with keyId.")
    call.tenant.secrets.pop(key_id, None)
    _save(call, entity, old, {**old, "passwordCredentials": kept}, added=False)
    return NO_CONTENT


def _save(call: Call, entity: Entity, old: Row, new: Row, *, added: bool) -> None:
    if entity is APPLICATION:
        save_application(call, old, new)
        return
    call.put(entity.table, new)
    keys = audit.changes(old, new, audit.KEYS)
    activity = "Add service principal credentials" if added else "Remove service principal credentials"
    target = audit.AuditTarget(
        new["id"], "ServicePrincipal", new["displayName"], changes=[*keys, audit.principal_names(new)]
    )
    audit.write(call, activity, "Update", [target], app_id=new["appId"])
    named = [audit.included(["KeyDescription"]), audit.principal_names(new)]
    stub = audit.AuditTarget(new["id"], "ServicePrincipal", new["displayName"], changes=named)
    audit.write(call, "Update service principal", "Update", [stub], app_id=new["appId"])


def _moment(text: Any) -> datetime:
    try:
        return read_stamp(str(text))
    except ValueError as error:
        raise bad_request(
            "Cannot convert a primitive value to the expected type 'Edm.DateTimeOffset'."
        ) from error


def _years_later(moment: datetime) -> datetime:
    try:
        return moment.replace(year=moment.year + _YEARS)
    except ValueError:
        pass
    try:
        # From the 29th of February.
        return moment + timedelta(days=365 * _YEARS + 1)
    except OverflowError as error:
        raise bad_request("Key credential end date is invalid.") from error


ROUTES: Routes = {
    ("POST", f"{table}/*/{action}"): Route(handler, permissions.APPLICATION_WRITE)
    for table in ("applications", "servicePrincipals")
    for action, handler in (("addPassword", add), ("removePassword", remove))
}
