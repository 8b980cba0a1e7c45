"""A Flask application behind Entra: scopes and roles of the access token decide who may do what."""

import os
from functools import cache

import httpx
import jwt
from flask import Flask, Response, abort, g, jsonify, request


def create(issuer: str, jwks_url: str, audience: str, http: httpx.Client | None = None) -> Flask:
    """Build the application; keys are fetched once, by `http`."""
    client = http or httpx.Client()

    @cache
    def keys() -> jwt.PyJWKSet:
        return jwt.PyJWKSet.from_dict(client.get(jwks_url).raise_for_status().json())

    app = Flask(__name__)

    @app.before_request
    def sign_in() -> None:
        token = request.authorization.token if request.authorization else None
        if token is None or request.authorization.type != "bearer":
            abort(401)
        try:
            key = keys()[jwt.get_unverified_header(token)["kid"]]
            g.claims = jwt.decode(token, key, algorithms=["RS256"], audience=audience, issuer=issuer)
        except (jwt.PyJWTError, KeyError):
            abort(401)

    @app.get("/notes")
    def read() -> Response:
        require("user.read", "Reader")
        return jsonify(notes=[], reader=g.claims.get("preferred_username", g.claims["azp"]))

    @app.delete("/notes")
    def clear() -> Response:
        require("user.write", "Admin")
        return jsonify(cleared=True)

    return app


def require(scope: str, role: str) -> None:
    """Refuse a caller that lacks the scope or the role; an application by itself has roles alone."""
    if "scp" in g.claims and scope not in g.claims["scp"].split():
        abort(403, f"the token lacks the scope {scope}")
    if role not in g.claims.get("roles", ()):
        abort(403, f"the caller lacks the role {role}")


def main() -> Flask:
    """Build it from the environment: `flask --app app:main run`."""
    return create(os.environ["ISSUER"], os.environ["JWKS_URL"], os.environ["API_CLIENT_ID"])
