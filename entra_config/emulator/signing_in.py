"""A tenant, and a person with a client or an application in; the token they get with its reasons, or the refusal, out."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from entra_config.emulator.clock import SystemClock
from entra_config.emulator.directory import Directory
from entra_config.emulator.login import answers, authorize, explain, issue, parties
from entra_config.emulator.login.errors import LoginError, RedirectError
from entra_config.emulator.login.flow import begin
from entra_config.emulator.login.grants import authorization_code, client_credentials
from entra_config.emulator.login.keys import KeyRing, b64url
from entra_config.emulator.login.parties import SignedIn
from entra_config.emulator.login.seal import Seal
from entra_config.emulator.login.service import SignIn, TokenRequest

VERIFIER = "in-process-there-is-nobody-who-could-steal-the-code"
_CHALLENGE = b64url(hashlib.sha256(VERIFIER.encode()).digest())


@dataclass(frozen=True)
class Token:
    """A token: its claims, and why each is there; of a person who was asked `openid` for, the id_token too."""

    claims: Mapping[str, Any]
    reasons: Mapping[str, str]
    id_token: Token | None = None

    @property
    def roles(self) -> frozenset[str]:
        """Return the values of the app roles."""
        return frozenset(self.claims.get("roles", ()))

    @property
    def scopes(self) -> frozenset[str]:
        """Return the values of the delegated permissions; an application by itself has none."""
        return frozenset(str(self.claims.get("scp", "")).split())


@dataclass(frozen=True)
class Refused:
    """No token: the number behind AADSTS, and what Entra says."""

    code: int
    message: str


Answer = Token | Refused


@dataclass(frozen=True)
class SigningIn:
    """Signs in to one directory as the browser and the token endpoint do, without either; writes nothing into it."""

    directory: Directory
    service: SignIn = field(repr=False)

    @classmethod
    def of(cls, directory: Directory) -> SigningIn:
        """Sign in to a directory whose tokens nobody else verifies."""
        return cls(directory, SignIn(directory, _keys().at(directory.clock.now), Seal(os.urandom(32))))

    def person(self, user: str, client: str, scope: str, *, tenant: str = "", redirect_uri: str = "") -> Answer:
        """Sign in a user, by UPN or id, to a client, by its appId, for these scopes: nobody is asked anything on the way.

        The code goes to `redirect_uri`, by default the first that is registered. What the user would be asked is the
        refusal: 65001 where consent lacks, 50105 where an assignment does, 50020 where the user is another tenant's.
        """
        try:
            return self._person(user, client, scope, tenant or self.directory.default_id, redirect_uri)
        except LoginError as error:
            return _refused(error)
        except RedirectError as error:
            return _refused(error.refusal)

    def application(self, client: str, resource: str, *, tenant: str = "") -> Answer:
        """Let an application, by its appId, ask for a token of its own; that it proved itself is taken as given."""
        try:
            request = self._request(client, tenant or self.directory.default_id, {"scope": f"{resource}/.default"})
            return self._token(client_credentials.answer(request, "2"))
        except LoginError as error:
            return _refused(error)

    def _person(self, name: str, client: str, scope: str, tenant_id: str, redirect_uri: str) -> Token:
        service = self.service
        tenant = parties.find_tenant(self.directory, tenant_id)
        user: Mapping[str, Any] | None = tenant.user_by_name(name)
        if user is not None and user.get("accountEnabled") is False:
            raise LoginError(50057)
        asked = {"client_id": client, "redirect_uri": redirect_uri, "response_type": "code", "scope": scope, "prompt": "none"}
        flow = begin(service, tenant_id, asked | {"code_challenge": _CHALLENGE, "code_challenge_method": "S256"})
        if user is None:
            flow, tenant, user = authorize.from_elsewhere(service, flow, tenant, name)
        if user is None:
            raise LoginError(50034, tenant=tenant.display_name)
        if user.get("accountEnabled") is False:
            raise LoginError(50057)
        authorize.check_silently(service, flow, user)
        who = SignedIn(user, service.guid(), int(service.now().timestamp()))
        grant = issue.grant_of(service, flow, who)
        request = answers.at_home(self._request(client, tenant_id, {"code_verifier": VERIFIER}), grant)
        acr = "1" if flow.platform == "web" else "0"
        return self._token(authorization_code.answer(request, grant, flow.redirect_uri, acr))

    def _request(self, client: str, segment: str, form: Mapping[str, str]) -> TokenRequest:
        tenant = parties.find_tenant(self.directory, segment)
        party = parties.find_client(self.directory, tenant, client)
        return TokenRequest(self.service, tenant, segment, form, party, self.service.origin, None, "127.0.0.1")

    def _token(self, answer: Mapping[str, Any]) -> Token:
        id_token = self._explained(answer["id_token"]) if "id_token" in answer else None
        return self._explained(answer["access_token"], id_token)

    def _explained(self, text: str, id_token: Token | None = None) -> Token:
        # It was signed a moment ago: nobody needs to check it.
        payload = text.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return Token(claims, {claim.name: claim.why for claim in explain.reasons(claims, self.directory)}, id_token)


def _refused(error: LoginError) -> Refused:
    return Refused(error.code, error.text)


@cache
def _keys() -> KeyRing:
    # Making RSA keys takes a quarter of a second; no claim depends on which they are.
    return KeyRing.generate(SystemClock().now)
