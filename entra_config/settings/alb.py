"""A manifest and its tenant in; how a load balancer signs people in for a page out (`options/alb`)."""

from __future__ import annotations

from entra_config import quoting
from entra_config.manifest.model import Manifest
from entra_config.manifest.targets import App
from entra_config.settings import source
from entra_config.settings.registered import RegisteredTenant

USERINFO = "/userinfo"
# A session ends after a working day, and not, as it would unsaid, after a week: nothing ends one before.
SESSION_SECONDS = 28_800


def action(manifest: Manifest, app: App, tenant: RegisteredTenant) -> str:
    """Return the `AuthenticateOidcConfig` of a rule, but for its secret and what a rule says to strangers.

    `Scope` asks for the API's token, which Graph's userinfo refuses: the API itself answers.
    """
    assert app.api is not None
    values = {
        "Issuer": tenant.open_id[2].issuer,
        "AuthorizationEndpoint": f"{tenant.authority}/oauth2/v2.0/authorize",
        "TokenEndpoint": f"{tenant.authority}/oauth2/v2.0/token",
        "UserInfoEndpoint": f"{manifest.settings.api(app.api).url}{USERINFO}",
        "ClientId": tenant.registered(app.key).app_id,
        "Scope": scope(manifest, app, tenant),
        "SessionTimeout": SESSION_SECONDS,
    }
    return quoting.json(values)


def scope(manifest: Manifest, app: App, tenant: RegisteredTenant) -> str:
    """Return what a load balancer asks Entra for: who it is, the API's scopes, and to be renewed."""
    assert app.api is not None
    client, api = manifest.applications[app.key], manifest.applications[app.api]
    uri = tenant.registered(app.api).app_id_uri
    scopes = [f"{uri}/{each}" for each in source.scopes_to_request(client, api)]
    return " ".join(["openid", "profile", "offline_access", *scopes])
