"""Who is signed in, the way to Entra and back, a renewal, the ways out."""

import json
import logging
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from options.bff import admission, context, guards, responses
from options.bff.context import SESSION_COOKIE, SIGN_IN_COOKIE
from options.bff.entra import CALLBACK, SignInError

log = logging.getLogger("bff.sign_in")

router = APIRouter()

PROMPTS = frozenset({"", "login", "select_account", "consent"})
LONGEST_CLAIMS = 2000


@router.get("/session")
async def session(request: Request) -> Response:
    """Tell the page who is signed in, and once why the last sign-in failed."""
    at = context.of(request)
    refusal = guards.foreign(request, at.settings.entra.page_url)
    if refusal:
        return responses.problem(403, refusal)
    found = await at.session(request)
    failed = await at.sessions.why_failed(request.cookies.get(SIGN_IN_COOKIE, ""))
    account = {"name": found.person.name, "username": found.person.username} if found else None
    return JSONResponse({"account": account, "csrf": found.csrf if found else None, "problem": failed})


@router.get("/auth/sign-in")
async def sign_in(request: Request) -> Response:
    """Leave for Entra; `return` is the path to come back to."""
    at, requested = context.of(request), request.query_params
    prompt, claims = requested.get("prompt", ""), requested.get("claims", "")
    back = guards.way_back(requested.get("return", "/"))
    if prompt not in PROMPTS or not _is_claims(claims):
        return _failed(back, await at.sessions.keep_sign_in({"problem": {"error": "invalid_request"}}))
    try:
        flow = await at.entra.begin(prompt=prompt, claims=claims)
    except SignInError as error:
        return _failed(back, await at.sessions.keep_sign_in({"problem": error.problem.json()}))
    value = await at.sessions.keep_sign_in({"flow": flow, "return": back})
    response = RedirectResponse(flow["auth_uri"], 302)
    context.give_sign_in(response, value)
    return response


@router.get(CALLBACK)
async def callback(request: Request) -> Response:
    """Take the code of the sign-in that this very browser began, once; begin its session."""
    at = context.of(request)
    begun = await at.sessions.take_sign_in(request.cookies.get(SIGN_IN_COOKIE, ""))
    if begun is None or "flow" not in begun:
        # Forged, replayed, or older than ten minutes: nothing of it is believed.
        return _failed("/", await at.sessions.keep_sign_in({"problem": {"error": "invalid_request"}}))
    try:
        person = await at.entra.redeem(begun["flow"], dict(request.query_params))
    except SignInError as error:
        return _failed(begun["return"], await at.sessions.keep_sign_in({"problem": error.problem.json()}))
    response = RedirectResponse(begun["return"], 302)
    context.give_session(response, await at.sessions.begin(person, request.cookies.get(SESSION_COOKIE, "")))
    context.forget(response, SIGN_IN_COOKIE)
    log.info("signed in")
    return response


@router.post("/auth/renew")
async def renew(request: Request) -> Response:
    """Get a new token, which has the roles of now; its answer holds none."""
    at = context.of(request)
    found = await admission.of(request)
    if isinstance(found, Response):
        return found
    claims = await _claims(request)
    try:
        await at.token(found, renew=True, claims=claims)
    except SignInError as error:
        return responses.problem(401, "Entra gave no token.", error.problem)
    return Response(status_code=204)


@router.post("/auth/sign-out")
async def sign_out(request: Request) -> Response:
    """End the session here; tell the page where the one at Entra ends."""
    at = context.of(request)
    found = await admission.of(request)
    if isinstance(found, Response):
        return found
    await at.sessions.end(request.cookies[SESSION_COOKIE])
    response = JSONResponse({"location": at.entra.farewell(found.person.login_hint)})
    context.forget(response, SESSION_COOKIE)
    log.info("signed out")
    return response


@router.get("/auth/front-channel-logout")
async def front_channel_logout(request: Request) -> Response:
    """End what was begun in a session at Entra that ended: its page loads this in a frame."""
    at = context.of(request)
    ended = await at.sessions.end_all(sid) if (sid := request.query_params.get("sid", "")) else 0
    log.info("signed out elsewhere: %d", ended)
    response = Response("", media_type="text/html")
    framing = at.settings.entra.authority.rpartition("/")[0]
    response.headers["Content-Security-Policy"] = f"default-src 'none'; frame-ancestors {framing}"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _failed(back: str, value: str) -> Response:
    response = RedirectResponse(back, 302)
    context.give_sign_in(response, value)
    return response


async def _claims(request: Request) -> str:
    body = await request.body()
    try:
        read: Any = json.loads(body) if len(body) <= 2 * LONGEST_CLAIMS else {}
    except ValueError:
        return ""
    claims = read.get("claims", "") if isinstance(read, dict) else ""
    return claims if isinstance(claims, str) and _is_claims(claims) else ""


def _is_claims(text: str) -> bool:
    """Tell whether it is a request for claims (OpenID Connect Core, 5.5), or none."""
    if not text:
        return True
    try:
        return len(text) <= LONGEST_CLAIMS and isinstance(json.loads(text), dict)
    except ValueError:
        return False
