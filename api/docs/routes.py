"""`/docs`: Swagger UI's own files and three small ones of ours, under a strict policy."""

import json
from collections.abc import Awaitable, Callable
from importlib import resources
from importlib.resources.abc import Traversable

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from api.settings import EntraSettings

# Swagger UI as published on npm, carried by a Python package: no CDN.
_SWAGGER = resources.files("fastapi_swagger.resources")
_OURS = resources.files("api.docs")

_TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".png": "image/png",
    ".html": "text/html; charset=utf-8",
}


def router(entra: EntraSettings) -> APIRouter:
    """Serve the documentation for one environment."""
    routes = APIRouter(prefix="/docs", include_in_schema=False)
    origin = "/".join(entra.authority.split("/")[:3])
    # Swagger UI draws data: images; nothing else is loosened.
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; "
        f"img-src 'self' data:; connect-src 'self' {origin}; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    files = {
        "oauth2-redirect.html": _OURS / "oauth2-redirect.html",
        "oauth2-redirect.js": _OURS / "oauth2-redirect.js",
        "start.js": _OURS / "start.js",
        "swagger-ui-bundle.js": _SWAGGER / "swagger-ui-bundle.js",
        "swagger-ui.css": _SWAGGER / "swagger-ui.css",
        "favicon-32x32.png": _SWAGGER / "favicon-32x32.png",
    }

    @routes.get("")
    async def page() -> HTMLResponse:
        html = (_OURS / "index.html").read_text(encoding="utf-8")
        return HTMLResponse(html, headers={"Content-Security-Policy": policy})

    @routes.get("/config.json")
    async def config() -> Response:
        text = json.dumps({"clientId": entra.openapi_client_id})
        return Response(text, media_type="application/json")

    for name, file in files.items():
        routes.add_api_route(f"/{name}", _served(file, policy), methods=["GET"])
    return routes


def _served(file: Traversable, policy: str) -> Callable[[], Awaitable[Response]]:
    content = file.read_bytes()
    media_type = _TYPES[file.name[file.name.rindex(".") :]]

    async def serve() -> Response:
        headers = {"Content-Security-Policy": policy, "Cache-Control": "max-age=3600"}
        return Response(content, media_type=media_type, headers=headers)

    return serve
