"""Entra by msal: the way to its sign-in page, the code that comes back, and tokens of the person for the API.

One client for each call, with the token cache of one session: nobody's token is in reach of another's
request. What msal found out about the authority is shared.
"""

import asyncio
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import msal
import requests

from options.bff import assertion
from options.bff.settings import EntraSettings

log = logging.getLogger("bff.entra")

CALLBACK = "/auth/callback"
_NUMBER = re.compile(r"AADSTS(\d+)")

Json = dict[str, Any]


@dataclass(frozen=True)
class SignInProblem:
    """What Entra said in the place of a token, as far as the page may know it."""

    error: str
    number: str = ""
    suberror: str = ""
    correlation_id: str = ""
    claims: str = ""

    def json(self) -> Json:
        """Return what there is of it."""
        values = {
            "error": self.error,
            "number": self.number,
            "suberror": self.suberror,
            "correlationId": self.correlation_id,
            "claims": self.claims,
        }
        return {name: value for name, value in values.items() if value}


class SignInError(Exception):
    """There is no token."""

    def __init__(self, problem: SignInProblem) -> None:
        """Take what was said."""
        super().__init__(problem.error)
        self.problem = problem


@dataclass(frozen=True)
class SignedIn:
    """A person, and the cache that msal filled for them (JSON)."""

    name: str
    username: str
    sid: str
    login_hint: str
    cache: str


class Entra:
    """The registration of this server, in its tenant."""

    def __init__(self, settings: EntraSettings) -> None:
        """Take the settings; Entra is asked when somebody signs in."""
        self._settings = settings
        self._known: Json = {}

    async def begin(self, *, prompt: str = "", claims: str = "") -> Json:
        """Return a flow of msal's with PKCE, state and nonce; `auth_uri` in it is where the browser goes."""
        return await asyncio.to_thread(self._begin, prompt, claims)

    async def redeem(self, flow: Json, response: dict[str, str]) -> SignedIn:
        """Return who signed in, by the code that came back for this very flow."""
        return await asyncio.to_thread(self._redeem, flow, response)

    async def token(self, cache: str, *, renew: bool = False, claims: str = "") -> tuple[str, str]:
        """Return a token for the API and the cache as it then is: of the cache, or by the refresh token."""
        return await asyncio.to_thread(self._token, cache, renew, claims)

    def farewell(self, login_hint: str) -> str:
        """Return where the browser's session at Entra ends."""
        words = {"post_logout_redirect_uri": f"{self._settings.page_url}/"}
        if login_hint:
            words["logout_hint"] = login_hint
        return f"{self._settings.authority}/oauth2/v2.0/logout?{urlencode(words)}"

    def _begin(self, prompt: str, claims: str) -> Json:
        with _reported():
            flow = self._client(msal.SerializableTokenCache()).initiate_auth_code_flow(
                scopes=list(self._settings.api_scopes),
                redirect_uri=self._settings.page_url + CALLBACK,
                prompt=prompt or None,
                claims_challenge=claims or None,
            )
        return dict(flow)

    def _redeem(self, flow: Json, response: dict[str, str]) -> SignedIn:
        cache = msal.SerializableTokenCache()
        with _reported():
            result = self._client(cache).acquire_token_by_auth_code_flow(flow, response)
        claims = _checked(result)["id_token_claims"]
        if claims.get("tid") != self._settings.tenant_id:
            raise SignInError(SignInProblem("invalid_request"))
        return SignedIn(
            name=str(claims.get("name", "")),
            username=str(claims.get("preferred_username") or claims.get("oid", "")),
            sid=str(claims.get("sid", "")),
            login_hint=str(claims.get("login_hint", "")),
            cache=cache.serialize(),
        )

    def _token(self, serialized: str, renew: bool, claims: str) -> tuple[str, str]:
        cache = msal.SerializableTokenCache()
        cache.deserialize(serialized)
        with _reported():
            client = self._client(cache)
            (account, *_) = client.get_accounts() or [None]
            if account is None:
                raise SignInError(SignInProblem("login_required"))
            result = client.acquire_token_silent_with_error(
                list(self._settings.api_scopes), account, force_refresh=renew, claims_challenge=claims or None
            )
        return str(_checked(result)["access_token"]), cache.serialize()

    def _client(self, cache: msal.SerializableTokenCache) -> msal.ConfidentialClientApplication:
        settings = self._settings
        return msal.ConfidentialClientApplication(
            settings.client_id,
            authority=settings.authority,
            client_credential={"client_assertion": lambda: assertion.sign(settings.assertion_audience)},
            token_cache=cache,
            http_cache=self._known,
            # Of an emulator Microsoft's list of clouds knows nothing.
            instance_discovery=False if settings.emulated else None,
        )


@contextmanager
def _reported() -> Iterator[None]:
    """Make a sign-in problem of what msal raises: an attacker's answer, a network, a role that may not."""
    try:
        yield
    except assertion.NotSignedError as error:
        log.exception("the assertion is not signed")
        raise SignInError(SignInProblem("invalid_client")) from error
    except requests.RequestException as error:
        log.warning("Entra does not answer: %s", type(error).__name__)
        raise SignInError(SignInProblem("temporarily_unavailable")) from error
    except (ValueError, RuntimeError, KeyError) as error:
        # State, nonce, issuer, audience: msal says which, with values that are nobody's business.
        log.warning("a sign-in's answer was refused: %s", type(error).__name__)
        raise SignInError(SignInProblem("invalid_request")) from error


def _checked(result: Json | None) -> Json:
    if result is None:
        raise SignInError(SignInProblem("login_required"))
    if "error" not in result:
        return result
    description = str(result.get("error_description", ""))
    number = _NUMBER.search(description)
    problem = SignInProblem(
        error=str(result["error"]),
        number=number[1] if number else "",
        suberror=str(result.get("suberror") or ""),
        correlation_id=str(result.get("correlation_id") or ""),
        claims=str(result.get("claims") or ""),
    )
    log.warning("Entra gave no token: %s AADSTS%s %s", problem.error, problem.number, problem.correlation_id)
    raise SignInError(problem)
