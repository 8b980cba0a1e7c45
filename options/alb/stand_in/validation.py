"""A request's bearer token and a `JwtValidationConfig` in; why it is refused out, empty where it is not."""

import json
from typing import Any

import httpx
import jwt

from options.alb.stand_in.deployed import Json

MOST_KEYS = 10
MOST_BYTES = 150_000


class Validator:
    """Checks signature, issuer, times and the claims that the rule names; the request stays as it is."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        """Fetch keys by this client."""
        self._http = http

    async def wrong(self, config: Json, authorization: str, now: float) -> str:
        """Say what is wrong."""
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            return "no token"
        try:
            keys = await self._keys(config["JwksEndpoint"])
            kid = str(jwt.get_unverified_header(token).get("kid"))
            if kid not in keys:
                return "no such key"
            claims = jwt.decode(
                token,
                keys[kid],
                algorithms=["RS256"],
                options={"verify_aud": False, "verify_exp": False, "verify_nbf": False, "verify_iat": False},
            )
        except (jwt.InvalidTokenError, httpx.HTTPError, ValueError) as error:
            return f"{type(error).__name__}: {error}"
        return _wrong_times(claims, now) or _wrong_claims(claims, config)

    async def _keys(self, address: str) -> dict[str, jwt.PyJWK]:
        response = (await self._http.get(address)).raise_for_status()
        entries = json.loads(response.content)["keys"]
        if len(entries) > MOST_KEYS or len(response.content) > MOST_BYTES:
            raise ValueError(
                f"{len(entries)} keys, {len(response.content)} bytes: a load balancer reads {MOST_KEYS}"
            )
        return {entry["kid"]: jwt.PyJWK(entry, "RS256") for entry in entries}


def _wrong_times(claims: dict[str, Any], now: float) -> str:
    ends = claims.get("exp")
    if not isinstance(ends, int) or ends <= now:
        return "exp"
    return next((name for name in ("nbf", "iat") if claims.get(name, 0) > now), "")


def _wrong_claims(claims: dict[str, Any], config: Json) -> str:
    if claims.get("iss") != config["Issuer"]:
        return "iss"
    for each in config.get("AdditionalClaims", ()):
        held, (value,) = claims.get(each["Name"]), each["Values"]
        if not _has(held, each["Format"], value):
            return str(each["Name"])
    return ""


def _has(held: Any, form: str, value: str) -> bool:
    if form == "string-array":
        return isinstance(held, list) and value in held
    if not isinstance(held, str):
        return False
    return held == value if form == "single-string" else value in held.split(" ")
