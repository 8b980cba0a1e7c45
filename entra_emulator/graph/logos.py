"""An application's logo: a picture in, its address among the application's properties and the picture itself
out.
"""

import base64

from entra_emulator.graph import authorization, lookup, permissions
from entra_emulator.graph.call import NO_CONTENT, Call, CollectionResponse
from entra_emulator.graph.errors import bad_request, invalid_value, not_found
from entra_emulator.graph.routing import Route, Routes
from entra_emulator.graph.saving import save_application

_LARGEST = 100 * 1024
_ADDRESS = "https://aadcdn.msftauthimages.net/{tenant}/{app}/logo?ts={ticks}"
_TYPES = {b"GIF8": "image/gif", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png"}


def get(call: Call) -> CollectionResponse:
    """Answer GET /applications/{id}/logo: the picture, as the SDKs made of Graph's metadata ask for it."""
    app = lookup.find(call, "applications", call.params[0])
    if app.get("_logo") is None:
        # How Graph answers where there is none was not seen.
        raise not_found("logo")
    content = base64.b64decode(app["_logo"])
    type_ = next((name for head, name in _TYPES.items() if content.startswith(head)), "image/*")
    return CollectionResponse(200, picture=(content, type_))


def put(call: Call) -> CollectionResponse:
    """Answer PUT /applications/{id}/logo: a GIF, JPEG or PNG of at most 100 KB."""
    app = lookup.current(call, "applications", lookup.find(call, "applications", call.params[0]))
    authorization.require_ownership(call, app["id"])
    if not isinstance(call.body, bytes):
        raise bad_request(
            "Unsupported media type: a logo is image/gif, image/jpeg or image/png.", "BadRequest"
        )
    if len(call.body) > _LARGEST:
        raise invalid_value("logo", "Application")
    # Each upload has an address of its own, so that no cache shows an old one.
    ticks = int(call.now.timestamp() * 1000)
    address = _ADDRESS.format(tenant=call.tenant.tenant_id, app=app["appId"], ticks=ticks)
    logo = base64.b64encode(call.body).decode()
    save_application(call, app, {**app, "_logo": logo, "info": {**app["info"], "logoUrl": address}})
    return NO_CONTENT


_PATH = "applications/*/logo"
ROUTES: Routes = {
    ("GET", _PATH): Route(get, permissions.APPLICATION_READ),
    ("PUT", _PATH): Route(put, permissions.APPLICATION_WRITE),
}
