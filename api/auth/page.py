"""A request with somebody's cookie in, a refusal unless the page itself sent it out; where to go back to.

A browser sends a load balancer's cookie with whatever site's request. Beside `Origin` and `Sec-Fetch-Site`, a
write needs a header that only the page can know: a hash of a cookie of this origin and of who is signed in.
"""

import base64
import re
import secrets
from hashlib import sha256
from urllib.parse import urlsplit

from fastapi import Request

from api.auth.failures import ForeignRequestError
from api.auth.user import CurrentUser

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
CSRF_HEADER = "X-CSRF-Token"
# With this prefix no other host and no page without TLS sets it.
CSRF_COOKIE = "__Host-csrf"
# What a browser takes for the begin of another address: a second slash, a backslash, what it throws away.
_PATH = re.compile(r"/(?![/\\])[^\x00-\x20\x7f\\]*")
LONGEST_PATH = 2000


def admit(request: Request, user: CurrentUser, page_url: str) -> None:
    """Refuse what the page at `page_url` did not send."""
    refuse_foreign(request)
    if request.method in SAFE:
        return
    if request.headers.getlist("origin") != [page_url]:
        raise ForeignRequestError("The request's Origin is not this page's.")
    given, seed = request.headers.getlist(CSRF_HEADER), request.cookies.get(CSRF_COOKIE, "")
    if (
        not seed
        or len(given) != 1
        or not secrets.compare_digest(given[0].encode(), proof(seed, user).encode())
    ):
        raise ForeignRequestError(f"The request lacks this session's {CSRF_HEADER}.")


def refuse_foreign(request: Request) -> None:
    """Refuse what a browser says that another site's page sends, but not a person's way here: after Entra's
    page, and by a link, the tab shows what it gets to nobody else.
    """
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"} and not _opened(
        request
    ):
        raise ForeignRequestError("The request comes from another site.")


def _opened(request: Request) -> bool:
    way = request.headers.get("sec-fetch-mode"), request.headers.get("sec-fetch-dest")
    return request.method == "GET" and way == ("navigate", "document")


def proof(seed: str, user: CurrentUser) -> str:
    """Return what a write of this person in this browser carries."""
    digest = sha256(f"{seed}\n{user.tenant_id}\n{user.object_id}".encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def way_back(text: str) -> str:
    """Return a path of this origin to come back to, with its query and fragment; `/` for whatever else."""
    if len(text) > LONGEST_PATH or _PATH.fullmatch(text) is None:
        return "/"
    # A sign-in that ends in the next one would never end.
    return "/" if urlsplit(text).path.startswith(("/auth/", "/api/", "/session", "/oauth2/")) else text
