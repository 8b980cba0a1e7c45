"""A call of the page in, the API's answer out: a token in the place of the cookie, headers by name alone."""

import logging
from collections.abc import AsyncIterator
from urllib.parse import unquote, urlsplit

import httpx
from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse
from starlette.background import BackgroundTask

from options.bff import admission, context, responses
from options.bff.entra import SignInError

log = logging.getLogger("bff.proxy")

router = APIRouter()

PREFIX = "/api"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
LARGEST_BODY = 1024 * 1024
# Whatever else a request has stays here: cookies, tokens, and what proxies say of who calls.
SENT = frozenset(
    {b"accept", b"accept-language", b"content-type", b"if-match", b"if-none-match", b"x-correlation-id"}
)
RETURNED = (
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-length",
    "content-type",
    "etag",
    "last-modified",
    "link",
    "retry-after",
    "vary",
    "www-authenticate",
    "x-correlation-id",
)


@router.api_route(PREFIX + "/{path:path}", methods=list(METHODS))
async def call(request: Request) -> Response:
    """Call the API for the person whose session it is."""
    at = context.of(request)
    target = _target(request, at.settings.entra.api_url)
    if target is None:
        return responses.problem(404, "There is no such path.")
    found = await admission.of(request)
    if isinstance(found, Response):
        return found
    body = await _body(request)
    if body is None:
        return responses.problem(413, f"The body is larger than {LARGEST_BODY} bytes.")
    try:
        token = await at.token(found)
    except SignInError as error:
        return responses.problem(401, "Entra gave no token.", error.problem)
    # As bytes: a value of the browser's need be no ASCII.
    headers = [(name, value) for name, value in request.headers.raw if name.lower() in SENT]
    headers.append((b"authorization", b"Bearer " + token.encode()))
    sent = at.api.build_request(request.method, target, headers=headers, content=body or None)
    try:
        response = await at.api.send(sent, stream=True)
    except httpx.HTTPError as error:
        log.warning("the API does not answer: %s", type(error).__name__)
        return responses.problem(502, "The API does not answer.")
    return StreamingResponse(
        _read(response),
        response.status_code,
        _returned(response, at.settings.entra.api_url),
        background=BackgroundTask(response.aclose),
    )


def _target(request: Request, api_url: str) -> httpx.URL | None:
    """Return the address at the API, byte for byte as asked for; None where it would lead elsewhere."""
    raw, query = request.scope["raw_path"], request.scope["query_string"]
    if not (raw + query).isascii():
        return None
    path = raw.decode("ascii").removeprefix(PREFIX)
    plain = unquote(unquote(path))
    if (
        not path.startswith("/")
        or "\\" in plain
        or ".." in plain.split("/")
        or "//" in plain
        or "%00" in path
    ):
        return None
    base = httpx.URL(api_url)
    whole = base.path.rstrip("/").encode("ascii") + path.encode("ascii")
    return base.copy_with(raw_path=whole + (b"?" + query if query else b""))


async def _body(request: Request) -> bytes | None:
    found = bytearray()
    async for part in request.stream():
        found += part
        if len(found) > LARGEST_BODY:
            return None
    return bytes(found)


async def _read(response: httpx.Response) -> AsyncIterator[bytes]:
    async for part in response.aiter_raw():
        yield part


def _returned(response: httpx.Response, api_url: str) -> dict[str, str]:
    headers = {name: value for name in RETURNED if (value := response.headers.get(name)) is not None}
    location = response.headers.get("location", "").removeprefix(api_url)
    parts = urlsplit(location)
    # An address of the API's own is one below this prefix; any other is nobody's to follow.
    if location.startswith("/") and not parts.netloc:
        headers["location"] = PREFIX + location
    return headers
