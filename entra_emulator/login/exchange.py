"""What every endpoint of sign-in does with HTTP: origins in; JSON, headers and refusals out."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import unquote_plus

from starlette.datastructures import ImmutableMultiDict
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from entra_emulator.login.errors import LoginError
from entra_emulator.login.noting import note_refusal
from entra_emulator.login.service import SignIn

Endpoint = Callable[[SignIn, Request], Awaitable[Response]]

_PORTS = {"https": ":443", "http": ":80"}


def origin_of(request: Request) -> str:
    """Return the origin that the client used: absolute URLs must lead back to it."""
    host = request.headers.get("host") or request.url.netloc
    scheme = request.url.scheme
    return f"{scheme}://{host.removesuffix(_PORTS.get(scheme, ''))}"


async def form_of(request: Request) -> dict[str, str]:
    """Return the body's fields, urlencoded or multipart, with Basic credentials put among them."""
    sent = await request.form()
    once(sent)
    form = {name: value for name, value in sent.items() if isinstance(value, str)}
    return {**basic_credentials(request.headers.get("authorization")), **form}


def once(*sent: ImmutableMultiDict[str, Any]) -> None:
    """Raise LoginError 9000411 where a parameter is there twice."""
    names = Counter(name for parameters in sent for name, _ in parameters.multi_items())
    for name, count in names.items():
        if count > 1:
            raise LoginError(9000411, parameter=name)


def basic_credentials(header: str | None) -> dict[str, str]:
    """Return client id and secret of an Authorization header; both parts are URL-encoded (RFC 6749,
    2.3.1).
    """
    import base64
    import binascii

    scheme, _, value = (header or "").partition(" ")
    if scheme.lower() != "basic":
        return {}
    try:
        user, _, secret = base64.b64decode(value).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise LoginError(9002313) from error
    return {"client_id": unquote_plus(user), "client_secret": unquote_plus(secret)}


def is_from_another_page(request: Request) -> bool:
    """Tell whether a page of another origin sent this form, by what the browser says of it."""
    return request.headers.get("sec-fetch-site") in {"cross-site", "same-site"}


def json_response(body: Mapping[str, Any], *, status: int = 200, cors: str | None = None) -> JSONResponse:
    """Answer JSON that no cache keeps; `cors` lets the page of that origin read it."""
    headers = {
        "Cache-Control": "no-store, no-cache",
        "Pragma": "no-cache",
        "X-Content-Type-Options": "nosniff",
    }
    return JSONResponse(dict(body), status, headers=headers | cors_headers(cors))


def cors_headers(origin: str | None) -> dict[str, str]:
    """Return what lets a page of `origin` read an answer."""
    if origin is None:
        return {}
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Allow-Methods": "POST, OPTIONS",
        "Access-Control-Allow-Headers": "*" if origin == "*" else "content-type, client-request-id",
        "Vary": "Origin",
    }


def refusal(service: SignIn, request: Request, error: LoginError, form: Mapping[str, str]) -> JSONResponse:
    """Answer a refusal as JSON. Pages must be able to read it too, or MSAL reports a network error."""
    correlation = (
        request.headers.get("client-request-id")
        or request.query_params.get("client-request-id")
        or form.get("client-request-id")
    )
    trace = service.trace(correlation)
    note_refusal(error, trace)
    body = error.body(trace, origin_of(request))
    return json_response(body, status=error.status, cors=request.headers.get("origin"))
