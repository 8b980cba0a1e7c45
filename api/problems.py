"""An error in, its `application/problem+json` answer (RFC 9457) and its log line out."""

import logging
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.routing import Match

from api.auth.failures import (
    BadRequestError,
    ForbiddenError,
    ForeignRequestError,
    KeysUnavailableError,
    NoTokenError,
    TokenRefusedError,
)
from api.logs import correlation_id
from api.refusals import RefusedRequestError
from api.settings import EntraSettings

log = logging.getLogger("api.auth")

RETRY_AFTER_SECONDS = "30"


class FieldError(BaseModel):
    """One thing that is wrong with a request."""

    model_config = ConfigDict(extra="forbid")

    field: str
    message: str


class Problem(BaseModel):
    """Why a request failed, for people and for programs."""

    model_config = ConfigDict(extra="forbid")

    type: Annotated[str, Field(examples=["urn:problem:insufficient_scope"])]
    title: str
    status: int
    detail: str
    correlationId: str
    requiredScopes: list[str] | None = None
    signInPage: str | None = None
    errors: list[FieldError] | None = None


class ProblemResponse(JSONResponse):
    """JSON of the problem media type."""

    media_type = "application/problem+json"


def response(
    status: int, code: str, detail: str, headers: dict[str, str] | None = None, **members: Any
) -> ProblemResponse:
    """Build the answer for one problem."""
    problem = {
        "type": f"urn:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "correlationId": correlation_id.get(),
        **members,
    }
    return ProblemResponse(problem, status_code=status, headers=headers)


def challenge(**parameters: str) -> dict[str, str]:
    """Build the `WWW-Authenticate` header of RFC 6750, section 3; no value holds a quote."""
    return {"WWW-Authenticate": "Bearer " + ", ".join(f'{k}="{v}"' for k, v in parameters.items())}


def handle_errors(app: FastAPI) -> None:
    """Answer each error that a route can raise with a problem."""
    for error, handler in _HANDLERS.items():
        app.add_exception_handler(error, _awaitable(handler))


def _awaitable(handler: Any) -> Any:
    # Starlette would run a plain function in a thread, out of order.
    async def handle(request: Request, error: Exception) -> ProblemResponse:
        made: ProblemResponse = handler(request, error)
        return made

    return handle


def _whose(request: Request) -> dict[str, str]:
    """Return the realm, and for an MCP client where it learns who signs people in (RFC 9728, section 5.1)."""
    mcp = getattr(request.app.state, "mcp", None)
    if mcp is None or request.url.path != mcp.path:
        return {"realm": _realm(request)}
    return {"realm": mcp.resource, "resource_metadata": mcp.url}


def _realm(request: Request) -> str:
    realm: str = request.app.state.settings.entra.api_app_id_uri
    return realm


def _refused(request: Request, error: TokenRefusedError) -> ProblemResponse:
    log.warning(
        "token refused", extra={"reason": error.reason.value, "kid": error.kid, "client": error.client}
    )
    headers = challenge(**_whose(request), error="invalid_token", error_description=error.detail)
    return response(401, "invalid_token", error.detail, headers)


def _no_token(request: Request, error: NoTokenError) -> ProblemResponse:
    # Who sent no token is told no error code (RFC 6750, section 3.1).
    # A person who opened the address in a browser learns where to sign in.
    page = _page(request.app.state.settings.entra)
    more = {"signInPage": page} if page else {}
    return response(401, "token_missing", error.detail, challenge(**_whose(request)), **more)


def _page(entra: EntraSettings) -> str:
    """Return the page that people sign in at to use this API; empty where there is none."""
    return entra.alb_page_url or next(iter(entra.cors_origins), "")


def _foreign(_request: Request, error: ForeignRequestError) -> ProblemResponse:
    log.warning("foreign request", extra={"reason": str(error)})
    return response(403, "foreign_request", str(error))


def _bad_request(request: Request, error: BadRequestError) -> ProblemResponse:
    log.warning("token refused", extra={"reason": "authorization_header"})
    detail = str(error)
    headers = challenge(**_whose(request), error="invalid_request", error_description=detail)
    return response(400, "invalid_request", detail, headers)


def _forbidden(request: Request, error: ForbiddenError) -> ProblemResponse:
    log.warning("forbidden", extra={"reason": error.detail, "client": error.client})
    parameters = {"error": "insufficient_scope", "error_description": error.detail}
    members: dict[str, Any] = {}
    if error.scopes:
        parameters["scope"] = " ".join(f"{_whose(request)['realm']}/{scope}" for scope in error.scopes)
        members["requiredScopes"] = list(error.scopes)
    code = "insufficient_scope" if error.scopes else "forbidden"
    return response(403, code, error.detail, challenge(**_whose(request), **parameters), **members)


def _unavailable(_request: Request, error: KeysUnavailableError) -> ProblemResponse:
    log.error("token not verified", extra={"reason": "keys_unavailable", "kid": error.kid})
    detail = "Tokens cannot be verified at the moment. Try again later."
    return response(503, "keys_unavailable", detail, {"Retry-After": RETRY_AFTER_SECONDS})


def _invalid(_request: Request, error: RequestValidationError) -> ProblemResponse:
    # The rejected input is not sent back: it may not be valid Unicode.
    errors = [
        {"field": ".".join(str(part) for part in item["loc"]), "message": item["msg"]}
        for item in error.errors()
    ]
    return response(422, "invalid", "The request is not valid.", errors=errors)


def _refused_request(_request: Request, error: RefusedRequestError) -> ProblemResponse:
    log.warning("request refused", extra={"reason": error.code})
    headers = {"Allow": "POST"} if error.status == 405 else None
    return response(error.status, error.code, error.detail, headers)


def _http(request: Request, error: HTTPException) -> ProblemResponse:
    code = HTTPStatus(error.status_code).name.lower()
    headers = dict(error.headers or {})
    if error.status_code == 405:
        headers["Allow"] = ", ".join(_allowed(request))
    return response(error.status_code, code, str(error.detail), headers)


def _allowed(request: Request) -> list[str]:
    # Starlette names the methods of the first route of the path, not of all.
    methods: set[str] = set()
    for route in request.app.state.routes:
        match, _ = route.matches(request.scope)
        if match is not Match.NONE:
            methods |= route.methods or set()
    return sorted(methods)


_HANDLERS: dict[type[Exception], Any] = {
    TokenRefusedError: _refused,
    NoTokenError: _no_token,
    BadRequestError: _bad_request,
    ForeignRequestError: _foreign,
    ForbiddenError: _forbidden,
    KeysUnavailableError: _unavailable,
    RequestValidationError: _invalid,
    RefusedRequestError: _refused_request,
    HTTPException: _http,
}
