"""Federated identity credentials of applications."""

import re
from typing import Any

from entra_emulator import expressions
from entra_emulator.graph import audit, bodies, schema
from entra_emulator.graph.call import AlternateKey, Call
from entra_emulator.graph.entities.federated_identity_credential import (
    FEDERATED_CREDENTIAL,
    write_credentials,
)
from entra_emulator.graph.entity_set import EntitySet
from entra_emulator.graph.errors import ODataError, bad_request, invalid_value, missing_value, not_found
from entra_emulator.graph.routing import Routes
from entra_emulator.table import Row

_KIND = "federatedIdentityCredential"
_RESOURCE = "FederatedIdentityCredential"
_EXPRESSION = "claimsMatchingExpression"
_VALUE = "InvalidFederatedIdentityCredentialValue"
_MOST = 20
_LONGEST = 600
# Documented without the dot, which public clients' credentials have.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{2,119}")


def _find(call: Call) -> Row:
    key = call.params[1]
    name = key.value if isinstance(key, AlternateKey) else key
    for row in call.view("federatedIdentityCredentials").find("application", _ENTITIES.owner(call)["id"]):
        # The name stands in for the id in the path too (azure-cli recording).
        if name in (row["name"], row["id"]):
            return row
    if isinstance(key, AlternateKey):
        text = f"FederatedIdentityCredential with name {name} not found."
        raise ODataError(404, "Request_ResourceNotFound", text)
    raise not_found(name)


def _change(call: Call, old: Row, body: dict[str, Any]) -> Row:
    sent = _checked(call, body)
    if sent.get("name", old["name"]) != old["name"] or sent.get("id", old["id"]) != old["id"]:
        raise bad_request("Property 'name' is read-only and cannot be set.")
    new = {**old, **sent}
    _check(call, new)
    return new


def _make(call: Call, body: dict[str, Any]) -> Row:
    app = _ENTITIES.owner_to_change(call)
    sent = _checked(call, body)
    row_id = call.graph.directory.ids.guid()
    new = FEDERATED_CREDENTIAL.make(**{**sent, "id": row_id, "_application": app["id"]})
    others = call.tenant.federated_identity_credentials.find("application", app["id"])
    if any(row["name"] == new["name"] for row in others):
        # azure-dev#1482: no details here.
        text = f"FederatedIdentityCredential with name {new['name']} already exists."
        raise ODataError(409, "Request_MultipleObjectsWithSameKeyValue", text)
    if len(others) >= _MOST:
        raise bad_request(
            f"The number of federated identity credentials cannot exceed {_MOST}.", "Directory_QuotaExceeded"
        )
    _check(call, new)
    return new


def _checked(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    bodies.check_version(call, FEDERATED_CREDENTIAL, body)
    return schema.check(_KIND, body)


def _check_expression(new: Row, expression: dict[str, Any]) -> None:
    if new["subject"]:
        raise bad_request(f"Only one of 'subject' and '{_EXPRESSION}' can be set.", _VALUE)
    if expression.get("languageVersion") != 1 or not expression.get("value"):
        raise invalid_value(_EXPRESSION, _RESOURCE)
    for complaint in expressions.complaints(new["issuer"], expression["value"]):
        raise bad_request(f"The {_EXPRESSION} {complaint}", _VALUE)


def _check(call: Call, new: Row) -> None:
    expression = new.get(_EXPRESSION)
    for name in ("name", "issuer", *(() if expression else ("subject",))):
        if not new[name]:
            raise missing_value(name, _RESOURCE)
    if expression:
        _check_expression(new, expression)
    if not _NAME.fullmatch(new["name"]):
        raise invalid_value("name", _RESOURCE)
    audiences = new["audiences"]
    if len(audiences) != 1 or not 0 < len(audiences[0]) <= _LONGEST:
        raise invalid_value("audiences", _RESOURCE)
    for name in ("issuer", "subject", "description"):
        if new[name] is not None and len(new[name]) > _LONGEST:
            raise invalid_value(name, _RESOURCE)
    for row in call.tenant.federated_identity_credentials.find("application", new["_application"]):
        if row["id"] != new["id"] and _same(row) == _same(new):
            # azure-workload-identity#434
            matched = new["subject"] or (new.get(_EXPRESSION) or {}).get("value")
            text = (
                "The combination of issuer and subject must be unique for the application. "
                f"Issuer {new['issuer']} and Subject: {matched} already exist. "
                f"paramName: FederatedIdentityCredential.Subject, paramValue: {matched}, "
                "objectType: Microsoft.Online.DirectoryServices.Application"
            )
            raise bad_request(text, _VALUE)


def _same(row: Row) -> tuple[Any, ...]:
    # Whether two of one expression are taken is not known; the same rule is assumed.
    return row["issuer"], row["subject"], (row.get(_EXPRESSION) or {}).get("value")


def _log(call: Call, old: Row | None, new: Row | None) -> None:
    """Write the record: a federated credential has none of its own, it is an update of its application."""
    row = new or old or {}
    app = call.tenant.applications.rows[row["_application"]]
    after = call.tenant.federated_identity_credentials.find("application", app["id"])
    others = [each for each in after if each["id"] != row["id"]]
    before = others if old is None else sorted([*others, old], key=lambda each: str(each["id"]))
    name = "FederatedIdentityCredentials"
    changes = [
        audit.attribute(name, write_credentials(before), write_credentials(after)),
        audit.included([name]),
    ]
    target = audit.AuditTarget(app["id"], "Application", app["displayName"], changes=changes)
    audit.write(call, "Update application", "Update", [target], app_id=app["appId"])


_ENTITIES = EntitySet(
    entity=FEDERATED_CREDENTIAL,
    located=True,
    find=_find,
    make=_make,
    change=_change,
    log=_log,
)
ROUTES: Routes = _ENTITIES.routes()
