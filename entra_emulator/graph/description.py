"""The routes of the Graph half in; an OpenAPI description of them, for tools that make requests, out."""

from itertools import count
from typing import Any

from entra_emulator.graph.routing import Router

_QUERY = ("$filter", "$select", "$expand", "$orderby", "$search", "$top", "$count", "$skiptoken")
_ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message"],
            "properties": {"code": {"type": "string"}, "message": {"type": "string"}},
        }
    },
}


def describe(router: Router) -> dict[str, Any]:
    """Write the OpenAPI 3.0 document of all routes."""
    paths: dict[str, Any] = {}
    for method, template in router.templates():
        names = (f"key{number}" for number in count(1))
        parts = [f"{{{next(names)}}}" if part == "*" else part for part in template.split("/")]
        operations = paths.setdefault("/v1.0/" + "/".join(parts), {})
        operations[method.lower()] = _operation(method, [part[1:-1] for part in parts if part[0] == "{"])
    return {
        "openapi": "3.0.3",
        "info": {"title": "Microsoft Graph, as the emulator serves it", "version": "1.0"},
        "paths": paths,
        "security": [{"bearer": []}],
        "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}},
    }


def _operation(method: str, keys: list[str]) -> dict[str, Any]:
    parameters: list[dict[str, Any]] = [
        {"name": key, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
        for key in keys
    ]
    if method == "GET":
        parameters += [{"name": name, "in": "query", "schema": {"type": "string"}} for name in _QUERY]
        parameters.append(
            {"name": "ConsistencyLevel", "in": "header", "schema": {"type": "string", "enum": ["eventual"]}}
        )
    error = {"description": "A refusal", "content": {"application/json": {"schema": _ERROR}}}
    success = {"description": "An answer", "content": {"application/json": {"schema": {"type": "object"}}}}
    operation: dict[str, Any] = {
        "parameters": parameters,
        "responses": {"200": success, "201": success, "204": {"description": "Done"}, "4XX": error},
    }
    if method in {"POST", "PATCH"}:
        operation["requestBody"] = {"content": {"application/json": {"schema": {"type": "object"}}}}
    return operation
