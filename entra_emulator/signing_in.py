"""A tenant, and a person with a client or an application in; the token they get with its reasons, or the
refusal, out.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from entra_emulator.clock import SystemClock
from entra_emulator.directory import Tenants
from entra_emulator.login import (
    absence,
    authorize,
    device,
    explain,
    issue,
    parties,
    token_responses,
    urls,
)
from entra_emulator.login.errors import LoginError, RedirectError
from entra_emulator.login.flow import Flow, begin
from entra_emulator.login.grants import (
    authorization_code,
    client_credentials,
    device_code,
    on_behalf_of,
)
from entra_emulator.login.issuers import Issuers
from entra_emulator.login.keys import KeyRing, b64url
from entra_emulator.login.parties import SignedIn
from entra_emulator.login.seal import Seal
from entra_emulator.login.service import SignIn, TokenRequest
from entra_emulator.login.token_responses import SignInGrant

VERIFIER = "in-process-there-is-nobody-who-could-steal-the-code"
NO_PROOF: Mapping[str, str] = {}
Form = Mapping[str, str]
_CHALLENGE = b64url(hashlib.sha256(VERIFIER.encode()).digest())


@dataclass(frozen=True)
class IssuedToken:
    """A token: its claims, and why each is there; of a person who was asked `openid` for, the id_token
    too.
    """

    claims: Mapping[str, Any]
    reasons: Mapping[str, str]
    id_token: IssuedToken | None = None
    # As it was sent: what a client hands to an API.
    text: str = field(default="", repr=False)

    @property
    def roles(self) -> frozenset[str]:
        """Return the values of the app roles."""
        return frozenset(self.claims.get("roles", ()))

    @property
    def scopes(self) -> frozenset[str]:
        """Return the values of the delegated permissions; an application by itself has none."""
        return frozenset(str(self.claims.get("scp", "")).split())


@dataclass(frozen=True)
class SignInRefused:
    """No token: the number behind AADSTS, and what Entra says."""

    code: int
    message: str


SignInResult = IssuedToken | SignInRefused


@dataclass(frozen=True)
class SigningIn:
    """Signs in to one directory as the browser and the token endpoint do, without either; writes nothing
    into it.
    """

    directory: Tenants
    service: SignIn = field(repr=False)

    @classmethod
    def of(cls, directory: Tenants, issuers: Issuers | None = None, *, bits: int = 2048) -> SigningIn:
        """Sign in to a directory whose tokens nobody else verifies; `issuers` have the keys of workloads.

        Where nobody verifies them at all, keys of fewer bits sign faster: of 1024 in a sixth of the time.
        """
        keys = _keys(bits).at(directory.clock.now)
        service = SignIn(directory, keys, Seal(os.urandom(32)), issuers or Issuers())
        return cls(directory, service)

    def person(
        self, user: str, client: str, scope: str, *, tenant: str = "", redirect_uri: str = ""
    ) -> SignInResult:
        """Sign in a user, by UPN or id, to a client, by its appId, for these scopes: nobody is asked anything
        on the way.

        The code goes to `redirect_uri`, by default the first that is registered. What the user would be asked
        is the refusal: 65001 where consent lacks, 50105 where an assignment does, 50020 where the user is
        another tenant's.
        """
        try:
            return self._person(user, client, scope, tenant or self.directory.default_id, redirect_uri)
        except LoginError as error:
            return _refused(error)
        except RedirectError as error:
            return _refused(error.refusal)

    def application(self, client: str, resource: str, *, tenant: str = "") -> SignInResult:
        """Let an application, by its appId, ask for a token of its own; that it proved itself is taken as
        given.
        """
        try:
            request = self._request(
                client, tenant or self.directory.default_id, {"scope": f"{resource}/.default"}
            )
            return self._token(client_credentials.response(request, "2"))
        except LoginError as error:
            return _refused(error)

    async def code(
        self, user: str, client: str, scope: str, *, proof: Form = NO_PROOF, redirect_uri: str = ""
    ) -> SignInResult:
        """Sign in a user as `person` does, and redeem the code as the client does: proven by `proof`, a
        page's from a page.
        """
        try:
            grant, flow = self._granted(user, client, scope, self.directory.default_id, redirect_uri)
            form = {
                "code": grant.sealed(self.service, "code"),
                "redirect_uri": flow.redirect_uri,
                "code_verifier": VERIFIER,
            }
            page = _origin(flow.redirect_uri) if flow.platform == "spa" else None
            return self._token(await authorization_code.redeem(self._requested(client, form, proof, page)))
        except LoginError as error:
            return _refused(error)
        except RedirectError as error:
            return _refused(error.refusal)

    async def device(self, user: str, client: str, scope: str, *, proof: Form = NO_PROOF) -> SignInResult:
        """Sign in a user to a device that shows a code: nobody is asked for consent on the way."""
        service = self.service
        try:
            form = {"client_id": client, "scope": scope}
            code = device.issue(service, self.directory.default_id, service.origin, form)["device_code"]
            party, row, needs = device.entered(service, service.devices[code], user)
            if needs:
                return _refused(LoginError(65001, app_id=party.app_id, name=party.name))
            device.accept(service, service.devices[code], row)
            return self._token(
                await device_code.redeem(self._requested(client, {"device_code": code}, proof))
            )
        except LoginError as error:
            return _refused(error)

    async def itself(self, client: str, scope: str, *, proof: Form = NO_PROOF) -> SignInResult:
        """Let an application that proves itself ask for a token of its own."""
        try:
            return self._token(
                await client_credentials.redeem(self._requested(client, {"scope": scope}, proof))
            )
        except LoginError as error:
            return _refused(error)

    async def on_behalf_of(
        self, token: IssuedToken, client: str, scope: str, *, proof: Form = NO_PROOF
    ) -> SignInResult:
        """Let an API that was called with a user's token ask for that user's token for the next API."""
        form = {"assertion": token.text, "scope": scope, "requested_token_use": "on_behalf_of"}
        try:
            return self._token(await on_behalf_of.redeem(self._requested(client, form, proof)))
        except LoginError as error:
            return _refused(error)

    def lacking(self, token: IssuedToken, name: str, value: str = "") -> str:
        """Return why a token lacks a claim, or a value of one."""
        return absence.reason(token.claims, name, value, self.directory)

    def unassigned(self, user: str, client: str) -> str:
        """Return why an application that requires an assignment takes a user, by UPN, for none of its own."""
        return absence.unassigned(self.directory, user, client)

    def unconsented(self, user: str, client: str, scope: str) -> tuple[str, list[str]]:
        """Return which scopes of a request nobody consented to, and the appIds of their APIs."""
        return absence.unconsented(self.directory, user, client, scope)

    def _person(self, name: str, client: str, scope: str, tenant_id: str, redirect_uri: str) -> IssuedToken:
        grant, flow = self._granted(name, client, scope, tenant_id, redirect_uri)
        request = token_responses.at_home(
            self._request(client, tenant_id, {"code_verifier": VERIFIER}), grant
        )
        acr = "1" if flow.platform == "web" else "0"
        return self._token(authorization_code.response(request, grant, flow.redirect_uri, acr))

    def _granted(
        self, name: str, client: str, scope: str, tenant_id: str, redirect_uri: str
    ) -> tuple[SignInGrant, Flow]:
        service = self.service
        tenant = parties.find_tenant(self.directory, tenant_id)
        user: Mapping[str, Any] | None = tenant.user_by_name(name)
        if user is not None and user.get("accountEnabled") is False:
            raise LoginError(50057)
        requested = {
            "client_id": client,
            "redirect_uri": redirect_uri,
            "response_type": "code",
            "scope": scope,
            "prompt": "none",
        }
        flow = begin(
            service, tenant_id, requested | {"code_challenge": _CHALLENGE, "code_challenge_method": "S256"}
        )
        if user is None:
            flow, tenant, user = authorize.from_elsewhere(service, flow, tenant, name)
        if user is None:
            raise LoginError(50034, tenant=tenant.display_name)
        if user.get("accountEnabled") is False:
            raise LoginError(50057)
        authorize.check_silently(service, flow, user)
        who = SignedIn(user, service.guid(), int(service.now().timestamp()))
        return issue.grant_of(service, flow, who), flow

    def _requested(self, client: str, form: Form, proof: Form, page: str | None = None) -> TokenRequest:
        return self._request(client, self.directory.default_id, {**form, **proof}, page)

    def _request(self, client: str, segment: str, form: Form, page: str | None = None) -> TokenRequest:
        tenant = parties.find_tenant(self.directory, segment)
        party = parties.find_client(self.directory, tenant, client)
        return TokenRequest(
            self.service, tenant, segment, form, party, self.service.origin, page, "127.0.0.1"
        )

    def _token(self, response: Mapping[str, Any]) -> IssuedToken:
        id_token = self._explained(response["id_token"]) if "id_token" in response else None
        return self._explained(response["access_token"], id_token)

    def _explained(self, text: str, id_token: IssuedToken | None = None) -> IssuedToken:
        # It was signed a moment ago: nobody needs to check it.
        payload = text.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return IssuedToken(
            claims,
            {claim.name: claim.why for claim in explain.reasons(claims, self.directory)},
            id_token,
            text,
        )


def _origin(uri: str) -> str:
    parts = urls.split(uri)
    return f"{parts.scheme}://{parts.netloc}"


def _refused(error: LoginError) -> SignInRefused:
    return SignInRefused(error.code, error.text)


@cache
def _keys(bits: int) -> KeyRing:
    # Making RSA keys takes a quarter of a second; no claim depends on which they are.
    return KeyRing.generate(SystemClock().now, bits)
