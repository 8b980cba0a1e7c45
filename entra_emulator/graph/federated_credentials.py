"""Federated identity credentials of applications."""

import re
from typing import Any

from entra_emulator import expressions
from entra_emulator.graph import audit, lookup, permissions, queries, render, schema
from entra_emulator.graph.applications import prefers_create
from entra_emulator.graph.call import NO_CONTENT, AlternateKey, Call, CollectionResponse
from entra_emulator.graph.entities.federated_identity_credential import (
    FEDERATED_CREDENTIAL,
    write_credentials,
)
from entra_emulator.graph.errors import ODataError, bad_request, missing_value, not_found
from entra_emulator.graph.routing import Route, Routes
from entra_emulator.table import Row

_KIND = "federatedIdentityCredential"
_RESOURCE = "FederatedIdentityCredential"
_EXPRESSION = "claimsMatchingExpression"
_VALUE = "InvalidFederatedIdentityCredentialValue"
_MOST = 20
_LONGEST = 600
# Documented without the dot, which public clients' credentials have.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{2,119}")


def list_all(call: Call) -> CollectionResponse:
    """Answer GET /applications/{id}/federatedIdentityCredentials."""
    app = lookup.find(call, "applications", call.params[0])
    view = call.view("federatedIdentityCredentials", listing=True)
    ids = [row["id"] for row in view.find("application", app["id"])]
    found = queries.page(call, FEDERATED_CREDENTIAL.rules, view, within=ids)
    return CollectionResponse(200, render.listed(call, _KIND, _context(app), found))


def get(call: Call) -> CollectionResponse:
    """Answer GET …/federatedIdentityCredentials/{id or name}."""
    app = lookup.find(call, "applications", call.params[0])
    row = _seek(call, app)
    if row is None:
        raise _absent(call)
    return CollectionResponse(200, render.entity(call, _KIND, row, f"{_context(app)}/$entity"))


def create(call: Call) -> CollectionResponse:
    """Answer POST …/federatedIdentityCredentials."""
    app = lookup.current(call, "applications", lookup.find(call, "applications", call.params[0]))
    permissions.require_ownership(call, app["id"])
    return _create(call, app, call.object_body(_KIND))


def update(call: Call) -> CollectionResponse:
    """Answer PATCH …/federatedIdentityCredentials/{id or name}, and the upsert by name."""
    app = lookup.current(call, "applications", lookup.find(call, "applications", call.params[0]))
    permissions.require_ownership(call, app["id"])
    body = call.object_body(_KIND)
    old = _seek(call, app)
    if old is None:
        key = call.params[1]
        if isinstance(key, AlternateKey) and prefers_create(call):
            return _create(call, app, {**body, "name": key.value})
        raise _absent(call)
    old = lookup.current(call, "federatedIdentityCredentials", old)
    sent = _checked(call, body)
    if sent.get("name", old["name"]) != old["name"] or sent.get("id", old["id"]) != old["id"]:
        raise bad_request("Property 'name' is read-only and cannot be set.")
    new = {**old, **sent}
    _check(call, app, new)
    if new != old:
        _save(call, app, new)
    return NO_CONTENT


def delete(call: Call) -> CollectionResponse:
    """Answer DELETE …/federatedIdentityCredentials/{id or name}."""
    app = lookup.current(call, "applications", lookup.find(call, "applications", call.params[0]))
    permissions.require_ownership(call, app["id"])
    row = _seek(call, app)
    if row is None:
        raise _absent(call)
    row = lookup.current(call, "federatedIdentityCredentials", row)
    before = call.tenant.federated_identity_credentials.find("application", app["id"])
    call.remove("federatedIdentityCredentials", row["id"])
    _audit(call, app, before)
    return NO_CONTENT


def _create(call: Call, app: Row, body: dict[str, Any]) -> CollectionResponse:
    sent = _checked(call, body)
    new: Row = {
        "id": call.graph.directory.ids.guid(),
        "name": sent.get("name"),
        "issuer": sent.get("issuer"),
        "subject": sent.get("subject"),
        "description": sent.get("description"),
        "audiences": sent.get("audiences", []),
        "claimsMatchingExpression": sent.get("claimsMatchingExpression"),
        "_application": app["id"],
    }
    others = call.tenant.federated_identity_credentials.find("application", app["id"])
    if any(row["name"] == new["name"] for row in others):
        # azure-dev#1482: no details here.
        text = f"FederatedIdentityCredential with name {new['name']} already exists."
        raise ODataError(409, "Request_MultipleObjectsWithSameKeyValue", text)
    if len(others) >= _MOST:
        raise bad_request(
            f"The number of federated identity credentials cannot exceed {_MOST}.", "Directory_QuotaExceeded"
        )
    _check(call, app, new)
    _save(call, app, new)
    response = render.entity(call, _KIND, new, f"{_context(app)}/$entity")
    location = (
        f"https://graph.microsoft.com/v2/{call.tenant.tenant_id}/federatedIdentityCredentials/{new['id']}"
    )
    return CollectionResponse(201, response, headers=(("Location", location),))


def _checked(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    if _EXPRESSION in body and call.version != "beta":
        raise bad_request(f"Invalid property '{_EXPRESSION}'.")
    return schema.check(_KIND, body)


def _check_expression(new: Row, expression: dict[str, Any]) -> None:
    if new["subject"]:
        raise bad_request(f"Only one of 'subject' and '{_EXPRESSION}' can be set.", _VALUE)
    if expression.get("languageVersion") != 1 or not expression.get("value"):
        raise _invalid(_EXPRESSION)
    for complaint in expressions.complaints(new["issuer"], expression["value"]):
        raise bad_request(f"The {_EXPRESSION} {complaint}", _VALUE)


def _check(call: Call, app: Row, new: Row) -> None:
    expression = new.get(_EXPRESSION)
    for name in ("name", "issuer", *(() if expression else ("subject",))):
        if not new[name]:
            raise missing_value(name, _RESOURCE)
    if expression:
        _check_expression(new, expression)
    if not _NAME.fullmatch(new["name"]):
        raise _invalid("name")
    audiences = new["audiences"]
    if len(audiences) != 1 or not 0 < len(audiences[0]) <= _LONGEST:
        raise _invalid("audiences")
    for name in ("issuer", "subject", "description"):
        if new[name] is not None and len(new[name]) > _LONGEST:
            raise _invalid(name)
    for row in call.tenant.federated_identity_credentials.find("application", app["id"]):
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


def _save(call: Call, app: Row, new: Row) -> None:
    before = call.tenant.federated_identity_credentials.find("application", app["id"])
    call.put("federatedIdentityCredentials", new)
    _audit(call, app, before)


def _audit(call: Call, app: Row, before: list[Row]) -> None:
    """Write the record: a federated credential has none of its own, it is an update of its application."""
    after = call.tenant.federated_identity_credentials.find("application", app["id"])
    name = "FederatedIdentityCredentials"
    changes = [
        audit.attribute(name, write_credentials(before), write_credentials(after)),
        audit.included([name]),
    ]
    target = audit.AuditTarget(app["id"], "Application", app["displayName"], changes=changes)
    audit.write(call, "Update application", "Update", [target], app_id=app["appId"])


def _seek(call: Call, app: Row) -> Row | None:
    key = call.params[1]
    name = key.value if isinstance(key, AlternateKey) else key
    for row in call.view("federatedIdentityCredentials").find("application", app["id"]):
        # The name stands in for the id in the path too (azure-cli recording).
        if name in (row["name"], row["id"]):
            return row
    return None


def _absent(call: Call) -> ODataError:
    key = call.params[1]
    if isinstance(key, AlternateKey):
        text = f"FederatedIdentityCredential with name {key.value} not found."
        return ODataError(404, "Request_ResourceNotFound", text)
    return not_found(key)


def _invalid(name: str) -> ODataError:
    return bad_request(f"Invalid value specified for property '{name}' of resource '{_RESOURCE}'.")


def _context(app: Row) -> str:
    return f"applications('{app['id']}')/federatedIdentityCredentials"


_PATH = "applications/*/federatedIdentityCredentials"
ROUTES: Routes = {
    ("GET", _PATH): Route(list_all, permissions.APPLICATION_READ),
    ("POST", _PATH): Route(create, permissions.APPLICATION_WRITE),
    ("GET", f"{_PATH}/*"): Route(get, permissions.APPLICATION_READ),
    ("PATCH", f"{_PATH}/*"): Route(update, permissions.APPLICATION_WRITE),
    ("DELETE", f"{_PATH}/*"): Route(delete, permissions.APPLICATION_WRITE),
}
