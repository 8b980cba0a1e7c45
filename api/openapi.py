"""The routes and settings in, the OpenAPI document with sign-in, scopes and problems out."""

from collections.abc import Iterator, Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from api.auth.requirements import Requirement
from api.auth.route import requirements
from api.generated.authorization import Scope
from api.problems import Problem
from api.settings import EntraSettings

SCHEME = "entra"


def problem(description: str, *headers: str) -> dict[str, Any]:
    """Describe one problem answer of a route."""
    documented: dict[str, Any] = {
        "description": description,
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    if headers:
        documented["headers"] = {name: {"schema": {"type": "string"}} for name in headers}
    return documented


#: What any route behind a token can answer.
PROTECTED: dict[int | str, dict[str, Any]] = {
    400: problem("The Authorization header or the body is malformed."),
    401: problem("There is no token, or none that holds.", "WWW-Authenticate"),
    403: problem("The token does not permit this.", "WWW-Authenticate"),
    503: problem("Tokens cannot be verified at the moment.", "Retry-After"),
}


def describe(app: FastAPI, routes: Sequence[BaseRoute], settings: EntraSettings) -> None:
    """Make the app's OpenAPI document say how to sign in and what each route requires."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app, routes, settings)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]  # FastAPI's documented way


def _document(app: FastAPI, routes: Sequence[BaseRoute], settings: EntraSettings) -> dict[str, Any]:
    document = get_openapi(title=app.title, version=app.version, description=app.description, routes=routes)
    components = document.setdefault("components", {})
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    components.setdefault("schemas", {}).update(schema.pop("$defs"), Problem=schema)
    components["securitySchemes"] = {SCHEME: _scheme(settings)}
    for route, method in _operations(routes):
        needed = [part for one in requirements(route.dependant) for part in one.parts()]
        if needed:
            _require(document["paths"][route.path_format][method], needed, settings)
    return document


def _operations(routes: Sequence[BaseRoute]) -> Iterator[tuple[APIRoute, str]]:
    for route in routes:
        if isinstance(route, APIRoute) and route.include_in_schema:
            for method in route.methods or ():
                yield route, method.lower()


def _scheme(settings: EntraSettings) -> dict[str, Any]:
    endpoints = f"{settings.authority.rstrip('/')}/oauth2/v2.0"
    return {
        "type": "oauth2",
        "description": "Microsoft Entra ID, authorization code with PKCE.",
        "flows": {
            "authorizationCode": {
                "authorizationUrl": f"{endpoints}/authorize",
                "tokenUrl": f"{endpoints}/token",
                "scopes": {full_scope(scope, settings): scope.value for scope in Scope},
            }
        },
    }


def _require(operation: dict[str, Any], needed: list[Requirement], settings: EntraSettings) -> None:
    alternatives: list[list[str]] = [[]]
    for part in needed:
        scopes = [full_scope(scope, settings) for scope in part.scopes]
        if part.match_scopes == "any" and scopes:
            alternatives = [[*one, scope] for one in alternatives for scope in scopes]
        else:
            alternatives = [[*one, *scopes] for one in alternatives]
    operation["security"] = [{SCHEME: scopes} for scopes in alternatives]
    words = [
        *(f"scope {_either(p.match_scopes, p.scopes)}" for p in needed if p.scopes),
        *(f"app role {_either(p.match_roles, p.roles)}" for p in needed if p.roles),
    ]
    apps = sorted({role.value for part in needed for role in part.or_app_roles})
    text = f"Requires {' and '.join(words)}." if words else "Requires a token."
    if apps:
        text += f" An application requires the app role {' or '.join(apps)} in place of a scope."
    operation["description"] = f"{operation.get('description', '')}\n\n{text}".strip()


def full_scope(scope: Scope, settings: EntraSettings) -> str:
    """Name the scope as a client requests it."""
    # A URI that ends in a slash keeps it: Entra splits at the last one.
    return f"{settings.api_app_id_uri}/{scope.value}"


def _either(match: str, values: tuple[str, ...]) -> str:
    return (" and " if match == "all" else " or ").join(f"`{value}`" for value in values)
