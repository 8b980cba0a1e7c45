"""What each request of the process has at hand, and the cookies by which it knows a browser."""

from dataclasses import dataclass

import httpx
from fastapi import Request, Response

from options.bff.entra import Entra
from options.bff.sessions import SIGN_IN_SECONDS, Session, Sessions
from options.bff.settings import Settings

# `__Host-`: a browser takes it over HTTPS alone, from this very host, for all of its paths.
SESSION_COOKIE = "__Host-session"
SIGN_IN_COOKIE = "__Host-sign-in"


@dataclass(frozen=True)
class Context:
    """Settings, sessions, Entra, and a client that calls the API."""

    settings: Settings
    sessions: Sessions
    entra: Entra
    api: httpx.AsyncClient

    async def session(self, request: Request) -> Session | None:
        """Return the session of the request's cookie."""
        return await self.sessions.get(request.cookies.get(SESSION_COOKIE, ""))

    async def token(self, session: Session, *, renew: bool = False, claims: str = "") -> str:
        """Return a token of the session's person for the API, of the cache or anew, or raise SignInError."""
        async with self.sessions.lock(session):
            # Whoever waited may find what the one before got.
            now = await self.sessions.again(session) or session
            token, cache = await self.entra.token(now.person.cache, renew=renew, claims=claims)
            await self.sessions.keep(now, cache)
        return token


def of(request: Request) -> Context:
    """Return the context of the request's process."""
    found: Context = request.app.state.context
    return found


def give_session(response: Response, value: str) -> None:
    """Let the browser keep a session's cookie until it is closed; the server ends it before."""
    response.set_cookie(SESSION_COOKIE, value, path="/", secure=True, httponly=True, samesite="lax")


def give_sign_in(response: Response, value: str) -> None:
    """Let the browser keep the cookie of a sign-in under way."""
    response.set_cookie(
        SIGN_IN_COOKIE, value, max_age=SIGN_IN_SECONDS, path="/", secure=True, httponly=True, samesite="lax"
    )


def forget(response: Response, cookie: str) -> None:
    """Let the browser forget a cookie."""
    response.delete_cookie(cookie, path="/", secure=True, httponly=True, samesite="lax")
