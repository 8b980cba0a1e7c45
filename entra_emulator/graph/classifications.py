"""How an API's delegated permissions are classified, for consent by users."""

from entra_emulator.graph import lookup, permissions, queries, render, schema
from entra_emulator.graph.call import NO_CONTENT, Call, CollectionResponse
from entra_emulator.graph.entities.delegated_permission_classification import CLASSIFICATION
from entra_emulator.graph.errors import bad_request, missing_value, not_found
from entra_emulator.graph.routing import Route, Routes
from entra_emulator.table import Row

_KIND, _RESOURCE = "delegatedPermissionClassification", "DelegatedPermissionClassification"


def list_all(call: Call) -> CollectionResponse:
    """Answer GET /servicePrincipals/{id}/delegatedPermissionClassifications."""
    principal = lookup.find(call, "servicePrincipals", call.params[0])
    view = call.view("classifications", listing=True)
    ids = [row["id"] for row in view.find("principal", principal["id"])]
    found = queries.page(call, CLASSIFICATION.rules, view, within=ids)
    return CollectionResponse(200, render.listed(call, _KIND, _context(principal), found))


def create(call: Call) -> CollectionResponse:
    """Answer POST …/delegatedPermissionClassifications: a permission has one class."""
    principal = lookup.find(call, "servicePrincipals", call.params[0])
    sent = schema.check(_KIND, call.object_body(_KIND))
    for name in ("permissionId", "classification"):
        if not sent.get(name):
            raise missing_value(name, _RESOURCE)
    scope = next(
        (
            each
            for each in principal["oauth2PermissionScopes"]
            if each["id"] == sent["permissionId"].casefold()
        ),
        None,
    )
    if scope is None:
        raise bad_request(f"Permission '{sent['permissionId']}' was not found on the service principal.")
    rows = call.tenant.tables["classifications"].find("principal", principal["id"])
    if any(row["permissionId"] == scope["id"] for row in rows):
        raise bad_request("The permission is classified already.")
    new = {
        "id": call.graph.directory.ids.secret()[:24],
        "permissionId": scope["id"],
        "permissionName": scope["value"],
        "classification": sent["classification"],
        "_principal": principal["id"],
    }
    call.put("classifications", new)
    return CollectionResponse(201, render.entity(call, _KIND, new, f"{_context(principal)}/$entity"))


def delete(call: Call) -> CollectionResponse:
    """Answer DELETE …/delegatedPermissionClassifications/{id}."""
    principal = lookup.find(call, "servicePrincipals", call.params[0])
    row = call.tenant.tables["classifications"].get(str(call.params[1]))
    if row is None or row["_principal"] != principal["id"]:
        raise not_found(str(call.params[1]))
    call.remove("classifications", row["id"])
    return NO_CONTENT


def _context(principal: Row) -> str:
    return f"servicePrincipals('{principal['id']}')/delegatedPermissionClassifications"


_PATH = "servicePrincipals/*/delegatedPermissionClassifications"
ROUTES: Routes = {
    ("GET", _PATH): Route(list_all, permissions.CLASSIFICATION_READ),
    ("POST", _PATH): Route(create, permissions.CLASSIFICATION_WRITE),
    ("DELETE", f"{_PATH}/*"): Route(delete, permissions.CLASSIFICATION_WRITE),
}
