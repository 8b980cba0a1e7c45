"""An application's logo: a picture in, its address among the application's properties out."""

import base64

from entra_config.emulator.graph import lookup, permissions
from entra_config.emulator.graph.call import NO_CONTENT, Call, CollectionResponse
from entra_config.emulator.graph.errors import bad_request, invalid_value
from entra_config.emulator.graph.routing import Route, Routes
from entra_config.emulator.graph.saving import save_application

_LARGEST = 100 * 1024
_ADDRESS = "https://aadcdn.msftauthimages.net/{tenant}/{app}/logo"


def put(call: Call) -> CollectionResponse:
    """Answer PUT /applications/{id}/logo: a GIF, JPEG or PNG of at most 100 KB."""
    app = lookup.current(call, "applications", lookup.find(call, "applications", call.params[0]))
    permissions.require_ownership(call, app["id"])
    if not isinstance(call.body, bytes):
        raise bad_request(
            "Unsupported media type: a logo is image/gif, image/jpeg or image/png.", "BadRequest"
        )
    if not 0 < len(call.body) <= _LARGEST:
        raise invalid_value("logo", "Application")
    address = _ADDRESS.format(tenant=call.tenant.tenant_id, app=app["appId"])
    logo = base64.b64encode(call.body).decode()
    save_application(call, app, {**app, "_logo": logo, "info": {**app["info"], "logoUrl": address}})
    return NO_CONTENT


ROUTES: Routes = {("PUT", "applications/*/logo"): Route(put, permissions.APPLICATION_WRITE)}
