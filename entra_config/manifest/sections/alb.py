"""An application by which a load balancer signs people in, in; what would fail out."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from entra_config.manifest.model import Application
from entra_config.manifest.targets import App

BACK = "/oauth2/idpresponse"
SIGNED_OUT = "/signed-out"
_VERSION = "api.requestedAccessTokenVersion"


def wrong(web: Application, url: str, api: App, application: Application) -> Iterator[str]:
    """Yield what would fail at the first sign-in, call or sign-out."""
    if not url:
        return
    here, there = urlsplit(url), urlsplit(api.url)
    if here.path or here.scheme != "https":
        yield f"`alb`: `{url}` is not an https origin, and the load balancer's cookie is of one"
    if api.url and (here.netloc == there.netloc or there.path):
        yield (
            f"`alb`: `{api.url}` has the page's host or a path: by the host the API tells whom the load "
            "balancer signed in from who brings a token"
        )
    for uri, what in ((f"{url}{BACK}", "sign-in"), (f"{url}{SIGNED_OUT}", "sign-out")):
        if uri not in web.settings["web.redirectUris"].value:
            yield f"`alb`: `{uri}`, where {what} comes back, is no `web` redirect URI of `{web.key}`"
    if not web.secrets:
        yield (
            f"`alb`: `{web.key}` has no secret, and a load balancer proves itself by nothing else: list one "
            "in `credentials.secrets`"
        )
    if application.settings[_VERSION].value != 2:
        yield (
            f"`alb`: `{api.key}` has tokens of version 1, of another issuer than the ID token that the load "
            "balancer checks; `accessTokenVersion: 2` makes those of one"
        )
