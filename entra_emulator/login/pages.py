"""What to say to a person in; an accessible page that names itself the emulator out."""

import secrets
from collections.abc import Mapping
from functools import cache
from typing import Any

import jinja2
from starlette.requests import Request
from starlette.responses import HTMLResponse

from entra_emulator.login import known
from entra_emulator.login.errors import LoginError
from entra_emulator.login.flow import Flow
from entra_emulator.login.noting import note_refusal
from entra_emulator.login.service import SignIn


@cache
def _templates() -> jinja2.Environment:
    loader = jinja2.PackageLoader("entra_emulator.login", "templates")
    return jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True
    )


def page(template: str, *, status: int = 200, frames: tuple[str, ...] = (), **values: Any) -> HTMLResponse:
    """Render a template in the portal's style; its script runs by a nonce, nothing comes from elsewhere.

    There is no `form-action` in the policy: Chromium applies it to the redirect after a form's
    post, which leads back to the application.
    """
    nonce = secrets.token_urlsafe(16)
    policy = [
        "default-src 'none'",
        "style-src 'self'",
        f"script-src 'nonce-{nonce}'",
        "frame-src " + (" ".join(frames) or "'none'"),
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
    headers = {
        "Content-Security-Policy": "; ".join(policy),
        "Cache-Control": "no-store, no-cache",
        "Pragma": "no-cache",
        "X-Frame-Options": "DENY",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }
    return HTMLResponse(
        _templates().get_template(template).render(nonce=nonce, **values), status, headers=headers
    )


def error_page(
    service: SignIn,
    request: Request,
    error: LoginError,
    given: Mapping[str, str] | None = None,
    *,
    flow: Flow | None = None,
    template: str = "error.html",
    **values: Any,
) -> HTMLResponse:
    """Show a refusal as Entra does: on its own page, with the ids that support asks for.

    The status is 200: the one report about it says so, and clients cannot read the page anyway. `given` are
    the request's parameters and `flow` what they began, for what the emulator knows besides.
    """
    trace = service.trace(
        request.headers.get("client-request-id") or request.query_params.get("client-request-id")
    )
    note_refusal(error, trace)
    segment = str(request.path_params.get("tenant", "common"))
    parameters = given if given is not None else request.query_params
    found = known.known(service, segment, parameters, error.code, flow)
    return page(template, error=error, trace=trace, known=found, **values)
