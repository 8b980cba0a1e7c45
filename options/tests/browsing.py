"""A place in, a browser to which it is the page's origin out, for what Chromium would not send."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from options.tests.places import Place
from options.tests.wire import cookie_domain

ISSUED = "__Host-session"
#: What the name of a session's cookie begins with.
SESSIONS = (ISSUED, "AWSELBAuthSessionCookie")
LONG = 8


class Straight(httpx.HTTPTransport):
    """Leads what is meant for a page's origin to a task, past the stand-in; all else goes as it is."""

    def __init__(self, place: Place, **trust: Any) -> None:
        """Take the task."""
        super().__init__(**trust)
        self._place = place

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request."""
        if self._place.past and str(request.url).startswith(f"{self._place.origin}/"):
            request.url = request.url.copy_with(scheme="http", host="127.0.0.1", port=self._place.door.port)
        return super().handle_request(request)


def browser(place: Place) -> Any:
    """Return a browser without a cookie, to which the place is the page's origin."""
    assert place.browser is not None
    found = place.browser()
    trust = found.client._transport._pool._ssl_context
    before, found.client = found.client, httpx.Client(transport=_Kept(place, verify=trust), timeout=60)
    before.close()
    return found


class _Kept(Straight):
    """The same, with the address that was asked for kept for cookies."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        requested = request.url
        try:
            return super().handle_request(request)
        finally:
            request.url = requested


def leave(at: Any) -> str:
    """Begin a sign-in; return the address of Entra's page."""
    return str(at.leave() if hasattr(at, "leave") else at.to_entra())


def plant(at: Any, place: Place, cookies: Mapping[str, str]) -> None:
    """Put cookies of the page's host into a browser."""
    for name, value in cookies.items():
        at.client.cookies.set(name, value, domain=cookie_domain(place.origin), path="/")


def session_cookies(at: Any, longer_than: int = LONG) -> dict[str, str]:
    """Return those that a session is; what is shorter counts the parts of one, and is nobody's secret."""
    return {
        each.name: each.value or ""
        for each in at.client.cookies.jar
        if each.name.startswith(SESSIONS) and len(each.value or "") > longer_than
    }
