"""A page and its API, as the stacks of `infra/` would put them behind one load balancer, in; what cannot fit
out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from entra_config.manifest.model import Application
from entra_config.manifest.sections import httpd
from entra_config.manifest.targets import App

_HOST = re.compile(r"([a-z0-9-]+\.)+[a-z]{2,}")
_PATH = re.compile(r"/[a-z0-9-]{1,30}")
_VERSION = "api.requestedAccessTokenVersion"


def wrong(app: App, page: Application, api: App, application: Application) -> Iterator[str]:
    """Yield what the load balancer, or sign-in behind it, would fail at; a server that signs in for the page
    has its redirect URIs checked with it.
    """
    signing = {file.target for file in app.files}
    if {"alb", "httpd"} <= signing:
        yield f"`awsStack`: a load balancer (`alb`) or an httpd (`httpd`) signs in for `{page.key}`, not both"
    if "httpd" in signing and all(file.target != "httpd" for file in api.files):
        yield from httpd.wrong_api(api, application)
    url = app.url
    for key, each in ((page.key, url), (api.key, api.url)):
        parts = urlsplit(each)
        if each and (parts.scheme != "https" or not _HOST.fullmatch(parts.netloc)):
            yield f"`awsStack`: `{each}` of `{key}` is not a host of a certificate on port 443"
    here = urlsplit(url)
    if app.section == "spas":
        redirects = [f"{uri}/" for uri in page.settings["spa.redirectUris"].value]
        if url and not any(uri.startswith(f"https://{here.netloc}/") for uri in redirects):
            yield f"`awsStack`: `{here.netloc}` is the host of no `spa` redirect URI of `{page.key}`"
    if app.section == "spas" and here.path:
        yield f"`awsStack`: `{url}` is more than an origin, and the page has its host from `/` on"
    yield from _hosts(app, api)
    if api.jwt_validation and application.settings[_VERSION].value != 2:
        yield (
            f"`jwtValidation` of `{api.key}`: the load balancer takes tokens of version 2 alone; "
            "`accessTokenVersion: 2` makes them"
        )
    if api.jwt_validation and api.allowed_tenants:
        yield (
            f"`jwtValidation` of `{api.key}`: the load balancer takes tokens of one issuer alone, and "
            "`allowedTenants` has others"
        )


def _hosts(app: App, api: App) -> Iterator[str]:
    """Yield why the two addresses cannot stand side by side."""
    here, there = urlsplit(app.url), urlsplit(api.url)
    if here.netloc != there.netloc:
        if there.path:
            yield f"`awsStack`: `{api.url}` has a host of its own, so the API answers there from `/` on"
    elif any(file.target == "alb" for file in app.files):
        return  # told with the load balancer's own
    elif app.section == "webs":
        yield (
            f"`awsStack`: `{api.url}` has the page's host, whose `/api` is the server's that signs in: give "
            "the API a host of its own, where that server calls it"
        )
    elif not _PATH.fullmatch(there.path):
        yield (
            f"`awsStack`: `{api.url}` has the page's host: give the API a path of one part, such as `/api`, "
            "or a host of its own"
        )
