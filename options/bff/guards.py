"""A request in, whether the page itself sent it out; an address to come back to in, one of the page out."""

import re
import secrets
from urllib.parse import urlsplit

from fastapi import Request

from options.bff.sessions import Session

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
CSRF_HEADER = "X-CSRF-Token"
# What a browser takes for the begin of another address: a second slash, a backslash, what it throws away.
_PATH = re.compile(r"/(?![/\\])[^\x00-\x20\x7f\\]*")
LONGEST_PATH = 2000


def foreign(request: Request, page_url: str) -> str:
    """Say what of a request shows that another site's page sends it; empty where nothing does."""
    site = request.headers.get("sec-fetch-site", "same-origin")
    if site not in {"same-origin", "none"}:
        return "The request comes from another site."
    if request.method not in SAFE and request.headers.getlist("origin") != [page_url]:
        return "The request's Origin is not this page's."
    return ""


def unproven(request: Request, session: Session) -> str:
    """Say what of a write lacks that only the page itself can send; empty where nothing does."""
    if request.method in SAFE:
        return ""
    given = request.headers.getlist(CSRF_HEADER)
    if len(given) == 1 and secrets.compare_digest(given[0].encode(), session.csrf.encode()):
        return ""
    return f"The request lacks this session's {CSRF_HEADER}."


def way_back(text: str) -> str:
    """Return a path of this origin to come back to, with its query and fragment; `/` for whatever else."""
    if len(text) > LONGEST_PATH or _PATH.fullmatch(text) is None:
        return "/"
    parts = urlsplit(text)
    # A sign-in that ends in the next one would never end.
    inside = (
        not parts.scheme and not parts.netloc and not parts.path.startswith(("/auth/", "/api/", "/session"))
    )
    return text if inside else "/"
