"""A tenant with an API and its clients, and a browser and a client that use its sign-in over HTTP only."""

from collections.abc import Mapping
from typing import Any

import httpx
from starlette.testclient import TestClient

from entra_emulator import seed
from entra_emulator.clock import ManualClock
from entra_emulator.directory import Tenants
from entra_emulator.login import site
from entra_emulator.login.keys import KeyRing
from entra_emulator.login.seal import Seal
from entra_emulator.login.service import SignIn
from entra_emulator.tenant import Tenant
from tests.conformance.login.login_outcomes import Outcome, action, hidden, read

ORIGIN = "https://localhost:8443"
SPA_ORIGIN = "https://localhost:5173"
SECRET = "a-secret-of-the-test"
DAY = 24 * 3600
REDIRECTS = {
    "spa": f"{SPA_ORIGIN}/",
    "public": "http://localhost",
    "web": "https://web.localhost/callback",
    "middle": "https://middle.localhost/callback",
    "foreign": "https://foreign.localhost/callback",
}
# Making RSA keys is slow, and no case depends on which they are.
_CLOCK = ManualClock()
_KEYS = KeyRing.generate(_CLOCK.now)


class World:
    """One tenant: `api` and `other` offer scopes and roles, five clients use them."""

    def __init__(self) -> None:
        """Build the tenant; nobody is assigned and nothing is granted yet but OpenID scopes."""
        self.clock = ManualClock()
        self.directory: Tenants = seed.contoso(clock=self.clock, seed="login")
        self.tenant: Tenant = self.directory.default
        self.service = SignIn(self.directory, _KEYS.at(self.clock.now), Seal(b"k" * 32), origin=ORIGIN)
        self.app = site.build(self.service)
        self.app_ids = {name: seed.fixed_id("login", name) for name in ("api", "other", *REDIRECTS, "daemon")}
        for name in ("api", "other", "middle"):
            self._resource(name)
        for name in ("spa", "public", "web", "foreign", "daemon"):
            self._client(name)
        self.browser = self.new_browser()

    def new_browser(self) -> TestClient:
        """Open a browser that has signed in nowhere."""
        return TestClient(self.app, base_url=ORIGIN, follow_redirects=False)

    # -- the directory -------------------------------------------------------------------------

    def _resource(self, name: str) -> None:
        scopes = [
            {
                "id": seed.fixed_id(name, value),
                "value": value,
                "type": kind,
                "isEnabled": enabled,
                "adminConsentDisplayName": value,
                "adminConsentDescription": value,
                "userConsentDisplayName": value,
                "userConsentDescription": value,
            }
            for value, kind, enabled in (
                ("user.read", "User", True),
                ("user.write", "User", True),
                ("user.admin", "Admin", True),
                ("user.old", "User", False),
            )
        ]
        roles = [
            {
                "id": seed.fixed_id(name, "role", label),
                "displayName": label,
                "description": label,
                "value": value,
                "isEnabled": enabled,
                "allowedMemberTypes": ["User", "Application"],
            }
            for label, value, enabled in (
                ("Reader", "Reader", True),
                ("Writer", "Writer", True),
                ("Admin", "Admin", True),
                ("Retired", "Retired", False),
                ("NoValue", None, True),
            )
        ]
        api = {"requestedAccessTokenVersion": 2, "oauth2PermissionScopes": scopes}
        uris = {"web": {"redirectUris": [REDIRECTS[name]]}} if name in REDIRECTS else {}
        self._add(name, identifierUris=[f"api://{name}"], api=api, appRoles=roles, **uris)

    def _client(self, name: str) -> None:
        platform = {"spa": "spa", "public": "publicClient"}.get(name, "web")
        properties: dict[str, Any] = {"isFallbackPublicClient": True} if name == "public" else {}
        if name in REDIRECTS:
            properties[platform] = {"redirectUris": [REDIRECTS[name]]}
        self._add(name, **properties)

    def _add(self, name: str, **properties: Any) -> None:
        app = seed.add_application(self.tenant, name.title(), app_id=self.app_ids[name], **properties)
        seed.add_service_principal(self.tenant, app)
        if name in ("web", "middle", "daemon", "foreign"):
            seed.add_secret(self.tenant, app, SECRET)
        self.grant(name, "graph", "openid profile offline_access email")

    def application(self, name: str) -> dict[str, Any]:
        """Return a registration."""
        row = self.tenant.application_by_app_id(self.app_ids[name])
        assert row is not None
        return row

    def principal(self, name: str) -> dict[str, Any]:
        """Return a service principal; `graph` is Microsoft's."""
        row = self.tenant.service_principal_by_app_id(self.app_ids.get(name, seed.GRAPH_APP_ID))
        assert row is not None
        return row

    def user(self, name: str) -> dict[str, Any]:
        """Return a user by alias."""
        row = self.tenant.user_by_name(f"{name}@contoso.com")
        assert row is not None
        return row

    def set(self, name: str, **properties: Any) -> None:
        """Change a registration; maps merge one level deep."""
        app = dict(self.application(name))
        for key, value in properties.items():
            app[key] = (
                {**app[key], **value} if isinstance(value, dict) and isinstance(app.get(key), dict) else value
            )
        self.tenant.applications.put(app)

    def set_principal(self, name: str, **properties: Any) -> None:
        """Change a service principal."""
        self.tenant.service_principals.put({**self.principal(name), **properties})

    def set_user(self, name: str, **properties: Any) -> None:
        """Change a user."""
        self.tenant.users.put({**self.user(name), **properties})

    def set_group(self, name: str, **properties: Any) -> None:
        """Change a group."""
        (group,) = (row for row in self.tenant.groups if row["displayName"] == name)
        self.tenant.groups.put({**group, **properties})

    def grant(self, client: str, resource: str, scope: str, user: str | None = None) -> None:
        """Grant scopes to everybody, or for one user."""
        ids = (self.principal(client)["id"], self.principal(resource)["id"])
        self.tenant.oauth2_permission_grants.put(
            {
                "id": seed.fixed_id(*ids, user or ""),
                "clientId": ids[0],
                "resourceId": ids[1],
                "consentType": "Principal" if user else "AllPrincipals",
                "principalId": self.user(user)["id"] if user else None,
                "scope": scope,
            }
        )

    def preauthorize(self, resource: str, client: str, *values: str) -> None:
        """List a client at a resource."""
        api = self.application(resource)["api"]
        ids = [seed.fixed_id(resource, value) for value in values]
        entry = {"appId": self.app_ids[client], "delegatedPermissionIds": ids}
        self.set(resource, api={"preAuthorizedApplications": [*api["preAuthorizedApplications"], entry]})

    def assign(self, principal: str, resource: str, label: str) -> None:
        """Assign a role: `user:bob`, `group:All Staff` or `app:daemon` gets `label`, or the default
        access.
        """
        kind, _, name = principal.partition(":")
        if kind == "group":
            row = self.tenant.one("groups", "displayName", name.casefold())
            assert row is not None
        else:
            row = self.user(name) if kind == "user" else self.principal(name)
        types = {"user": "User", "group": "Group", "app": "ServicePrincipal"}
        role = seed.DEFAULT_ACCESS if label == "default" else seed.fixed_id(resource, "role", label)
        seed.assign(self.tenant, {**row, "type": types[kind]}, self.principal(resource), role)

    # -- the client ----------------------------------------------------------------------------

    def authorize(
        self, client: str, scope: str, *, browser: TestClient | None = None, **parameters: str
    ) -> httpx.Response:
        """Ask /authorize as a client does."""
        requested = {
            "client_id": self.app_ids[client],
            "response_type": "code",
            "redirect_uri": REDIRECTS.get(client, ""),
            "scope": scope,
            "state": "the state",
            "nonce": "the nonce",
            "code_challenge": "a verifier long enough to be accepted as one",
            "code_challenge_method": "plain",
            **parameters,
        }
        return (browser or self.browser).get(
            self.path("authorize"), params={k: v for k, v in requested.items() if v}
        )

    def sign_in(
        self, client: str, user: str, scope: str, *, accept: bool = True, **parameters: str
    ) -> Outcome:
        """Sign in through the pages and redeem the code."""
        response = self.authorize(client, scope, **parameters)
        response = self.choose(response, user)
        response = self.response_consent(response, accept=accept)
        outcome = self.read(response)
        if outcome.kind != "redirect" or "code" not in outcome.body:
            return outcome
        return self.redeem_code(client, outcome.body["code"])

    def choose(self, response: httpx.Response, user: str) -> httpx.Response:
        """Choose a user on the sign-in page, if it is one."""
        if "<h1>Sign in</h1>" not in response.text:
            return response
        fields = {"flow": hidden(response, "flow"), "user": self.user(user)["id"]}
        return self.browser.post(action(response), data=fields)

    def response_consent(
        self, response: httpx.Response, *, accept: bool = True, everyone: bool = False
    ) -> httpx.Response:
        """Answer the consent page, if it is one."""
        if "<h1>Permissions requested</h1>" not in response.text or not accept:
            return response
        fields = {"flow": hidden(response, "flow"), "user": hidden(response, "user"), "decision": "accept"}
        return self.browser.post(action(response), data=fields | ({"everyone": "yes"} if everyone else {}))

    def redeem_code(self, client: str, code: str, **fields: str) -> Outcome:
        """Redeem a code as the client does: a SPA with Origin, a web application with its secret."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": REDIRECTS[client],
            "code_verifier": "a verifier long enough to be accepted as one",
            **fields,
        }
        return self.token(client, form)

    def refresh(self, client: str, outcome: Outcome, scope: str = "", **fields: str) -> Outcome:
        """Redeem a refresh token."""
        form = {
            "grant_type": "refresh_token",
            "refresh_token": outcome.body["refresh_token"],
            "scope": scope,
            **fields,
        }
        return self.token(client, form)

    def token(
        self, client: str, form: Mapping[str, str], *, origin: str | None = "", secret: str | None = ""
    ) -> Outcome:
        """Ask the token endpoint; `origin` and `secret` default to what fits the client."""
        fields = {"client_id": self.app_ids.get(client, client), "client_info": "1", **form}
        if secret == "":
            secret = SECRET if client in ("web", "middle", "daemon", "foreign") else None
        if secret and "client_assertion" not in fields:
            fields["client_secret"] = secret
        if origin == "":
            origin = SPA_ORIGIN if client == "spa" else None
        headers = {"Origin": origin} if origin else {}
        response = self.browser.post(
            self.path("token"), data={k: v for k, v in fields.items() if v}, headers=headers
        )
        return self.read(response)

    def app_only(self, client: str, scope: str, **fields: str) -> Outcome:
        """Ask for an app-only token."""
        return self.token(client, {"grant_type": "client_credentials", "scope": scope, **fields})

    def on_behalf_of(self, client: str, assertion: str, scope: str) -> Outcome:
        """Exchange a user's token for the next API."""
        grant = "urn:ietf:params:oauth:grant-type:jwt-bearer"
        form = {
            "grant_type": grant,
            "assertion": assertion,
            "scope": scope,
            "requested_token_use": "on_behalf_of",
        }
        return self.token(client, form)

    def path(self, endpoint: str) -> str:
        """Return the path of a v2.0 endpoint."""
        return f"/{self.tenant.tenant_id}/oauth2/v2.0/{endpoint}"

    def read(self, response: httpx.Response) -> Outcome:
        """Classify a response."""
        return read(response, self.service)
