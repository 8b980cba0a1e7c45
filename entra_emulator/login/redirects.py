"""The parameters of an answer in; a redirect by query or fragment, or a form that posts itself, out."""

from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit, urlunsplit

from starlette.responses import RedirectResponse, Response

from entra_emulator.login import pages


def response(uri: str, mode: str, parameters: Mapping[str, str]) -> Response:
    """Send `parameters` to a redirect URI in a response mode."""
    if mode == "form_post":
        return pages.page("form_post.html", uri=uri, parameters=dict(parameters))
    parts = urlsplit(uri)
    # A URI that was registered without a path comes back with a slash.
    parts = parts._replace(path=parts.path or "/") if parts.scheme in ("http", "https") else parts
    text = urlencode(parameters)
    if mode == "fragment":
        parts = parts._replace(fragment=text)
    else:
        parts = parts._replace(query="&".join(filter(None, (parts.query, text))))
    return RedirectResponse(
        urlunsplit(parts), 302, headers={"Cache-Control": "no-store, no-cache", "Pragma": "no-cache"}
    )
