"""An application that an httpd signs in for, or stands in front of, in; what it would fail at out."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from entra_config import quoting
from entra_config.errors import UsageError
from entra_config.manifest.model import Application
from entra_config.manifest.sections.webs import CALLBACK
from entra_config.manifest.targets import App

_VERSION = "api.requestedAccessTokenVersion"


def wrong_api(api: App, application: Application) -> Iterator[str]:
    """Yield why httpd would refuse the API's tokens, or take others."""
    if application.settings[_VERSION].value != 2:
        yield (
            f"`httpd`: it compares `aud` with one value, and `{api.key}` has tokens of version 1, which have "
            "another; `accessTokenVersion: 2` makes those of one"
        )
    if api.allowed_tenants:
        yield (
            f"`httpd`: it takes tokens of one issuer alone, and `allowedTenants` of `{api.key}` has others"
        )
    yield from _unreadable(api.url)


def wrong_page(web: Application, url: str, api: App, application: Application) -> Iterator[str]:
    """Yield what would fail at the first sign-in, sign-out or call."""
    if urlsplit(url).path:
        yield f"`httpd`: `{url}` is more than an origin, and the session's cookie is of one"
    for uri, what in ((f"{url}{CALLBACK}", "sign-in"), (f"{url}/", "sign-out")):
        if url and uri not in web.settings["web.redirectUris"].value:
            yield f"`httpd`: `{uri}`, where {what} comes back, is no `web` redirect URI of `{web.key}`"
    if not (web.rotating or web.certificates):
        yield (
            f"`httpd`: `{web.key}` has no certificate and no secret, and httpd proves itself by nothing "
            "else: list one in `credentials`"
        )
    if application.settings[_VERSION].value != 2:
        yield (
            f"`httpd`: `{api.key}` has tokens of version 1; `accessTokenVersion: 2` makes those that it can "
            "hand on"
        )
    permission = web.api_permissions.get(api.key)
    scopes = [application.scopes[label].value for label in permission.delegated] if permission else []
    for text in (url, api.url, *scopes):
        yield from _unreadable(text)


def _unreadable(text: str) -> Iterator[str]:
    try:
        _ = quoting.httpd(text) if text else ""
    except UsageError as error:
        yield f"`httpd`: {error}"
