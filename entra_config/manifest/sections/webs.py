"""A server that signs in for a page, as `settings.webs` names it, in; what its registration lacks out."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from entra_config.manifest.model import Application

CALLBACK = "/auth/callback"
FRONT_CHANNEL = "/auth/front-channel-logout"


def wrong(web: Application, url: str) -> Iterator[str]:
    """Yield what would fail at the first sign-in or sign-out."""
    if not url:
        return
    if urlsplit(url).path:
        yield f"`url`: `{url}` is more than an origin, and the session's cookie is of one"
    for uri, what in ((f"{url}{CALLBACK}", "sign-in"), (f"{url}/", "sign-out")):
        if uri not in web.settings["web.redirectUris"].value:
            yield f"`{uri}`, where {what} comes back, is no `web` redirect URI of `{web.key}`"
    logout = web.settings.get("web.logoutUrl")
    if logout is None or logout.value != f"{url}{FRONT_CHANNEL}":
        yield (
            f"`logoutUrl` of `{web.key}` is not `{url}{FRONT_CHANNEL}`, where Entra says that a person "
            "signed out elsewhere"
        )
    claims = web.settings.get("optionalClaims")
    of_id_token = (claims.value or {}).get("idToken", ()) if claims else ()
    if not any(each.get("name") == "sid" for each in of_id_token):
        yield (
            f"`sid` is not an optional claim of `{web.key}`'s ID token: Entra names by it which session ended"
        )
    if not any(not each.expression for each in web.federated_credentials.values()):
        yield (
            f"`{web.key}` has no federated credential with a subject: by it the server proves itself, "
            "without a secret"
        )
