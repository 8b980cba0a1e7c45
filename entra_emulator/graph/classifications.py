"""How an API's delegated permissions are classified, for consent by users."""

from typing import Any

from entra_emulator.graph import bodies, schema
from entra_emulator.graph.call import Call
from entra_emulator.graph.entities.delegated_permission_classification import CLASSIFICATION
from entra_emulator.graph.entity_set import EntitySet
from entra_emulator.graph.errors import bad_request
from entra_emulator.graph.routing import Routes
from entra_emulator.table import Row


def _make(call: Call, body: dict[str, Any]) -> Row:
    """Classify a permission that has no class."""
    principal = _ENTITIES.owner(call)
    sent = schema.check(CLASSIFICATION.name, body)
    bodies.require(CLASSIFICATION, sent, filled=True)
    wanted = sent["permissionId"].casefold()
    scope = next((each for each in principal["oauth2PermissionScopes"] if each["id"] == wanted), None)
    if scope is None:
        raise bad_request(f"Permission '{sent['permissionId']}' was not found on the service principal.")
    rows = call.tenant.tables["classifications"].find("principal", principal["id"])
    if any(row["permissionId"] == scope["id"] for row in rows):
        raise bad_request("The permission is classified already.")
    return CLASSIFICATION.make(
        id=call.graph.directory.ids.secret()[:24],
        permissionId=scope["id"],
        permissionName=scope["value"],
        classification=sent["classification"],
        _principal=principal["id"],
    )


_ENTITIES = EntitySet(entity=CLASSIFICATION, make=_make)
ROUTES: Routes = _ENTITIES.routes()
