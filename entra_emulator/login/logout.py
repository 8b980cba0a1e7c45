"""GET or POST /{tenant}/oauth2/v2.0/logout in; an ended session, told to the applications, out."""

from itertools import chain
from urllib.parse import urlencode, urlsplit, urlunsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from entra_emulator.login import pages, parties, session
from entra_emulator.login.parties import Party
from entra_emulator.login.service import SignIn
from entra_emulator.login.session import BrowserSession


async def endpoint(service: SignIn, request: Request) -> Response:
    """End the browser's session; go back only to a URI that an application of the session registered."""
    form = await request.form() if request.method == "POST" else {}
    parameters = {name: str(value) for name, value in {**request.query_params, **form}.items()}
    known = session.read(service, request)
    clients = _clients(service, known, parameters.get("id_token_hint", ""), parameters.get("client_id", ""))
    uri = _back(parameters, clients)
    reported = _reported(known, clients)
    if uri and not reported:
        response: Response = RedirectResponse(uri, 302, headers={"Cache-Control": "no-store"})
    else:
        origins = tuple(dict.fromkeys(f"{urlsplit(url).scheme}://{urlsplit(url).netloc}" for url in reported))
        response = pages.page("signed_out.html", frames=origins, reported=reported, uri=uri)
    session.clear(response)
    return response


def _clients(service: SignIn, known: BrowserSession, hint: str, client_id: str) -> list[Party]:
    app_ids = [*known.apps, *([client_id] if client_id else [])]
    if hint:
        app_ids.append(_audience(service, hint))
    found = [
        parties.find_party(service.directory, tenant, app_id)
        for app_id in dict.fromkeys(filter(None, app_ids))
        for tenant in service.directory.tenants.values()
    ]
    return [party for party in found if party is not None]


def _audience(service: SignIn, id_token: str) -> str:
    import jwt

    try:
        # An expired id_token still tells whose it is; nothing but the way back depends on it.
        claims = jwt.decode(id_token, options={"verify_signature": False})
    except jwt.InvalidTokenError:
        return ""
    return str(claims.get("aud", "")) if str(claims.get("iss")).startswith(f"{service.origin}/") else ""


def _back(parameters: dict[str, str], clients: list[Party]) -> str:
    uri = parameters.get("post_logout_redirect_uri", "")
    registered = {
        known for client in clients for known in chain.from_iterable(client.redirect_uris().values())
    }
    if uri not in registered:
        return ""
    state = parameters.get("state")
    if state is None:
        return uri
    parts = urlsplit(uri)
    return urlunsplit(
        parts._replace(query="&".join(filter(None, (parts.query, urlencode({"state": state})))))
    )


def _reported(known: BrowserSession, clients: list[Party]) -> list[str]:
    if not known.accounts:
        return []
    urls = [
        (client.application.get("web") or {}).get("logoutUrl")
        for client in clients
        if client.app_id in known.apps
    ]
    # Front-channel: Entra sends the session id and no issuer.
    query = urlencode({"sid": known.accounts[0].session_id})
    return [f"{url}{'&' if '?' in url else '?'}{query}" for url in dict.fromkeys(urls) if url]
