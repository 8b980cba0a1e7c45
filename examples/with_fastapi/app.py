"""A FastAPI application behind Entra: scopes and roles of the access token decide who may do what."""

import os
from collections.abc import Callable
from functools import cache
from typing import Annotated, Any

import httpx
import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

Claims = dict[str, Any]


def create(issuer: str, jwks_url: str, audience: str, http: httpx.Client | None = None) -> FastAPI:
    """Build the application; keys are fetched once, by `http`."""
    client = http or httpx.Client()

    @cache
    def keys() -> jwt.PyJWKSet:
        return jwt.PyJWKSet.from_dict(client.get(jwks_url).raise_for_status().json())

    def claims(bearer: Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())]) -> Claims:
        try:
            key = keys()[jwt.get_unverified_header(bearer.credentials)["kid"]]
            return jwt.decode(bearer.credentials, key, algorithms=["RS256"], audience=audience, issuer=issuer)
        except (jwt.PyJWTError, KeyError) as error:
            raise HTTPException(401, "no valid access token") from error

    def allowed(scope: str, role: str) -> Callable[..., Claims]:
        def check(found: Annotated[Claims, Depends(claims)]) -> Claims:
            # An application by itself has no scopes: its roles decide alone.
            if "scp" in found and scope not in found["scp"].split():
                raise HTTPException(403, f"the token lacks the scope {scope}")
            if role not in found.get("roles", ()):
                raise HTTPException(403, f"{found.get('name', 'the caller')} lacks the role {role}")
            return found

        return check

    app = FastAPI()

    @app.get("/notes")
    def read(found: Annotated[Claims, Depends(allowed("user.read", "Reader"))]) -> dict[str, Any]:
        return {"notes": [], "for": found.get("preferred_username", found["azp"])}

    @app.delete("/notes")
    def clear(found: Annotated[Claims, Depends(allowed("user.write", "Admin"))]) -> dict[str, Any]:
        return {"cleared": True, "by": found.get("preferred_username", found["azp"])}

    return app


def main() -> FastAPI:
    """Build it from the environment: `uvicorn --factory app:main`."""
    return create(os.environ["ISSUER"], os.environ["JWKS_URL"], os.environ["API_CLIENT_ID"])
