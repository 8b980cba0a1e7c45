"""A request of a browser in; whether the portal's own page sent it, or the reason why not, out."""

import hmac
import secrets
from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

FIELD = "portal-token"
HEADER = "x-portal-token"
# A page's forms are small; a snapshot that is brought in is the largest.
LARGEST = 64 * 1024 * 1024


class PortalDoor:
    """What only this process's own pages know: a cookie, and beside it a token that its pages hold.

    The two differ: a server on another port of this machine gets the cookie, and learns nothing of the token.
    """

    def __init__(self, origin: Callable[[], str]) -> None:
        """Let in what comes from `origin`, as it is when it comes."""
        self._origin = origin
        self._cookie = secrets.token_urlsafe(32)
        self.token = secrets.token_urlsafe(32)

    @property
    def origin(self) -> str:
        """Return the one origin under which the portal is worked with."""
        return self._origin()

    @property
    def cookie_name(self) -> str:
        """Return the cookie's name: cookies know no port, and another emulator has one of its own."""
        return f"__Host-entra-emulator-{urlsplit(self.origin).port or 443}"

    def misplaced(self, request: Request) -> str:
        """Return why no page is shown under this host name, or nothing."""
        hosts = request.headers.getlist("host")
        if hosts != [urlsplit(self.origin).netloc]:
            return (
                f"The portal is at {self.origin}/ only, not at {', '.join(hosts) or 'no host name'}."
                f"{_published(hosts)}"
            )
        return ""

    def misled(self, request: Request) -> str:
        """Return why a request that changes or streams is not this portal's own, token aside, or nothing."""
        if reason := self.misplaced(request):
            return reason
        origins = request.headers.getlist("origin")
        if origins != [self.origin]:
            return f"It came from {', '.join(origins) or 'no page'}, not from a page of {self.origin}."
        sites = request.headers.getlist("sec-fetch-site")
        if sites != ["same-origin"]:
            return f"Sec-Fetch-Site is {', '.join(sites) or 'missing'}, not same-origin."
        if not _same(request.cookies.get(self.cookie_name, ""), self._cookie):
            return (
                "The cookie of this process is missing: the emulator was started anew. Load the page again."
            )
        return ""

    def unproven(self, given: str) -> str:
        """Return why a token is not this process's, or nothing."""
        if not _same(given, self.token):
            return "The token of this process is missing: the emulator was started anew. Load the page again."
        return ""

    def welcome(self, request: Request, response: Response) -> Response:
        """Give a browser the cookie that its changes will bring."""
        if request.cookies.get(self.cookie_name) != self._cookie:
            response.set_cookie(
                self.cookie_name, self._cookie, path="/", secure=True, httponly=True, samesite="strict"
            )
        return response


def too_large(request: Request) -> bool:
    """Tell whether a body is, or may be, larger than anything that a page sends."""
    length = request.headers.get("content-length", "")
    return not (length.isascii() and length.isdecimal() and len(length) < 12 and int(length) <= LARGEST)


def _published(hosts: list[str]) -> str:
    """Return what to do where the port is published under another number, as of a container."""
    host, _, port = hosts[0].partition(":") if len(hosts) == 1 else ("", "", "")
    if host != "localhost" or not (port.isascii() and port.isdecimal()):
        return ""
    return f" Where its port is published as {port}, start the emulator with --public-port {port}."


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())
