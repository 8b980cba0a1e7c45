"""The action authenticate-oidc: cookies of a browser in, who is signed in and what the browser keeps out."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import httpx
import jwt
from starlette.datastructures import QueryParams
from starlette.responses import Response

from options.alb.stand_in import sealed
from options.alb.stand_in.deployed import Json
from options.alb.stand_in.matching import Requested

BACK = "/oauth2/idpresponse"
NONCE = "AWSALBAuthNonce"
COOKIE = "AWSELBAuthSessionCookie"
SIGN_IN_SECONDS = 900  # for a person at the sign-in page
SESSION_SECONDS = 604_800
MOST_BYTES = 11 * 1024  # of claims and access token together
REFUSED = 561  # the identity provider answered with an error


class RefusedError(Exception):
    """A sign-in that ends here: a status, and what an access log calls the reason."""

    def __init__(self, status: int, reason: str) -> None:
        """Take both."""
        super().__init__(reason)
        self.status = status
        self.reason = reason


@dataclass(frozen=True)
class Person:
    """Who is signed in, and cookies to set where their tokens were renewed."""

    claims: Json
    access_token: str
    cookies: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class SignIn:
    """One load balancer's way of signing in, by any of its rules."""

    http: httpx.AsyncClient
    seal: sealed.Seal
    now: Callable[[], float]

    async def person(self, config: Json, cookies: Mapping[str, str]) -> Person | None:
        """Return who is signed in by this configuration, with tokens of now."""
        kept = self.seal.open(_purpose(config), sealed.joined(_name(config), cookies))
        if kept is None or kept["until"] <= self.now():
            return None
        if kept["expires"] > self.now() or not kept["refresh"]:
            # Without a refresh token a session goes on until its own end, with a token that has ended.
            return Person(kept["claims"], kept["access"])
        form = {"grant_type": "refresh_token", "refresh_token": kept["refresh"], "scope": _scope(config)}
        try:
            got = await self._tokens(config, form)
            claims = await self._claims(config, got["access_token"])
        except RefusedError:
            return None
        got = {"refresh_token": kept["refresh"], **got}
        return Person(claims, got["access_token"], self._kept(config, got, claims, kept["until"]))

    def leave(self, rule_arn: str, config: Json, requested: Requested) -> Response:
        """Send the browser to the sign-in page; the state remembers where it wanted to go."""
        nonce = secrets.token_urlsafe(24)
        state = {"rule": rule_arn, "host": requested.host, "url": requested.url, "nonce": nonce}
        words = {
            "client_id": config["ClientId"],
            "redirect_uri": f"https://{requested.host}{BACK}",
            "response_type": "code",
            "scope": _scope(config),
            "state": self.seal.close("state", {**state, "until": self.now() + SIGN_IN_SECONDS}),
            **config.get("AuthenticationRequestExtraParams", {}),
        }
        response = Response("", 302, {"Location": f"{config['AuthorizationEndpoint']}?{urlencode(words)}"})
        response.headers.append("Set-Cookie", sealed.cookie(NONCE, nonce, SIGN_IN_SECONDS))
        return response

    def began(self, query: QueryParams, cookies: Mapping[str, str], host: str) -> Json:
        """Return the state of an answer, which must be of a sign-in that this very browser began here."""
        state: Json | None = self.seal.open("state", query.get("state", ""))
        if state is None or state["until"] <= self.now() or state["host"] != host:
            raise RefusedError(401, "AuthInvalidStateParam")
        if not secrets.compare_digest(cookies.get(NONCE, "").encode(), state["nonce"].encode()):
            raise RefusedError(401, "AuthInvalidAWSALBAuthNonce")
        return state

    async def back(self, config: Json, state: Json, query: QueryParams) -> Response:
        """Redeem the code; send the browser where it wanted to go, with a session."""
        if "code" not in query:
            raise RefusedError(401, "AuthMissingCodeParam")
        redirect_uri = f"https://{state['host']}{BACK}"
        form = {"grant_type": "authorization_code", "code": query["code"], "redirect_uri": redirect_uri}
        got = await self._tokens(config, form)
        _check_id_token(str(got.get("id_token", "")), config, self.now())
        claims = await self._claims(config, got["access_token"])
        until = self.now() + int(config.get("SessionTimeout", SESSION_SECONDS))
        response = Response("", 302, {"Location": state["url"]})
        for each in (*self._kept(config, got, claims, until), sealed.cookie(NONCE, "", 0)):
            response.headers.append("Set-Cookie", each)
        return response

    async def _tokens(self, config: Json, form: dict[str, str]) -> Json:
        proof = {"client_id": config["ClientId"], "client_secret": config["ClientSecret"]}
        response = await self._requested("POST", config["TokenEndpoint"], data={**form, **proof})
        if not response.is_success or "access_token" not in response.json():
            raise RefusedError(REFUSED, f"AuthTokenEpRequestFailed: {response.text[:500]}")
        got: Json = response.json()
        return got

    async def _claims(self, config: Json, access_token: str) -> Json:
        headers = {"Authorization": f"Bearer {access_token}"}
        response = await self._requested("GET", config["UserInfoEndpoint"], headers=headers)
        if not response.is_success:
            raise RefusedError(
                REFUSED, f"AuthUserinfoEpRequestFailed: {response.status_code} {response.text[:500]}"
            )
        claims: Json = response.json()
        if not isinstance(claims.get("sub"), str):
            raise RefusedError(500, "AuthInvalidUserinfoResponse")
        if len(response.content) + len(access_token) > MOST_BYTES:
            raise RefusedError(500, "AuthUserinfoResponseSizeExceeded")
        return claims

    async def _requested(self, method: str, url: str, **sent: Any) -> httpx.Response:
        try:
            return await self.http.request(method, url, **sent)
        except httpx.HTTPError as error:
            raise RefusedError(500, f"AuthUnhandledException: {error!r}") from error

    def _kept(self, config: Json, got: Json, claims: Json, until: float) -> list[str]:
        value = {
            "claims": claims,
            "access": got["access_token"],
            "refresh": got.get("refresh_token", ""),
            "expires": self.now() + int(got.get("expires_in", 0)),
            "until": until,
        }
        seconds = int(until - self.now())
        return sealed.shards(_name(config), self.seal.close(_purpose(config), value), seconds)


def _check_id_token(text: str, config: Json, now: float) -> None:
    # It came by TLS from the token endpoint; a load balancer has no address of keys to check more with.
    try:
        claims = jwt.decode(text, options={"verify_signature": False})
    except jwt.InvalidTokenError as error:
        raise RefusedError(401, "AuthInvalidIdToken") from error
    if (claims.get("iss"), claims.get("aud")) != (config["Issuer"], config["ClientId"]) or claims[
        "exp"
    ] <= now:
        raise RefusedError(401, "AuthInvalidIdToken")


def _purpose(config: Json) -> str:
    return f"session {config['Issuer']} {config['ClientId']}"


def _name(config: Json) -> str:
    return str(config.get("SessionCookieName", COOKIE))


def _scope(config: Json) -> str:
    return str(config.get("Scope", "openid"))
