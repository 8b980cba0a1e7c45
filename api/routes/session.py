"""Who is signed in, the way in and the ways out, for a page that a load balancer signs people in for."""

import logging
import secrets
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from api import problems
from api.auth import page
from api.auth.alb import AlbReader, ByHost
from api.auth.failures import ForbiddenError, NoTokenError, TokenRefusedError
from api.auth.requirements import authenticate, require
from api.auth.route import GuardedRoute
from api.auth.user import CurrentUser
from api.generated.authorization import Operation

log = logging.getLogger("api.auth")

SIGNED_OUT = "/signed-out"
# Of the load balancer, in shards: AWSELBAuthSessionCookie-0, -1, …
SESSION_COOKIE = "AWSELBAuthSessionCookie-"
AGAIN = "again"


def _only_there(request: Request) -> None:
    """Let only the page's host have these: elsewhere there is no session."""
    if request.headers.getlist("host") != [request.app.state.reader.host]:
        raise HTTPException(404, "Not Found")


def _alb(request: Request) -> AlbReader:
    by_host: ByHost = request.app.state.reader
    return by_host.there


router = APIRouter(include_in_schema=False, dependencies=[Depends(_only_there)])


@router.get("/session")
async def session(request: Request) -> Response:
    """Tell the page who is signed in, and what a write of theirs carries."""
    page.refuse_foreign(request)
    try:
        user = await _alb(request).known(request)
    except (NoTokenError, TokenRefusedError) as refusal:
        if isinstance(refusal, TokenRefusedError):
            log.warning("token refused", extra={"reason": refusal.reason.value})
        return JSONResponse({"account": None, "csrf": None, "problem": None})
    seed = request.cookies.get(page.CSRF_COOKIE) or secrets.token_urlsafe(32)
    account = {"name": user.name, "username": user.username or user.object_id}
    said = {"account": account, "csrf": page.proof(seed, user), "problem": None}
    response = JSONResponse(said)
    response.set_cookie(page.CSRF_COOKIE, seed, path="/", secure=True, httponly=True, samesite="strict")
    return response


@router.get("/auth/sign-in")
async def sign_in(request: Request) -> Response:
    """Go back to the page: who gets here is signed in, as the load balancer's rule for this path says."""
    back = page.way_back(request.query_params.get("return", "/"))
    try:
        await _alb(request).known(request)
    except TokenRefusedError:
        if AGAIN in request.query_params:
            raise
        # A session with a token that has ended: once more, without it.
        response = RedirectResponse(f"/auth/sign-in?{urlencode({'return': back, AGAIN: '1'})}", 302)
        _end(request, response)
        return response
    return RedirectResponse(back, 302)


@router.post("/auth/renew")
async def renew(request: Request) -> Response:
    """End the session: only a new sign-in brings a token with the roles of now."""
    await authenticate(request)
    response = problems.response(401, "sign_in_again", "A new sign-in brings your access of now.")
    _end(request, response)
    return response


@router.post("/auth/sign-out")
async def sign_out(request: Request) -> Response:
    """End the session in this browser; tell the page where the one at Entra ends."""
    await authenticate(request)
    words = {"post_logout_redirect_uri": f"{_alb(request).vouching.page_url}{SIGNED_OUT}"}
    authority = request.app.state.settings.entra.authority
    response = JSONResponse({"location": f"{authority}/oauth2/v2.0/logout?{urlencode(words)}"})
    _end(request, response)
    return response


userinfo = APIRouter(include_in_schema=False, route_class=GuardedRoute)


@userinfo.get("/userinfo")
async def who(user: Annotated[CurrentUser, Depends(require(Operation.WHO_AM_I))]) -> dict[str, Any]:
    """Tell the load balancer whose token it got, which is one for this API."""
    if user.kind != "user":
        raise ForbiddenError("This is for people.", client=user.client_id)
    claims = {
        "sub": user.subject,
        "oid": user.object_id,
        "tid": user.tenant_id,
        "name": user.name,
        "preferred_username": user.username,
    }
    return {name: value for name, value in claims.items() if value is not None}


def _end(request: Request, response: Response) -> None:
    for name in request.cookies:
        if name.startswith(SESSION_COOKIE) or name == page.CSRF_COOKIE:
            response.delete_cookie(name, path="/", secure=True, httponly=True, samesite="none")
